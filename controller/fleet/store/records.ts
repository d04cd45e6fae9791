import type { Attempt } from "../../../protocol/check-in/attempt.ts";
import type { ProductReport } from "../../../protocol/check-in/check-in.ts";
import type { DeviceRequest, RequestKind, RequestResult } from "../../../protocol/check-in/device-request.ts";
import type { FailureCause } from "../../../protocol/gate/failure-causes.ts";
import type { CheckResult, GateResult } from "../../../protocol/gate/judge-gate.ts";
import type { StratumKey } from "../../../protocol/gate/strata.ts";
import type { Facts } from "../../../protocol/requirements.ts";
import type { PromotionKey } from "../../desired/overlay.ts";

/** The rows of the store as values. Times are the controller's, whole seconds since 1970, unless they say otherwise. */

export type Labels = Readonly<Record<string, string>>;

/** One machine. Its row stays over updates, new keys, new formats and moves. */
export interface DeviceRecord {
  readonly id: string;
  readonly tenant: string | null;
  readonly site: string | null;
  readonly labels: Labels;
  readonly publicKey: string;
  /** 1, and one more with each key that replaced another. */
  readonly keyGeneration: number;
  readonly platform: string;
  readonly facts: Facts | null;
  readonly agentVersion: string;
  readonly enrolledAt: number;
  /** `null`: it enrolled and never checked in. */
  readonly lastSeenAt: number | null;
  readonly lastSequence: number;
  /** Machine's clock minus the controller's at the last check-in, seconds. */
  readonly clockSkew: number;
  /** From where it last came. */
  readonly address: string | null;
  /** Since when its key was seen in two places; `null` once a new key is registered. */
  readonly clonedSince: number | null;
  /** The device whose copy it is. */
  readonly copyOf: string | null;
  /** Below a minimum version at its last check-in, and which. */
  readonly belowMinimum: string | null;
  readonly installations: readonly InstallationRecord[];
}

export type InstallationRecord = Pick<
  ProductReport,
  | "product"
  | "format"
  | "installed"
  | "journal"
  | "blocked"
  | "channel"
  | "pin"
  | "autoUpdate"
  | "newestConfirmed"
  | "lastCheckAt"
  | "decision"
  | "failedCheck"
> & {
  /** Since when this version has been seen on the device. */
  readonly since: number;
  /** The channel that applies, by the controller's own decision at the last check-in. */
  readonly appliedChannel: string | null;
};

/** That `decide` offered a promotion to a device, and how it went. */
export interface OfferRecord extends PromotionKey {
  readonly device: string;
  readonly offeredAt: number;
  readonly outcome: OfferOutcome | null;
  readonly cause: FailureCause | null;
  readonly outcomeAt: number | null;
}

/** `excused`: it failed for a cause of the machine, so the failure rate does not count it. */
export type OfferOutcome = "confirmed" | "failed" | "excused";

/** How many devices of one kind stand how; the sum over all rows of a promotion is its tally. */
export interface TallyRow {
  readonly platform: string;
  readonly tenant: string | null;
  readonly site: string | null;
  /** What a gate tests by itself besides the platform, as it was at the offer (`testedTraits`). */
  readonly traits: Readonly<Record<string, string>>;
  /** Offered, in all. */
  readonly offered: number;
  readonly confirmed: number;
  readonly failed: number;
  readonly excused: number;
  /** Of those without an outcome, how many were offered it by the asked second at the latest. */
  readonly silent: number;
  /** Of those without an outcome, how many were offered it so late that they are taken to be at it. */
  readonly underWay: number;
}

export interface AttemptRecord extends Attempt {
  readonly device: string;
  /** When the controller got it. */
  readonly reportedAt: number;
  /** The signature that it was counted under. */
  readonly signature: string | null;
}

/** Failures of one version that say the same. */
export interface SignatureRecord {
  readonly product: string;
  readonly version: string;
  /** The message without numbers, paths and ids. */
  readonly signature: string;
  readonly cause: FailureCause;
  /** One message as it came. */
  readonly example: string;
  readonly firstAt: number;
  readonly lastAt: number;
  readonly devices: number;
  readonly byPlatform: Readonly<Record<string, number>>;
}

export interface RequestRecord extends DeviceRequest {
  readonly device: string;
  readonly askedBy: string;
  readonly deliveries: number;
  readonly deliveredAt: number | null;
  readonly endedAt: number | null;
  readonly result: RequestResult | "cancelled" | "expired" | null;
  readonly text: string | null;
}

