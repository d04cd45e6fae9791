import { DomainError } from "./domain-error.ts";

/** Why something that both sides must agree on could not be understood. */
export type ProtocolErrorCode =
  | "bad-canonical-json"
  | "bad-date"
  | "bad-document"
  | "bad-duration"
  | "bad-name"
  | "bad-percent"
  | "bad-range"
  | "bad-version"
  | "bad-window";

/** Thrown by everything in `protocol/`. */
export class ProtocolError extends DomainError<ProtocolErrorCode> {}
