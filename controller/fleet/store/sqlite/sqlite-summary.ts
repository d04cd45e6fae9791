import type { PromotionKey } from "../../../desired/overlay.ts";
import { GONE_AFTER, SILENT_AFTER } from "../../device-state.ts";
import type {
  FleetSummary,
  PromotionSeries,
  PromotionTally,
  QuietDevices,
  SummaryQuestion,
  SummaryStore,
  TenantScope,
} from "../fleet-store.ts";
import { integer, integerOrNull, type Row, text, textOrNull } from "./columns.ts";
import type { Database, SqlParameters } from "./database.ts";
import { SqliteDevices } from "./sqlite-devices.ts";
import { findRollout } from "./sqlite-rollouts.ts";
import { findPromotion } from "./write-tallies.ts";

const DAY = 86_400;

/** Places that are told of. */
const MOST_PLACES = 20;
/** Clones that are told of. */
const MOST_CLONES = 20;
/** Fewer machines than this are no outage. */
const FEWEST_TOGETHER = 5;
/** Points of a series. */
const POINTS = 24;

// Numbers are bound as floats: what is divided by one has to be made whole again, or nothing falls into one slot.

/** What a statement says of the tenants, and with which parameters. */
interface Scope {
  readonly sql: string;
  readonly parameters: SqlParameters;
}

/**
 * The fleet as a whole. Versions and states are counted along indexes alone, some 20 ms at 100,000 devices. All else goes
 * with what is wrong: a look at each machine that is silent, refused, gone or failed, or quiet for some minutes, which is
 * as much again where a tenth of them are.
 */
export class SqliteSummary implements SummaryStore {
  private readonly database: Database;
  private readonly devices: SqliteDevices;

  constructor(database: Database) {
    this.database = database;
    this.devices = new SqliteDevices(database);
  }

  async look(question: SummaryQuestion): Promise<FleetSummary> {
    const { tenants, promotions, now } = question;
    const states = await this.devices.count({ tenants }, now);
    const versions = await this.database.read(() => this.versions(tenants, now));
    return this.database.read(() => ({
      ...{ states, versions },
      rollouts: this.rollouts(tenants, promotions),
      tallies: promotions.flatMap((promotion) => this.tally(tenants, promotion)),
      adoption: promotions.flatMap((promotion) => this.adoption(question, promotion, versions)),
      putBack: this.putBack(tenants, now),
      silent: this.silent(tenants, now),
      disappeared: this.disappeared(question),
      refused: this.refused(tenants, now),
      cloned: this.cloned(tenants),
      failing: this.failing(tenants),
      lastHaltAt: this.lastHaltAt(tenants),
    }));
  }

  /**
   * By an index alone, less those that are gone. The census would have to be summed up over its places, of which there
   * may be nearly as many as machines: ten times as long.
   */
  private versions(tenants: TenantScope, now: number): FleetSummary["versions"] {
    const scope = tenantsAre("i.tenant", tenants);
    const kind = "i.product, i.version, i.platform, i.applied_channel, i.format";
    const counts = this.database.all(
      `SELECT ${kind}, count(*) AS devices FROM installation i INDEXED BY installation_by_version
       WHERE 1 ${scope.sql} GROUP BY ${kind}`,
      ...scope.parameters,
    );
    const gone = this.database.all(
      `SELECT ${kind}, count(*) AS devices FROM pulse p CROSS JOIN installation i ON i.device = p.device
       WHERE p.heard_at <= ? ${scope.sql} GROUP BY ${kind}`,
      ...[now - GONE_AFTER, ...scope.parameters],
    );
    const goneOf = new Map(gone.map((row) => [kindOf(row), integer(row, "devices")]));
    return counts.flatMap((row) => {
      const devices = integer(row, "devices") - (goneOf.get(kindOf(row)) ?? 0);
      if (devices <= 0) return [];
      return {
        product: text(row, "product"),
        version: textOrNull(row, "version"),
        platform: text(row, "platform"),
        format: text(row, "format"),
        channel: textOrNull(row, "applied_channel"),
        devices,
      };
    });
  }

