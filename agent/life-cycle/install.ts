import { setTimeout as sleep } from "node:timers/promises";
import { type ArtifactSource, downloadArtifact } from "../download/download-artifact.ts";
import type { Format } from "../formats/format.ts";
import { InstallError, speaksAgainstBuild } from "../install-error.ts";
import { confirmOnce, restart, waitBeforeAttempt } from "./confirm.ts";
import { finishConfirmed, finishFailed, finishRolledBack } from "./finish.ts";
import type { InstallContext } from "./install-context.ts";
import type { InstallPlan, Journal, OpenJournal } from "./journal.ts";
import { IDLE } from "./journal.ts";
import { type MachineFacts, mustResume, nextStep } from "./next-step.ts";

/** Starting the restart command twice at most: it may be what kills this process. */
const MAX_RESTARTS = 2;

/** How an installation that reached the swap ended. */
export type InstallOutcome =
  | { readonly outcome: "confirmed"; readonly plan: InstallPlan }
  | { readonly outcome: "rolled-back"; readonly plan: InstallPlan; readonly reason: string };

/**
 * Installs one build.
 *
 * @throws InstallError when nothing was swapped, or when the previous version could not be put back. Where the cause
 *   speaks against the build, it is blocked and kept aside.
 */
export function installBuild(
  context: InstallContext,
  plan: InstallPlan,
  source: ArtifactSource,
): Promise<InstallOutcome> {
  return new Installation(context, { state: "downloading", plan }, source).run();
}

/** Installs the kept previous build again: the same way, with nothing to download. */
export function installKept(context: InstallContext, plan: InstallPlan): Promise<InstallOutcome> {
  return new Installation(context, { state: "verified", plan }).run();
}

/**
 * Brings an interrupted installation to its end, if it had got as far as the swap; forgets one that had not.
 *
 * @returns `undefined` when nothing had to go on
 */
export async function resumeInstallation(context: InstallContext): Promise<InstallOutcome | undefined> {
  const journal = context.journal.read();
  if (journal.state === "idle") return undefined;
  if (!mustResume(journal, await machineFacts(context.format, journal))) {
    context.journal.write(IDLE);
    return undefined;
  }
  return new Installation(context, journal).run();
}

async function machineFacts(format: Format, journal: Journal): Promise<MachineFacts> {
  const matters = journal.state === "self-tested" || journal.state === "confirming";
  return { plannedIsInstalled: matters && (await format.installed())?.id === journal.plan.to.id };
}

/** One run through the life cycle: asks `nextStep`, does it, writes what was done. */
class Installation {
  private readonly context: InstallContext;
  private readonly source: ArtifactSource | undefined;
  private journal: OpenJournal;

  constructor(context: InstallContext, journal: OpenJournal, source?: ArtifactSource) {
    this.context = context;
    this.journal = journal;
    this.source = source;
  }

  async run(): Promise<InstallOutcome> {
    const { context } = this;
    this.enter(this.journal);
    try {
      for (;;) {
        const outcome = await this.step();
        if (outcome !== undefined) {
          context.journal.write(IDLE);
          context.onState?.(IDLE);
          // Only what was swapped in gets as far as that in such a process: it makes room for the one put back.
          if (outcome.outcome === "rolled-back") context.reExec?.(context.installPath);
          return outcome;
        }
      }
    } catch (error) {
      if (!mustResume(this.journal, await machineFacts(context.format, this.journal)))
        await this.abandon(error);
      throw error;
    }
  }

  private enter(journal: OpenJournal): void {
    this.context.journal.write(journal);
    this.journal = journal;
    this.context.onState?.(journal);
  }

  private async step(): Promise<InstallOutcome | undefined> {
    const { context, journal } = this;
    const { plan } = journal;
    const { format, signal } = context;
    const limits = { maxAttempts: context.confirm.attempts, maxRestarts: MAX_RESTARTS };
    const next = nextStep(journal, await machineFacts(format, journal), limits, context.now());
    switch (next.step) {
      case "none":
        return undefined;
      case "download":
        await this.download();
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
        await requireUnchanged(format, plan);
        await format.swap(plan.to);
        this.enter({ state: "swapped", plan });
        return undefined;
      case "begin-confirming": {
        const deadline = context.now() + context.confirm.seconds;
        this.enter({ state: "confirming", plan, restarts: 0, restarted: false, attempts: 0, deadline });
        return undefined;
      }
      case "restart":
        await this.restart();
        return undefined;
      case "confirm":
        await this.confirm();
        return undefined;
      case "give-up":
        this.enter({ state: "rolling-back", plan, reason: next.reason });
        return undefined;
      case "restore":
        await this.restore();
        return undefined;
      case "finish":
        if (journal.state === "rolled-back") {
          await finishRolledBack(context, plan, journal.reason);
          return { outcome: "rolled-back", plan, reason: journal.reason };
        }
        await finishConfirmed(context, plan);
        return { outcome: "confirmed", plan };
    }
  }

