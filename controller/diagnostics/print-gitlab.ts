import { sha256Hex } from "../../protocol/digest.ts";
import { describeAcknowledgement } from "./diagnostic.ts";
import type { Printer } from "./printer.ts";
import { redactSecrets } from "./redact-secrets.ts";

/**
 * A GitLab code quality report: a JSON array of issues. The fingerprint leaves the line out, so that an issue stays
 * the same one when lines above it change; a counter keeps the fingerprints of equal findings apart. What is
 * acknowledged stays in the report as `info`: left out, it would be shown as fixed.
 * https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
 */
export const printGitlab: Printer = (diagnostics, { pathPrefix }) => {
  const seen = new Map<string, number>();
  const issues = diagnostics.map(({ rule, severity, message, file, span, acknowledged }) => {
    const identity = [rule, file, message].join("\0");
    const times = seen.get(identity) ?? 0;
    seen.set(identity, times + 1);
    return {
      type: "issue",
      check_name: rule,
      description: redactSecrets(
        acknowledged === undefined ? message : `${message} (${describeAcknowledgement(acknowledged)})`,
      ),
      severity: acknowledged === undefined ? SEVERITIES[severity] : "info",
      fingerprint: sha256Hex(`${identity}\0${times}`),
      location: {
        path: `${pathPrefix}${file}`,
        lines: { begin: span?.line ?? 1, end: span?.endLine ?? 1 },
      },
    };
  });
  return `${JSON.stringify(issues, undefined, 2)}\n`;
};

const SEVERITIES = { error: "critical", warning: "minor" } as const;
