import type { RolloutStore } from "../fleet-store.ts";
import type { TallyRow } from "../records.ts";
import { integer, type Row, text, textOrNull, wordOrNull } from "./columns.ts";
import type { Database, SqlParameters } from "./database.ts";
import { GONE_AFTER } from "./select-devices.ts";
import { OFFER_OUTCOMES } from "./write-tallies.ts";

type When = Parameters<RolloutStore["tallies"]>[1];
type Count = { -readonly [K in keyof TallyRow]: TallyRow[K] };

/**
 * How a promotion stands: its kept tallies, less the few devices that do not count, plus the silent ones. What does not
 * count is found by indexes, so that the cost goes with those and not with all that were offered it.
 */
export function sumTallies(database: Database, promotion: number, when: When): TallyRow[] {
  const counts = new Map<number, Count>();
  for (const row of database.all("SELECT * FROM tally WHERE promotion = ?", promotion)) {
    counts.set(integer(row, "number"), readTally(row));
  }
  for (const row of database.all(LEFT_OUT, ...leftOutParameters(promotion, when))) {
    const count = counts.get(integer(row, "tally"));
    if (count === undefined) continue;
    const devices = integer(row, "devices");
    count.offered -= devices;
    const outcome = wordOrNull(row, "outcome", OFFER_OUTCOMES);
    if (outcome !== null) count[outcome] -= devices;
  }
  if (when.silentBefore !== null) {
    const { enrolledBefore, silentBefore, now } = when;
    const silent = database.all(
      `SELECT o.tally, count(*) AS devices FROM offer o INDEXED BY offer_by_outcome
       CROSS JOIN device d ON d.number = o.device CROSS JOIN pulse p ON p.device = o.device
       WHERE o.promotion = ? AND o.outcome IS NULL AND o.outcome_at IS NULL
         AND o.offered_at > ? AND o.offered_at <= ? AND d.enrolled_at < ? AND p.heard_at > ?
       GROUP BY o.tally`,
      ...[promotion, seenSilentAt(when) ?? NEVER, silentBefore, enrolledBefore, now - GONE_AFTER],
    );
    for (const row of silent) {
      const count = counts.get(integer(row, "tally"));
      if (count !== undefined) count.silent += integer(row, "devices");
    }
  }
  return [...counts.values()].filter(({ offered }) => offered > 0).sort(byKind);
}

const NEVER = Number.MIN_SAFE_INTEGER;

/** Devices that were enrolled too late, are gone, or whose outcome or silence somebody has seen and passed over. */
const LEFT_OUT = `
  SELECT o.tally, o.outcome, count(*) AS devices FROM (
    SELECT o.device FROM device d INDEXED BY device_by_enrolment
      CROSS JOIN offer o ON o.promotion = ?1 AND o.device = d.number
      WHERE d.enrolled_at >= ?2
    UNION
    SELECT o.device FROM pulse p INDEXED BY pulse_by_time
      CROSS JOIN offer o ON o.promotion = ?1 AND o.device = p.device
      WHERE p.heard_at <= ?3 AND p.heard_at >= (SELECT first_offer_at FROM promotion WHERE number = ?1)
    UNION
    SELECT device FROM offer INDEXED BY offer_by_outcome
      WHERE promotion = ?1 AND outcome IN ('confirmed', 'excused', 'failed') AND outcome_at <= ?4
    UNION
    SELECT device FROM offer INDEXED BY offer_by_outcome
      WHERE promotion = ?1 AND outcome IS NULL AND outcome_at IS NULL AND offered_at <= ?5
  ) AS left_out
  CROSS JOIN offer o ON o.promotion = ?1 AND o.device = left_out.device
  GROUP BY o.tally, o.outcome`;

function leftOutParameters(promotion: number, when: When): SqlParameters {
  return [promotion, when.enrolledBefore, when.now - GONE_AFTER, when.after, seenSilentAt(when)];
}

/** Devices that were offered it at this second or earlier were silent already when somebody looked at `after`. */
function seenSilentAt({ after, silentBefore, now }: When): number | null {
  return after === null || silentBefore === null ? null : after - (now - silentBefore);
}

function readTally(row: Row): Count {
  return {
    platform: text(row, "platform"),
    tenant: textOrNull(row, "tenant"),
    site: textOrNull(row, "site"),
    offered: integer(row, "offered"),
    confirmed: integer(row, "confirmed"),
    failed: integer(row, "failed"),
    excused: integer(row, "excused"),
    silent: 0,
  };
}

function byKind(a: TallyRow, b: TallyRow): number {
  return (
    compare(a.platform, b.platform) ||
    compare(a.tenant ?? "", b.tenant ?? "") ||
    compare(a.site ?? "", b.site ?? "")
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
