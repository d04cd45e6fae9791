import type { InstallErrorCode } from "../installation/install-error.ts";
import type { ProcessFate } from "../process/process-identity.ts";
import type { Journal } from "./journal.ts";

/** What is found on the machine: the part of the truth that a journal can't know after a kill. */
export interface MachineFacts {
  /**
   * What the format finds installed: the build that the journal's plan leads to, or not; a swap that was cut off; or it
   * cannot be read.
   */
  readonly installed: "planned" | "other" | "unfinished" | "unknown";
  /** What became of the process that went on as the new version by itself; absent where none did, or nobody knows. */
  readonly program?: ProcessFate | undefined;
  /** Seconds since confirming began, by a clock that nobody sets; absent where there was a start of the system. */
  readonly elapsed?: number | undefined;
}

/** How much a version may try before it counts as failed. */
export interface ConfirmLimits {
  readonly maxAttempts: number;
  /** The restart command is started at most this often for one installation: it may kill this very process. */
  readonly maxRestarts: number;
  /** From the swap, in which it must be confirmed. */
  readonly seconds: number;
}

export type NextStep =
  | { readonly step: "none" }
  | { readonly step: "download" }
  | { readonly step: "stage" }
  | { readonly step: "self-test" }
  | { readonly step: "swap" }
  | { readonly step: "begin-confirming" }
  | { readonly step: "restart" }
  | { readonly step: "confirm" }
  /** Another process is the new version and has time left to confirm itself. */
  | { readonly step: "wait"; readonly seconds: number }
  | { readonly step: "give-up"; readonly code: InstallErrorCode; readonly reason: string }
  | { readonly step: "restore" }
  | { readonly step: "finish" };

/**
 * The whole life cycle on one screen: what to do next, from the journal and what is installed. Pure, so that a kill at
 * any instant and a normal run take the same way.
 */
export function nextStep(
  journal: Journal,
  facts: MachineFacts,
  limits: ConfirmLimits,
  now: number,
): NextStep {
  switch (journal.state) {
    case "idle":
      return { step: "none" };
    case "downloading":
      return { step: "download" };
    case "verified":
      return { step: "stage" };
    case "staged":
      return { step: "self-test" };
    case "self-tested":
      // After a kill between the swap and the next entry, the format still says that it was done.
      return facts.installed === "planned" ? { step: "begin-confirming" } : { step: "swap" };
    case "swapped":
      return { step: "begin-confirming" };
    case "confirming":
      if (facts.installed === "other") {
        return {
          step: "give-up",
          code: "install/replaced",
          reason: "what is installed is no longer what was swapped in",
        };
      }
      if (facts.program === "ended") {
        return {
          step: "give-up",
          code: "install/crashed",
          reason: "the new version ended before it had confirmed itself",
        };
      }
      if (secondsLeft(journal, facts, limits, now) <= 0) {
        return unconfirmed("not confirmed before the deadline");
      }
      if (journal.attempts >= limits.maxAttempts) {
        return unconfirmed(`not confirmed in ${limits.maxAttempts} attempts`);
      }
      if (facts.program === "running") {
        return { step: "wait", seconds: secondsLeft(journal, facts, limits, now) };
      }
      if (!journal.restarted && journal.restarts < limits.maxRestarts) return { step: "restart" };
      return { step: "confirm" };
    case "rolling-back":
      return { step: "restore" };
    case "confirmed":
    case "rolled-back":
    case "not-restored":
      return { step: "finish" };
  }
}

/**
 * How long a version still has to confirm itself. The machine's clock has a say only after a start of the system, and
 * never gives more time than there was at first: it may have been set back.
 */
export function secondsLeft(
  { deadline }: Pick<Extract<Journal, { state: "confirming" }>, "deadline">,
  { elapsed }: Pick<MachineFacts, "elapsed">,
  limits: Pick<ConfirmLimits, "seconds">,
  now: number,
): number {
  return elapsed === undefined ? Math.min(deadline - now, limits.seconds) : limits.seconds - elapsed;
}

function unconfirmed(reason: string): NextStep {
  return { step: "give-up", code: "install/confirm-failed", reason };
}

/**
 * Whether an interrupted installation must go on before anything new is decided. Before the swap nothing has
 * happened to what is installed, so policy is asked again (it may be paused by now); downloaded bytes are kept under
 * their build's id and are not fetched twice.
 */
export function mustResume(journal: Journal, facts: MachineFacts): boolean {
  switch (journal.state) {
    case "idle":
    case "downloading":
    case "verified":
    case "staged":
      return false;
    case "self-tested":
      return facts.installed === "planned" || facts.installed === "unfinished";
    case "swapped":
    case "confirming":
    case "confirmed":
    case "rolling-back":
    case "rolled-back":
    case "not-restored":
      return true;
  }
}
