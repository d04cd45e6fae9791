import { formatDuration } from "../../protocol/duration.ts";
import { formatPpm, WHOLE_PPM } from "../../protocol/share.ts";
import { count } from "./print-numbers.ts";
import type { RunsCase, RunsResult } from "./simulate-runs.ts";

const COLUMNS = ["", "halted", "reached", "95th", "failed", "95th", "after", "95th"] as const;

/** Both sides of a gate as a table: how often a good version is halted, and how many machines a bad one reaches. */
export function printRuns(result: RunsResult): string {
  const { product, channel, version, agents, until, runs, seed, maxFailure, confidence, cases } = result;
  const rows = [COLUMNS, ...cases.map((one) => cells(one, runs))];
  const widths = COLUMNS.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const table = rows.map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return column === 0 ? cell.padEnd(width) : cell.padStart(width);
      })
      .join("  ")
      .trimEnd(),
  );
  return [
    `${product} ${version} on ${channel}: ${runs} runs each of ${count(agents)} agents, ${formatDuration(until)}, seeds from ${seed}`,
    `gate: at most ${formatPpm(maxFailure)} fail; a version within that is halted in at most ${formatPpm(WHOLE_PPM - confidence)} of rollouts`,
    "",
    ...table,
    "",
    "halted: share of the runs; reached, failed, after: machines and time until the halt or the end, median and 95th of 100",
    ...cases.flatMap(namedLine),
    "",
  ].join("\n");
}

function cells(one: RunsCase, runs: number): string[] {
  const { halted, reached, failed, haltedAfter } = one;
  return [
    `${one.isGood ? "good" : "bad"}: ${ratesText(one)}`,
    `${Math.round((halted * 1000) / runs) / 10}%`,
    count(reached.median),
    count(reached.p95),
    count(failed.median),
    count(failed.p95),
    haltedAfter === undefined ? "-" : formatDuration(haltedAfter.median),
    haltedAfter === undefined ? "-" : formatDuration(haltedAfter.p95),
  ];
}

function ratesText({ failureRates }: RunsCase): string {
  const rates = Object.entries(failureRates);
  return rates
    .map(([platform, rate]) => {
      if (platform !== "*") return `${formatPpm(rate)} on ${platform}${rates.length === 1 ? " alone" : ""}`;
      return rates.length === 1 ? `${formatPpm(rate)} everywhere` : `${formatPpm(rate)} elsewhere`;
    })
    .join(", ");
}

function namedLine(one: RunsCase): string[] {
  const names = Object.entries(one.named).sort(([, a], [, b]) => b - a);
  if (one.isGood || names.length === 0) return [];
  const shown = names.slice(0, 3).map(([name, times]) => `${name} (${times})`);
  return [`${ratesText(one)}: ${one.halted} halts, of which the gate named ${shown.join(", ")}`];
}
