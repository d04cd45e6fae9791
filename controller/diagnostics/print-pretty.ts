import { type Diagnostic, describeAcknowledgement, type Span } from "./diagnostic.ts";
import type { Printer, PrintOptions } from "./printer.ts";
import { redactSecrets } from "./redact-secrets.ts";

/** A frame for people: what, where, the line itself with carets, and what to do. */
export const printPretty: Printer = (diagnostics, options) =>
  diagnostics.map((diagnostic) => frame(diagnostic, options)).join("\n");

const COLOURS = { error: "31;1", warning: "33;1", acknowledged: "2", frame: "34;1", bold: "1" } as const;

function frame(diagnostic: Diagnostic, options: PrintOptions): string {
  const { rule, severity, message, file, span, label, related, notes, help, acknowledged } = diagnostic;
  const kind = acknowledged === undefined ? severity : "acknowledged";
  const paint = (colour: keyof typeof COLOURS, text: string): string =>
    options.colour && text !== "" ? `\u001b[${COLOURS[colour]}m${text}\u001b[0m` : text;
  const lastLine = Math.max(span?.line ?? 0, ...related.map((other) => other.span.line));
  const margin = " ".repeat(String(lastLine).length);
  const bar = paint("frame", "|");

  const lines = [`${paint(kind, `${kind}[${rule}]`)}${paint("bold", `: ${redactSecrets(message)}`)}`];
  const show = (
    arrow: string,
    name: string,
    at: Span,
    marker: string,
    colour: keyof typeof COLOURS,
    text: string,
  ): void => {
    lines.push(`${margin}${paint("frame", arrow)} ${options.pathPrefix}${name}:${at.line}:${at.column}`);
    const source = lineOf(options.textOf(name), at.line);
    if (source === undefined) return;
    const [shown, indent, width] = clip(source, at);
    const number = String(at.line).padStart(margin.length);
    lines.push(`${margin} ${bar}`);
    lines.push(`${paint("frame", number)} ${bar} ${redactSecrets(shown)}`.trimEnd());
    const marks = `${marker.repeat(width)}${text === "" ? "" : ` ${redactSecrets(text)}`}`;
    lines.push(`${margin} ${bar} ${indent}${paint(colour, marks)}`);
  };

  if (span === undefined) lines.push(`${margin}${paint("frame", "-->")} ${options.pathPrefix}${file}`);
  else show("-->", file, span, "^", kind, label ?? "");
  for (const other of related) show(":::", other.file, other.span, "-", "frame", other.label);
  const remarks = acknowledged === undefined ? notes : [...notes, describeAcknowledgement(acknowledged)];
  if (remarks.length > 0 || help !== undefined) lines.push(`${margin} ${bar}`);
  for (const note of remarks) lines.push(`${margin} ${paint("frame", "=")} note: ${redactSecrets(note)}`);
  if (help !== undefined) lines.push(`${margin} ${paint("frame", "=")} help: ${redactSecrets(help)}`);
  return `${lines.join("\n")}\n`;
}

/** A line of a text without its line break; `undefined` where there is no such text or line. */
function lineOf(text: string | undefined, line: number): string | undefined {
  return text?.split("\n", line)[line - 1]?.replace(/\r$/, "");
}

/** Columns of source that a frame shows; of a longer line the part around the mistake. */
const FRAME_WIDTH = 120;

/** The part of the line to show, the blanks before the marks, and how many marks. */
function clip(source: string, at: Span): [shown: string, indent: string, width: number] {
  // Control characters would move the cursor; each is shown as one replacement character. A tab stays a tab in both
  // lines, so that the marks line up whatever its width.
  const safe = source.replaceAll(/[^\P{C}\t]/gu, "\ufffd");
  const start = Math.min(at.column - 1, safe.length);
  const endOfMark = at.endLine === at.line ? at.endColumn - 1 : safe.length;
  const from = safe.length > FRAME_WIDTH && start > FRAME_WIDTH - 40 ? start - 40 : 0;
  const shown = safe.slice(from, from + FRAME_WIDTH);
  const cutBefore = from > 0 ? "..." : "";
  const cutAfter = safe.length > from + FRAME_WIDTH ? "..." : "";
  const indent = cutBefore.replaceAll(".", " ") + safe.slice(from, start).replaceAll(/[^\t]/g, " ");
  const width = Math.max(1, Math.min(endOfMark, from + shown.length) - start);
  return [`${cutBefore}${shown}${cutAfter}`, indent, width];
}
