import type { FailureCause } from "../../../../protocol/gate/failure-causes.ts";
import { integer, text } from "./columns.ts";
import type { Database } from "./database.ts";
import type { CountedDevice } from "./write-tallies.ts";

/** One failed attempt, as far as it is grouped with others. */
export interface GroupedFailure {
  readonly product: string;
  readonly version: string;
  readonly signature: string;
  readonly cause: FailureCause;
  /** As it came. */
  readonly message: string;
}

/** Counts a device under a signature, once. @returns the signature's number */
export function countFailure(
  database: Database,
  device: CountedDevice,
  failure: GroupedFailure,
  now: number,
): number {
  const signature = signatureNumber(database, failure, now);
  const tally = tallyNumber(database, signature, device, failure.message, now);
  database.run("UPDATE signature_tally SET last_at = max(last_at, ?) WHERE number = ?", now, tally);
  const isNew = database.run(
    "INSERT INTO signature_device (signature, device, tally) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
    ...[signature, device.number, tally],
  );
  if (isNew > 0) add(database, tally, 1);
  return signature;
}

/** Counts a device where it belongs now: it has another platform or tenant than when it failed. */
export function recountFailures(database: Database, device: CountedDevice): void {
  const rows = database.all(
    `SELECT d.signature, d.tally, t.last_at, s.text FROM signature_device d
     JOIN signature_tally t ON t.number = d.tally JOIN signature s ON s.number = d.signature WHERE d.device = ?`,
    device.number,
  );
  for (const row of rows) {
    const signature = integer(row, "signature");
    const before = integer(row, "tally");
    // The signature itself is the example, as a message may name what is the other tenant's.
    const tally = tallyNumber(database, signature, device, text(row, "text"), integer(row, "last_at"));
    if (tally === before) continue;
    add(database, before, -1);
    add(database, tally, 1);
    database.run(
      "UPDATE signature_device SET tally = ? WHERE signature = ? AND device = ?",
      ...[tally, signature, device.number],
    );
  }
}

/** Counts a device no longer, before its rows go. */
export function uncountFailures(database: Database, device: number): void {
  for (const row of database.all("SELECT tally FROM signature_device WHERE device = ?", device)) {
    add(database, integer(row, "tally"), -1);
  }
}

function add(database: Database, tally: number, by: 1 | -1): void {
  database.run("UPDATE signature_tally SET devices = devices + ? WHERE number = ?", by, tally);
}

function signatureNumber(
  database: Database,
  { product, version, signature, cause }: GroupedFailure,
  now: number,
): number {
  const known = database.first(
    `UPDATE signature SET last_at = max(last_at, ?)
     WHERE product = ? AND version = ? AND text = ? AND cause = ? RETURNING number`,
    ...[now, product, version, signature, cause],
  );
  if (known !== undefined) return integer(known, "number");
  return database.insert(
    "INSERT INTO signature (product, version, text, cause, last_at) VALUES (?, ?, ?, ?, ?)",
    ...[product, version, signature, cause, now],
  );
}

function tallyNumber(
  database: Database,
  signature: number,
  { platform, tenant }: CountedDevice,
  example: string,
  now: number,
): number {
  const known = database.first(
    "SELECT number FROM signature_tally WHERE signature = ? AND platform = ? AND ifnull(tenant, '') = ifnull(?, '')",
    ...[signature, platform, tenant],
  );
  if (known !== undefined) return integer(known, "number");
  return database.insert(
    `INSERT INTO signature_tally (signature, platform, tenant, first_at, last_at, example) VALUES (?, ?, ?, ?, ?, ?)`,
    ...[signature, platform, tenant, now, now, example],
  );
}
