import { randomBytes } from "node:crypto";
import { findRelease } from "../protocol/candidates.ts";
import type { Decision } from "../protocol/decision.ts";
import { sha256Hex } from "../protocol/digest.ts";
import { newestAfter } from "../protocol/newest-confirmed.ts";
import type { Release, ReleaseArtifact } from "../protocol/release.ts";
import { signedScheme } from "../protocol/release.ts";
import type { Facts } from "../protocol/requirements.ts";
import { isVersion } from "../protocol/version.ts";
import { type AgentConfig, targetsUrl } from "./config/agent-config.ts";
import { changeConfig, readConfig } from "./config/config-file.ts";
import { type DeviceIdentity, openDeviceSigner, readDevice } from "./config/device-key.ts";
import { openRepository } from "./config/open-repository.ts";
import type { Evaluation, Remembered } from "./decision/evaluate.ts";
import { evaluate } from "./decision/evaluate.ts";
import { artifactFor, buildsFor, PLATFORM } from "./decision/machine-builds.ts";
import { gatherFacts } from "./facts/gather-facts.ts";
import type { Machine } from "./facts/machine.ts";
import { thisMachine } from "./facts/this-machine.ts";
import type { Format } from "./formats/format.ts";
import { openFormat } from "./formats/formats.ts";
import type { AgentHome } from "./home/agent-home.ts";
import { makeHome } from "./home/agent-home.ts";
import type { Build } from "./installation/build.ts";
import { InstallError } from "./installation/install-error.ts";
import type { FinishedAttempt } from "./life-cycle/finished-attempt.ts";
import type { InstallContext } from "./life-cycle/install-context.ts";
import type { InstallOutcome } from "./life-cycle/installation.ts";
import type { InstallPlan, Journal } from "./life-cycle/journal.ts";
import { JournalFile } from "./life-cycle/journal-file.ts";
import type { RollBackOptions } from "./life-cycle/roll-back.ts";
import { refusalOf } from "./output/refusal.ts";
import type { CheckedInDevice, CheckInResult, CheckIns } from "./report/check-ins.ts";
import type { ReportingStatus } from "./report/reporting-status.ts";
import type { Spool } from "./report/spool.ts";
import { KEEP_PREVIOUS_SECONDS, keptReason } from "./state/agent-state.ts";
import { NewestConfirmedFile } from "./state/newest-confirmed-file.ts";
import { StateFile } from "./state/state-file.ts";
import type { TrustedRepository } from "./trust/trusted-repository.ts";

export interface AgentOptions {
  /** Seconds since 1970; the machine's clock unless given. */
  readonly now?: () => number;
  /** A fraction in [0, 1). */
  readonly random?: () => number;
  readonly signal?: AbortSignal;
  /** What the machine's facts are read from; this machine unless given. */
  readonly machine?: Machine;
  /** Told of every step of an installation. */
  readonly onState?: (journal: Journal) => void;
  /** Told of a download's bytes. */
  readonly onProgress?: (received: number, size: number) => void;
  /**
   * For a program that is itself what gets installed: becomes the file at this path, instead of a restart command
   * (`replaceProcess`). The new version calls `resume()` when it starts, which confirms it or makes room for the
   * previous one. Where it dies before that call, the next start of either version, or `fairlead-agent resume`, puts
   * the previous one back: see docs/self-update.md for what that asks of whoever starts the program.
   */
  readonly reExec?: (path: string) => never;
}

/** What a call to `update` came to. */
export interface UpdateResult {
  readonly evaluation: Evaluation;
  /** One for each step of the path that was installed, in order; the last may be a rollback. */
  readonly outcomes: readonly InstallOutcome[];
}

/** One enrolled product on this machine. */
export class Agent {
  private readonly home: AgentHome;
  private readonly options: AgentOptions;
  private settings: AgentConfig;
  private identity: DeviceIdentity;
  private readonly repository: TrustedRepository;
  private readonly format: Format;
  private readonly journal: JournalFile;
  private readonly stateFile: StateFile;
  private readonly newestConfirmed: NewestConfirmedFile;
  private readonly machine: Machine;
  private readonly now: () => number;
  private spool: Spool | undefined;
  private checkIns: CheckIns | undefined;
  private lastDecision: Decision | undefined;

