import { integer, text, textOrNull } from "./columns.ts";
import type { Database } from "./database.ts";

/** What of an installation decides where it is counted. */
export interface CountedInstallation {
  readonly product: string;
  /** `null`: none applies. */
  readonly channel: string | null;
  /** `null`: it is not installed. */
  readonly version: string | null;
  readonly platform: string;
  readonly tenant: string | null;
  readonly site: string | null;
  readonly isCanary: boolean;
}

/** Seconds of one row of `adoption` when it is written; old ones are folded into longer spans. */
export const ADOPTION_SPAN = 10;

/**
 * Counts an installation anew.
 *
 * @param before how it was counted; `undefined`: not at all
 * @param after how it is counted now; `undefined`: no longer
 */
export function countInstallation(
  database: Database,
  before: CountedInstallation | undefined,
  after: CountedInstallation | undefined,
  now: number,
): void {
  if (before !== undefined) addToCensus(database, before, -1);
  if (after !== undefined) addToCensus(database, after, 1);
  if (before !== undefined && after !== undefined && isSameInAdoption(before, after)) return;
  if (before !== undefined) addToAdoption(database, before, -1, now);
  if (after !== undefined) addToAdoption(database, after, 1, now);
}

/** Counts all installations of a device out or in, around a change of the device that moves them. */
export function countAllOf(database: Database, device: number, by: 1 | -1, now: number): void {
  const rows = database.all(
    `SELECT i.product, i.applied_channel, i.version, i.platform, i.tenant, d.site, i.canary
     FROM installation i JOIN device d ON d.number = i.device WHERE i.device = ?`,
    device,
  );
  for (const row of rows) {
    const counted: CountedInstallation = {
      product: text(row, "product"),
      channel: textOrNull(row, "applied_channel"),
      version: textOrNull(row, "version"),
      platform: text(row, "platform"),
      tenant: textOrNull(row, "tenant"),
      site: textOrNull(row, "site"),
      isCanary: integer(row, "canary") === 1,
    };
    if (by === 1) countInstallation(database, undefined, counted, now);
    else countInstallation(database, counted, undefined, now);
  }
}

function isSameInAdoption(a: CountedInstallation, b: CountedInstallation): boolean {
  return (
    a.product === b.product && a.channel === b.channel && a.version === b.version && a.tenant === b.tenant
  );
}

const KIND = `product = ? AND ifnull(channel, '') = ifnull(?, '') AND ifnull(version, '') = ifnull(?, '')
  AND platform = ? AND ifnull(tenant, '') = ifnull(?, '') AND ifnull(site, '') = ifnull(?, '')`;

function addToCensus(database: Database, installation: CountedInstallation, by: 1 | -1): void {
  const { product, channel, version, platform, tenant, site, isCanary } = installation;
  const kind = [product, channel, version, platform, tenant, site];
  const canaries = isCanary ? by : 0;
  const known = database.run(
    `UPDATE census SET devices = devices + ?, canaries = canaries + ? WHERE ${KIND}`,
    ...[by, canaries, ...kind],
  );
  if (known > 0) return;
  database.run(
    `INSERT INTO census (product, channel, version, platform, tenant, site, devices, canaries)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    ...[...kind, by, canaries],
  );
}

function addToAdoption(
  database: Database,
  { product, channel, version, tenant }: CountedInstallation,
  by: 1 | -1,
  now: number,
): void {
  if (channel === null) return;
  database.run(
    `INSERT INTO adoption (product, channel, at, version, tenant, change) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET change = change + excluded.change`,
    ...[product, channel, now - (now % ADOPTION_SPAN), version ?? "", tenant ?? "", by],
  );
}