  /** Whoever is limited to tenants knows of promotions that one of their devices was offered. */
  private rollouts(tenants: TenantScope, promotions: readonly PromotionKey[]): FleetSummary["rollouts"] {
    return promotions.flatMap((promotion) => {
      const isKnown = tenants === null || this.tally(tenants, promotion).some(({ offered }) => offered > 0);
      return isKnown ? (findRollout(this.database, promotion) ?? []) : [];
    });
  }

  private tally(tenants: TenantScope, promotion: PromotionKey): PromotionTally[] {
    const number = findPromotion(this.database, promotion);
    if (number === undefined) return [];
    const scope = tenantsAre("tenant", tenants);
    const row = this.database.first(
      `SELECT ifnull(sum(offered), 0) AS offered, ifnull(sum(confirmed), 0) AS confirmed,
         ifnull(sum(failed), 0) AS failed, ifnull(sum(excused), 0) AS excused
       FROM tally WHERE promotion = ? ${scope.sql}`,
      ...[number, ...scope.parameters],
    );
    if (row === undefined) return [];
    const { product, channel, version, commit } = promotion;
    return [
      {
        ...{ product, channel, version, commit },
        offered: integer(row, "offered"),
        confirmed: integer(row, "confirmed"),
        failed: integer(row, "failed"),
        excused: integer(row, "excused"),
      },
    ];
  }

  /** What runs now, less all that came later. */
  private adoption(
    { tenants, now }: SummaryQuestion,
    { product, channel, version, commit, at }: SummaryQuestion["promotions"][number],
    versions: FleetSummary["versions"],
  ): PromotionSeries[] {
    const from = Math.min(at, now);
    const step = Math.max(1, Math.ceil((now - from + 1) / POINTS));
    const scope = tenantsAre("tenant", tenants);
    const rows = this.database.all(
      `SELECT min(CAST((at - ?) / ? AS INTEGER), ${POINTS - 1}) AS slot, sum(change) AS change FROM adoption
       WHERE product = ? AND channel = ? AND at >= ? AND version = ? ${scope.sql} GROUP BY slot`,
      ...[from, step, product, channel, from, version, ...scope.parameters],
    );
    const changes = new Map(rows.map((row) => [integer(row, "slot"), integer(row, "change")]));
    let left = versions
      .filter((row) => row.product === product && row.channel === channel && row.version === version)
      .reduce((sum, { devices }) => sum + devices, 0);
    const running: number[] = [];
    for (let slot = POINTS - 1; slot >= 0; slot--) {
      running.unshift(Math.max(left, 0));
      left -= changes.get(slot) ?? 0;
    }
    return [{ ...{ product, channel, version, commit, from, step }, running }];
  }

  /**
   * Attempts have no index by time, but their numbers rise with it. What failed of each version that failed lately is
   * found from the first number of the day on.
   */
  private putBack(tenants: TenantScope, now: number): number {
    const first = this.firstAttemptSince(now - DAY);
    if (first === undefined) return 0;
    const scope = tenantsAre("tenant", tenants);
    const versions = this.database.all(
      "SELECT DISTINCT product, version FROM signature WHERE last_at >= ?",
      now - DAY,
    );
    let count = 0;
    for (const version of versions) {
      const row = this.database.first(
        `SELECT count(*) AS devices FROM attempt INDEXED BY attempt_failed
         WHERE product = ? AND to_version = ? AND cause IS NOT NULL AND number >= ? AND outcome = 'rolled-back' ${scope.sql}`,
        ...[text(version, "product"), text(version, "version"), first, ...scope.parameters],
      );
      count += row === undefined ? 0 : integer(row, "devices");
    }
    return count;
  }

