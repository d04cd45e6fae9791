import type { StandingRollout } from "../http/rollout-metrics.ts";
import type { ServedState } from "../http/served-state.ts";

/** All that people are told from. What is absent is not known yet. */
export interface Situation {
  readonly served: ServedState;
  /** How the rollouts stand; absent: nobody has said since the start, or the fleet is off. */
  readonly standing: readonly StandingRollout[] | undefined;
  readonly machines: MachineCounts | undefined;
  /** When this controller started, and now; seconds since 1970. */
  readonly startedAt: number;
  readonly now: number;
}

/** Machines that a receiver may hear of. */
export interface MachineCounts {
  /** Enrolled, without those that are gone. */
  readonly all: number;
  /** Not seen for a day. */
  readonly silent: number;
  /** Below a minimum version, with no way on. */
  readonly stranded: readonly StrandedMachines[];
}

export interface StrandedMachines {
  readonly product: string;
  readonly version: string;
  readonly platform: string;
  readonly devices: number;
  /** Why there is no way, one sentence. */
  readonly text: string;
}
