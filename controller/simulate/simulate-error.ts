import { DomainError } from "../../protocol/domain-error.ts";

export type SimulateErrorCode =
  | "no-such-product"
  | "no-such-channel"
  | "no-such-version"
  | "too-large"
  | "bad-argument";

export class SimulateError extends DomainError<SimulateErrorCode> {}
