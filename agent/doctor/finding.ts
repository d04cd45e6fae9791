/** What one look at the machine came to. */
export interface Finding {
  /** What was looked at, in one word. */
  readonly check: string;
  /** `fine`; `problem`: it stands in the way of updates, or will; `unknown`: it could not be told. */
  readonly result: "fine" | "problem" | "unknown";
  /** One line: lower case, no full stop. */
  readonly text: string;
  /** What to do about a problem. */
  readonly help?: string;
}

export function fine(check: string, text: string): Finding {
  return { check, result: "fine", text };
}

export function unknown(check: string, text: string): Finding {
  return { check, result: "unknown", text };
}

export function problem(check: string, text: string, help: string): Finding {
  return { check, result: "problem", text, help };
}
