import { DatabaseSync } from "node:sqlite";
import type { PlayLog } from "./play.ts";

/**
 * Holds the store's tallies against its attempts, and both against what devices know to be acknowledged: from the file
 * as it is, by questions that share nothing with the code that keeps it.
 *
 * @returns what does not agree, one sentence each
 */
export function recount(
  database: string,
  versions: readonly string[],
  agents: number,
  log: PlayLog,
): string[] {
  const wrong: string[] = [];
  const store = new DatabaseSync(database, { readOnly: true });
  const count = (sql: string, ...values: readonly string[]): number => {
    const row = store.prepare(sql).get(...values);
    return typeof row?.n === "number" ? row.n : Number.NaN;
  };
  const expect = (what: string, found: number, expected: number): void => {
    if (found !== expected) wrong.push(`${what}: ${found}, and ${expected} were expected`);
  };
  try {
    expect("devices", count("SELECT count(*) AS n FROM device"), agents);
    expect("attempts", count("SELECT count(*) AS n FROM attempt"), log.acknowledged.size);
    expect("ids of attempts", count("SELECT count(DISTINCT id) AS n FROM attempt"), log.acknowledged.size);
    for (const version of versions) {
      for (const [tally, outcome, ok] of [
        ["confirmed", "confirmed", true],
        ["failed", "failed", false],
      ] as const) {
        const tallied = count(
          `SELECT ifnull(sum(t.${tally}), 0) AS n FROM tally t JOIN promotion p ON p.number = t.promotion WHERE p.version = ?`,
          version,
        );
        const attempted = count(
          "SELECT count(DISTINCT device) AS n FROM attempt WHERE to_version = ? AND outcome = ?",
          ...[version, outcome],
        );
        const known = new Set(
          [...log.acknowledged.values()]
            .filter((attempt) => attempt.to === version && attempt.ok === ok)
            .map(({ device }) => device),
        );
        expect(`${version} ${tally} by the tallies`, tallied, attempted);
        expect(`${version} ${tally} by the attempts`, attempted, known.size);
      }
    }
  } finally {
    store.close();
  }
  return wrong;
}
