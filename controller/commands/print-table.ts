import { printable } from "../../protocol/printable.ts";

/** Rows under a head, in columns as wide as they need to be. What comes from machines is made safe to show. */
export function printTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [head, ...rows.map((row) => row.map((cell) => printable(cell, MOST_CHARACTERS)))];
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const lines = cells.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return `${lines.join("\n")}\n`;
}

const MOST_CHARACTERS = 100;

/** How long ago, in the largest unit that says enough: `3 d`, `5 h`, `12 min`, `now`. */
export function ago(at: number | null, now: number): string {
  if (at === null) return "never";
  const seconds = now - at;
  if (seconds >= 2 * 86_400) return `${Math.floor(seconds / 86_400)} d ago`;
  if (seconds >= 2 * 3_600) return `${Math.floor(seconds / 3_600)} h ago`;
  return seconds >= 60 ? `${Math.floor(seconds / 60)} min ago` : "now";
}