  private constructor(
    home: AgentHome,
    config: AgentConfig,
    format: Format,
    device: DeviceIdentity,
    options: AgentOptions,
  ) {
    this.home = home;
    this.settings = config;
    this.identity = device;
    this.options = options;
    this.now = options.now ?? (() => Math.floor(Date.now() / 1000));
    this.machine = options.machine ?? thisMachine();
    this.repository = openRepository(config.server, home, this.now);
    this.format = format;
    this.journal = new JournalFile(home.journal);
    this.stateFile = new StateFile(home);
    this.newestConfirmed = new NewestConfirmedFile(home.newestConfirmed);
  }

  /** @throws ConfigError when this machine is not enrolled or its settings cannot be used */
  static async open(home: AgentHome, options: AgentOptions = {}): Promise<Agent> {
    const config = await readConfig(home);
    makeHome(home);
    const format = await openFormat(config.format, { ...config, stagingFolder: home.staging });
    return new Agent(home, config, format, readDevice(home), options);
  }

  /** As read; an operator may move the device while it runs. */
  get config(): AgentConfig {
    return this.settings;
  }

  /** A device that was found to be a copy of another gets an id of its own while it runs. */
  get device(): DeviceIdentity {
    return this.identity;
  }

  /** What is remembered and where an installation stands, without asking the network. */
  status(): Remembered & { readonly journal: Journal } {
    return { ...this.remembered(), journal: this.journal.read() };
  }

  /** Version of the manifest that was last verified; `undefined`: none was. */
  manifestVersion(): number | undefined {
    return this.repository.timestampVersion();
  }

  /**
   * Signs requests without content as this device: gives the header fields for a GET of an address below the server's.
   *
   * @throws FetchError, TrustError where the first root is not to be had
   */
  async requestSigner(): Promise<(url: URL) => Readonly<Record<string, string>>> {
    const { signDeviceRequest } = await import("./report/sign-request.ts");
    const repository = sha256Hex(await this.repository.firstRoot());
    // The key is read each time, since it may have been replaced.
    return (url) =>
      signDeviceRequest(openDeviceSigner(this.home), { method: "GET", url, repository }, this.now()).fields;
  }

  /** How it stands with what the controller is told, without asking the network. */
  async reporting(): Promise<ReportingStatus> {
    const { reportingStatus } = await import("./report/reporting-status.ts");
    return reportingStatus(this.home, await this.openSpool());
  }

  /** What this machine is, as versions may require it. */
  facts(): Promise<Facts> {
    return gatherFacts(this.machine, this.config.installPath);
  }

  private remembered(): Remembered {
    const newestConfirmed = this.newestConfirmed.read(this.config.product);
    return { state: this.stateFile.read(), newestConfirmed };
  }

  /**
   * Brings the manifest up to date and decides. Changes nothing on the machine but the trusted metadata.
   *
   * @throws TrustError, FetchError, ProtocolError
   */
  async check(updateNow: boolean): Promise<Evaluation> {
    await this.repository.refresh();
    const evaluation = await this.evaluateWithVerified(updateNow);
    this.lastDecision = evaluation.decision;
    return evaluation;
  }

  /** The decision from the manifest as last verified, for `explain` without a network. */
  async evaluateWithVerified(updateNow: boolean): Promise<Evaluation> {
    return evaluate(
      this.config,
      { id: this.device.id, facts: await this.facts() },
      this.format,
      this.repository,
      this.remembered(),
      this.now(),
      updateNow,
    );
  }

  /** Remembers that a manifest was verified now, and what is installed: for windows missed while offline. */
  recordCheck(evaluation: Evaluation): void {
    const { installed } = evaluation;
    void this.tryToNote(() => this.noteInstalled(evaluation));
    this.stateFile.update(({ failedCheck: _, ...state }) => ({
      ...state,
      lastCheckAt: this.now(),
      ...(installed === undefined ? {} : { installed }),
    }));
  }

