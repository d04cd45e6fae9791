import { DomainError, type ErrorTable } from "../../protocol/domain-error.ts";

/** Why the controller does not take what a device sent, or cannot now. `retryAfter` in seconds. */
export const FLEET_ERRORS = {
  "fleet/bad-proof": {
    cause: "a key that was to be registered did not sign the statement that shows who has it",
    remedy: "enrol the device again; if it stays, the agent and the controller are of different generations",
    status: 401,
  },
  "fleet/below-minimum": {
    cause: "the device runs a version below the minimum; its check-in was recorded all the same",
    remedy: "update it; the answer says to which version, and what stands against that",
    status: 426,
  },
  "fleet/busy": {
    cause: "as many check-ins are under way as the controller takes at a time",
    remedy: "ask again when `Retry-After` says; if it stays, look at the disk that the state folder is on",
    status: 503,
    retryAfter: 30,
  },
  "fleet/key-replaced": {
    cause: "the device's key was replaced by a newer one, which another machine with a copy of it has",
    remedy: "the agent enrols its machine as a copy by itself; find out who copied the machine's disk",
    status: 409,
  },
  "fleet/no-manifest": {
    cause: "the controller has nothing to serve yet, so it knows no policy to judge a device by",
    remedy: "ask `/readyz` why; the first good commit ends this",
    status: 503,
    retryAfter: 30,
  },
  "fleet/no-tenant-key": {
    cause: "the controller lacks the secret that the keys of tenants are made from",
    remedy: "restore `naming-secret` into its state folder from a backup",
    status: 503,
    retryAfter: 300,
  },
  "fleet/other-device": {
    cause: "the request is signed by one device and about another",
    remedy: "a device registers keys for itself only",
    status: 403,
  },
  "fleet/token-expired": {
    cause: "the enrolment token has expired",
    remedy: "make another one with `fairlead tokens create`",
    status: 403,
  },
  "fleet/token-revoked": {
    cause: "somebody has revoked the enrolment token",
    remedy: "make another one with `fairlead tokens create`",
    status: 403,
  },
  "fleet/token-used-up": {
    cause: "as many devices have enrolled with the token as may",
    remedy: "make another one with `fairlead tokens create --uses N`",
    status: 403,
  },
  "fleet/too-many-copies": {
    cause: "more copies of one device want to enrol than may in a day",
    remedy: "find out who starts machines from a copied disk, and remove the agent's home from it",
    status: 429,
    retryAfter: 3600,
  },
  "fleet/too-many-failures": {
    cause: "too many enrolments from this address have failed",
    remedy: "wait as long as `Retry-After` says, and see to the token",
    status: 429,
    retryAfter: 60,
  },
  "fleet/unavailable": {
    cause:
      "the part of the controller that knows the fleet has died or does not answer; the manifest is served",
    remedy: "it is started anew by itself; the controller's log says why",
    status: 503,
    retryAfter: 30,
  },
  "fleet/unknown-token": {
    cause: "nobody made the enrolment token",
    remedy: "give the token as `fairlead tokens create` printed it",
    status: 403,
  },
} as const satisfies ErrorTable<{ readonly status: number; readonly retryAfter?: number }>;
export type FleetErrorCode = keyof typeof FLEET_ERRORS;

/** What a device asked cannot be done for it. */
export class FleetError extends DomainError<FleetErrorCode> {}
