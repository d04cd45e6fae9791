import type { UnmetRequirement } from "./requirements.ts";

/** The rules of `decide`, in their order. */
export const RULES = [
  "paused",
  "channel",
  "unknownDevices",
  "target",
  "minVersion",
  "compare",
  "path",
  "requires",
  "blocked",
  "rollout",
  "freeze",
  "window",
  "autoUpdate",
] as const;
export type RuleName = (typeof RULES)[number];

/**
 * What a rule said. `set` chose something, `pass` found nothing against it, `skip` would have spoken but something
 * stronger overrides it, `stop` ended the decision.
 */
export type TrailOutcome = "set" | "pass" | "skip" | "stop";

export interface TrailEntry {
  readonly rule: RuleName;
  readonly outcome: TrailOutcome;
  /** One sentence for people, lower case, no full stop. */
  readonly text: string;
  /** Where state says so: `tenants/acme.yaml#/sites/berlin/channel`. The controller turns it into file and line. */
  readonly where?: string;
}

/** Why nothing happens although something else is offered. */
export type RefusalCode =
  | "unknown-channel"
  | "pinned-version-unavailable"
  | "no-such-release"
  | "no-artifact-for-platform"
  | "downgrade-not-declared"
  | "downgrade-not-signed"
  | "no-path"
  | "dead-end"
  | "requirement-not-met"
  | "unknown-device"
  | "installed-version-unreadable"
  | "version-scheme-not-signed"
  | "not-installed";

/** A version that the device does not get because it lacks what the version, or a step on the way to it, requires. */
export interface Misfit {
  readonly target: string;
  /** Whose requirements they are: the target's, or those of a step on the way. */
  readonly version: string;
  readonly unmet: readonly [UnmetRequirement, ...UnmetRequirement[]];
}

interface DecisionBase {
  /** The channel that applies; absent when a pause ended the decision before it was looked at. */
  readonly channel?: string;
  /** The device is below this minimum version: it must update, past waves and windows. */
  readonly belowMinimum?: string;
  /** What would be the target, if the device met its requirements. */
  readonly misfit?: Misfit;
  readonly trail: readonly TrailEntry[];
}

/** Nothing bypasses a pause. */
export interface PausedDecision extends DecisionBase {
  readonly action: "paused";
}
/** Nothing is offered at all: `latest` answers 404. */
export interface NothingOfferedDecision extends DecisionBase {
  readonly action: "none";
}
/** The device runs what it should. */
export interface StayDecision extends DecisionBase {
  readonly action: "stay";
  readonly target: string;
}
/** Something is offered that this device must not or cannot take. */
export interface RefuseDecision extends DecisionBase {
  readonly action: "refuse";
  readonly code: RefusalCode;
  readonly target?: string;
}
/** An update exists, and its time has not come. */
export interface WaitDecision extends DecisionBase {
  readonly action: "wait";
  readonly target: string;
  readonly waitingFor: "wave" | "halt" | "freeze" | "window" | "request" | "backoff";
  /** Second from which it may go on; absent when no time is known. */
  readonly eligibleAt?: number;
  /** The wave that it waits for, counted from 1, where that one is not opened yet. */
  readonly shutWave?: number;
}
/** Go up: install `path[0]` now; `path` ends at `target`. */
export interface UpdateDecision extends DecisionBase {
  readonly action: "update";
  readonly target: string;
  readonly path: readonly [string, ...string[]];
}
/** Go down, as declared by the channel and allowed by the release key. */
export interface RollbackDecision extends DecisionBase {
  readonly action: "rollback";
  readonly target: string;
  readonly path: readonly [string, ...string[]];
}

export type Decision =
  | PausedDecision
  | NothingOfferedDecision
  | StayDecision
  | RefuseDecision
  | WaitDecision
  | UpdateDecision
  | RollbackDecision;
