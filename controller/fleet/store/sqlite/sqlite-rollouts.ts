import { FAILURE_CAUSES } from "../../../../protocol/gate/failure-causes.ts";
import type { Overlay, PromotionKey } from "../../../desired/overlay.ts";
import {
  type CauseRow,
  type DeviceOutcome,
  MOST_POINTS,
  type RolloutStore,
  type TenantScope,
} from "../fleet-store.ts";
import { ROLLOUT_STATES, type RolloutPoint, type RolloutRecord, type TallyRow } from "../records.ts";
import {
  integer,
  integerOrNull,
  json,
  jsonOrNull,
  type Row,
  text,
  textOrNull,
  word,
  wordOrNull,
} from "./columns.ts";
import type { Database } from "./database.ts";
import { sumTallies } from "./sum-tallies.ts";
import { findPromotion, OFFER_OUTCOMES } from "./write-tallies.ts";

const OVERLAY_KINDS = ["halt", "opened"] as const;
const COUNTED_CAUSES = ["failed", "excused"] as const;
const PROMOTION = "product = ? AND channel = ? AND version = ? AND commit_id = ?";

function keyOf({
  product,
  channel,
  version,
  commit,
}: PromotionKey): readonly [string, string, string, string] {
  return [product, channel, version, commit];
}

export class SqliteRollouts implements RolloutStore {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  list(tenants: TenantScope): Promise<readonly RolloutRecord[]> {
    return this.database.read(() => {
      const scope =
        tenants === null
          ? ""
          : `WHERE EXISTS (
               SELECT 1 FROM promotion p JOIN tally t ON t.promotion = p.number
               WHERE p.product = r.product AND p.version = r.version AND p.channel = r.channel
                 AND p.commit_id = r.commit_id AND t.offered > 0 AND t.tenant IN (SELECT value FROM json_each(?)))`;
      const rows = this.database.all(
        `SELECT * FROM rollout r ${scope} ORDER BY since DESC, product, channel, version, commit_id`,
        ...(tenants === null ? [] : [JSON.stringify(tenants)]),
      );
      return rows.map(readRollout);
    });
  }

  get(promotion: PromotionKey): Promise<RolloutRecord | undefined> {
    return this.database.read(() => {
      return findRollout(this.database, promotion);
    });
  }

  save(rollout: RolloutRecord): Promise<void> {
    return this.database.write(() => {
      const { state, reason, since, nextAt, allowed, marks, countedFrom, judgement } = rollout;
      this.database.run(
        `INSERT INTO rollout (product, channel, version, commit_id, state, reason, since, next_at, allowed, marks,
           counted_from, judgement, ended_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (product, channel, version, commit_id) DO UPDATE SET state = excluded.state,
           reason = excluded.reason, since = excluded.since, next_at = excluded.next_at,
           allowed = excluded.allowed, marks = excluded.marks, counted_from = excluded.counted_from,
           judgement = excluded.judgement, ended_at = excluded.ended_at`,
        ...[...keyOf(rollout), state, reason, since, nextAt, allowed, JSON.stringify(marks), countedFrom],
        ...[JSON.stringify(judgement), endOf(rollout)],
      );
    });
  }

  overlays(): Promise<readonly Overlay[]> {
    return this.database.read(() =>
      this.database
        .all(
          "SELECT * FROM overlay WHERE ended_at IS NULL ORDER BY product, channel, version, commit_id, kind",
        )
        .map(readOverlay),
    );
  }

