import { DomainError } from "../../protocol/domain-error.ts";

/** Why bytes could not be fetched. None of these speaks against what would have been fetched. */
export type FetchErrorCode =
  | "bad-url"
  | "connection-failed"
  | "timed-out"
  /** Fewer bytes a second than the floor. */
  | "too-slow"
  | "too-large"
  | "bad-redirect"
  | "bad-encoding"
  | "http-status";

/** Thrown by everything in `agent/fetch/`. */
export class FetchError extends DomainError<FetchErrorCode> {
  /** Seconds that the server asked to wait, where it did. */
  readonly retryAfter: number | undefined;

  constructor(
    code: FetchErrorCode,
    message: string,
    options: { help?: string; cause?: unknown; retryAfter?: number } = {},
  ) {
    super(code, message, options);
    this.retryAfter = options.retryAfter;
  }
}
