import { DomainError } from "../../protocol/domain-error.ts";

export type HttpErrorCode =
  | "artifact-differs"
  | "artifact-missing"
  | "bad-request"
  | "bad-signature"
  | "body-too-large"
  | "headers-too-large"
  | "internal"
  | "no-manifest"
  | "not-acceptable-method"
  | "not-found"
  | "nothing-active"
  | "request-timeout"
  | "too-many-requests"
  | "unknown-channel"
  | "unknown-product"
  | "unknown-tenant"
  | "unsupported-media-type";

/** A request that cannot be answered as asked, with the status that says so. */
export class HttpError extends DomainError<HttpErrorCode> {
  readonly status: number;

  constructor(
    status: number,
    code: HttpErrorCode,
    message: string,
    options: { help?: string; cause?: unknown } = {},
  ) {
    super(code, message, options);
    this.status = status;
  }
}

/** The body of every answer that is an error. */
export interface ErrorBody {
  readonly error: { readonly code: string; readonly message: string; readonly help?: string };
}

export function errorBody(code: HttpErrorCode, message: string, help?: string): ErrorBody {
  return { error: help === undefined ? { code, message } : { code, message, help } };
}

/** Turns whatever a handler or Fastify threw into an `HttpError`; a defect shows nothing of itself. */
export function toHttpError(error: unknown): HttpError {
  if (error instanceof HttpError) return error;
  const { statusCode, message } = error as { statusCode?: unknown; message?: unknown };
  const text = typeof message === "string" ? lowerFirst(message) : "the request could not be understood";
  switch (statusCode) {
    case 400:
      return new HttpError(400, "bad-request", text, {
        help: "see /openapi.json for what this path takes",
        cause: error,
      });
    case 405:
      return new HttpError(405, "not-acceptable-method", text, { cause: error });
    case 413:
      return new HttpError(413, "body-too-large", text, { help: "send at most 64 KiB", cause: error });
    case 415:
      return new HttpError(415, "unsupported-media-type", text, { cause: error });
    case 429:
      return new HttpError(429, "too-many-requests", "too many requests from this address", {
        help: "wait as long as the Retry-After header says",
        cause: error,
      });
    default:
      return new HttpError(500, "internal", "the controller failed to answer", {
        help: "its log says why; trying again later may help",
        cause: error,
      });
  }
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1).replace(/\.$/, "");
}
