import { randomBytes } from "node:crypto";
import { findRelease } from "../../protocol/candidates.ts";
import type { Release, ReleaseArtifact } from "../../protocol/release.ts";
import { type ProductConfig, targetsUrl } from "../config/agent-config.ts";
import type { Evaluation } from "../decision/evaluate.ts";
import { artifactFor, buildsFor, PLATFORM } from "../decision/machine-builds.ts";
import type { DownloadOptions } from "../download/download-artifact.ts";
import type { Format } from "../formats/format.ts";
import type { Build } from "../installation/build.ts";
import { InstallError, type InstallErrorCode } from "../installation/install-error.ts";
import type { FinishedAttempt } from "../life-cycle/finished-attempt.ts";
import type { InstallContext } from "../life-cycle/install-context.ts";
import type { InstallOutcome } from "../life-cycle/installation.ts";
import type { InstallPlan, Journal } from "../life-cycle/journal.ts";
import type { RollBackOptions } from "../life-cycle/roll-back.ts";
import type { Successor } from "../process/hand-over.ts";
import { KEEP_PREVIOUS_SECONDS } from "../state/agent-state.ts";
import type { ProductNotes } from "./product-notes.ts";
import type { SharedParts } from "./shared-parts.ts";

/** What an installer works with. */
export interface InstallerParts {
  readonly shared: SharedParts;
  readonly format: Format;
  readonly notes: ProductNotes;
  /** As it stands now: an operator may move the device while it runs. */
  config(): ProductConfig;
  /** For the program that runs here: becomes the file at this path, in the place of a restart command. */
  readonly reExec?: ((path: string) => never) | undefined;
  /** For the same program: starts that file beside this process, and gives it what is open. */
  readonly handOver?: ((path: string) => Promise<Successor>) | undefined;
  /** For the same program: as in `InstallContext`. */
  readonly leave?: ((config: ProductConfig) => Promise<never>) | undefined;
}

/** Takes one product through the life cycle, under the lock of its installation. */
export class ProductInstaller {
  private readonly parts: InstallerParts;

  constructor(parts: InstallerParts) {
    this.parts = parts;
  }

  /** As `LocalProduct.resume`. */
  async resume(): Promise<InstallOutcome | undefined> {
    const isOpen = this.parts.notes.journal.read().state !== "idle";
    const isDown = await this.recover();
    if (!isOpen) {
      if (isDown !== undefined) throw isDown;
      await this.dropExpiredPrevious();
      return undefined;
    }
    return this.locked(async (context) => {
      const { resumeInstallation } = await import("../life-cycle/resume.ts");
      return resumeInstallation(context, isDown);
    });
  }

  /**
   * Before anything asks what is installed: a kill inside a swap may have left the product stopped.
   *
   * @returns why what is installed does not come up, where it does not
   */
  private async recover(): Promise<InstallError | undefined> {
    const { format } = this.parts;
    if (format.recover === undefined) return undefined;
    try {
      await this.locked(async () => void (await format.recover?.()));
      return undefined;
    } catch (error) {
      if (error instanceof InstallError && error.code === "install/restart-failed") return error;
      throw error;
    }
  }

  private async dropExpiredPrevious(): Promise<void> {
    const { notes, shared } = this.parts;
    const { previous } = notes.state.read();
    if (previous === undefined || shared.now() - previous.keptAt <= KEEP_PREVIOUS_SECONDS) return;
    // A clock that has jumped ahead makes everything old; then the manifest looks expired as well.
    if (!shared.repository.isCurrent()) return;
    await this.locked(async (context) => {
      const { dropExpiredPrevious } = await import("../life-cycle/finish.ts");
      await dropExpiredPrevious(context);
    });
  }

  /**
   * Installs one version of the decided path.
   *
   * @param request the id of the operator's request that asked for it
   * @throws InstallError when nothing was swapped
   */
  async install(
    evaluation: Evaluation,
    version: string,
    request: string | undefined,
  ): Promise<InstallOutcome> {
    const { installed, releases } = evaluation;
    const { format, shared } = this.parts;
    const artifact = requireArtifact(findRelease(releases, version), version, format);
    const to = { version, id: format.buildId(artifact) };
    const plan: InstallPlan = {
      kind: "update",
      from: installed === undefined ? null : { version: installed.version, id: installed.id },
      to,
      startedAt: shared.now(),
      attempt: newAttempt(),
      ...(request === undefined ? {} : { request }),
    };
    try {
      return await this.locked(async (context) => {
        const { installBuild } = await import("../life-cycle/install.ts");
        return installBuild(context, plan, async () => {
          await this.bring(to, artifact);
          await this.bringWayBack(evaluation);
        });
      });
    } catch (error) {
      await this.recordFailed(plan, error);
      throw error;
    }
  }

  /** Puts the kept version back by the same steps. */
  async rollBack(options: Omit<RollBackOptions, "attempt">): Promise<InstallOutcome> {
    return this.locked(async (context) => {
      const { rollBackToPrevious } = await import("../life-cycle/roll-back.ts");
      return rollBackToPrevious(context, { attempt: newAttempt(), ...options });
    });
  }

  private async bring(build: Build, artifact: ReleaseArtifact): Promise<void> {
    const { format, shared } = this.parts;
    const download = () => this.download(build, artifact);
    if (format.fetch === undefined) await download();
    else await format.fetch(build, artifact, download, shared.signal);
  }

