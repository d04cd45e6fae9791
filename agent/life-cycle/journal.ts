import type { AttemptStep } from "../../protocol/check-in/attempt.ts";
import type { Build } from "../installation/build.ts";
import type { ProcessIdentity, Uptime } from "../process/process-identity.ts";

/** What one installation sets out to do. It does not change while it runs. */
export interface InstallPlan {
  /** `rollback`: a person put the previous version back, so the version that is left must not come again soon. */
  readonly kind: "update" | "rollback";
  /** What was installed at the start; `null`: nothing was. */
  readonly from: Build | null;
  readonly to: Build;
  /** Seconds since 1970. */
  readonly startedAt: number;
  /** Names this attempt wherever it is told of: 32 hexadecimal digits, the same over kills and restarts. */
  readonly attempt: string;
  /** The id of the operator's request that asked for it; absent where none did. */
  readonly request?: string;
}

/** What spoke against a swapped build, kept until it is reported. */
export interface Verdict {
  /** How far the installation had come. */
  readonly step: AttemptStep;
  /** The refusal's id, such as `install/confirm-failed`. */
  readonly code: string;
  /** The tail of what the program printed that spoke against it, as `logTail` bounds it. */
  readonly log?: string;
}

/**
 * Where an installation stands. Written before the act that the next state names, so that after a kill at any
 * instant the journal and what the format finds installed together say what was done.
 *
 * The states are the words of the documented life cycle, and two more. `rolling-back`: between the verdict and the
 * restored build there can be a kill, and the next start must not ask for the verdict again. `not-restored`: the one
 * ending that is neither.
 */
export type Journal =
  | { readonly state: "idle" }
  | { readonly state: "downloading"; readonly plan: InstallPlan }
  /** What was to be downloaded is in staging, with the signed length and digest. */
  | { readonly state: "verified"; readonly plan: InstallPlan }
  /** It is ready to be swapped in, and on disk for good. */
  | { readonly state: "staged"; readonly plan: InstallPlan }
  /** The staged build proved itself, and the previous one is kept: from here the swap may happen. */
  | { readonly state: "self-tested"; readonly plan: InstallPlan }
  /** The new build is installed; nothing has been started from it. */
  | { readonly state: "swapped"; readonly plan: InstallPlan }
  | {
      readonly state: "confirming";
      readonly plan: InstallPlan;
      /** How often the restart command was started; written before each time. */
      readonly restarts: number;
      /** The restart command came back. */
      readonly restarted: boolean;
      /** How often the check was started; written before each time, so that a crash loop ends. */
      readonly attempts: number;
      /** Second after which the version counts as not confirmed, by the machine's clock. */
      readonly deadline: number;
      /** When it began, by the clock that nobody sets: while the system runs, it decides and not the deadline. */
      readonly since?: Uptime;
      /** The process that went on as the new version by itself, where no restart command started it. */
      readonly program?: ProcessIdentity;
    }
  | { readonly state: "confirmed"; readonly plan: InstallPlan }
  /** The new version failed: what is still to do is putting the previous one back. */
  | {
      readonly state: "rolling-back";
      readonly plan: InstallPlan;
      readonly reason: string;
      /** Absent where an agent wrote the entry that kept none. */
      readonly verdict?: Verdict;
    }
  /** `not-restored`: what was kept is damaged too, so whatever is installed stays until another build comes. */
  | {
      readonly state: "rolled-back" | "not-restored";
      readonly plan: InstallPlan;
      readonly reason: string;
      readonly verdict?: Verdict;
    };

export type JournalState = Journal["state"];
/** A journal of an installation that has begun. */
export type OpenJournal = Exclude<Journal, { state: "idle" }>;

export const IDLE: Journal = { state: "idle" };
