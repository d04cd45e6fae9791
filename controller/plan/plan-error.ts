import { DomainError } from "../../protocol/domain-error.ts";

/** `unreadable-base`: the commit to compare with cannot be read as state. */
export type PlanErrorCode = "no-repository" | "no-common-base" | "unreadable-base" | "bad-argument";

export class PlanError extends DomainError<PlanErrorCode> {}