  /**
   * Remembers a signed version that is installed while nothing is under way: it was confirmed, by this agent or by
   * whoever put it there. A note that cannot be read stays as it is, because what it said may have been newer.
   *
   * @throws HomeError
   */
  private noteInstalled({ installed, releases }: Evaluation): void {
    const signed = releases.find(
      ({ version, artifacts }) =>
        version === installed?.version &&
        artifacts.some((artifact) => this.format.buildId(artifact) === installed.id),
    );
    if (signed === undefined || this.journal.read().state !== "idle") return;
    const known = this.newestConfirmed.read(this.config.product);
    if (known === undefined || isVersion(signedScheme(signed), known)) this.noteConfirmed(signed);
  }

  private noteConfirmed(release: Release): void {
    const known = this.newestConfirmed.read(this.config.product);
    const newest = newestAfter(signedScheme(release), known, release.version);
    if (newest === known) return;
    this.newestConfirmed.write(this.config.product, newest);
  }

  /** Remembers why a check came to nothing, so that `status` can say it. */
  async recordFailedCheck(error: unknown): Promise<void> {
    const { id, message } = refusalOf(error);
    await this.tryToNote(() => {
      this.stateFile.update((state) => ({
        ...state,
        failedCheck: { at: this.now(), cause: id, reason: keptReason(message) },
      }));
    });
  }

  /**
   * Ends what an earlier run left half-done, if anything, and lets go of a rollback copy that is too old.
   *
   * @returns its outcome, or `undefined` when there was nothing to end
   */
  async resume(): Promise<InstallOutcome | undefined> {
    if (this.journal.read().state === "idle") {
      await this.dropExpiredPrevious();
      return undefined;
    }
    return this.locked(async (context) => {
      const { resumeInstallation } = await import("./life-cycle/resume.ts");
      return resumeInstallation(context);
    });
  }

  private async dropExpiredPrevious(): Promise<void> {
    const { previous } = this.stateFile.read();
    if (previous === undefined || this.now() - previous.keptAt <= KEEP_PREVIOUS_SECONDS) return;
    await this.locked(async (context) => {
      const { dropExpiredPrevious } = await import("./life-cycle/finish.ts");
      await dropExpiredPrevious(context);
    });
  }

  /**
   * Checks, and installs every step of the decided path, one after the other. After each step the decision is made
   * anew, so that a pause that came meanwhile holds.
   *
   * @param request the id of the operator's request that asked for it
   * @throws InstallError when nothing was swapped; FetchError, TrustError, ProtocolError as `check`
   */
  async update(updateNow: boolean, request?: string): Promise<UpdateResult> {
    await this.resume();
    let evaluation = await this.checkNoted(updateNow);
    const outcomes: InstallOutcome[] = [];
    const tried = new Set<string>();
    while (evaluation.decision.action === "update" || evaluation.decision.action === "rollback") {
      const version = evaluation.decision.path[0];
      if (tried.has(version)) break;
      tried.add(version);
      // Before it is left for an older one, or nobody would know that it was here.
      if (evaluation.decision.action === "rollback") this.noteInstalled(evaluation);
      const outcome = await this.install(evaluation, version, request);
      const release = findRelease(evaluation.releases, version);
      if (outcome.outcome === "confirmed" && release !== undefined) {
        await this.tryToNote(() => this.noteConfirmed(release));
      }
      outcomes.push(outcome);
      if (outcome.outcome !== "confirmed") break;
      evaluation = await this.checkNoted(updateNow);
    }
    this.recordCheck(evaluation);
    return { evaluation, outcomes };
  }

  private async checkNoted(updateNow: boolean): Promise<Evaluation> {
    try {
      return await this.check(updateNow);
    } catch (error) {
      await this.recordFailedCheck(error);
      throw error;
    }
  }

  private async install(
    evaluation: Evaluation,
    version: string,
    request: string | undefined,
  ): Promise<InstallOutcome> {
    const release = findRelease(evaluation.releases, version);
    const artifact = requireArtifact(release, version, this.format);
    const { installed } = evaluation;
    const to = { version, id: this.format.buildId(artifact) };
    const plan: InstallPlan = {
      kind: "update",
      from: installed === undefined ? null : { version: installed.version, id: installed.id },
      to,
      startedAt: this.now(),
      attempt: newAttempt(),
      ...(request === undefined ? {} : { request }),
    };
    try {
      return await this.locked(async (context) => {
        const { installBuild } = await import("./life-cycle/install.ts");
        return installBuild(context, plan, async () => {
          await this.bring(to, artifact);
          await this.tryToNote(() => this.bringWayBack(evaluation));
        });
      });
    } catch (error) {
      await this.recordFailedInstallation(plan, error);
      throw error;
    }
  }

