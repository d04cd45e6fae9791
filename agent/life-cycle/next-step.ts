import type { Journal } from "./journal.ts";

/** What is on disk, as digests: the part of the truth that a journal can't know after a kill. */
export interface DiskFacts {
  /** SHA-256 of the installed file; absent when there is none. */
  readonly installed: string | undefined;
}

/** How much a version may try before it counts as failed. */
export interface ConfirmLimits {
  readonly maxAttempts: number;
  /** The restart command is started at most this often for one installation: it may kill this very process. */
  readonly maxRestarts: number;
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
  | { readonly step: "give-up"; readonly reason: string }
  | { readonly step: "restore" }
  | { readonly step: "finish" };

/**
 * The whole life cycle on one screen: what to do next, from the journal and what is on disk. Pure, so that a kill at
 * any instant and a normal run take the same way.
 */
export function nextStep(journal: Journal, disk: DiskFacts, limits: ConfirmLimits, now: number): NextStep {
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
      // A kill between the rename and the next journal entry: the digest says that the swap was done.
      return disk.installed === journal.plan.to.sha256 ? { step: "begin-confirming" } : { step: "swap" };
    case "swapped":
      return { step: "begin-confirming" };
    case "confirming":
      if (disk.installed !== journal.plan.to.sha256) {
        return { step: "give-up", reason: "the installed file is no longer the one that was swapped in" };
      }
      if (now >= journal.deadline) return { step: "give-up", reason: "not confirmed before the deadline" };
      if (journal.attempts >= limits.maxAttempts) {
        return { step: "give-up", reason: `not confirmed in ${limits.maxAttempts} attempts` };
      }
      if (!journal.restarted && journal.restarts < limits.maxRestarts) return { step: "restart" };
      return { step: "confirm" };
    case "rolling-back":
      return { step: "restore" };
    case "confirmed":
    case "rolled-back":
      return { step: "finish" };
  }
}

/**
 * Whether an interrupted installation must go on before anything new is decided. Before the swap nothing has
 * happened to the installed file, so policy is asked again (it may be paused by now); the downloaded bytes are
 * found by their digest and are not fetched twice.
 */
export function mustResume(journal: Journal, disk: DiskFacts): boolean {
  switch (journal.state) {
    case "idle":
    case "downloading":
    case "verified":
    case "staged":
      return false;
    case "self-tested":
      return disk.installed === journal.plan.to.sha256;
    case "swapped":
    case "confirming":
    case "confirmed":
    case "rolling-back":
    case "rolled-back":
      return true;
  }
}
