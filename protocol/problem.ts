import type { DomainError } from "./domain-error.ts";

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
  /** `http/...`, `fleet/...`: what programs compare, listed in docs/errors.md. */
  readonly code: string;
  /** What to do about it. */
  readonly help?: string;
}

/** The problem that an error of any domain is. @param title what its code means */
export function toProblem(
  { code, message, help }: DomainError<string>,
  status: number,
  title: string,
): Problem {
  return {
    type: `urn:fairlead:error:${code}`,
    title,
    status,
    detail: message,
    code,
    ...(help === undefined ? {} : { help }),
  };
}
