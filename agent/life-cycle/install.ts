import { setTimeout as sleep } from "node:timers/promises";
import { downloadArtifact, type OpenArtifact } from "../download/download-artifact.ts";
import { type InstallPaths, openStaging } from "../files/staging-folder.ts";
import { readInstalled } from "../formats/binary/installed-file.ts";
import { selfTest } from "../formats/binary/self-test.ts";
import { keepPrevious, restorePrevious, setAsideStaged, stage, swapIn } from "../formats/binary/swap.ts";
import { InstallError, speaksAgainstBinary } from "../install-error.ts";
import { confirmOnce, restart, waitBeforeAttempt } from "./confirm.ts";
import { finishConfirmed, finishFailed, finishRolledBack } from "./finish.ts";
import type { InstallContext } from "./install-context.ts";
import type { InstallPlan, Journal, OpenJournal } from "./journal.ts";
import { IDLE } from "./journal.ts";
import { type DiskFacts, mustResume, nextStep } from "./next-step.ts";

/** Starting the restart command twice at most: it may be what kills this process. */
const MAX_RESTARTS = 2;

/** How an installation that reached the swap ended. */
export type InstallOutcome =
  | { readonly outcome: "confirmed"; readonly plan: InstallPlan }
  | { readonly outcome: "rolled-back"; readonly plan: InstallPlan; readonly reason: string };

/**
 * Installs one build. The caller holds the lock.
 *
 * @throws InstallError when nothing was swapped, or when the previous version could not be put back. Where the cause
 *   speaks against the binary, its digest is blocked and the file is kept aside.
 */
export async function installBuild(
  context: InstallContext,
  plan: InstallPlan,
  open: OpenArtifact,
): Promise<InstallOutcome> {
  openStaging(context.paths);
  return new Installation(context, { state: "downloading", plan }, open).run();
}

/**
 * Installs the kept previous version again: the same way, with the copy in the place of the download.
 */
export async function installStaged(context: InstallContext, plan: InstallPlan): Promise<InstallOutcome> {
  openStaging(context.paths);
  return new Installation(context, { state: "verified", plan }, undefined).run();
}

/**
 * Brings an interrupted installation to its end, if it had got as far as the swap; forgets one that had not.
 *
 * @returns `undefined` when nothing had to go on
 */
export async function resumeInstallation(context: InstallContext): Promise<InstallOutcome | undefined> {
  const journal = context.journal.read();
  if (journal.state === "idle") return undefined;
  if (!mustResume(journal, diskFacts(context, journal))) {
    context.journal.write(IDLE);
    return undefined;
  }
  openStaging(context.paths);
  return new Installation(context, journal, undefined).run();
}

function diskFacts({ paths }: InstallContext, journal: Journal): DiskFacts {
  const matters = journal.state === "self-tested" || journal.state === "confirming";
  return { installed: matters ? readInstalled(paths.installed)?.sha256 : undefined };
}

/** One run through the life cycle: asks `nextStep`, does it, writes what was done. */
class Installation {
  private readonly context: InstallContext;
  private readonly open: OpenArtifact | undefined;
  private journal: OpenJournal;

