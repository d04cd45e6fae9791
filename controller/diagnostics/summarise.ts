import type { AcknowledgedDiagnostic, Diagnostic } from "./diagnostic.ts";

/** What was found, in numbers and as one line: `12 files checked: 1 error, 2 warnings`. */
export function summarise(
  diagnostics: readonly Diagnostic[],
  files: number,
): { readonly errors: number; readonly warnings: number; readonly text: string } {
  const errors = diagnostics.filter(({ severity }) => severity === "error").length;
  const warnings = diagnostics.length - errors;
  const found =
    errors + warnings === 0 ? "no mistakes" : `${count(errors, "error")}, ${count(warnings, "warning")}`;
  return { errors, warnings, text: `${count(files, "file")} checked: ${found}` };
}

/** What is acknowledged, as one line; `undefined` where nothing is. */
export function summariseAcknowledged(acknowledged: readonly AcknowledgedDiagnostic[]): string | undefined {
  return acknowledged.length === 0 ? undefined : `${count(acknowledged.length, "warning")} acknowledged`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
