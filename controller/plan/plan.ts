import type { RefusalCode } from "../../protocol/decision.ts";
import type { Ppm } from "../../protocol/share.ts";
import type { RolloutStart } from "../../protocol/waves.ts";

/**
 * What a change of state would do to a fleet. Computed by `computePlan`, printed elsewhere; the JSON output is this.
 * Times are seconds since 1970. Lists are sorted, so that equal changes give equal plans.
 */
export interface Plan {
  readonly before: string;
  readonly after: string;
  /** The second at which the change is taken to be merged. */
  readonly now: number;
  readonly inventory: PlannedInventory;
  /** Warnings, the gravest first. */
  readonly warnings: readonly PlanWarning[];
  readonly blast: BlastRadius;
  readonly transitions: readonly Transition[];
  /** Devices that would have moved, and now stay where they are. */
  readonly stopped: readonly Transition[];
  /** Devices that go to the same version as without the change, earlier or later. */
  readonly retimed: readonly Retiming[];
  readonly openings: readonly PlannedOpening[];
  /** Who moves, seen from each side. */
  readonly by: Readonly<Record<PlanDimension, readonly PlanShare[]>>;
  /** Who falls below a minimum version that the change brings. */
  readonly belowMinimum: readonly BelowMinimum[];
  /** Who cannot get what is offered. */
  readonly refusals: readonly Refusal[];
  /** Who cannot take a version that is offered, for what it requires: one entry a cause. */
  readonly misfits: readonly PlannedMisfit[];
  /** Who names something that the change takes away. */
  readonly stranded: readonly Stranded[];
  /** Who is touched by the change and held back. */
  readonly held: readonly Held[];
  /** Expectations of the state that do not hold with the change, those that it breaks first. */
  readonly expectations: readonly PlannedExpectation[];
}

export interface PlannedInventory {
  /** `scopes`: there was no inventory; each scope and platform that state names counts as one device. */
  readonly kind: "devices" | "scopes";
  readonly name: string;
  readonly total: number;
}

export interface BlastRadius {
  /** Devices that the change makes run another version than they would run without it. */
  readonly devices: number;
  readonly share: Ppm;
  /** Devices that would have moved and now do not. */
  readonly stopped: number;
  /** Devices that go to the same version as without the change, at another time. */
  readonly retimed: number;
  /** All three: whom the change concerns, and which share of the inventory that is. `--max-blast` limits it. */
  readonly touched: number;
  readonly touchedShare: Ppm;
}

/** Devices that go from one version to another. `null` is "not installed". */
export interface Transition {
  readonly product: string;
  readonly channel: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly devices: number;
  /** Versions on the way, where a barrier needs them. */
  readonly via: readonly string[];
  readonly goesDown: boolean;
  /** The waves of the channel, where it has some and `to` is what it promotes. */
  readonly waves: readonly PlannedWave[];
  /** Since when they count, and what says so; a merge is taken to be the first publication. Absent without waves. */
  readonly begins?: RolloutStart;
  /** How many devices (cumulative) may take `to` from which time on, by their own cohorts, windows and canaries. */
  readonly schedule: readonly ScheduleEntry[];
  readonly examples: readonly string[];
}

/** Devices that get a version at another time than without the change. */
export interface Retiming {
  readonly product: string;
  readonly channel: string;
  readonly version: string | null;
  readonly devices: number;
  readonly earlier: number;
  readonly later: number;
  /** The waves with the change, and without it. */
  readonly waves: readonly PlannedWave[];
  readonly formerWaves: readonly PlannedWave[];
  /** How many of them (cumulative) may have it from which time on. */
  readonly schedule: readonly ScheduleEntry[];
  readonly examples: readonly string[];
}

export interface PlannedWave {
  readonly share: Ppm;
  readonly at: number;
  /** Nobody has opened it yet: its time comes once somebody does. */
  readonly shut?: boolean;
}

