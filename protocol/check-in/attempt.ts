import type { FailureCause } from "../gate/failure-causes.ts";

/** How far an installation came. The words are those of the agent's journal. */
export const ATTEMPT_STEPS = [
  "downloading",
  "verified",
  "staged",
  "self-tested",
  "swapped",
  "confirming",
  "confirmed",
] as const;
export type AttemptStep = (typeof ATTEMPT_STEPS)[number];

/** `failed`: nothing was swapped. `not-restored`: it failed after the swap, and nothing good was kept. */
export const ATTEMPT_OUTCOMES = ["confirmed", "rolled-back", "not-restored", "failed"] as const;
export type AttemptOutcome = (typeof ATTEMPT_OUTCOMES)[number];

export const LONGEST_ATTEMPT_MESSAGE = 1_000;
/** Characters of the log's tail that go with an attempt. */
export const LONGEST_ATTEMPT_LOG = 8_000;

/**
 * One try to bring a version onto a machine, as its agent tells it after the end. Times are of the machine's clock. A
 * report may come twice, late or out of order: `id` says which attempt it is.
 */
export interface Attempt {
  /** 32 hexadecimal digits, made by the agent at random. */
  readonly id: string;
  readonly product: string;
  /** `rollback`: a person, a request or the channel sent the machine back. */
  readonly kind: "update" | "rollback";
  readonly from: string | null;
  readonly to: string;
  /** What identifies the build that was to be installed, such as its SHA-256. */
  readonly toDigest: string;
  /** Seconds since 1970. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** The last step that it reached. */
  readonly step: AttemptStep;
  readonly outcome: AttemptOutcome;
  /** There unless it was confirmed. */
  readonly cause?: FailureCause;
  /** The agent's own code for it, such as `install/disk-full`. */
  readonly code?: string;
  /** For people, where it was not confirmed. */
  readonly message?: string;
  /** The tail of what the program said when it failed; absent where the operator turned that off. */
  readonly log?: string;
  /** The request that asked for it. */
  readonly request?: string;
}
