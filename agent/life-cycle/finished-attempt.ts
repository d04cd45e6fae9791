import type { AttemptOutcome, AttemptStep } from "../../protocol/check-in/attempt.ts";
import type { InstallPlan } from "./journal.ts";

/** How one attempt to install a build ended. */
export interface FinishedAttempt {
  readonly plan: InstallPlan;
  /** Seconds since 1970. */
  readonly endedAt: number;
  /** The last step that it reached. */
  readonly step: AttemptStep;
  readonly outcome: AttemptOutcome;
  /** The refusal's id, such as `install/disk-full`, unless it was confirmed. */
  readonly code?: string;
  /** For people, unless it was confirmed. */
  readonly message?: string;
  /** The tail of what the program printed that failed. */
  readonly log?: string;
}

/** Tells the observer, whose own trouble must never end an update or a rollback. */
export function tellFinished(
  { onFinished }: { readonly onFinished?: ((attempt: FinishedAttempt) => void) | undefined },
  attempt: FinishedAttempt,
): void {
  try {
    onFinished?.(attempt);
  } catch {
    // An attempt that nobody hears of is the lesser evil.
  }
}