  /**
   * Where a format goes back by a file that it does not have, and the update server does. Without it the format itself
   * looks elsewhere, and says so where there is none.
   */
  private async bringWayBack({ installed, releases }: Evaluation): Promise<void> {
    const { format } = this.parts;
    if (installed === undefined || (await format.lacksFileOf?.(installed)) !== true) return;
    const release = findRelease(releases, installed.version);
    const artifact = release === undefined ? undefined : artifactFor(release, PLATFORM, format);
    if (artifact === undefined || artifact.package?.repository !== undefined) return;
    if (format.buildId(artifact) !== installed.id) return;
    try {
      await this.bring({ version: installed.version, id: installed.id }, artifact);
    } catch (error) {
      if (error instanceof InstallError && error.code === "install/aborted") throw error;
    }
  }

  private async download(build: Build, artifact: ReleaseArtifact): Promise<void> {
    const { format, shared } = this.parts;
    const { repository, signal, onProgress } = shared;
    const [{ downloadArtifact }, { findMirrors }] = await Promise.all([
      import("../download/download-artifact.ts"),
      import("../download/find-mirrors.ts"),
    ]);
    const { product, server, pace } = this.parts.config();
    const { sha256, size, target } = artifact;
    const download = {
      artifact: { ...build, sha256, size },
      ...{ staging: format.staging, maxBytesPerSecond: pace.maxBytesPerSecond, signal },
    };
    await this.tryDeltas(download, artifact);
    await downloadArtifact({
      ...download,
      mirrors: await findMirrors(repository, targetsUrl(server), product, target, pace),
      onProgress: (received) => onProgress?.(received, size, product),
    });
  }

  /** What comes of a delta lies in staging as if it had been downloaded; without one, nothing does. */
  private async tryDeltas(
    download: Omit<DownloadOptions, "mirrors">,
    { deltas, target }: ReleaseArtifact,
  ): Promise<void> {
    const { format, notes, shared } = this.parts;
    if (deltas === undefined || format.filesOf === undefined) return;
    const { server, pace } = this.parts.config();
    const [{ bringByDelta }, { findDeltaMirrors }] = await Promise.all([
      import("../download/bring-by-delta.ts"),
      import("../download/find-mirrors.ts"),
    ]);
    const { installed, previous } = notes.state.read();
    const problem = await bringByDelta({
      ...download,
      deltas: deltas.filter(({ from }) => from === installed?.id || from === previous?.id),
      oldFiles: (id) => format.filesOf?.(id) ?? [],
      mirrorsOf: (delta) => findDeltaMirrors(targetsUrl(server), target, delta, pace),
    });
    if (problem !== undefined) shared.onDeltaFailed?.(problem);
  }

  /** What failed before the life cycle began (the lock, the staging folder) is noted here; the rest notes itself. */
  private async recordFailed(plan: InstallPlan, error: unknown): Promise<void> {
    if (error instanceof InstallError && NO_ATTEMPT.has(error.code)) return;
    try {
      if (this.parts.notes.journal.read().state !== "idle") return;
      const { finishFailed } = await import("../life-cycle/finish.ts");
      await finishFailed(await this.context(), { state: "downloading", plan }, error);
    } catch {
      // The error at hand is thrown, and says more than that it could not be noted.
    }
  }

  private async locked<T>(work: (context: InstallContext) => Promise<T>): Promise<T> {
    const { lockInstallation } = await import("../life-cycle/lock-installation.ts");
    const release = lockInstallation(this.parts.format.staging, this.parts.shared.patience);
    try {
      return await work(await this.context());
    } finally {
      release();
    }
  }

  private async context(): Promise<InstallContext> {
    const { format, notes, shared, reExec, handOver, leave } = this.parts;
    const config = this.parts.config();
    const { product, confirm } = config;
    const { restart: _, ...unrestarted } = confirm;
    return {
      ...{ format, reExec, handOver, journal: notes.journal, state: notes.state },
      ...(leave === undefined ? {} : { leave: () => leave(config) }),
      // The program that goes on as its new version by itself needs nobody who starts it.
      confirm: reExec === undefined && handOver === undefined ? confirm : unrestarted,
      ...{ now: shared.now, random: shared.random, signal: shared.signal },
      beforeSwap: async (plan) => shared.beforeSwap?.(plan, product),
      onState: (journal: Journal) => shared.onState?.(journal, product),
      onFinished: await this.observer(),
      isSigned: async (id) => {
        const releases = await shared.repository.releases(product);
        return buildsFor(releases, PLATFORM, format).some((build) => build.id === id);
      },
    };
  }

  /** What keeps finished attempts for the controller; nothing does where none is told of them. */
  private async observer(): Promise<((attempt: FinishedAttempt) => void) | undefined> {
    const { checkIn, product, reportLogs } = this.parts.config();
    if (!checkIn) return undefined;
    const [spool, { reportAttempt }] = await Promise.all([
      this.parts.shared.spool(),
      import("../report/report-attempt.ts"),
    ]);
    return (attempt) => spool.add(reportAttempt(product, attempt, reportLogs));
  }
}

/** With these nothing was tried. */
const NO_ATTEMPT: ReadonlySet<InstallErrorCode> = new Set<InstallErrorCode>([
  "install/lock-held",
  "install/postponed",
]);

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
