import type { AdoptionChange, CensusRow, TenantScope } from "../fleet-store.ts";
import { integer, type Row, text, textOrNull } from "./columns.ts";
import type { Database } from "./database.ts";
import { GONE_AFTER } from "./select-devices.ts";

/** Who follows a channel, less those that are gone: the kept numbers, and no look at machines but at those. */
export function readCensus(
  database: Database,
  product: string,
  channel: string,
  tenants: TenantScope,
  now: number,
): CensusRow[] {
  const [scope, scoped] = scopeOf("c.tenant", tenants);
  const rows = database.all(
    `SELECT c.version, c.platform, c.tenant, c.site, c.devices, c.canaries FROM census c
     WHERE c.product = ? AND c.channel = ? AND c.devices > 0 ${scope} ORDER BY c.number`,
    ...[product, channel, ...scoped],
  );
  const [goneScope, goneScoped] = scopeOf("i.tenant", tenants);
  const gone = database.all(
    `SELECT i.version, i.platform, i.tenant, d.site, count(*) AS devices, sum(i.canary) AS canaries
     FROM pulse p CROSS JOIN installation i ON i.device = p.device CROSS JOIN device d ON d.number = p.device
     WHERE p.heard_at <= ? AND i.product = ? AND i.applied_channel = ? ${goneScope} GROUP BY 1, 2, 3, 4`,
    ...[now - GONE_AFTER, product, channel, ...goneScoped],
  );
  const goneOf = new Map(gone.map((row) => [kindOf(row), row]));
  return rows.flatMap((row) => {
    const left = goneOf.get(kindOf(row));
    const devices = integer(row, "devices") - (left === undefined ? 0 : integer(left, "devices"));
    if (devices <= 0) return [];
    return {
      version: textOrNull(row, "version"),
      platform: text(row, "platform"),
      tenant: textOrNull(row, "tenant"),
      site: textOrNull(row, "site"),
      devices,
      canaries: integer(row, "canaries") - (left === undefined ? 0 : integer(left, "canaries")),
    };
  });
}

/**
 * How the machines of a channel came to what they run, in spans of time. One that is gone left at the second from which
 * it counts no more, so that what the census says, less all that came later, is what was.
 */
export function readAdoption(
  database: Database,
  product: string,
  channel: string,
  tenants: TenantScope,
  { from, span, now }: { readonly from: number; readonly span: number; readonly now: number },
): AdoptionChange[] {
  const [scope, scoped] = scopeOf("tenant", tenants);
  const changes = database.all(
    `SELECT version, CAST((at - ?) / ? AS INTEGER) AS place, sum(change) AS change FROM adoption
     WHERE product = ? AND channel = ? AND at >= ? AND at <= ? ${scope} GROUP BY version, place HAVING sum(change) <> 0`,
    ...[from, span, product, channel, from, now, ...scoped],
  );
  const [goneScope, goneScoped] = scopeOf("i.tenant", tenants);
  const gone = database.all(
    `SELECT ifnull(i.version, '') AS version, CAST((p.heard_at + ? - ?) / ? AS INTEGER) AS place, -count(*) AS change
     FROM pulse p CROSS JOIN installation i ON i.device = p.device
     WHERE p.heard_at <= ? AND p.heard_at > ? AND i.product = ? AND i.applied_channel = ? ${goneScope}
     GROUP BY 1, 2`,
    ...[GONE_AFTER, from, span, now - GONE_AFTER, from - GONE_AFTER, product, channel, ...goneScoped],
  );
  return [...changes, ...gone].map((row) => ({
    version: text(row, "version") === "" ? null : text(row, "version"),
    place: integer(row, "place"),
    change: integer(row, "change"),
  }));
}

export function firstAdoption(
  database: Database,
  product: string,
  channel: string,
  tenants: TenantScope,
): number | null {
  const [scope, scoped] = scopeOf("tenant", tenants);
  const row = database.first(
    `SELECT at FROM adoption WHERE product = ? AND channel = ? ${scope} ORDER BY at LIMIT 1`,
    ...[product, channel, ...scoped],
  );
  return row === undefined ? null : integer(row, "at");
}

function scopeOf(
  column: string,
  tenants: TenantScope,
): readonly [sql: string, parameters: readonly string[]] {
  return tenants === null
    ? ["", []]
    : [`AND ${column} IN (SELECT value FROM json_each(?))`, [JSON.stringify(tenants)]];
}

function kindOf(row: Row): string {
  return JSON.stringify([row.version, row.platform, row.tenant, row.site]);
}
