import { DomainError } from "../../protocol/domain-error.ts";

export type ExplainErrorCode = "no-such-product" | "product-needed" | "no-such-tenant";

export class ExplainError extends DomainError<ExplainErrorCode> {}
