import { formatDuration } from "../../protocol/duration.ts";
import type { SimulationResult } from "./simulation.ts";

const ROWS = 12;
const COLUMNS = 64;

/** Adoption over time for a terminal: `#` adopted, `x` failed on top of it, `|` the halt. */
export function printChart(result: SimulationResult): string {
  const { samples, agents, until, halt } = result;
  const columns = Array.from({ length: COLUMNS }, (_, i) => {
    const index = Math.round((i * (samples.length - 1)) / (COLUMNS - 1));
    const { adopted = 0, failed = 0 } = samples[index] ?? {};
    return { adopted: (adopted * ROWS) / agents, both: ((adopted + failed) * ROWS) / agents };
  });
  const haltColumn = halt === undefined ? -1 : Math.round((halt.at * (COLUMNS - 1)) / until);
  const lines: string[] = [];
  for (let row = ROWS; row >= 1; row--) {
    const label = row === ROWS ? "100%" : row === ROWS / 2 ? " 50%" : "    ";
    const cells = columns.map(({ adopted, both }, i) => {
      if (adopted >= row - 0.5) return "#";
      // Failures are shown in the lowest row however few they are.
      if (both >= row - 0.5 || (row === 1 && both > adopted)) return "x";
      return i === haltColumn ? "|" : " ";
    });
    lines.push(`${label} |${cells.join("").trimEnd()}`);
  }
  const end = formatDuration(until);
  lines.push(`     +${"-".repeat(COLUMNS)}`, `      0s${end.padStart(COLUMNS - 2)}`);
  return `${lines.join("\n")}\n`;
}
