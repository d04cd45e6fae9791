import type { Decision } from "../decision.ts";
import type { BlockedVersion, LocalChoices } from "../device.ts";
import type { Facts } from "../requirements.ts";
import type { Attempt } from "./attempt.ts";
import type { RequestOutcome } from "./device-request.ts";

export const CHECK_IN_SCHEMA_VERSION = 1;

/** Bytes of a check-in's body that a controller reads, and an agent sends at most. */
export const MOST_CHECK_IN_BYTES = 256 * 1024;
/** Products that one machine reports about. */
export const MOST_PRODUCTS = 32;
/** Attempts in one check-in; the rest waits for the next one. */
export const MOST_ATTEMPTS = 16;

/**
 * `POST /api/v1/check-ins`: what a device says of itself, signed by its key. Everything in it is the device's own word:
 * policy alone says what it may have, and tenant, site and labels are what the controller knows from its enrolment.
 */
export interface CheckIn {
  readonly schemaVersion: typeof CHECK_IN_SCHEMA_VERSION;
  /**
   * Higher each time, over restarts too. One that is not higher than what the controller has seen comes from a copy of the
   * device's key.
   */
  readonly sequence: number;
  /** The machine's clock, seconds since 1970. */
  readonly clock: number;
  readonly agentVersion: string;
  /** `linux-x64`, `darwin-arm64`, ... */
  readonly platform: string;
  /** What it was enrolled with on the machine itself, where no enrolment at the controller said otherwise. */
  readonly site?: string;
  /** Where it takes itself to belong (`placementDigest`): who was moved meanwhile is told. Absent: it cannot be moved. */
  readonly placed?: string;
  readonly facts?: Facts;
  readonly products: readonly ProductReport[];
  /** Oldest first; each is sent again until it is acknowledged. */
  readonly attempts: readonly Attempt[];
  /** Attempts that the device let go of unreported, since ever, because too many waited. Absent: none. */
  readonly dropped?: number;
  /** What became of requests; each is sent again until it is acknowledged. */
  readonly handled: readonly RequestOutcome[];
}

/** How one product stands on the device. */
export interface ProductReport extends LocalChoices {
  readonly product: string;
  readonly format: string;
  /** `null`: it is not installed. */
  readonly installed: { readonly version: string; readonly digest: string } | null;
  /** The state of the agent's journal: `idle`, or where an installation stands. */
  readonly journal: string;
  readonly blocked: readonly BlockedVersion[];
  readonly newestConfirmed?: string;
  /** When it last verified a manifest, by its clock. */
  readonly lastCheckAt?: number;
  /** Version of the timestamp role of that manifest. */
  readonly manifest?: number;
  /** What it decided, for people to compare with what the controller decides. */
  readonly decision?: ReportedDecision;
  /** Why the last look at the manifest came to nothing. */
  readonly failedCheck?: { readonly at: number; readonly code: string; readonly message: string };
}

export const REPORTED_ACTIONS = [
  "paused",
  "none",
  "stay",
  "refuse",
  "wait",
  "update",
  "rollback",
] as const satisfies readonly Decision["action"][];

export interface ReportedDecision {
  readonly action: Decision["action"];
  readonly target?: string;
  readonly code?: string;
  readonly waitingFor?: string;
  readonly eligibleAt?: number;
}
