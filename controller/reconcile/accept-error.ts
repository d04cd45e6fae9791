import { DomainError, type ErrorTable } from "../../protocol/domain-error.ts";

export const ACCEPT_ERRORS = {
  "accept/bad-commit": {
    cause: "what was to be accepted is not a full commit id",
    remedy: "copy all 40 digits from `fairlead status` or the controller's log",
  },
} as const satisfies ErrorTable;
export type AcceptErrorCode = keyof typeof ACCEPT_ERRORS;

/** A held commit could not be released. */
export class AcceptError extends DomainError<AcceptErrorCode> {}
