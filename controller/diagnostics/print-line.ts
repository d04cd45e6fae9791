import type { Printer } from "./printer.ts";
import { redactSecrets } from "./redact-secrets.ts";

/** `file:line:col: error rule: message`, one a line: what editors and grep understand. */
export const printLine: Printer = (diagnostics, { pathPrefix }) =>
  diagnostics
    .map(({ file, span, severity, rule, message, acknowledged }) => {
      const place = `${pathPrefix}${file}:${span?.line ?? 1}:${span?.column ?? 1}`;
      return `${place}: ${acknowledged === undefined ? severity : "acknowledged"} ${rule}: ${redactSecrets(message)}\n`;
    })
    .join("");
