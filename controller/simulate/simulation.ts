import type { RefusalCode, WaitDecision } from "../../protocol/decision.ts";
import type { Device } from "../../protocol/device.ts";
import type { GateResult } from "../../protocol/gate/judge-gate.ts";
import type { StratumKey } from "../../protocol/gate/strata.ts";
import type { ChannelPolicy, ProductPolicy, Rollout } from "../../protocol/policy.ts";
import type { Releases } from "../../protocol/release.ts";
import type { Ppm } from "../../protocol/share.ts";

/** What to simulate. Times are seconds after the promotion. */
export interface SimulationRequest {
  readonly product: ProductPolicy;
  readonly releases: Releases;
  readonly channel: string;
  /** The version that is promoted at second 0. */
  readonly version: string;
  readonly agents: number;
  /** What the devices are, in turn; absent: the platforms of the version, and of each machine nothing is known. */
  readonly machines?: readonly SimulatedMachine[];
  /** Share of devices on which the version fails its self-test, by platform; `*` for those not named. */
  readonly failureRates: ReadonlyMap<string, Ppm>;
  /** Share of the failures that nobody is told of: they count once they have been silent for long. */
  readonly silent?: Ppm;
  /** Share of devices that are away at first; each comes back at a random time before the end. */
  readonly offline: Ppm;
  readonly until: number;
  /** Seconds between two polls of an agent. */
  readonly pollInterval: number;
  readonly seed: number;
  /** Seconds since 1970 of the promotion: windows depend on it. */
  readonly startsAt: number;
  /** Only what the gate does matters: it ends at a halt, and nothing is kept that a picture is made of. */
  readonly endsAtHalt?: boolean;
}

export interface SimulatedMachine extends Pick<Device, "platform" | "facts"> {
  /** How the product is installed there; absent: nobody knows. */
  readonly format?: string;
}

/** How a promotion went. Equal requests give equal results. */
export interface SimulationResult {
  readonly product: string;
  readonly channel: string;
  readonly version: string;
  readonly agents: number;
  readonly seed: number;
  readonly until: number;
  /** Seconds since 1970 of the promotion. */
  readonly startsAt: number;
  /** Seconds after the promotion at which its waves begin: later than it where `startsAt` is. */
  readonly beginsAfter: number;
  /** Ascending. Empty: everybody may have the version at once. */
  readonly waves: readonly SimulatedWave[];
  /** What opens the waves in the real fleet, where that is not time: here each is open from its time on. */
  readonly advance?: "healthy" | "manual";
  /** Why the version stands halted in the real fleet: here it is as if somebody had resumed it. */
  readonly ignoredHalt?: string;
  /** The fleet over time, from 0 to `until`, ascending: close together while something changes. */
  readonly samples: readonly Sample[];
  /** Absent: the gate never halted it. */
  readonly halt?: SimulatedHalt;
  readonly gate?: GateResult;
  /** Devices that were offered the version. */
  readonly offered: number;
  /** Devices that run the version at the end. */
  readonly adopted: number;
  /** Devices on which it failed, and which went back. */
  readonly failed: number;
  /** Devices that may have it at the end, as the last sample says: see there. */
  readonly allowed: number;
  /** Devices that were offered it before their turn in the waves: below the minimum version, or pinned to it. */
  readonly passedWaves: number;
  /** The other devices, by why; most first. With those that adopted it and those on which it failed they are all. */
  readonly withheld: readonly Withheld[];
  readonly origin: OriginLoad;
}

/** A wave of the version. */
export interface SimulatedWave {
  /** Of the fleet, this wave and those before it. */
  readonly share: Ppm;
  /** Seconds after the promotion from which the whole share may have the version. */
  readonly at: number;
}

/** The fleet at one second, and as good as until the next. `adopted + failed` is never more than `allowed`. */
export interface Sample {
  readonly at: number;
  /**
   * Devices whose turn in the waves has come, and those that were offered the version past them. From a halt on: those
   * that had been offered it.
   */
  readonly allowed: number;
  readonly adopted: number;
  readonly failed: number;
  /** Devices that wait although it is their turn, by what will end by itself; what holds nobody is absent. */
  readonly held: Readonly<Partial<Record<PassingHold, number>>>;
}

/** What holds devices back for a while. */
export const PASSING_HOLDS = ["paused", "freeze", "window"] as const;
export type PassingHold = (typeof PASSING_HOLDS)[number];

/** Devices that neither adopted the version nor failed on it, all for one reason. */
export interface Withheld {
  readonly cause: WithheldCause;
  /** One sentence for people, lower case, no full stop. */
  readonly reason: string;
  readonly agents: number;
  /** Seconds after the promotion from which the first of them may go on; absent: no time is known. */
  readonly next?: number;
}

/**
 * A rule of `decide` by the name of its answer; a `pin` to something else; `channel`: they follow another one; `fallback`:
 * they are offered something else; `next-poll`: they ask again after the end; `under-way`: it is being installed.
 */
export type WithheldCause =
  | "paused"
  | "none"
  | WaitDecision["waitingFor"]
  | RefusalCode
  | "pin"
  | "channel"
  | "fallback"
  | "next-poll"
  | "under-way";

export interface SimulatedHalt {
  readonly at: number;
  readonly reason: string;
  /** Where the version fails, if not everywhere. */
  readonly stratum?: StratumKey;
  /** Devices that had taken the version when it was halted, failed or not. */
  readonly exposed: number;
  readonly failed: number;
}

/** What the controller or the CDN in front of it has to serve. */
export interface OriginLoad {
  readonly peakRequests: PeakSecond;
  readonly peakBytes: PeakSecond;
  readonly requests: number;
  readonly bytes: number;
}

export interface PeakSecond {
  /** The second in which it was. */
  readonly at: number;
  readonly value: number;
}

/**
 * A channel as it is once `version` is promoted at `at`; nobody has halted it yet. Where waves wait for a person, it is
 * as if somebody opened each of them at its time.
 */
export function promoted(channel: ChannelPolicy, version: string, at: number): ChannelPolicy {
  const { halted: _, rollout, ...rest } = channel;
  const { current, previous } = channel;
  // The fleet has long had what the channel points to now: its own waves are over.
  const older = [current, ...previous].filter((promotion) => promotion.version !== version);
  return {
    ...rest,
    current: { version, at, commit: "" },
    previous: older,
    ...(rollout === undefined ? {} : { rollout: openedByTime(rollout) }),
  };
}

function openedByTime({ advance: _, opened: __, ...rollout }: Rollout): Rollout {
  return rollout;
}
