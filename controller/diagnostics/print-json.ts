import type { Diagnostic } from "./diagnostic.ts";
import type { Printer } from "./printer.ts";
import { redactSecrets } from "./redact-secrets.ts";

/**
 * `{"diagnostics": [...], "acknowledged": [...]}` with the data shape as it is; keys are only added to it, never
 * renamed. What is acknowledged stands apart, so that whoever counts `diagnostics` counts what counts.
 */
export const printJson: Printer = (diagnostics, { pathPrefix }) => {
  const all = diagnostics.map((diagnostic) => shown(diagnostic, pathPrefix));
  const report = {
    diagnostics: all.filter(({ acknowledged }) => acknowledged === undefined),
    acknowledged: all.filter(({ acknowledged }) => acknowledged !== undefined),
  };
  return `${JSON.stringify(report, redactValue, 2)}\n`;
};

function shown(diagnostic: Diagnostic, prefix: string): Diagnostic {
  const { acknowledged } = diagnostic;
  return {
    ...diagnostic,
    file: `${prefix}${diagnostic.file}`,
    ...(acknowledged === undefined
      ? {}
      : { acknowledged: { ...acknowledged, file: `${prefix}${acknowledged.file}` } }),
    related: diagnostic.related.map((other) => ({ ...other, file: `${prefix}${other.file}` })),
  };
}

function redactValue(_key: string, value: unknown): unknown {
  return typeof value === "string" ? redactSecrets(value) : value;
}
