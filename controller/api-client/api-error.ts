import { DomainError, type ErrorTable } from "../../protocol/domain-error.ts";

export const API_ERRORS = {
  "api/bad-address": {
    cause: "what was given with `--controller` is not an address",
    remedy: "give it as `http://host:port` or `unix:/path`",
  },
  "api/bad-answer": {
    cause: "what answered is not a Fairlead controller, or one of another version",
    remedy: "check `--controller`",
  },
  "api/bad-token": {
    cause: "what was given as a token cannot be one",
    remedy: "give what `fairlead people add` printed, or the operator's token",
  },
  "api/not-found": {
    cause: "the controller has nothing of that name, or nothing that the owner of the token may know of",
    remedy: "check the spelling; `fairlead agents list` and its likes show what there is",
  },
  "api/refused": {
    cause: "the controller refused what was asked; the message is its own",
    remedy: "do what the message says",
  },
  "api/unreachable": {
    cause: "the controller did not answer",
    remedy: "start it with `fairlead serve`, or name another address with `--controller URL`",
  },
  "api/wrong-token": {
    cause: "the controller does not take the token, or wants one",
    remedy: "give one with `--token-file` or in `FAIRLEAD_TOKEN`",
  },
} as const satisfies ErrorTable;
export type ApiErrorCode = keyof typeof API_ERRORS;

/** A running controller could not be asked, or refused. */
export class ApiError extends DomainError<ApiErrorCode> {}
