import { DomainError } from "../../protocol/domain-error.ts";

export type StatusErrorCode = "status/bad-answer" | "status/bad-server" | "status/unreachable";
/** A running controller could not be asked. */
export class StatusError extends DomainError<StatusErrorCode> {}
