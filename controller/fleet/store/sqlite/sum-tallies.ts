import { GONE_AFTER } from "../../device-state.ts";
import type { RolloutStore } from "../fleet-store.ts";
import type { TallyRow } from "../records.ts";
import { integer, json, type Row, text, textOrNull, wordOrNull } from "./columns.ts";
import type { Database } from "./database.ts";
import { OFFER_OUTCOMES } from "./write-tallies.ts";

type When = Parameters<RolloutStore["tallies"]>[1];
type Count = { -readonly [K in keyof TallyRow]: TallyRow[K] };

/**
 * How a promotion stands: its kept tallies, less the few devices that do not count, plus the silent ones. What does not
 * count is found by indexes, so that the cost goes with those and not with all that were offered it.
 */
export function sumTallies(database: Database, promotion: number, when: When): TallyRow[] {
  const counts = new Map<number, Count>();
  for (const row of database.all("SELECT * FROM tally WHERE promotion = ? ORDER BY number", promotion)) {
    counts.set(integer(row, "number"), readTally(row));
  }
  for (const row of leftOut(database, promotion, when)) {
    const count = counts.get(integer(row, "tally"));
    if (count === undefined) continue;
    const devices = integer(row, "devices");
    count.offered -= devices;
    const outcome = wordOrNull(row, "outcome", OFFER_OUTCOMES);
    if (outcome !== null) count[outcome] -= devices;
  }
  const { silentBefore, underWayFrom, enrolledBefore, now } = when;
  const countUnanswered = (name: "silent" | "underWay", after: number, until: number): void => {
    const found = database.all(UNANSWERED, ...[promotion, after, until, enrolledBefore, now - GONE_AFTER]);
    for (const row of found) {
      const count = counts.get(integer(row, "tally"));
      if (count !== undefined) count[name] += integer(row, "devices");
    }
  };
  if (silentBefore !== null) countUnanswered("silent", seenSilentAt(when) ?? NEVER, silentBefore);
  // Whoever is silent already is not at it any more.
  countUnanswered("underWay", Math.max(underWayFrom, silentBefore ?? NEVER), Number.MAX_SAFE_INTEGER);
  return [...counts.values()].filter(({ offered }) => offered > 0);
}

const NEVER = Number.MIN_SAFE_INTEGER;

/** Devices without an outcome that were offered it in a span of time: after its first second, until its last. */
const UNANSWERED = `
  SELECT o.tally, count(*) AS devices FROM offer o INDEXED BY offer_by_outcome
  CROSS JOIN device d ON d.number = o.device CROSS JOIN pulse p ON p.device = o.device
  WHERE o.promotion = ? AND o.outcome IS NULL AND o.outcome_at IS NULL
    AND o.offered_at > ? AND o.offered_at <= ? AND d.enrolled_at < ? AND p.heard_at > ?
  GROUP BY o.tally`;

/** Devices that do not count, by tally and outcome: none is in two of the statements. */
function leftOut(database: Database, promotion: number, when: When): Row[] {
  const seenSilent = seenSilentAt(when);
  return [
    ...database.all(OUTCOME_SEEN, promotion, when.after),
    ...database.all(SILENCE_SEEN, promotion, seenSilent),
    ...database.all(
      TOO_LATE_OR_GONE,
      ...[promotion, when.enrolledBefore, when.now - GONE_AFTER, when.after ?? NEVER, seenSilent ?? NEVER],
    ),
  ];
}

/** Somebody has seen their outcome, and went on. */
const OUTCOME_SEEN = `
  SELECT tally, outcome, count(*) AS devices FROM offer INDEXED BY offer_by_outcome
  WHERE promotion = ? AND outcome IN ('confirmed', 'excused', 'failed') AND outcome_at <= ?
  GROUP BY tally, outcome`;

const SILENCE_SEEN = `
  SELECT tally, NULL AS outcome, count(*) AS devices FROM offer INDEXED BY offer_by_outcome
  WHERE promotion = ? AND outcome IS NULL AND outcome_at IS NULL AND offered_at <= ?
  GROUP BY tally`;

const TOO_LATE_OR_GONE = `
  SELECT o.tally, o.outcome, count(*) AS devices FROM (
    SELECT number AS device FROM device INDEXED BY device_by_enrolment WHERE enrolled_at >= ?2
    UNION
    SELECT device FROM pulse INDEXED BY pulse_by_time
      WHERE heard_at <= ?3 AND heard_at >= (SELECT first_offer_at FROM promotion WHERE number = ?1)
  ) AS left_out
  CROSS JOIN offer o ON o.promotion = ?1 AND o.device = left_out.device
  WHERE iif(o.outcome IS NULL, o.offered_at > ?5, o.outcome_at > ?4)
  GROUP BY o.tally, o.outcome`;

/**
 * Devices that were offered it at this second or earlier were silent already when somebody looked at `after`. Nobody has
 * seen more silence than there is now, not even by a clock that has gone back since.
 */
function seenSilentAt({ after, silentBefore, now }: When): number | null {
  return after === null || silentBefore === null ? null : Math.min(after, now) - (now - silentBefore);
}

function readTally(row: Row): Count {
  return {
    platform: text(row, "platform"),
    tenant: textOrNull(row, "tenant"),
    site: textOrNull(row, "site"),
    traits: json(row, "traits"),
    offered: integer(row, "offered"),
    confirmed: integer(row, "confirmed"),
    failed: integer(row, "failed"),
    excused: integer(row, "excused"),
    silent: 0,
    underWay: 0,
  };
}