export interface NewRequest {
  readonly id: string;
  readonly device: string;
  readonly kind: RequestKind;
  readonly product?: string;
  readonly askedAt: number;
  readonly expiresAt: number;
}

/** An enrolment token. The token itself is shown once and never kept. */
export interface TokenRecord {
  /** First characters of its digest: how people name it. */
  readonly id: string;
  readonly tenant: string | null;
  readonly site: string | null;
  readonly labels: Labels;
  readonly createdAt: number;
  readonly createdBy: string;
  readonly expiresAt: number;
  /** Devices that may still enrol with it. */
  readonly usesLeft: number;
  readonly uses: number;
  readonly revokedAt: number | null;
}

export const ROLES = ["viewer", "operator", "admin"] as const;
export type Role = (typeof ROLES)[number];

/** Somebody who may use the API, by a bearer token. */
export interface PersonRecord {
  readonly name: string;
  readonly role: Role;
  /** `null`: all. */
  readonly tenants: readonly string[] | null;
  readonly createdAt: number;
  readonly expiresAt: number | null;
}

/** Who does something, and from where. */
export interface Actor {
  readonly name: string;
  /** An address, or `cli`. */
  readonly from: string;
}

export interface AuditRecord {
  readonly sequence: number;
  readonly at: number;
  readonly actor: Actor;
  /** `token.create`, `request.update`, `device.move`, ... */
  readonly action: string;
  /** What it was done to: `device d-7f3a...`, `token 9f2c...`. */
  readonly subject: string;
  readonly tenant: string | null;
  readonly before: unknown;
  readonly after: unknown;
}

export const ROLLOUT_STATES = ["pending", "canary", "active", "held", "halted", "done"] as const;
export type RolloutState = (typeof ROLLOUT_STATES)[number];

/** What the rollout loop says of one promotion. */
export interface RolloutRecord extends PromotionKey {
  readonly state: RolloutState;
  /** One sentence, also when nothing changes. */
  readonly reason: string;
  readonly since: number;
  /** When something happens next by itself. */
  readonly nextAt: number | null;
  /** Share of the fleet that may have it, parts per million. */
  readonly allowed: number;
  readonly marks: readonly RolloutMark[];
  /** Tallies up to here were seen by the person who resumed it: the gate counts what came after. */
  readonly countedFrom: number | null;
  /** What it was judged by; kept as one value, never searched. */
  readonly judgement: RolloutJudgement;
}

/** What the loop has to remember of a rollout, and people are shown. */
export interface RolloutJudgement {
  /** What the gate tests by itself: chosen at the promotion, and after that only made longer. */
  readonly strata: readonly StratumKey[];
  /** How many of them were chosen at the promotion; absent: all, as format 1 of the store had it. */
  readonly chosenStrata?: number;
  /** What the gate said last; `null` where the channel has none, or the rollout has not begun. */
  readonly gate: GateResult | null;
  readonly checks: readonly CheckObservation[];
  /** The newest wave that opened, and how many had been offered the version and had answered then. */
  readonly opening: WaveOpening | null;
}

export interface WaveOpening {
  /** How many waves are open since. */
  readonly waves: number;
  readonly at: number;
  readonly offered: number;
  readonly answered: number;
}

/** A check of the running version (`gate.checks`), with what the controller has to remember of it. */
export interface CheckObservation extends CheckResult {
  /** When it was asked last. */
  readonly at: number;
  /** Since when it has failed without a break; `null`: it does not. */
  readonly failingSince: number | null;
}

/** What the gate counted and said at one second. */
export interface RolloutPoint {
  readonly at: number;
  /** Share of the fleet that might have it, parts per million. */
  readonly allowed: number;
  /** Of the whole fleet, and of each platform that is tested by itself. */
  readonly tests: readonly RolloutTest[];
}

export interface RolloutTest {
  /** Absent: the whole fleet. */
  readonly platform?: string;
  readonly failures: number;
  readonly counted: number;
  /** At most 10^12. */
  readonly evidence: number;
  /** The evidence that halts. */
  readonly needed: number;
}

export interface RolloutMark {
  readonly at: number;
  readonly kind: "began" | "wave" | "held" | "halt" | "resume" | "done" | "replaced";
  readonly text: string;
}