  saveOverlay(overlay: Overlay): Promise<void> {
    return this.database.write(() => {
      const key = [...keyOf(overlay), overlay.kind];
      const known = this.database.first(`SELECT * FROM overlay WHERE ${PROMOTION} AND kind = ?`, ...key);
      if (known !== undefined && !replaces(overlay, known)) return;
      const reason = overlay.kind === "halt" ? overlay.reason : null;
      const waves = overlay.kind === "opened" ? overlay.waves : null;
      this.database.run(
        `INSERT OR REPLACE INTO overlay (product, channel, version, commit_id, kind, reason, waves, at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
        ...[...key, reason, waves, overlay.at],
      );
    });
  }

  endOverlay(overlay: Overlay, commit: string, now: number): Promise<void> {
    return this.database.write(() => {
      // One that is not known yet is noted as ended, so that a manifest of before does not bring it back.
      this.database.run(
        `INSERT INTO overlay (product, channel, version, commit_id, kind, reason, waves, at, ended_at, ended_by)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (product, channel, version, commit_id, kind) DO UPDATE
         SET ended_at = excluded.ended_at, ended_by = excluded.ended_by WHERE ended_at IS NULL`,
        ...[...keyOf(overlay), overlay.kind, overlay.kind === "halt" ? overlay.reason : null],
        ...[overlay.kind === "opened" ? overlay.waves : null, overlay.at, now, commit],
      );
    });
  }

  tallies(
    promotion: PromotionKey,
    when: Parameters<RolloutStore["tallies"]>[1],
  ): Promise<readonly TallyRow[]> {
    return this.database.read(() => {
      const number = findPromotion(this.database, promotion);
      return number === undefined ? [] : sumTallies(this.database, number, when);
    });
  }

  causes(promotion: PromotionKey, tenants: TenantScope): Promise<readonly CauseRow[]> {
    return this.database.read(() => {
      const number = findPromotion(this.database, promotion);
      if (number === undefined) return [];
      const scope = tenants === null ? "" : "AND t.tenant IN (SELECT value FROM json_each(?))";
      const scoped = tenants === null ? [] : [JSON.stringify(tenants)];
      const rows = this.database.all(
        `${CAUSES} ${scope} GROUP BY o.outcome, o.signature, o.cause, o.tally`,
        ...[number, ...scoped],
      );
      const examples = new Map<number, string | null>();
      return rows.map((row) => {
        const signature = integerOrNull(row, "signature");
        if (signature !== null && !examples.has(signature)) {
          examples.set(signature, this.exampleOf(signature, tenants));
        }
        return {
          outcome: word(row, "outcome", COUNTED_CAUSES),
          cause: wordOrNull(row, "cause", FAILURE_CAUSES),
          signature: textOrNull(row, "text"),
          example: signature === null ? null : (examples.get(signature) ?? null),
          platform: text(row, "platform"),
          tenant: textOrNull(row, "tenant"),
          site: textOrNull(row, "site"),
          devices: integer(row, "devices"),
          firstAt: integer(row, "first_at"),
        };
      });
    });
  }

  private exampleOf(signature: number, tenants: TenantScope): string | null {
    const scope = tenants === null ? "" : "AND tenant IN (SELECT value FROM json_each(?))";
    const row = this.database.first(
      `SELECT min(example) AS example FROM signature_tally WHERE signature = ? AND devices > 0 ${scope}`,
      ...[signature, ...(tenants === null ? [] : [JSON.stringify(tenants)])],
    );
    return row === undefined ? null : textOrNull(row, "example");
  }

  addPoint(promotion: PromotionKey, { at, ...point }: RolloutPoint): Promise<void> {
    return this.database.write(() => {
      const key = keyOf(promotion);
      this.database.run(
        `INSERT OR REPLACE INTO rollout_point (product, channel, version, commit_id, at, point)
         VALUES (?, ?, ?, ?, ?, ?)`,
        ...[...key, at, JSON.stringify(point)],
      );
      const row = this.database.first(
        `SELECT count(*) AS points FROM rollout_point WHERE ${PROMOTION}`,
        ...key,
      );
      if (row === undefined || integer(row, "points") <= MOST_POINTS) return;
      this.database.run(
        `DELETE FROM rollout_point WHERE ${PROMOTION} AND at IN (
           SELECT at FROM (
             SELECT at, row_number() OVER (ORDER BY at) AS place FROM rollout_point WHERE ${PROMOTION})
           WHERE place % 2 = 0)`,
        ...[...key, ...key],
      );
    });
  }

  points(promotion: PromotionKey): Promise<readonly RolloutPoint[]> {
    return this.database.read(() =>
      this.database
        .all(`SELECT at, point FROM rollout_point WHERE ${PROMOTION} ORDER BY at`, ...keyOf(promotion))
        .map((row) => ({ at: integer(row, "at"), ...json(row, "point") })),
    );
  }

  outcomes(promotion: PromotionKey, tenants: TenantScope, limit: number): Promise<readonly DeviceOutcome[]> {
    return this.database.read(() => {
      const number = findPromotion(this.database, promotion);
      if (number === undefined) return [];
      const scope = tenants === null ? "" : "AND d.tenant IN (SELECT value FROM json_each(?))";
      const scoped = tenants === null ? [] : [JSON.stringify(tenants)];
      const most = Math.max(Math.trunc(limit), 0);
      const tried = OFFER_OUTCOMES.flatMap((outcome) =>
        this.database.all(
          `SELECT ${OUTCOME_COLUMNS}, o.outcome, o.cause FROM offer o JOIN device d ON d.number = o.device
           WHERE o.promotion = ? AND o.outcome IS ? ${scope} ORDER BY o.outcome_at DESC LIMIT ?`,
          ...[number, outcome, ...scoped, most],
        ),
      );
      // Also those that it was not offered yet: what their channel points to is what comes to them.
      const { product, channel } = promotion;
      const others = this.database.all(
        `SELECT ${OUTCOME_COLUMNS}, NULL AS outcome, NULL AS cause
         FROM installation i CROSS JOIN device d ON d.number = i.device
         WHERE i.applied_channel = ? AND i.product = ? ${scope} AND NOT EXISTS (
           SELECT 1 FROM offer o WHERE o.promotion = ? AND o.device = d.number AND o.outcome IS NOT NULL)
         LIMIT ?`,
        ...[channel, product, ...scoped, number, most],
      );
      return [...tried, ...others].map(readOutcome);
    });
  }
}

export function findRollout(database: Database, promotion: PromotionKey): RolloutRecord | undefined {
  const row = database.first(`SELECT * FROM rollout WHERE ${PROMOTION}`, ...keyOf(promotion));
  return row === undefined ? undefined : readRollout(row);
}

const CAUSES = `
  SELECT o.outcome, o.cause, o.signature, s.text, t.platform, t.tenant, t.site, count(*) AS devices,
    min(o.outcome_at) AS first_at
  FROM offer o INDEXED BY offer_by_signature
  CROSS JOIN tally t ON t.number = o.tally LEFT JOIN signature s ON s.number = o.signature
  WHERE o.promotion = ? AND o.outcome IN ('failed', 'excused')`;

const OUTCOME_COLUMNS = "d.id, d.tenant, d.site, d.labels, d.platform, d.facts";

/** When a rollout ended for good; a halted one has not. */
function endOf({ state, since, marks }: RolloutRecord): number | null {
  const last = marks.at(-1);
  if (last?.kind === "replaced") return last.at;
  return state === "done" ? since : null;
}

/**
 * Whether an overlay takes the place of the stored one of its kind. Of two halts the first stays; of two openings the
 * later stands, and of two of one second the one with fewer waves. One that a commit has ended stays ended, unless it
 * is newer than that.
 */
function replaces(overlay: Overlay, known: Row): boolean {
  const endedAt = integerOrNull(known, "ended_at");
  if (endedAt !== null) return overlay.at > endedAt;
  switch (overlay.kind) {
    case "halt":
      return false;
    case "opened": {
      const at = integer(known, "at");
      return overlay.at > at || (overlay.at === at && overlay.waves < integer(known, "waves"));
    }
  }
}

function readPromotion(row: Row): PromotionKey {
  return {
    product: text(row, "product"),
    channel: text(row, "channel"),
    version: text(row, "version"),
    commit: text(row, "commit_id"),
  };
}

function readRollout(row: Row): RolloutRecord {
  return {
    ...readPromotion(row),
    state: word(row, "state", ROLLOUT_STATES),
    reason: text(row, "reason"),
    since: integer(row, "since"),
    nextAt: integerOrNull(row, "next_at"),
    allowed: integer(row, "allowed"),
    marks: json(row, "marks"),
    countedFrom: integerOrNull(row, "counted_from"),
    judgement: json(row, "judgement"),
  };
}

function readOverlay(row: Row): Overlay {
  const promotion = readPromotion(row);
  const kind = word(row, "kind", OVERLAY_KINDS);
  const at = integer(row, "at");
  switch (kind) {
    case "halt":
      return { ...promotion, kind, reason: text(row, "reason"), at };
    case "opened":
      return { ...promotion, kind, waves: integer(row, "waves"), at };
  }
}

function readOutcome(row: Row): DeviceOutcome {
  return {
    device: {
      id: text(row, "id"),
      tenant: textOrNull(row, "tenant"),
      site: textOrNull(row, "site"),
      labels: json(row, "labels"),
      platform: text(row, "platform"),
      facts: jsonOrNull(row, "facts"),
    },
    outcome: wordOrNull(row, "outcome", OFFER_OUTCOMES),
    cause: wordOrNull(row, "cause", FAILURE_CAUSES),
  };
}