  constructor(context: InstallContext, journal: OpenJournal, open: OpenArtifact | undefined) {
    this.context = context;
    this.journal = journal;
    this.open = open;
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
          if (outcome.outcome === "rolled-back") context.reExec?.(context.paths.installed);
          return outcome;
        }
      }
    } catch (error) {
      if (!mustResume(this.journal, diskFacts(context, this.journal))) this.abandon(error);
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
    const { paths } = context;
    const limits = { maxAttempts: context.confirm.attempts, maxRestarts: MAX_RESTARTS };
    const next = nextStep(journal, diskFacts(context, journal), limits, context.now());
    switch (next.step) {
      case "none":
        return undefined;
      case "download":
        await this.download();
        this.enter({ state: "verified", plan });
        return undefined;
      case "stage":
        stage(paths, plan);
        this.enter({ state: "staged", plan });
        return undefined;
      case "self-test":
        await selfTest(context.selfTest, paths.staged(plan.to.sha256), plan.to.version, context.signal);
        keepPrevious(paths, plan);
        this.enter({ state: "self-tested", plan });
        return undefined;
      case "swap":
        requireUnchanged(paths, plan);
        swapIn(paths, plan);
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
          finishRolledBack(context, plan, journal.reason);
          return { outcome: "rolled-back", plan, reason: journal.reason };
        }
        finishConfirmed(context, plan);
        return { outcome: "confirmed", plan };
    }
  }

  private async download(): Promise<void> {
    const { paths, signal, onProgress } = this.context;
    const { to } = this.journal.plan;
    if (this.open === undefined) throw new InstallError("network", "there is nowhere to download from");
    await downloadArtifact({
      paths,
      artifact: to,
      open: this.open,
      signal,
      onProgress: (received) => onProgress?.(received, to.size),
    });
  }

  /** A failed restart is tried once more, then the check command has the word. */
  private async restart(): Promise<void> {
    const { journal, context } = this;
    if (journal.state !== "confirming") return;
    if (context.reExec !== undefined) {
      this.enter({ ...journal, restarts: journal.restarts + 1, restarted: true });
      context.reExec(context.paths.installed);
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
        context.paths.installed,
        journal.plan.to.version,
        this.secondsLeft(),
        context.signal,
      );
      this.enter({ ...journal, restarts: journal.restarts + 1, restarted: true });
    } catch (error) {
      if (!(error instanceof InstallError) || error.code === "aborted") throw error;
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
        context.selfTest,
        context.paths.installed,
        plan.to.version,
        this.secondsLeft(),
        context.signal,
      );
      this.enter({ state: "confirmed", plan });
    } catch (error) {
      if (!(error instanceof InstallError) || error.code === "aborted") throw error;
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
    restorePrevious(context.paths, plan);
    const command = context.confirm.restart;
    let restartProblem = "";
    if (command !== undefined && plan.from !== null) {
      try {
        await restart(command, context.paths.installed, plan.from.version, context.confirm.seconds);
      } catch (error) {
        // The good bytes are back; the service manager must do the rest, and a person must see it.
        restartProblem = `; after that ${reasonOf(error)}`;
      }
    }
    this.enter({ state: "rolled-back", plan, reason: `${reason}${restartProblem}` });
  }

  /** Before the swap: the old version runs on, and only evidence against the binary blocks it. */
  private abandon(error: unknown): void {
    const { context, journal } = this;
    const against = error instanceof InstallError && speaksAgainstBinary(error.code);
    if (against) setAsideStaged(context.paths, journal.plan.to);
    try {
      finishFailed(context, journal.plan, error);
    } catch {
      // What stopped the update, a full disk say, also keeps it from being noted: the error at hand says more.
    }
    context.journal.write(IDLE);
    context.onState?.(IDLE);
  }
}

/** Somebody replaced the installed file while we downloaded: what policy decided is then about another version. */
function requireUnchanged(paths: InstallPaths, plan: InstallPlan): void {
  const found = readInstalled(paths.installed)?.sha256;
  if (found === plan.from?.sha256) return;
  throw new InstallError("io-error", "the installed file changed while the update was prepared", {
    expected: plan.from === null ? "no file" : `sha256 ${plan.from.sha256}`,
    got: found === undefined ? "no file" : `sha256 ${found}`,
    help: "let one program manage this file; the agent decides anew at its next check",
  });
}

async function pause(seconds: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(seconds * 1000, undefined, signal === undefined ? {} : { signal });
  } catch {
    throw new InstallError("aborted", "stopped while confirming");
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof InstallError)) return error instanceof Error ? error.message : String(error);
  const got = error.got === undefined ? "" : ` (got ${error.got})`;
  return `${error.code}: ${error.message}${got}`;
}
