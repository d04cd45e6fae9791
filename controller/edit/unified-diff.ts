import type { FileChange } from "./edit.ts";

const CONTEXT_LINES = 3;
/** Above this many line pairs, what lies between the first and the last difference is shown as replaced. */
const MAX_COMPARED_PAIRS = 4_000_000;

type Line = { readonly sign: " " | "-" | "+"; readonly text: string };

/** The change as `git diff` would show it, `a/` and `b/` included; ends with a line break. */
export function unifiedDiff(change: FileChange): string {
  const before = linesOf(change.before ?? "");
  const after = linesOf(change.after);
  const header = [
    change.before === undefined ? "--- /dev/null" : `--- a/${change.path}`,
    `+++ b/${change.path}`,
  ];
  return `${[...header, ...hunks(compareLines(before, after))].join("\n")}\n`;
}

function linesOf(text: string): string[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines.map((line) => line.replace(/\r$/, ""));
}

/** Longest common subsequence between the common start and the common end. */
function compareLines(before: readonly string[], after: readonly string[]): Line[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let end = 0;
  const shorter = Math.min(before.length, after.length) - start;
  while (end < shorter && before.at(-1 - end) === after.at(-1 - end)) end++;
  const same = (text: string): Line => ({ sign: " ", text });
  return [
    ...before.slice(0, start).map(same),
    ...compareMiddle(before.slice(start, before.length - end), after.slice(start, after.length - end)),
    ...before.slice(before.length - end).map(same),
  ];
}

function compareMiddle(before: readonly string[], after: readonly string[]): Line[] {
  const width = after.length + 1;
  const isSmall = before.length * after.length <= MAX_COMPARED_PAIRS;
  const common = new Uint32Array(isSmall ? (before.length + 1) * width : 0);
  const commonAt = (i: number, j: number): number => common[i * width + j] ?? 0;
  if (isSmall) {
    for (let i = before.length - 1; i >= 0; i--) {
      for (let j = after.length - 1; j >= 0; j--) {
        common[i * width + j] =
          before[i] === after[j]
            ? commonAt(i + 1, j + 1) + 1
            : Math.max(commonAt(i + 1, j), commonAt(i, j + 1));
      }
    }
  }
  const lines: Line[] = [];
  let i = 0;
  let j = 0;
  while (i < before.length || j < after.length) {
    const [old, now] = [before[i], after[j]];
    if (isSmall && old !== undefined && old === now) {
      lines.push({ sign: " ", text: old });
      i++;
      j++;
    } else if (old !== undefined && (now === undefined || commonAt(i + 1, j) >= commonAt(i, j + 1))) {
      lines.push({ sign: "-", text: old });
      i++;
    } else {
      lines.push({ sign: "+", text: now ?? "" });
      j++;
    }
  }
  return lines;
}

function hunks(lines: readonly Line[]): string[] {
  const printed: string[] = [];
  let next = 0;
  for (;;) {
    const first = lines.findIndex((line, index) => index >= next && line.sign !== " ");
    if (first === -1) return printed;
    let last = first;
    for (let i = first; i < lines.length && i - last <= 2 * CONTEXT_LINES; i++) {
      if (lines[i]?.sign !== " ") last = i;
    }
    const from = Math.max(next, first - CONTEXT_LINES);
    const to = Math.min(lines.length, last + 1 + CONTEXT_LINES);
    const part = lines.slice(from, to);
    printed.push(`@@ -${place(lines, from, part, "+")} +${place(lines, from, part, "-")} @@`);
    printed.push(...part.map(({ sign, text }) => `${sign}${text}`));
    next = to;
  }
}

/** `line,count` of one side: the lines whose sign is not the other side's. */
function place(lines: readonly Line[], from: number, part: readonly Line[], other: "-" | "+"): string {
  const count = part.filter(({ sign }) => sign !== other).length;
  const before = lines.slice(0, from).filter(({ sign }) => sign !== other).length;
  return `${count === 0 ? before : before + 1},${count}`;
}
