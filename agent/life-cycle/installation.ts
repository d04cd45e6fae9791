import type { Format } from "../formats/format.ts";
import { InstallError, leavesTheFailedBuild, speaksAgainst } from "../installation/install-error.ts";
import { fateOf, identityOf, secondsSince, uptime } from "../process/process-identity.ts";
import { keptReason } from "../state/agent-state.ts";
import { confirmOnce, pauseBeforeAttempt } from "./confirm.ts";
import { finishBad, finishConfirmed, finishFailed, forget, isUnswapped } from "./finish.ts";
import type { InstallContext } from "./install-context.ts";
import { IDLE, type InstallPlan, type OpenJournal } from "./journal.ts";
import { machineFacts } from "./machine-facts.ts";
import { type ConfirmLimits, mustResume, nextStep, secondsLeft } from "./next-step.ts";
import type { ProgramWatch } from "./program-watch.ts";
import { type ProductRestart, productRestart } from "./restart-product.ts";
import { reasonOf, verdictOf } from "./verdict-of.ts";

/** Starting the restart command twice at most: it may be what kills this process. */
const MAX_RESTARTS = 2;

/** How an installation that reached the swap ended. */
export type InstallOutcome =
  | { readonly outcome: "confirmed"; readonly plan: InstallPlan }
  | { readonly outcome: "rolled-back"; readonly plan: InstallPlan; readonly reason: string }
  /** It failed, and the kept copy is damaged: what is installed stays, and the way forward is open. */
  | { readonly outcome: "not-restored"; readonly plan: InstallPlan; readonly reason: string };

/** Brings the bytes of the build that is to be installed into staging, exactly as signed. Throws `InstallError`. */
export type BringBytes = () => Promise<void>;

/** One run through the life cycle: asks `nextStep`, does it, writes what was done. */
export class Installation {
  private readonly context: InstallContext;
  private readonly bring: BringBytes | undefined;
  private journal: OpenJournal;
  /** The swap was done by this very process, which then still is the version before it. */
  private swapped = false;
  /** The version that this process runs was taken away, and the one before put back. */
  private madeRoom = false;
  /** Looks at the program while it is confirmed; what it has seen counts over attempts. */
  private watch: ProgramWatch | undefined;
  /** What still has to be restarted ends this very process, so it comes last. */
  private restartAtEnd: ProductRestart | undefined;

  constructor(context: InstallContext, journal: OpenJournal, bring?: BringBytes) {
    this.context = context;
    this.journal = journal;
    this.bring = bring;
  }

  async begin(): Promise<InstallOutcome> {
    this.context.journal.reserve();
    this.context.journal.write(this.journal);
    return this.run();
  }

  async run(): Promise<InstallOutcome> {
    const { context } = this;
    context.onState?.(this.journal);
    try {
      for (;;) {
        const outcome = await this.step();
        if (outcome !== undefined) {
          context.journal.note(IDLE);
          context.onState?.(IDLE);
          await this.makeRoom();
          await this.restartLast(outcome.plan);
          return outcome;
        }
      }
    } catch (error) {
      if (!(await this.mayHaveSwapped())) await this.abandon(error);
      await this.makeRoom();
      throw error;
    }
  }

  /** Where this process is the version that was taken away, the one before goes on in its place. */
  private async makeRoom(): Promise<void> {
    if (!this.madeRoom) return;
    const { handOver, reExec, format } = this.context;
    if (handOver !== undefined) await (await handOver(format.program)).leave();
    reExec?.(format.program);
  }

  private async mayHaveSwapped(): Promise<boolean> {
    try {
      return mustResume(this.journal, await machineFacts(this.context.format, this.journal));
    } catch {
      // What cannot be told now is told at the next start, from the same journal.
      return true;
    }
  }