  private async bring(build: Build, artifact: ReleaseArtifact): Promise<void> {
    const download = () => this.download(build, artifact);
    const { format } = this;
    if (format.fetch === undefined) await download();
    else await format.fetch(build, artifact, download, this.options.signal);
  }

  /** Where a format goes back by a file that it does not have, and the update server does. */
  private async bringWayBack({ installed, releases }: Evaluation): Promise<void> {
    const { format } = this;
    if (installed === undefined || (await format.lacksFileOf?.(installed)) !== true) return;
    const release = findRelease(releases, installed.version);
    const artifact = release === undefined ? undefined : artifactFor(release, PLATFORM, format);
    if (artifact === undefined || artifact.package?.repository !== undefined) return;
    if (format.buildId(artifact) !== installed.id) return;
    await this.bring({ version: installed.version, id: installed.id }, artifact);
  }

  private async download(build: Build, artifact: ReleaseArtifact): Promise<void> {
    const { format, repository } = this;
    const { signal, onProgress } = this.options;
    const [{ downloadArtifact }, { findMirrors }] = await Promise.all([
      import("./download/download-artifact.ts"),
      import("./download/find-mirrors.ts"),
    ]);
    const { product, server, pace } = this.config;
    const { sha256, size, target } = artifact;
    await downloadArtifact({
      artifact: { ...build, sha256, size },
      mirrors: await findMirrors(repository, targetsUrl(server), product, target, pace),
      staging: format.staging,
      signal,
      onProgress: (received) => onProgress?.(received, size),
    });
  }

  /** What failed before the life cycle began (the lock, the staging folder) is noted here; the rest notes itself. */
  private async recordFailedInstallation(plan: InstallPlan, error: unknown): Promise<void> {
    if (error instanceof InstallError && error.code === "install/lock-held") return;
    await this.tryToNote(async () => {
      if (this.journal.read().state !== "idle") return;
      const { finishFailed } = await import("./life-cycle/finish.ts");
      await finishFailed(await this.context(), { state: "downloading", plan }, error);
    });
  }

  private async tryToNote(note: () => Promise<void> | void): Promise<void> {
    try {
      await note();
    } catch {
      // What is to be noted is thrown or logged too, and says more than that this failed as well.
    }
  }

  /**
   * Puts the previous version back by the same steps as an update, and blocks the version that is left.
   *
   * @throws InstallError `install/no-previous`, and as `update`
   */
  async rollback(): Promise<InstallOutcome> {
    return this.rollBack({});
  }

  private async rollBack(
    options: Pick<RollBackOptions, "request" | "requireAllowed">,
  ): Promise<InstallOutcome> {
    return this.locked(async (context) => {
      const { rollBackToPrevious } = await import("./life-cycle/roll-back.ts");
      return rollBackToPrevious(context, { attempt: newAttempt(), ...options });
    });
  }

  /** An operator's way back: only within what the signed manifest allows at this moment. */
  private async rollBackWithinRange(request: string): Promise<InstallOutcome> {
    const evaluation = await this.checkNoted(true);
    const { requireRollback } = await import("./decision/require-rollback.ts");
    const newestConfirmed = this.newestConfirmed.read(this.config.product);
    return this.rollBack({
      request,
      requireAllowed: (from, to) => requireRollback(evaluation, this.format, newestConfirmed, from, to),
    });
  }

  /**
   * Tells the controller how this machine stands, and does what operators ask of it. What waits to be reported stays on
   * disk until the controller has acknowledged it.
   *
   * @param patience seconds to wait while another process of this agent does the same
   * @returns `undefined` where `check_in` is off
   * @throws ReportError, FetchError, HomeError, ConfigError; none of them is a reason not to update
   */
  async checkIn(patience: number): Promise<CheckInResult | undefined> {
    if (!this.config.checkIn) return undefined;
    this.checkIns ??= await this.openCheckIns();
    return this.checkIns.run(patience);
  }