  private async download(): Promise<void> {
    const { format, signal, onProgress } = this.context;
    const { source } = this;
    if (source === undefined) throw new InstallError("install/network", "there is nowhere to download from");
    await downloadArtifact({
      ...source,
      staging: format.staging,
      signal,
      onProgress: (received) => onProgress?.(received, source.artifact.size),
    });
  }

  /** A failed restart is tried once more, then the check command has the word. */
  private async restart(): Promise<void> {
    const { journal, context } = this;
    if (journal.state !== "confirming") return;
    if (context.reExec !== undefined) {
      this.enter({ ...journal, restarts: journal.restarts + 1, restarted: true });
      context.reExec(context.installPath);
    }
    const command = context.confirm.restart;
    if (command === undefined) {
      this.journal = { ...journal, restarted: true };
      return;
    }
    this.enter({ ...journal, restarts: journal.restarts + 1 });
    try {
      await restart(
        command,
        context.installPath,
        journal.plan.to.version,
        this.secondsLeft(),
        context.signal,
      );
      this.enter({ ...journal, restarts: journal.restarts + 1, restarted: true });
    } catch (error) {
      if (!(error instanceof InstallError) || error.code === "install/aborted") throw error;
      if (journal.restarts + 1 < MAX_RESTARTS) return;
      this.enter({ state: "rolling-back", plan: journal.plan, reason: reasonOf(error) });
    }
  }

  private async confirm(): Promise<void> {
    const { journal, context } = this;
    if (journal.state !== "confirming") return;
    const { plan } = journal;
    await pause(waitBeforeAttempt(journal.attempts), context.signal);
    const attempts = journal.attempts + 1;
    this.enter({ ...journal, attempts });
    try {
      await confirmOnce(
        context.confirm,
        context.format,
        context.installPath,
        plan.to,
        this.secondsLeft(),
        context.signal,
      );
      this.enter({ state: "confirmed", plan });
    } catch (error) {
      if (!(error instanceof InstallError) || error.code === "install/aborted") throw error;
      if (attempts >= context.confirm.attempts || context.now() >= journal.deadline) {
        this.enter({ state: "rolling-back", plan, reason: reasonOf(error) });
      }
    }
  }

  private secondsLeft(): number {
    const deadline = this.journal.state === "confirming" ? this.journal.deadline : 0;
    return Math.max(1, deadline - this.context.now());
  }

  private async restore(): Promise<void> {
    const { journal, context } = this;
    if (journal.state !== "rolling-back") return;
    const { plan, reason } = journal;
    await context.format.restore(plan.to, plan.from);
    const command = context.confirm.restart;
    let restartProblem = "";
    if (command !== undefined && plan.from !== null) {
      try {
        await restart(command, context.installPath, plan.from.version, context.confirm.seconds);
      } catch (error) {
        // The good build is back; the service manager must do the rest, and a person must see it.
        restartProblem = `; after that ${reasonOf(error)}`;
      }
    }
    this.enter({ state: "rolled-back", plan, reason: `${reason}${restartProblem}` });
  }

  /** Before the swap: the old version runs on, and only evidence against the build blocks it. */
  private async abandon(error: unknown): Promise<void> {
    const { context, journal } = this;
    const against = error instanceof InstallError && speaksAgainstBuild(error.code);
    if (against) await context.format.setAside(journal.plan.to);
    try {
      await finishFailed(context, journal.plan, error);
    } catch {
      // What stopped the update, a full disk say, also keeps it from being noted: the error at hand says more.
    }
    context.journal.write(IDLE);
    context.onState?.(IDLE);
  }
}

/** Somebody replaced what is installed while we downloaded: what policy decided is then about another version. */
async function requireUnchanged(format: Format, plan: InstallPlan): Promise<void> {
  const found = await format.installed();
  if (found?.id === plan.from?.id) return;
  throw new InstallError("install/io-error", "what is installed changed while the update was prepared", {
    expected: plan.from === null ? "nothing installed" : `build ${plan.from.id}`,
    got: found === undefined ? "nothing installed" : `build ${found.id}`,
    help: "let one program manage this product; the agent decides anew at its next check",
  });
}

async function pause(seconds: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(seconds * 1000, undefined, signal === undefined ? {} : { signal });
  } catch {
    throw new InstallError("install/aborted", "stopped while confirming");
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof InstallError)) return error instanceof Error ? error.message : String(error);
  const got = error.got === undefined ? "" : ` (got ${error.got})`;
  return `${error.code}: ${error.message}${got}`;
}