  /**
   * Goes to the next state. Before the swap an entry that cannot be written ends the installation. After it, a version
   * whose attempts cannot be counted cannot be confirmed, so the verdict is bad; and once there is a verdict, whatever
   * it asks for is done whether or not it can be noted.
   */
  private enter(journal: OpenJournal): void {
    switch (journal.state) {
      case "downloading":
      case "verified":
      case "staged":
      case "self-tested":
        this.context.journal.write(journal);
        break;
      case "swapped":
      case "confirming":
        try {
          this.context.journal.write(journal);
        } catch (error) {
          this.enter({ state: "rolling-back", plan: journal.plan, ...verdictOf(error, journal.state) });
          return;
        }
        break;
      case "confirmed":
      case "rolling-back":
      case "rolled-back":
      case "not-restored":
        this.context.journal.note(journal);
        break;
    }
    this.journal = journal;
    this.context.onState?.(journal);
  }

  private async step(): Promise<InstallOutcome | undefined> {
    const { context, journal } = this;
    const { plan } = journal;
    const { format, signal } = context;
    const next = nextStep(journal, await machineFacts(format, journal), this.limits, context.now());
    switch (next.step) {
      case "none":
        return undefined;
      case "download":
        if (this.bring === undefined) {
          throw new InstallError("install/network", "there is nowhere to download from");
        }
        await this.bring();
        this.enter({ state: "verified", plan });
        return undefined;
      case "stage":
        await format.stage(plan.to, plan.kind === "rollback" ? "kept" : "download", signal);
        this.enter({ state: "staged", plan });
        return undefined;
      case "self-test":
        await format.prove(plan.to, "staged", { signal });
        if (plan.from !== null) await format.keep(plan.from);
        this.enter({ state: "self-tested", plan });
        return undefined;
      case "swap":
        await context.beforeSwap?.(plan);
        await requireUnchanged(format, plan);
        this.swapped = true;
        await this.swap();
        return undefined;
      case "begin-confirming": {
        const since = uptime();
        this.enter({
          ...{ state: "confirming", plan, restarts: 0, restarted: false, attempts: 0 },
          deadline: context.now() + context.confirm.seconds,
          ...(since === undefined ? {} : { since }),
        });
        return undefined;
      }
      case "restart":
        await this.restart();
        return undefined;
      case "confirm":
        await this.confirm();
        return undefined;
      case "wait":
        throw new InstallError("install/unconfirmed", `${plan.to.version} has not confirmed itself yet`, {
          got: `it is running, and has ${next.seconds} s left`,
          help: "wait, then run `fairlead-agent resume` again",
        });
      case "give-up":
        this.enter({
          ...{ state: "rolling-back", plan, reason: next.reason },
          verdict: { step: "confirming", code: next.code },
        });
        return undefined;
      case "restore":
        await this.restore();
        return undefined;
      case "finish":
        return this.finish();
    }
  }

  /** A package manager can fail half-way: what it leaves is put back, not tried again. */
  private async swap(): Promise<void> {
    const { journal, context } = this;
    const { plan } = journal;
    try {
      await context.format.swap(plan.to);
    } catch (error) {
      const { installed } = await machineFacts(context.format, journal);
      if (installed !== "unfinished") throw error;
      this.enter({ state: "rolling-back", plan, ...verdictOf(error, "swapped") });
      return;
    }
    this.enter({ state: "swapped", plan });
  }

  private async finish(): Promise<InstallOutcome | undefined> {
    const { context, journal } = this;
    const { plan } = journal;
    switch (journal.state) {
      case "confirmed":
        await finishConfirmed(context, plan);
        return { outcome: journal.state, plan };
      case "rolled-back":
      case "not-restored":
        await finishBad(context, plan, journal.state, journal.reason, journal.verdict);
        return { outcome: journal.state, plan, reason: journal.reason };
      default:
        return undefined;
    }
  }