/** Waves that the change opens by hand. */
export interface PlannedOpening {
  readonly product: string;
  readonly channel: string;
  readonly version: string;
  /** The first and the last of them, counted from 1, and how many there are. */
  readonly from: number;
  readonly to: number;
  readonly of: number;
  /** The share of the fleet that may have the version then, and from which second on. */
  readonly share: Ppm;
  readonly at: number;
}
export interface ScheduleEntry {
  readonly at: number;
  readonly devices: number;
}

export const PLAN_DIMENSIONS = ["product", "channel", "tenant", "site", "group", "platform"] as const;
export type PlanDimension = (typeof PLAN_DIMENSIONS)[number];

export interface PlanShare {
  readonly name: string;
  readonly total: number;
  readonly moving: number;
}

export interface BelowMinimum {
  readonly product: string;
  readonly installed: string;
  readonly minimum: string;
  /** They must update, past waves and windows. */
  readonly devices: number;
  /** Those of them that cannot: nothing leads up for them. */
  readonly stuck: number;
  readonly examples: readonly string[];
}

export interface Refusal {
  readonly code: RefusalCode;
  readonly product: string;
  readonly channel: string;
  readonly installed: string | null;
  readonly target: string | null;
  readonly devices: number;
  /** Those whom the change refuses; the others were refused before. */
  readonly added: number;
  /** What the rule said. */
  readonly reason: string;
  readonly examples: readonly string[];
}

/** Devices that name a tenant, a site, a group or a product which the change takes away. */
export interface Stranded {
  readonly what: "tenant" | "site" | "group" | "product";
  /** `acme`, `acme/berlin`, `acme/canaries`, `viewer` */
  readonly name: string;
  readonly devices: number;
  readonly examples: readonly string[];
}

export interface PlannedMisfit {
  readonly product: string;
  readonly channel: string;
  /** What they cannot take. */
  readonly target: string;
  /** Whose requirements they are, where it is a step on the way to the target; else the target. */
  readonly version: string;
  /** Both values: `glibc 2.31 < 2.34`. */
  readonly cause: string;
  readonly devices: number;
  /** Those for whom it is new; the others could not take it before either. */
  readonly added: number;
  /** What they run in its place in the end; `null`: nothing. Most devices first. */
  readonly instead: readonly { readonly version: string | null; readonly devices: number }[];
  readonly examples: readonly string[];
}

export type HeldBy = "pause" | "pin" | "halt" | "freeze" | "window" | "request" | "wave";

export interface Held {
  readonly by: HeldBy;
  readonly product: string;
  /** What the rule said: which scope, until when. */
  readonly reason: string;
  /** File and JSON pointer in state. */
  readonly where: string | null;
  readonly devices: number;
  readonly examples: readonly string[];
}

/** An expectation that does not hold once the change is merged. */
export interface PlannedExpectation {
  /**
   * - `broken`: it holds without the change
   * - `unmet`: it does not hold without the change either
   * - `dropped`: the change takes it out or alters it, and does what it forbids
   */
  readonly kind: "broken" | "unmet" | "dropped";
  /** The rule that says so. */
  readonly rule: string;
  /** Relative to the state root, as it is after the change; before it, where it is dropped. */
  readonly file: string;
  readonly line: number;
  /** What is expected. */
  readonly that: string;
  /** What is so instead, for which machine, from when on. */
  readonly message: string;
  /** What decides it: file and line of the state with the change, and what they say. */
  readonly decidedBy: { readonly file: string; readonly line: number; readonly text: string } | null;
}

export type PlanWarningCode =
  | "plan/stranded"
  | "plan/minimum-strands"
  | "plan/no-path"
  | "plan/dead-end"
  | "plan/downgrade"
  | "plan/requirement-not-met"
  | "plan/refused"
  | "plan/minimum-refuses"
  | "plan/all-at-once"
  | "plan/yanked-in-use"
  | "plan/security-held"
  | "plan/canary-misses"
  | "plan/gate-undecided"
  | "plan/unknown-device"
  | "plan/unknown-tenant"
  | "plan/unknown-product";

export interface PlanWarning {
  readonly code: PlanWarningCode;
  /** Lower case, no full stop. */
  readonly message: string;
  readonly devices: number;
  readonly help?: string;
}
