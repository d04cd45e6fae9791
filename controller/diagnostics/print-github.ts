import { describeAcknowledgement } from "./diagnostic.ts";
import type { Printer } from "./printer.ts";
import { redactSecrets } from "./redact-secrets.ts";

/**
 * Workflow commands that GitHub shows as annotations of a pull request: `::error file=...,line=...::message`. What is
 * acknowledged is a notice, which takes no place from errors and warnings: GitHub shows ten of each.
 * https://docs.github.com/actions/reference/workflow-commands-for-github-actions
 */
export const printGithub: Printer = (diagnostics, { pathPrefix }) =>
  diagnostics
    .map(({ severity, file, span, rule, message, notes, help, acknowledged }) => {
      const properties = [
        `file=${escapeProperty(pathPrefix + file)}`,
        ...(span === undefined
          ? []
          : [
              `line=${span.line}`,
              `col=${span.column}`,
              `endLine=${span.endLine}`,
              `endColumn=${span.endColumn}`,
            ]),
        `title=${escapeProperty(acknowledged === undefined ? rule : `${rule} (acknowledged)`)}`,
      ];
      const text = [
        message,
        ...(acknowledged === undefined ? [] : [describeAcknowledgement(acknowledged)]),
        ...notes.map((note) => `note: ${note}`),
        ...(help === undefined ? [] : [`help: ${help}`]),
      ];
      const level = acknowledged === undefined ? severity : "notice";
      return `::${level} ${properties.join(",")}::${escapeData(redactSecrets(text.join("\n")))}\n`;
    })
    .join("");

function escapeData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