  /** By halving: some twenty looks into millions of rows. */
  private firstAttemptSince(at: number): number | undefined {
    const range = this.database.first("SELECT min(number) AS low, max(number) AS high FROM attempt");
    let low = range === undefined ? null : integerOrNull(range, "low");
    const high = range === undefined ? null : integerOrNull(range, "high");
    if (low === null || high === null) return undefined;
    let after = high + 1;
    while (low < after) {
      const middle: number = Math.floor((low + after) / 2);
      const row = this.database.first(
        "SELECT number, reported_at FROM attempt WHERE number >= ? ORDER BY number LIMIT 1",
        middle,
      );
      if (row === undefined || integer(row, "reported_at") >= at) after = middle;
      else low = integer(row, "number") + 1;
    }
    return low > high ? undefined : low;
  }

  private silent(tenants: TenantScope, now: number): QuietDevices[] {
    const scope = tenantsAre("d.tenant", tenants);
    return this.database
      .all(
        `SELECT d.tenant, d.site, count(*) AS devices, min(p.heard_at) AS first_at, max(p.heard_at) AS last_at
         FROM pulse p INDEXED BY pulse_by_time CROSS JOIN device d ON d.number = p.device
         WHERE p.heard_at > ? AND p.heard_at <= ? ${scope.sql}
         GROUP BY d.tenant, d.site ORDER BY devices DESC, d.tenant, d.site LIMIT ${MOST_PLACES}`,
        ...[now - GONE_AFTER, now - SILENT_AFTER, ...scope.parameters],
      )
      .map(readQuiet);
  }

  /** One place after the other: who fell quiet within a short time, where that is half of the place or more. */
  private disappeared({ tenants, quietAfter, together, now }: SummaryQuestion): FleetSummary["disappeared"] {
    const scope = tenantsAre("d.tenant", tenants);
    const slots = this.database
      .all(
        `SELECT d.tenant, d.site, CAST(p.heard_at / ? AS INTEGER) AS slot, count(*) AS devices,
           min(p.heard_at) AS first_at, max(p.heard_at) AS last_at
         FROM pulse p INDEXED BY pulse_by_time CROSS JOIN device d ON d.number = p.device
         WHERE p.heard_at > ? AND p.heard_at <= ? AND d.site IS NOT NULL ${scope.sql}
         GROUP BY d.tenant, d.site, slot ORDER BY d.tenant, d.site, slot`,
        ...[Math.max(1, together), now - SILENT_AFTER, now - quietAfter, ...scope.parameters],
      )
      .map(readQuiet);
    return largestTogether(slots, together)
      .filter(({ devices }) => devices >= FEWEST_TOGETHER)
      .sort((a, b) => b.devices - a.devices)
      .slice(0, MOST_PLACES)
      .map((quiet) => ({ ...quiet, ofDevices: this.devicesAt(quiet, now) }))
      .filter(({ devices, ofDevices }) => devices * 2 >= ofDevices);
  }

  /** Also those that are silent, but not those that are gone. */
  private devicesAt({ tenant, site }: QuietDevices, now: number): number {
    const row = this.database.first(
      `SELECT count(*) AS devices FROM device d INDEXED BY device_by_site CROSS JOIN pulse p ON p.device = d.number
       WHERE d.site = ? AND d.tenant IS ? AND p.heard_at > ?`,
      ...[site, tenant, now - GONE_AFTER],
    );
    return row === undefined ? 0 : integer(row, "devices");
  }

  private refused(tenants: TenantScope, now: number): FleetSummary["refused"] {
    const scope = tenantsAre("d.tenant", tenants);
    return this.database
      .all(
        `SELECT d.below_minimum, count(*) AS devices
         FROM device d INDEXED BY device_by_condition CROSS JOIN pulse p ON p.device = d.number
         WHERE d.condition = 'refused' AND d.below_minimum IS NOT NULL AND p.heard_at > ? ${scope.sql}
         GROUP BY d.below_minimum ORDER BY devices DESC`,
        ...[now - SILENT_AFTER, ...scope.parameters],
      )
      .map((row) => ({ minimum: text(row, "below_minimum"), devices: integer(row, "devices") }));
  }

