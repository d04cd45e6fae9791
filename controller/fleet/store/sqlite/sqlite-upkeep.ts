import { renameSync, rmSync } from "node:fs";
import { backup } from "node:sqlite";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Retention, Upkeep } from "../fleet-store.ts";
import { integer } from "./columns.ts";
import { type Database, makePrivateFile } from "./database.ts";
import { explainSqliteError } from "./explain-sqlite-error.ts";

/** Rows that go in one step: it holds check-ins up for some milliseconds at most. */
const STEP = 500;
/** Pages of the file that are copied before others have their turn. */
const PAGES = 256;

export class SqliteUpkeep implements Upkeep {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  async expire(keep: Retention, now: number): Promise<number> {
    let dropped = 0;
    dropped += await this.inSteps(EXPIRE_REQUESTS, now);
    dropped += await this.inSteps(DROP_ATTEMPTS, now - keep.attempts);
    dropped += await this.inSteps(DROP_REQUESTS, now - keep.attempts);
    dropped += await this.inSteps(DROP_SIGNATURE_DEVICES, now - keep.attempts);
    dropped += await this.inSteps(DROP_SIGNATURES, now - keep.attempts);
    dropped += await this.inSteps(DROP_AUDIT, now - keep.audit);
    dropped += await this.inSteps(DROP_OFFERS, now - keep.rollouts);
    dropped += await this.inSteps(DROP_PROMOTIONS, now - keep.rollouts);
    dropped += await this.inSteps(DROP_ROLLOUTS, now - keep.rollouts);
    dropped += await this.inSteps(DROP_OVERLAYS, now - keep.rollouts);
    for (const { olderThan, into } of FOLDS) await this.fold(now - olderThan, into);
    return dropped;
  }

  /** Sums up what `adoption` holds of shorter spans than `into` seconds and is older than this second. */
  private async fold(before: number, into: 300 | 3600): Promise<void> {
    for (;;) {
      const step = await this.database.write(() => {
        const rows = this.database.all(
          `SELECT product, channel, at, version, tenant, change FROM adoption
           WHERE at < ? AND at % ${into} <> 0 ORDER BY at LIMIT ?`,
          ...[before - (before % into), STEP],
        );
        for (const row of rows) {
          const { product = null, channel = null, version = null, tenant = null, change = null } = row;
          const at = integer(row, "at");
          this.database.run(DROP_ADOPTION, product, channel, at, version, tenant);
          this.database.run(ADD_ADOPTION, product, channel, at - (at % into), version, tenant, change);
        }
        return rows.length;
      });
      if (step < STEP) return;
      await nextTurn();
    }
  }

  async backUp(path: string): Promise<void> {
    const partial = `${path}.partial`;
    try {
      rmSync(partial, { force: true });
      makePrivateFile(partial);
      await backup(this.database.connection, partial, { rate: PAGES });
      renameSync(partial, path);
    } catch (error) {
      rmSync(partial, { force: true });
      throw explainSqliteError(error, path);
    }
  }

  size(): Promise<{ readonly devices: number; readonly attempts: number; readonly bytes: number }> {
    return this.database.read(() => ({
      devices: this.number("SELECT count(*) AS value FROM pulse"),
      attempts: this.number("SELECT rows AS value FROM row_count WHERE name = 'attempt'"),
      bytes: this.number(
        "SELECT page_count * page_size AS value FROM pragma_page_count(), pragma_page_size()",
      ),
    }));
  }

  /** @param sql changes rows that are older than its first `?`, at most as many as its second */
  private async inSteps(sql: string, olderThan: number): Promise<number> {
    let changed = 0;
    for (;;) {
      const step = await this.database.write(() => this.database.run(sql, olderThan, STEP));
      changed += step;
      if (step < STEP) return changed;
      await nextTurn();
    }
  }

  private number(sql: string): number {
    const row = this.database.first(sql);
    return row === undefined ? 0 : integer(row, "value");
  }
}

/** How exactly it is kept when machines moved, seconds. */
const FOLDS = [
  { olderThan: 2 * 3_600, into: 300 },
  { olderThan: 3 * 86_400, into: 3_600 },
] as const;

const DROP_ADOPTION =
  "DELETE FROM adoption WHERE product = ? AND channel = ? AND at = ? AND version = ? AND tenant = ?";

const ADD_ADOPTION = `
  INSERT INTO adoption (product, channel, at, version, tenant, change) VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT DO UPDATE SET change = change + excluded.change`;

const EXPIRE_REQUESTS = `
  UPDATE request SET result = 'expired', ended_at = expires_at WHERE number IN (
    SELECT number FROM request WHERE ended_at IS NULL AND expires_at <= ? LIMIT ?)`;

/** Rows that are numbered as they came: the oldest are the first, so only as many are looked at as go. */
function dropFirst(table: string, number: string, time: string): string {
  return `
    DELETE FROM ${table} WHERE ${time} < ?1 AND ${number} IN (
      SELECT ${number} FROM ${table} ORDER BY ${number} LIMIT ?2)`;
}

const DROP_ATTEMPTS = dropFirst("attempt", "number", "reported_at");
const DROP_AUDIT = dropFirst("audit", "sequence", "at");

const DROP_REQUESTS = `
  DELETE FROM request WHERE number IN (SELECT number FROM request WHERE ended_at < ? LIMIT ?)`;

const DROP_SIGNATURE_DEVICES = `
  DELETE FROM signature_device WHERE (signature, device) IN (
    SELECT d.signature, d.device FROM signature s CROSS JOIN signature_device d ON d.signature = s.number
    WHERE s.last_at < ? LIMIT ?)`;

const DROP_SIGNATURES =
  "DELETE FROM signature WHERE number IN (SELECT number FROM signature WHERE last_at < ? LIMIT ?)";

/**
 * Promotions whose rollout ended long ago, and those without a rollout that were last offered then. One that is halted
 * has not ended.
 */
const OLD_PROMOTIONS = `
  SELECT p.number FROM promotion p LEFT JOIN rollout r
    ON r.product = p.product AND r.channel = p.channel AND r.version = p.version AND r.commit_id = p.commit_id
  WHERE p.last_offer_at < ?1 AND (r.product IS NULL OR r.ended_at < ?1)`;

/** Offers and their tallies end together, so nothing is counted down. */
const DROP_OFFERS = `
  DELETE FROM offer WHERE (promotion, device) IN (
    SELECT o.promotion, o.device FROM (${OLD_PROMOTIONS}) AS old CROSS JOIN offer o ON o.promotion = old.number LIMIT ?2)`;

const DROP_PROMOTIONS = `DELETE FROM promotion WHERE number IN (${OLD_PROMOTIONS} LIMIT ?2)`;

const DROP_ROLLOUTS = `
  DELETE FROM rollout WHERE (product, channel, version, commit_id) IN (
    SELECT product, channel, version, commit_id FROM rollout WHERE ended_at < ? LIMIT ?)`;

const DROP_OVERLAYS = `
  DELETE FROM overlay WHERE (product, channel, version, commit_id, kind) IN (
    SELECT product, channel, version, commit_id, kind FROM overlay WHERE ended_at < ? LIMIT ?)`;
