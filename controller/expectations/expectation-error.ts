import { DomainError, type ErrorTable } from "../../protocol/domain-error.ts";

export const EXPECTATION_ERRORS = {
  "expectation/file-exists": {
    cause: "the file that expectations were to be recorded in is there already",
    remedy: "name another one with `--out`, or print them with `--out -`",
  },
  "expectation/nothing-to-record": {
    cause: "no machine is in the scope whose decisions were to be recorded",
    remedy: "check the names of the scope, or give an inventory",
  },
  "expectation/unknown-name": {
    cause: "the product, tenant, site or group to record is not one of the state",
    remedy: "write one of those that the message names",
  },
  "expectation/too-large": {
    cause:
      "more places of the scope are decided for in ways of their own than a file of expectations may hold",
    remedy: "name a tenant or a product",
  },
} as const satisfies ErrorTable;
export type ExpectationErrorCode = keyof typeof EXPECTATION_ERRORS;

/** Expectations cannot be looked at, or not be recorded. */
export class ExpectationError extends DomainError<ExpectationErrorCode> {}