  /** A failed restart is tried once more, then the check command has the word. */
  private async restart(): Promise<void> {
    const { journal, context } = this;
    if (journal.state !== "confirming") return;
    const restarts = journal.restarts + 1;
    if (context.handOver !== undefined) {
      await this.succeed(context.handOver, { ...journal, restarts, restarted: true });
      return;
    }
    if (context.reExec !== undefined) {
      // The process number and the time of its start stay, so that the next start can tell how this one ended.
      const program = identityOf(process.pid);
      this.enter({ ...journal, restarts, restarted: true, ...(program === undefined ? {} : { program }) });
      if (this.journal.state === "confirming") context.reExec(context.format.program);
      return;
    }
    const restart = productRestart(context);
    if (restart === undefined) {
      this.journal = { ...journal, restarted: true };
      return;
    }
    const isLast = restart.endsUs && restart.isOutside !== true;
    this.enter({ ...journal, restarts, restarted: isLast });
    if (this.journal.state !== "confirming") return;
    const { readyFile } = context.confirm.health ?? {};
    try {
      if (readyFile !== undefined) (await import("./probe-health.ts")).forgetReady(readyFile);
      await restart.run(journal.plan.to.version, Math.max(1, this.secondsLeft()), context.signal);
      this.enter({ ...journal, restarts, restarted: true });
    } catch (error) {
      if (!(error instanceof InstallError) || error.code === "install/aborted") throw error;
      if (restarts < MAX_RESTARTS) this.enter({ ...journal, restarts });
      else this.enter({ state: "rolling-back", plan: journal.plan, ...verdictOf(error, "confirming") });
    }
  }

  /** The process that goes on is another one: it is noted before it may begin. */
  private async succeed(
    handOver: NonNullable<InstallContext["handOver"]>,
    journal: Extract<OpenJournal, { state: "confirming" }>,
  ): Promise<void> {
    try {
      const successor = await handOver(this.context.format.program);
      const { program } = successor;
      this.enter({ ...journal, ...(program === undefined ? {} : { program }) });
      if (this.journal.state === "confirming") await successor.leave();
      successor.dismiss();
    } catch (error) {
      if (!(error instanceof InstallError)) throw error;
      this.enter({ state: "rolling-back", plan: journal.plan, ...verdictOf(error, "confirming") });
    }
  }

  private async confirm(): Promise<void> {
    const { journal, context } = this;
    if (journal.state !== "confirming") return;
    const { plan } = journal;
    const attempts = journal.attempts + 1;
    const { alive } = context.confirm.health ?? {};
    const isProgram = journal.program !== undefined && fateOf(journal.program) === "this";
    const began = performance.now();
    const aliveHere = (): number => (performance.now() - began) / 1000;
    const attempt = async (signal: AbortSignal | undefined): Promise<void> => {
      await pauseBeforeAttempt(journal.attempts, this.secondsLeft(), signal);
      this.enter({ ...journal, attempts });
      if (this.journal.state !== "confirming") return;
      await confirmOnce({
        ...{ settings: context.confirm, format: context.format, build: plan.to, signal, isProgram },
        secondsLeft: () => this.secondsLeft(),
        aliveSeconds: () => (isProgram ? aliveHere() : (this.watch?.aliveSeconds ?? 0)),
      });
      this.enter({ state: "confirmed", plan });
    };
    try {
      if (isProgram || (alive === undefined && context.confirm.service === undefined)) {
        await attempt(context.signal);
      } else {
        this.watch ??= await this.beginWatch(plan.to.version);
        await this.watch.during(context.signal, attempt);
      }
    } catch (error) {
      if (!(error instanceof InstallError) || error.code === "install/aborted") throw error;
      const isOver = attempts >= context.confirm.attempts || this.secondsLeft() <= 0;
      if (isOver || error.code === "install/crashed") {
        this.enter({ state: "rolling-back", plan, ...verdictOf(error, "confirming") });
      }
    }
  }

  /** Where something is restarted, a process from before that is the version before. */
  private async beginWatch(version: string): Promise<ProgramWatch> {
    const [{ ProgramWatch }, { sightProgram }] = await Promise.all([
      import("./program-watch.ts"),
      import("./sight-program.ts"),
    ]);
    const { confirm, format } = this.context;
    const { journal } = this;
    const since = journal.state === "confirming" ? journal.since : undefined;
    const place = {
      ...{ path: format.program, pidFile: confirm.health?.pidFile, service: confirm.service },
      startedAfter: productRestart(this.context) === undefined ? undefined : since,
    };
    return new ProgramWatch(version, () => sightProgram(place));
  }

