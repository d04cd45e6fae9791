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
  /** What comes after the gate has halted does not matter. */
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
  /** Seconds after the promotion at which its waves begin: later than it where `startsAt` is. */
  readonly beginsAfter: number;
  /** What opens the waves in the real fleet, where that is not time: here each is open from its time on. */
  readonly advance?: "healthy" | "manual";
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
  /** Devices to which it is not offered, or that must not take it, by what the rule said; most first. */
  readonly staying: readonly { readonly reason: string; readonly agents: number }[];
  /** Devices that asked for it and cannot take it, for what it requires. */
  readonly misfits: number;
  readonly origin: OriginLoad;
}

/** The fleet at one second. */
export interface Sample {
  readonly at: number;
  readonly adopted: number;
  readonly failed: number;
}

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
