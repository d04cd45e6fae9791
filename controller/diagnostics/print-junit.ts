import { describeAcknowledgement } from "./diagnostic.ts";
import type { Printer } from "./printer.ts";
import { redactSecrets } from "./redact-secrets.ts";

/**
 * JUnit XML, which every CI shows: one test case for each finding, errors failed and warnings passed with their text
 * as output, what is acknowledged skipped; a single passed case when there is nothing.
 */
export const printJunit: Printer = (diagnostics, { pathPrefix }) => {
  const errors = diagnostics.filter(({ severity }) => severity === "error").length;
  const skipped = diagnostics.filter(({ acknowledged }) => acknowledged !== undefined).length;
  const cases = diagnostics.map(({ rule, severity, message, file, span, notes, help, acknowledged }) => {
    const place = `${pathPrefix}${file}:${span?.line ?? 1}:${span?.column ?? 1}`;
    const text = [place, message, ...notes, ...(help === undefined ? [] : [`help: ${help}`])].join("\n");
    const body =
      acknowledged !== undefined
        ? `<skipped message="${escapeXml(describeAcknowledgement(acknowledged))}"/><system-out>${escapeXml(text)}</system-out>`
        : severity === "error"
          ? `<failure type="${escapeXml(rule)}" message="${escapeXml(message)}">${escapeXml(text)}</failure>`
          : `<system-out>${escapeXml(text)}</system-out>`;
    return `    <testcase classname="${escapeXml(rule)}" name="${escapeXml(place)}">${body}</testcase>\n`;
  });
  if (cases.length === 0) cases.push('    <testcase classname="fairlead" name="validate"/>\n');
  return [
    '<?xml version="1.0" encoding="UTF-8"?>\n',
    "<testsuites>\n",
    `  <testsuite name="fairlead validate" tests="${cases.length}" failures="${errors}" skipped="${skipped}">\n`,
    ...cases,
    "  </testsuite>\n",
    "</testsuites>\n",
  ].join("");
};

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Characters that XML 1.0 cannot hold at all are replaced. */
function escapeXml(text: string): string {
  return redactSecrets(text)
    .replaceAll(/[^\t\n\u0020-\ud7ff\ue000-\ufffd]/g, "\ufffd")
    .replaceAll(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
}
