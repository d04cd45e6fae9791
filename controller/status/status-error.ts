import { DomainError, type ErrorTable } from "../../protocol/domain-error.ts";

export const STATUS_ERRORS = {
  "status/bad-answer": {
    cause: "What answered is not a Fairlead controller.",
    remedy: "Check `--server`.",
  },
  "status/bad-server": {
    cause: "What was given with `--server` is not an address.",
    remedy: "Give it as `http://host:port`.",
  },
  "status/unreachable": {
    cause: "The controller did not answer.",
    remedy: "Start it with `fairlead serve`, or name another address with `--server URL`.",
  },
} as const satisfies ErrorTable;
export type StatusErrorCode = keyof typeof STATUS_ERRORS;

/** A running controller could not be asked. */
export class StatusError extends DomainError<StatusErrorCode> {}