  private cloned(tenants: TenantScope): FleetSummary["cloned"] {
    const scope = tenantsAre("d.tenant", tenants);
    return this.database
      .all(
        `SELECT d.id, d.tenant, d.site, d.cloned_since FROM device d INDEXED BY device_by_condition
         WHERE d.condition = 'cloned' AND d.cloned_since IS NOT NULL ${scope.sql}
         ORDER BY d.cloned_since, d.id LIMIT ${MOST_CLONES}`,
        ...scope.parameters,
      )
      .map((row) => ({
        id: text(row, "id"),
        tenant: textOrNull(row, "tenant"),
        site: textOrNull(row, "site"),
        since: integer(row, "cloned_since"),
      }));
  }

  private failing(tenants: TenantScope): FleetSummary["failing"] {
    const scope = tenantsAre("i.tenant", tenants);
    return this.database
      .all(
        `SELECT i.product, i.applied_channel, i.version, count(*) AS devices
         FROM installation i INDEXED BY installation_by_cause WHERE i.failed_cause IS NOT NULL ${scope.sql}
         GROUP BY i.product, i.applied_channel, i.version ORDER BY devices DESC`,
        ...scope.parameters,
      )
      .map((row) => ({
        product: text(row, "product"),
        channel: textOrNull(row, "applied_channel"),
        version: textOrNull(row, "version"),
        devices: integer(row, "devices"),
      }));
  }

  /** Halts by a gate are overlays; one by a commit is known by the rollout that it stopped. */
  private lastHaltAt(tenants: TenantScope): number | null {
    const isKnown =
      tenants === null
        ? ""
        : `AND EXISTS (
             SELECT 1 FROM promotion p JOIN tally t ON t.promotion = p.number
             WHERE p.product = h.product AND p.version = h.version AND p.channel = h.channel
               AND p.commit_id = h.commit_id AND t.offered > 0 AND t.tenant IN (SELECT value FROM json_each(?)))`;
    const scoped = tenants === null ? [] : [JSON.stringify(tenants)];
    const row = this.database.first(
      `SELECT max(at) AS at FROM (
         SELECT max(at) AS at FROM overlay h WHERE kind = 'halt' ${isKnown}
         UNION ALL SELECT max(since) FROM rollout h WHERE state = 'halted' ${isKnown})`,
      ...[...scoped, ...scoped],
    );
    return row === undefined ? null : integerOrNull(row, "at");
  }
}

function tenantsAre(column: string, tenants: TenantScope): Scope {
  if (tenants === null) return { sql: "", parameters: [] };
  return { sql: `AND ${column} IN (SELECT value FROM json_each(?))`, parameters: [JSON.stringify(tenants)] };
}

/** What versions are counted by. */
function kindOf({ product, version, platform, applied_channel: channel, format }: Row): string {
  return JSON.stringify([product, version, platform, channel, format]);
}

function readQuiet(row: Row): QuietDevices {
  return {
    tenant: textOrNull(row, "tenant"),
    site: textOrNull(row, "site"),
    devices: integer(row, "devices"),
    firstAt: integer(row, "first_at"),
    lastAt: integer(row, "last_at"),
  };
}

/**
 * Of each place the largest number that fell quiet within the time.
 *
 * @param slots counts of spans of that length, place after place, in the order of time: two neighbours may belong together
 */
function largestTogether(slots: readonly QuietDevices[], together: number): QuietDevices[] {
  const largest = new Map<string, QuietDevices>();
  let before: QuietDevices | undefined;
  for (const slot of slots) {
    const place = JSON.stringify([slot.tenant, slot.site]);
    const isNext = before !== undefined && before.tenant === slot.tenant && before.site === slot.site;
    const joined =
      isNext && before !== undefined && slot.lastAt - before.firstAt <= together
        ? { ...slot, devices: before.devices + slot.devices, firstAt: before.firstAt }
        : slot;
    if (joined.devices > (largest.get(place)?.devices ?? 0)) largest.set(place, joined);
    before = slot;
  }
  return [...largest.values()];
}
