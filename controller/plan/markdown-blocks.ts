import { formatCount, plural } from "./format-count.ts";

/** Lines that belong together; an empty line stands before and behind them. */
export type Block = readonly string[];

export interface Table {
  readonly head: readonly string[];
  /** Markdown of one line, without a bare `|`. */
  readonly rows: readonly (readonly string[])[];
}

/** Rows that are read at a glance; the others are there for whoever opens them. */
const MOST_OPEN_ROWS = 10;
const MOST_FOLDED_ROWS = 200;
/** Characters of one list or table. */
const MOST_CHARACTERS = 12_000;

/** A table: its first rows, and the others folded. Nothing without rows. */
export function tableBlocks({ head, rows }: Table): Block[] {
  if (rows.length === 0) return [];
  const open = fitting(rows.slice(0, MOST_OPEN_ROWS), lineOf);
  const rest = rows.slice(open.length);
  return [
    tableLines({ head, rows: open }),
    ...folded(`${formatCount(rest.length)} more`, cutTable({ head, rows: rest })),
  ];
}

/** A table that is folded anyhow: as many rows as are good for anybody, and how many there are besides. */
export function cutTable({ head, rows }: Table): Block[] {
  if (rows.length === 0) return [];
  const shown = fitting(rows.slice(0, MOST_FOLDED_ROWS), lineOf);
  const more = rows.length - shown.length;
  return [tableLines({ head, rows: shown }), ...(more === 0 ? [] : [[`and ${formatCount(more)} more`]])];
}

function tableLines({ head, rows }: Table): Block {
  return [lineOf(head), `|${" --- |".repeat(head.length)}`, ...rows.map(lineOf)];
}

function lineOf(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

/** @param summary text of our own: it is HTML */
export function folded(summary: string, blocks: readonly Block[]): Block[] {
  if (blocks.length === 0) return [];
  // Without the empty lines what stands between would be HTML and not Markdown.
  return [[`<details><summary>${summary}</summary>`, "", joined(blocks), "", "</details>"]];
}

/** Sentences in a box of their own: the first of them, and the others folded. @param noun what one of the others is */
export function alertBlocks(
  alert: "CAUTION" | "WARNING",
  sentences: readonly string[],
  most: number,
  noun: string,
): Block[] {
  if (sentences.length === 0) return [];
  const items = sentences.map((sentence) => `- ${sentence}`);
  const rest = items.slice(most);
  const shown = fitting(rest.slice(0, MOST_FOLDED_ROWS), (item) => item);
  const more = rest.length - shown.length;
  const list = [...shown, ...(more === 0 ? [] : [`- and ${formatCount(more)} more`])];
  return [
    [`> [!${alert}]`, ...items.slice(0, most).map((item) => `> ${item}`)],
    ...(rest.length === 0 ? [] : folded(plural(rest.length, `more ${noun}`), [list])),
  ];
}

/** The first ones, as far as they make no more than {@link MOST_CHARACTERS}. */
function fitting<T>(all: readonly T[], lineOf: (one: T) => string): T[] {
  let characters = 0;
  const end = all.findIndex((one) => {
    characters += lineOf(one).length;
    return characters > MOST_CHARACTERS;
  });
  return all.slice(0, end === -1 ? all.length : end);
}

/**
 * Characters of a comment: GitHub takes 65,536, GitLab 1,000,000. A workflow may put something before it, and nobody says
 * how a forge counts a letter that is not of ASCII.
 */
const MOST_OF_COMMENT = 60_000;

/** A comment of these blocks, the most important first. Where not all fit, it ends after a whole one, and says so. */
export function comment(blocks: readonly Block[], ending: string): string {
  const all = joined(blocks);
  if (all.length <= MOST_OF_COMMENT) return `${all}\n`;
  let characters = ending.length;
  const end = blocks.findIndex((block) => {
    characters += joined([block, []]).length;
    return characters > MOST_OF_COMMENT;
  });
  return `${joined([...blocks.slice(0, end), [ending]])}\n`;
}

function joined(blocks: readonly Block[]): string {
  return blocks.map((block) => block.join("\n")).join("\n\n");
}
