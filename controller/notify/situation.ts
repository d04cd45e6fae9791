import type { QuietDevices } from "../fleet/store/fleet-store.ts";
import type { SignedWay } from "../http/fleet-api/signed-ways.ts";
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
  /** Not seen for a day, and where most of them are. */
  readonly silent: number;
  readonly silentPlaces: readonly QuietDevices[];
  /** Places of which half the machines or more fell quiet together, less than a day ago. */
  readonly disappeared: readonly (QuietDevices & { readonly ofDevices: number })[];
  /** Below a minimum version, with no way on. */
  readonly stranded: readonly Pick<SignedWay, "product" | "version" | "platform" | "devices" | "text">[];
}
