import { DomainError, type ErrorTable } from "../../protocol/domain-error.ts";

export const STATUS_ERRORS = {
  "status/bad-answer": {
    cause: "what answered is not a Fairlead controller",
    remedy: "check `--server`",
  },
  "status/bad-server": {
    cause: "what was given with `--server` is not an address",
    remedy: "give it as `http://host:port` or `unix:/path`",
  },
  "status/unreachable": {
    cause: "the controller did not answer",
    remedy: "start it with `fairlead serve`, or name another address with `--server URL`",
  },
  "status/wrong-token": {
    cause: "the controller has another operator's token",
    remedy: "give its token with `--token-file` or in `FAIRLEAD_OPERATOR_TOKEN`",
  },
} as const satisfies ErrorTable;
export type StatusErrorCode = keyof typeof STATUS_ERRORS;

/** A running controller could not be asked. */
export class StatusError extends DomainError<StatusErrorCode> {}