  private async openCheckIns(): Promise<CheckIns> {
    const { CheckIns } = await import("./report/check-ins.ts");
    const { now, home } = this;
    const spool = await this.openSpool();
    return new CheckIns(this.asCheckedIn(), { home, spool, now, signal: this.options.signal });
  }

  private asCheckedIn(): CheckedInDevice {
    const { server, product } = this.config;
    return {
      ...{ server, product, repository: this.repository },
      describe: async () => ({ platform: PLATFORM, facts: await this.facts() }),
      standing: () => {
        const { state, newestConfirmed, journal } = this.status();
        const { channel, tenant, site, labels = {} } = this.config;
        return {
          ...{ product, channel, format: this.format.name, state, newestConfirmed, journal: journal.state },
          ...{ decision: this.lastDecision, manifest: this.manifestVersion() },
          placement: {
            labels,
            ...(tenant === undefined ? {} : { tenant }),
            ...(site === undefined ? {} : { site }),
          },
        };
      },
      look: async () => {
        const evaluation = await this.checkNoted(false);
        this.recordCheck(evaluation);
        return evaluation;
      },
      update: (request) => this.update(true, request),
      rollBack: (request) => this.rollBackWithinRange(request),
      moveTo: async ({ tenant, site, labels }) => {
        const moved = { tenant: tenant?.name, tenant_key: tenant?.key, site };
        await changeConfig(this.home, {
          ...moved,
          labels: Object.keys(labels).length > 0 ? labels : undefined,
        });
        this.settings = await readConfig(this.home);
      },
      takeKeys: ({ id, publicKey }) => {
        this.identity = { id, publicKey };
      },
    };
  }

  private async openSpool(): Promise<Spool> {
    const { Spool } = await import("./report/spool.ts");
    this.spool ??= new Spool(this.home.spool);
    return this.spool;
  }

  /** What keeps finished attempts for the controller; nothing does where none is told of them. */
  private async observer(): Promise<((attempt: FinishedAttempt) => void) | undefined> {
    if (!this.config.checkIn) return undefined;
    const [spool, { reportAttempt }] = await Promise.all([
      this.openSpool(),
      import("./report/report-attempt.ts"),
    ]);
    const { product, reportLogs } = this.config;
    return (attempt) => spool.add(reportAttempt(product, attempt, reportLogs));
  }

  private async locked<T>(work: (context: InstallContext) => Promise<T>): Promise<T> {
    const { lockInstallation } = await import("./life-cycle/lock-installation.ts");
    const release = lockInstallation(this.format.staging);
    try {
      return await work(await this.context());
    } finally {
      release();
    }
  }

  private async context(): Promise<InstallContext> {
    return {
      format: this.format,
      journal: this.journal,
      state: this.stateFile,
      confirm: this.config.confirm,
      now: this.now,
      random: this.options.random ?? Math.random,
      signal: this.options.signal,
      onState: this.options.onState,
      onFinished: await this.observer(),
      reExec: this.options.reExec,
      isSigned: async (id) => {
        const releases = await this.repository.releases(this.config.product);
        return buildsFor(releases, PLATFORM, this.format).some((build) => build.id === id);
      },
    };
  }
}

function newAttempt(): string {
  return randomBytes(16).toString("hex");
}

function requireArtifact(release: Release | undefined, version: string, format: Format): ReleaseArtifact {
  const artifact = release === undefined ? undefined : artifactFor(release, PLATFORM, format);
  if (artifact !== undefined) return artifact;
  throw new InstallError("install/wrong-arch", `${version} has no artifact that this agent can install`, {
    expected: `format ${format.name} for ${PLATFORM}`,
    got: release?.artifacts.map((other) => `${other.format} for ${other.platform}`).join(", ") ?? "none",
    help: "add the artifact with `fairlead release add`",
  });
}

/** Whether a decision asks for an installation now. */
export function isActionable(decision: Decision): boolean {
  return decision.action === "update" || decision.action === "rollback";
}
