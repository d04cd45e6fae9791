import type { ExampleFile, Rule, RuleExample } from "./rule.ts";

/** One line a rule: severity, id, summary. */
export function listRules(rules: readonly Rule[]): string {
  const width = Math.max(...rules.map(({ id }) => id.length));
  return rules
    .map(({ id, severity, summary }) => `${severity.padEnd(7)}  ${id.padEnd(width)}  ${summary}\n`)
    .join("");
}

/** A page about one rule: prose, and what it refuses and accepts. */
export function explainRule(rule: Rule): string {
  return [
    `${rule.severity}[${rule.id}]: ${rule.summary}\n`,
    `\n${wrap(rule.explanation)}\n`,
    `\nrefused:\n\n${indent(exampleText(rule.failing))}`,
    `\naccepted:\n\n${indent(exampleText(rule.passing))}`,
  ].join("");
}

/** A rule as data, for `--json`. */
export function ruleAsData({ id, severity, summary, explanation, failing, passing }: Rule): object {
  return { id, severity, summary, explanation, failing, passing };
}

/** The files of an example, each under its name. */
export function exampleText({ files, before, irregular = [], history = {} }: RuleExample): string {
  const parts = [
    ...(before === undefined ? [] : filesText(before, "before the change: ")),
    ...filesText(files, before === undefined ? "" : "after the change: "),
    ...irregular.map(({ path, kind }) => `# ${path === "" ? "the state" : path}: ${kind}\n`),
    ...Object.entries(history).map(
      ([channel, steps]) =>
        `# history of ${channel}: ${steps.map(({ version, daysAgo }) => `${version} (${daysAgo} days ago)`).join(", ")}\n`,
    ),
  ];
  return parts.length === 0 ? "# the same files without it\n" : parts.join("\n");
}

function filesText(files: Readonly<Record<string, ExampleFile>>, prefix: string): string[] {
  const entries = Object.entries(files);
  if (entries.length === 0 && prefix !== "") return [`# ${prefix}the example state as it is\n`];
  return entries.map(([path, content]) => {
    if (content === null) return `# ${prefix}no file ${path}\n`;
    if (typeof content === "string") return `# ${prefix}${path}\n${shorten(content)}`;
    const bytes = Buffer.from(content.base64, "base64").toString("latin1");
    return `# ${prefix}${path} (bytes)\n${JSON.stringify(bytes)}\n`;
  });
}

const MAX_LINES = 20;
const MAX_COLUMNS = 140;

/** Some examples are wrong by being huge. */
function shorten(text: string): string {
  const lines = text.trimEnd().split("\n");
  const shown = lines
    .slice(0, MAX_LINES)
    .map((line) => (line.length > MAX_COLUMNS ? `${line.slice(0, MAX_COLUMNS)}...` : line));
  if (lines.length > MAX_LINES) shown.push(`# ... and ${lines.length - MAX_LINES} more lines`);
  return `${shown.join("\n")}\n`;
}

function indent(text: string): string {
  return text.replaceAll(/^(?=.)/gm, "  ");
}

/** Breaks prose at blanks, at 100 columns. */
function wrap(text: string): string {
  return text.replaceAll(/(?<=\S)(.{1,99})(?:\s+|$)/g, "$1\n").trimEnd();
}
