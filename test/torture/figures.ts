import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { TOP } from "../support/run-command.ts";
import type { Tally } from "./kills.ts";
import { PARTS, type Part } from "./settings.ts";

export interface Figures {
  readonly seed: number;
  readonly seconds: number;
  readonly machine: string;
  readonly done: readonly {
    readonly part: Part;
    readonly format: string;
    readonly scenario: string;
    /** A text: why it was skipped. */
    readonly result: Tally | string;
  }[];
}

const PAGE = join(TOP, "docs", "reliability.md");
const BEGIN = "<!-- figures: written by `npm run torture -- --write` -->";
const END = "<!-- end of figures -->";

/** What was done and found, as a table of Markdown. */
export function figuresTable({ seed, seconds, machine, done }: Figures): string {
  const formats = [...new Set(done.map(({ format }) => format))];
  const rows = PARTS.flatMap((part) =>
    formats.flatMap((format) => {
      const ours = done.filter((one) => one.part === part && one.format === format);
      if (ours.length === 0) return [];
      const tallies = ours.flatMap(({ result }) => (typeof result === "string" ? [] : [result]));
      if (tallies.length === 0) return [`| ${part} | ${format} | skipped: ${ours[0]?.result} | | |`];
      const sum = (of: (tally: Tally) => number) => tallies.reduce((total, tally) => total + of(tally), 0);
      const met = `${sum((tally) => tally.met)} of ${sum((tally) => tally.points)}`;
      const found = sum((tally) => tally.findings.length);
      return [`| ${part} | ${format} | ${sum((tally) => tally.faults)} | ${met} | ${found} |`];
    }),
  );
  return [
    `Seed ${seed}, ${Math.ceil(seconds / 60)} minutes, on ${machine}:`,
    "",
    "| part | format | faults | points met | findings |",
    "|---|---|---|---|---|",
    ...rows,
  ].join("\n");
}

/** Puts the table into docs/reliability.md, in the place of the one before. */
export function writeFigures(figures: Figures): void {
  const page = readFileSync(PAGE, "utf8");
  const [before, rest] = [page.split(BEGIN)[0], page.split(END)[1]];
  if (before === undefined || rest === undefined) throw new Error(`${PAGE} has no place for figures`);
  writeFileSync(PAGE, `${before}${BEGIN}\n${figuresTable(figures)}\n${END}${rest}`);
}