  private get limits(): ConfirmLimits {
    const { attempts, seconds } = this.context.confirm;
    return { maxAttempts: attempts, maxRestarts: MAX_RESTARTS, seconds };
  }

  private secondsLeft(): number {
    const { journal, context } = this;
    if (journal.state !== "confirming") return 0;
    const elapsed = journal.since === undefined ? undefined : secondsSince(journal.since);
    return secondsLeft(journal, { elapsed }, this.limits, context.now());
  }

  private async restore(): Promise<void> {
    const { journal, context } = this;
    if (journal.state !== "rolling-back") return;
    const { plan, reason } = journal;
    const verdict = journal.verdict === undefined ? {} : { verdict: journal.verdict };
    if (await this.isReplacedByPerson(plan)) {
      const why = `${reason}; somebody has installed another signed build since, which stays`;
      this.enter({ state: "rolled-back", plan, reason: why, ...verdict });
      return;
    }
    try {
      const changed = await context.format.restore(plan.to, plan.from);
      this.madeRoom = changed && !this.swapped && plan.from !== null;
    } catch (error) {
      if (!(error instanceof InstallError) || !leavesTheFailedBuild(error.code)) throw error;
      const both = keptReason(`${reason}; then ${reasonOf(error)}`);
      this.enter({ state: "not-restored", plan, reason: both, ...verdict });
      return;
    }
    const restart = productRestart(context);
    let restartProblem = "";
    if (restart?.endsUs === true) {
      this.restartAtEnd = restart;
    } else if (restart !== undefined && plan.from !== null) {
      try {
        await restart.run(plan.from.version, context.confirm.seconds);
      } catch (error) {
        // The good build is back; the service manager must do the rest, and a person must see it.
        restartProblem = `; after that ${reasonOf(error)}`;
      }
    }
    this.enter({ state: "rolled-back", plan, reason: keptReason(`${reason}${restartProblem}`), ...verdict });
  }

  /** The previous version is back, and this process is part of the service that still runs the failed one. */
  private async restartLast({ from }: InstallPlan): Promise<void> {
    if (from === null) return;
    try {
      await this.restartAtEnd?.run(from.version, this.context.confirm.seconds);
    } catch {
      // The good build is in place; the service manager must do the rest.
    }
  }

  /** Only for a build that is neither the failed one nor the one before: that is asked for nowhere else. */
  private async isReplacedByPerson({ from, to }: InstallPlan): Promise<boolean> {
    const { format, isSigned } = this.context;
    try {
      const found = await format.installed();
      if (found === undefined || found.id === to.id || found.id === from?.id) return false;
      return (await isSigned?.(found.id)) ?? false;
    } catch {
      return false;
    }
  }

  /** Before the swap: the old version runs on, and only evidence against the build blocks it. */
  private async abandon(error: unknown): Promise<void> {
    const { context, journal } = this;
    const { plan } = journal;
    const against = error instanceof InstallError && speaksAgainst(error.code) === "the build";
    if (error instanceof InstallError && error.code === "install/postponed") {
      await forget(context, plan, plan.to);
      return;
    }
    for (const end of [
      () => (against ? context.format.setAside(plan.to) : undefined),
      () => (isUnswapped(journal) ? finishFailed(context, journal, error) : undefined),
    ]) {
      try {
        await end();
      } catch {
        // What stopped the update, a full disk say, also keeps it from being noted: the error at hand says more.
      }
    }
    await forget(context, plan, plan.kind === "update" && !against ? plan.to : undefined);
  }
}

/** Somebody replaced what is installed while we downloaded: what policy decided is then about another version. */
async function requireUnchanged(format: Format, plan: InstallPlan): Promise<void> {
  const found = await format.installed();
  if (found?.id === plan.from?.id || found?.unfinished === true) return;
  throw new InstallError("install/replaced", "what is installed changed while the update was prepared", {
    expected: plan.from === null ? "nothing installed" : `build ${plan.from.id}`,
    got: found === undefined ? "nothing installed" : `build ${found.id}`,
    help: "let one program manage this product; the agent decides anew at its next check",
  });
}
