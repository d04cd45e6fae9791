import { STATUS_CODES } from "node:http";
import { PROBLEM_TYPE, type Problem, toProblem } from "../../protocol/problem.ts";
import { HTTP_ERRORS, type HttpError } from "./http-error.ts";

export function problemOf(error: HttpError): Problem {
  return toProblem(error, error.status, HTTP_ERRORS[error.code].cause);
}

/** The same as bytes for a connection that never carried a request which could be read. It is closed afterwards. */
export function writeProblem(error: HttpError): string {
  const body = JSON.stringify(problemOf(error));
  return (
    `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status]}\r\nContent-Type: ${PROBLEM_TYPE}\r\n` +
    `Content-Length: ${Buffer.byteLength(body)}\r\nCache-Control: no-cache\r\nConnection: close\r\n\r\n${body}`
  );
}
