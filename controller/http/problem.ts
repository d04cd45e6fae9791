import { STATUS_CODES } from "node:http";
import { HTTP_ERRORS, type HttpError } from "./http-error.ts";

export const PROBLEM_TYPE = "application/problem+json";

/** The body of every answer that is an error (RFC 9457). */
export interface Problem {
  /** Identifies the kind of error; it is no address. */
  readonly type: string;
  /** What the kind of error is: the same text each time. */
  readonly title: string;
  readonly status: number;
  /** What was wrong this time. */
  readonly detail: string;
  /** `http/...`: what programs compare, listed in docs/errors.md. */
  readonly code: string;
  /** What to do about it. */
  readonly help?: string;
}

export function problemOf({ code, status, message, help }: HttpError): Problem {
  return {
    type: `urn:fairlead:error:${code}`,
    title: HTTP_ERRORS[code].cause,
    status,
    detail: message,
    code,
    ...(help === undefined ? {} : { help }),
  };
}

/** The same as bytes for a connection that never carried a request which could be read. It is closed afterwards. */
export function writeProblem(error: HttpError): string {
  const body = JSON.stringify(problemOf(error));
  return (
    `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status]}\r\nContent-Type: ${PROBLEM_TYPE}\r\n` +
    `Content-Length: ${Buffer.byteLength(body)}\r\nCache-Control: no-cache\r\nConnection: close\r\n\r\n${body}`
  );
}
