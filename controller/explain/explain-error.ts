import { DomainError, type ErrorTable } from "../../protocol/domain-error.ts";

export const EXPLAIN_ERRORS = {
  "explain/product-needed": {
    cause: "the state has more than one product, or none, and none was named",
    remedy: "name one with `--product`",
  },
  "explain/unknown-product": {
    cause: "the state has no product of that name",
    remedy: "check the spelling; the message lists what there is",
  },
  "explain/unknown-tenant": {
    cause: "the state has no tenant of that name",
    remedy: "check the spelling; the message lists what there is",
  },
} as const satisfies ErrorTable;
export type ExplainErrorCode = keyof typeof EXPLAIN_ERRORS;

export class ExplainError extends DomainError<ExplainErrorCode> {}
