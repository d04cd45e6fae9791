import { Document, visit } from "yaml";
import { printable } from "../../protocol/printable.ts";
import { formatTime } from "../../protocol/trail.ts";
import type { RecordedExpectation } from "./record-expectations.ts";

export interface RecordedFile {
  readonly recorded: readonly RecordedExpectation[];
  /** The command that recorded them, for whoever wants to do it again. */
  readonly command: string;
  /** Of which commit, or what the work tree is called. */
  readonly commit: string;
  /** Seconds since 1970. */
  readonly now: number;
  /** As it was given, a date; absent: they hold for good. */
  readonly until: string | undefined;
}

/** Longest line of a comment. */
const MAX_COMMENT = 160;
/** Longest sentence that `that` may hold. */
const MAX_SENTENCE = 200;

/** Recorded expectations as a state file that people go on with: sorted by place, each with why it is so. */
export function renderRecorded({ recorded, command, commit, now, until }: RecordedFile): string {
  const day = formatTime(now).slice(0, 10);
  const lines = [
    "# yaml-language-server: $schema=../schemas/expectations.schema.json",
    `# What was decided at ${commit.slice(0, 12)}, ${formatTime(now)}: ${command}`,
    "# Keep what has to stay so, say why in `that` and `reason`, and take out the rest.",
    "expect:",
  ];
  for (const { subject, scope, outcome, because } of recorded) {
    for (const reason of because) lines.push(`  # ${printable(reason, MAX_COMMENT)}`);
    lines.push(`  - that: ${inline(`${subject} is as on ${day}`.slice(0, MAX_SENTENCE))}`);
    lines.push(`    for: ${inline(scope)}`);
    if (until !== undefined) lines.push(`    until: ${inline(until)}`);
    lines.push(`    decides: ${inline(outcome)}`);
  }
  return `${lines.join("\n")}\n`;
}

/** A value on one line. */
function inline(value: unknown): string {
  const document = new Document([value]);
  visit(document, {
    Collection(_, node) {
      node.flow = true;
    },
  });
  return document.toString({ lineWidth: 0, flowCollectionPadding: false }).trim().slice(1, -1).trim();
}
