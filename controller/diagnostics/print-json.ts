import type { Diagnostic } from "./diagnostic.ts";
import type { Printer } from "./printer.ts";
import { redactSecrets } from "./redact-secrets.ts";

/** `{"diagnostics": [...]}` with the data shape as it is; keys are only added to it, never renamed. */
export const printJson: Printer = (diagnostics, { pathPrefix }) =>
  `${JSON.stringify({ diagnostics: diagnostics.map((diagnostic) => shown(diagnostic, pathPrefix)) }, redactValue, 2)}\n`;

function shown(diagnostic: Diagnostic, prefix: string): Diagnostic {
  return {
    ...diagnostic,
    file: `${prefix}${diagnostic.file}`,
    related: diagnostic.related.map((other) => ({ ...other, file: `${prefix}${other.file}` })),
  };
}

function redactValue(_key: string, value: unknown): unknown {
  return typeof value === "string" ? redactSecrets(value) : value;
}
