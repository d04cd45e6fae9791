import { findRelease } from "../../protocol/candidates.ts";
import type { Decision } from "../../protocol/decision.ts";
import type { LocalChoices } from "../../protocol/device.ts";
import type { ProductConfig } from "../config/agent-config.ts";
import { type Asked, type Evaluation, evaluate, type Remembered } from "../decision/evaluate.ts";
import type { Format } from "../formats/format.ts";
import { makeHome, type ProductHome } from "../home/agent-home.ts";
import type { InstallOutcome } from "../life-cycle/installation.ts";
import type { Journal } from "../life-cycle/journal.ts";
import type { Successor } from "../process/hand-over.ts";
import type { ProductStanding } from "../report/write-check-in.ts";
import type { PostponedBuild } from "../state/agent-state.ts";
import { TrustError } from "../trust/trust-error.ts";
import { ProductInstaller } from "./product-installer.ts";
import { ProductNotes } from "./product-notes.ts";
import type { SharedParts } from "./shared-parts.ts";

/** What a call to `update` came to. */
export interface UpdateResult {
  readonly evaluation: Evaluation;
  /** One for each step of the path that was installed, in order; the last may be a rollback. */
  readonly outcomes: readonly InstallOutcome[];
}

/** What this machine knows, for people. */
export interface Explained {
  readonly evaluation: Evaluation;
  /** What it was made from holds no more: nothing of it is acted on. `since`: seconds since 1970, where that can be told. */
  readonly expired?: { readonly why: string; readonly since?: number };
}

export interface LocalProductParts {
  readonly config: ProductConfig;
  readonly home: ProductHome;
  readonly format: Format;
  readonly shared: SharedParts;
  /** Whether it is the updater itself. */
  readonly isSelf: boolean;
  /** For the program that runs here: becomes the file at this path, in the place of a restart command. */
  readonly reExec?: ((path: string) => never) | undefined;
  /** For the same program: starts that file beside this process, and gives it what is open. */
  readonly handOver?: ((path: string) => Promise<Successor>) | undefined;
  /** For the same program, where only another process can start it anew: has that go on, and ends this one. */
  readonly leave?: ((config: ProductConfig) => Promise<never>) | undefined;
}

/** One product on this machine: what is installed, what should be, and the way there. */
export class LocalProduct {
  /** Whether it is the updater itself, which comes after all others. */
  readonly isSelf: boolean;
  private settings: ProductConfig;
  private readonly format: Format;
  private readonly shared: SharedParts;
  private readonly notes: ProductNotes;
  private readonly installer: ProductInstaller;
  private lastDecision: Decision | undefined;
  private once: LocalChoices = {};

  constructor({ config, home, format, shared, isSelf, reExec, handOver, leave }: LocalProductParts) {
    makeHome(home);
    this.settings = config;
    this.format = format;
    this.shared = shared;
    this.isSelf = isSelf;
    this.notes = new ProductNotes(home, config.product, format, shared.now);
    this.installer = new ProductInstaller({
      ...{ shared, format, notes: this.notes, config: () => this.settings },
      ...(isSelf ? { reExec, handOver, leave } : {}),
    });
  }

  get name(): string {
    return this.settings.product;
  }

  /** As read; an operator may move the device while it runs. */
  get config(): ProductConfig {
    return this.settings;
  }

  /** The config was read anew. */
  configure(config: ProductConfig): void {
    this.settings = config;
  }

  /** What the config says by now that a person chose. */
  choose(choices: LocalChoices): void {
    const { channel: _, pin: __, autoUpdate: ___, ...settings } = this.settings;
    this.settings = { ...settings, ...choices };
  }

  /** What a person chose for this run alone, over what the config says; the controller is told what the config says. */
  chooseOnce(choices: LocalChoices): void {
    this.once = choices;
  }

  /** A person asks for a version that a person rolled back from: what only that kept away comes again. */
  takeAgain(version: string): void {
    this.notes.state.update((state) => ({
      ...state,
      blocked: state.blocked.filter((build) => build.version !== version || build.failures > 0),
    }));
  }

  /** Absolute path of the program once it is installed. */
  get program(): string {
    return this.format.program;
  }

  /** What is remembered and where an installation stands, without asking the network. */
  status(): Remembered & { readonly journal: Journal } {
    return { ...this.notes.remembered(), journal: this.notes.journal.read() };
  }

  /** How it stands, as the controller is told. */
  standing(): ProductStanding {
    const { state, newestConfirmed, journal } = this.status();
    const { settings } = this;
    const { product } = settings;
    return {
      ...{
        product,
        choices: settings,
        format: this.format.name,
        state,
        newestConfirmed,
        journal: journal.state,
      },
      ...{ decision: this.lastDecision, manifest: this.shared.repository.timestampVersion() },
    };
  }

  /**
   * Brings the manifest up to date and decides. Changes nothing on the machine but the trusted metadata.
   *
   * @param updateNow a person asked: passes waves, window and `autoUpdate: false`
   * @throws TrustError, FetchError, ProtocolError
   */
  async check(updateNow: boolean): Promise<Evaluation> {
    await this.shared.repository.refresh();
    return this.decide(updateNow);
  }

  /** Decides from the manifest that was just brought up to date, once for all products. */
  async decide(updateNow: boolean): Promise<Evaluation> {
    return this.decideAsked({ updateNow });
  }

