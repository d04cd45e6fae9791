/**
 * Prints a small database of today's format as SQL, for `formats/format-<n>.sql`: once for each format, before it is
 * released. From then on the file never changes.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync, type SQLOutputValue } from "node:sqlite";
import { NEWEST_FORMAT } from "../../../controller/fleet/store/sqlite/migrate.ts";
import { openSqliteStore } from "../../../controller/fleet/store/sqlite/open-sqlite-store.ts";
import { ADA, enrol, failed, record, report, request, STABLE, START } from "./sample-fleet.ts";

const folder = mkdtempSync(join(tmpdir(), "fairlead-store-"));
const path = join(folder, "fleet.db");
await fill();
const database = new DatabaseSync(path);
console.log(
  `-- What a controller with format ${NEWEST_FORMAT} of the fleet's database left behind. It never changes.`,
);
console.log("PRAGMA journal_mode = WAL;\nPRAGMA foreign_keys = OFF;\nBEGIN;");
const objects = database.prepare(
  "SELECT name, sql FROM sqlite_schema WHERE (type = 'table') = ? AND sql IS NOT NULL AND name <> 'sqlite_sequence'",
);
const tables = objects.all(1);
for (const { sql } of tables) console.log(`${sql};`);
for (const { name } of tables) {
  const table = String(name);
  for (const row of database.prepare(`SELECT * FROM ${table}`).all()) {
    const values = Object.values(row).map(literal);
    console.log(`INSERT INTO ${table} (${Object.keys(row).join(", ")})\n  VALUES (${values.join(", ")});`);
  }
}
for (const { sql } of objects.all(0)) console.log(`${sql};`);
for (const name of ["user_version", "application_id"]) {
  console.log(`PRAGMA ${name} = ${database.prepare(`PRAGMA ${name}`).get()?.[name]};`);
}
console.log("COMMIT;");
database.close();
rmSync(folder, { recursive: true });

async function fill(): Promise<void> {
  const store = openSqliteStore(path);
  const labels = { ring: "canary" };
  await enrol(store, "d-1", { tenant: "acme", site: "berlin", labels, facts: { glibc: "2.31" } });
  await store.requests.add(request("f".repeat(32), "d-1"), ADA);
  const products = [report("1.0.0", { channel: "beta" })];
  const attempts = [failed("a".repeat(32), { log: "it's the end" })];
  await record(store, { device: "d-1", now: START + 10, offer: STABLE, checkIn: { products, attempts } });
  await store.rollouts.save({
    ...STABLE,
    state: "halted",
    reason: "1 of 1 failed",
    since: START,
    nextAt: null,
    allowed: 10_000,
    marks: [{ at: START, kind: "halt", text: "1 of 1 failed" }],
    countedFrom: null,
    judgement: { strata: [], gate: null, checks: [], opening: null },
  });
  await store.rollouts.saveOverlay({ ...STABLE, kind: "halt", reason: "1 of 1 failed", at: START });
  const bob = { name: "bob", role: "viewer", tenants: ["acme"], createdAt: START, expiresAt: null } as const;
  await store.people.create(bob, "digest of bob", ADA, START);
  await store.close();
}

function literal(value: SQLOutputValue): string {
  if (value === null) return "NULL";
  return typeof value === "string" ? `'${value.replaceAll("'", "''")}'` : String(value);
}
