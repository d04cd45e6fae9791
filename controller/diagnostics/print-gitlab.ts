import { sha256Hex } from "../../protocol/digest.ts";
import type { Printer } from "./printer.ts";
import { redactSecrets } from "./redact-secrets.ts";

/**
 * A GitLab code quality report: a JSON array of issues. The fingerprint leaves the line out, so that an issue stays
 * the same one when lines above it change; a counter keeps the fingerprints of equal findings apart.
 * https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
 */
export const printGitlab: Printer = (diagnostics, { pathPrefix }) => {
  const seen = new Map<string, number>();
  const issues = diagnostics.map(({ rule, severity, message, file, span }) => {
    const identity = [rule, file, message].join("\0");
    const times = seen.get(identity) ?? 0;
    seen.set(identity, times + 1);
    return {
      type: "issue",
      check_name: rule,
      description: redactSecrets(message),
      severity: severity === "error" ? "critical" : "minor",
      fingerprint: sha256Hex(`${identity}\0${times}`),
      location: {
        path: `${pathPrefix}${file}`,
        lines: { begin: span?.line ?? 1, end: span?.endLine ?? 1 },
      },
    };
  });
  return `${JSON.stringify(issues, undefined, 2)}\n`;
};