  private async decideAsked(asked: Asked): Promise<Evaluation> {
    const evaluation = await this.evaluate(asked);
    this.lastDecision = evaluation.decision;
    return evaluation;
  }

  /** The decision from the manifest as last verified, for `explain` without a network. */
  evaluateWithVerified(updateNow: boolean): Promise<Evaluation> {
    return this.evaluate({ updateNow });
  }

  /**
   * The same where what was verified may have expired since: then it is told by what it said, and nobody may act on it.
   *
   * @throws TrustError for everything but its expiry
   */
  async explainWithVerified(): Promise<Explained> {
    try {
      return { evaluation: await this.evaluateWithVerified(false) };
    } catch (error) {
      if (!(error instanceof TrustError) || error.code !== "trust/expired") throw error;
      const repository = this.shared.lastVerified();
      const now = this.shared.now();
      const since = repository.expiries().flatMap(({ expires }) => (expires <= now ? expires : []));
      const expired = { why: error.message, ...(since.length === 0 ? {} : { since: Math.min(...since) }) };
      return { evaluation: await this.evaluate({}, repository), expired };
    }
  }

  private async evaluate(asked: Asked, repository = this.shared.repository): Promise<Evaluation> {
    const { shared, settings, format } = this;
    return evaluate(
      { ...settings, ...this.once },
      { id: shared.deviceId(), facts: await shared.facts(settings.installPath) },
      format,
      repository,
      this.notes.remembered(),
      shared.now(),
      asked,
    );
  }

  /** Remembers that a manifest was verified now, and what is installed: for windows missed while offline. */
  recordCheck(evaluation: Evaluation): void {
    this.notes.checked(evaluation);
  }

  /** Remembers why a check came to nothing, so that `status` can say it. */
  recordFailedCheck(error: unknown): void {
    this.notes.failedCheck(error);
  }

  /** Checks, and remembers what came of it. */
  async look(): Promise<Evaluation> {
    const evaluation = await this.checkNoted({ updateNow: false });
    this.recordCheck(evaluation);
    return evaluation;
  }

  /**
   * Ends what an earlier run left half-done, if anything, and lets go of a rollback copy that is too old.
   *
   * @returns its outcome, or `undefined` when there was nothing to end
   */
  resume(): Promise<InstallOutcome | undefined> {
    this.notes.sweep();
    return this.installer.resume();
  }

  /**
   * Checks, and installs every step of the decided path, one after the other. After each step the decision is made
   * anew, so that a pause that came meanwhile holds.
   *
   * @param request the id of the operator's request that asked for it
   * @throws InstallError when nothing was swapped; FetchError, TrustError, ProtocolError as `check`
   */
  update(updateNow: boolean, request?: string): Promise<UpdateResult> {
    return this.follow({ updateNow }, request);
  }

  /** As `update` when a person asks, and a companion that is not there (`ifInstalled`) is installed too. */
  install(): Promise<UpdateResult> {
    return this.follow({ updateNow: true, firstInstall: true });
  }

  private async follow(asked: Asked, request?: string): Promise<UpdateResult> {
    await this.resume();
    let evaluation = await this.checkNoted(asked);
    const outcomes: InstallOutcome[] = [];
    const tried = new Set<string>();
    while (evaluation.decision.action === "update" || evaluation.decision.action === "rollback") {
      const version = evaluation.decision.path[0];
      if (tried.has(version)) break;
      tried.add(version);
      // Before it is left for an older one, or nobody would know that it was here.
      if (evaluation.decision.action === "rollback") this.notes.foundInstalled(evaluation);
      const outcome = await this.installer.install(evaluation, version, request);
      const release = findRelease(evaluation.releases, version);
      if (outcome.outcome === "confirmed" && release !== undefined) this.notes.confirmed(release);
      outcomes.push(outcome);
      if (outcome.outcome !== "confirmed") break;
      evaluation = await this.checkNoted(asked);
    }
    this.recordCheck(evaluation);
    return { evaluation, outcomes };
  }

  private async checkNoted(asked: Asked): Promise<Evaluation> {
    try {
      await this.shared.repository.refresh();
      return await this.decideAsked(asked);
    } catch (error) {
      this.recordFailedCheck(error);
      throw error;
    }
  }

  /** Remembers that the swap to a build is put off, or that none is. */
  postpone(postponed: PostponedBuild | undefined): void {
    this.notes.postponed(postponed);
  }

  /**
   * Puts the previous version back by the same steps as an update, and blocks the version that is left.
   *
   * @throws InstallError `install/no-previous`, and as `update`
   */
  rollback(): Promise<InstallOutcome> {
    return this.installer.rollBack({});
  }

  /** An operator's way back: only within what the signed manifest allows at this moment. */
  async rollBackWithinRange(request: string): Promise<InstallOutcome> {
    const evaluation = await this.checkNoted({ updateNow: true });
    const { requireRollback } = await import("../decision/require-rollback.ts");
    const newestConfirmed = this.notes.newest();
    return this.installer.rollBack({
      request,
      requireAllowed: (from, to) => requireRollback(evaluation, this.format, newestConfirmed, from, to),
    });
  }
}

/** Whether a decision asks for an installation now. */
export function isActionable(decision: Decision): boolean {
  return decision.action === "update" || decision.action === "rollback";
}
