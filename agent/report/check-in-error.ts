import { DomainError } from "../../protocol/domain-error.ts";

/** Every reason why the controller did not take what this device sent, or this device not what it answered. */
export const CHECK_IN_ERRORS = {
  "check-in/bad-answer": {
    cause: "the controller's answer cannot be understood, or is not to this request",
    remedy: "update the agent or the controller, whichever is older; a proxy on the way may rewrite answers",
  },
  "check-in/bad-clock": {
    cause: "the clock of this machine and that of the controller differ by minutes",
    remedy: "set this machine's clock; it goes on updating meanwhile",
  },
  "check-in/bad-token": {
    cause: "the controller does not take the enrolment token: unknown, expired, revoked or used up",
    remedy: "ask the operator for a new one, as `fairlead tokens create` makes it",
  },
  "check-in/below-minimum": {
    cause:
      "what is installed is below the minimum version of the fleet, so the controller takes nothing else",
    remedy: "run `fairlead-agent update`; where that changes nothing, `fairlead-agent explain` says why",
  },
  "check-in/busy": {
    cause: "another process of this agent is talking to the controller",
    remedy: "nothing: it tells what there is to tell",
  },
  "check-in/not-known": {
    cause: "the controller does not know this device, or knows it by another key",
    remedy: "enrol it with a token: `fairlead-agent enroll --force --token-file FILE ...`; it keeps its id",
  },
  "check-in/not-there": {
    cause: "the server takes no check-ins: it is a static mirror, or a controller without a fleet",
    remedy: "set `check_in: false` in config.yaml; updates come all the same",
  },
  "check-in/refused": {
    cause: "the controller refused a request of this device",
    remedy: "do what its words say; the agent tries again by itself, and updates come all the same",
  },
  "check-in/unavailable": {
    cause: "the controller cannot take anything at this moment",
    remedy: "nothing: reports wait on this machine's disk and are sent again",
  },
  "check-in/unsigned": {
    cause: "an answer asks something of this device without the signature of the online key",
    remedy: "look for a proxy that takes header fields away; if there is none, somebody forges answers",
  },
} as const;
export type CheckInErrorCode = keyof typeof CHECK_IN_ERRORS;

/** Thrown by everything in `agent/report/`. Nothing of it ever stands in the way of an update. */
export class CheckInError extends DomainError<CheckInErrorCode> {
  /** Seconds that the controller asked to wait, where it did. */
  readonly retryAfter: number | undefined;

  constructor(
    code: CheckInErrorCode,
    message: string,
    options: { help?: string; cause?: unknown; retryAfter?: number | undefined } = {},
  ) {
    super(code, message, { help: CHECK_IN_ERRORS[code].remedy, ...options });
    this.retryAfter = options.retryAfter;
  }
}
