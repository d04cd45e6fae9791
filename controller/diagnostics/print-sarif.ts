import { type Diagnostic, describeAcknowledgement, type Span } from "./diagnostic.ts";
import type { Printer } from "./printer.ts";
import { redactSecrets } from "./redact-secrets.ts";

/** SARIF 2.1.0 (OASIS standard), for code scanning services. Columns count UTF-16 units, which is its default. */
export const printSarif: Printer = (diagnostics, { pathPrefix, toolVersion }) => {
  const rules = [...new Set(diagnostics.map(({ rule }) => rule))];
  const log = {
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: { name: "fairlead", semanticVersion: toolVersion, rules: rules.map((id) => ({ id })) },
        },
        columnKind: "utf16CodeUnits",
        results: diagnostics.map((diagnostic) => ({
          ...result(diagnostic, rules, pathPrefix),
          suppressions: suppressions(diagnostic, pathPrefix),
        })),
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
};

function result(
  { rule, severity, message, file, span, related, notes, help }: Diagnostic,
  rules: readonly string[],
  prefix: string,
): object {
  const text = [message, ...notes, ...(help === undefined ? [] : [`help: ${help}`])].join("\n");
  return {
    ruleId: rule,
    ruleIndex: rules.indexOf(rule),
    level: severity,
    message: { text: redactSecrets(text) },
    locations: [{ physicalLocation: physicalLocation(prefix + file, span) }],
    ...(related.length === 0
      ? {}
      : {
          relatedLocations: related.map((other, id) => ({
            id,
            physicalLocation: physicalLocation(prefix + other.file, other.span),
            message: { text: redactSecrets(other.label) },
          })),
        }),
  };
}

/** Every result has the list: an empty one says that it counts, and none would say that nobody knows (3.27.23). */
function suppressions({ acknowledged }: Diagnostic, prefix: string): object[] {
  if (acknowledged === undefined) return [];
  const { file, span } = acknowledged;
  return [
    {
      kind: "inSource",
      status: "accepted",
      justification: redactSecrets(describeAcknowledgement(acknowledged)),
      location: { physicalLocation: physicalLocation(prefix + file, span) },
    },
  ];
}

function physicalLocation(file: string, span: Span | undefined): object {
  const uri = file.split("/").map(encodeURIComponent).join("/");
  if (span === undefined) return { artifactLocation: { uri } };
  const { line, column, endLine, endColumn } = span;
  return {
    artifactLocation: { uri },
    region: { startLine: line, startColumn: column, endLine, endColumn },
  };
}
