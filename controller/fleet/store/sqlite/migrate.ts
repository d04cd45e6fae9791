import type { DatabaseSync } from "node:sqlite";
import { StoreError } from "../store-error.ts";
import { integer } from "./columns.ts";
import { FORMAT_1 } from "./format-1.ts";
import { FORMAT_2 } from "./format-2.ts";
import { FORMAT_3 } from "./format-3.ts";
import { FORMAT_4 } from "./format-4.ts";
import { FORMAT_5 } from "./format-5.ts";

/** What makes each format of the one before; the first makes it of an empty database. Released ones never change. */
const MIGRATIONS: readonly string[] = [FORMAT_1, FORMAT_2, FORMAT_3, FORMAT_4, FORMAT_5];

/** The format that this program reads and writes. */
export const NEWEST_FORMAT = MIGRATIONS.length;

/** `FlLd` in the header of the file says that the database is ours. */
const APPLICATION_ID = 0x46_6c_4c_64;

/**
 * Brings a database to the newest format, each step in a transaction of its own: after a kill it goes on from the last
 * whole one.
 *
 * @throws StoreError `store/too-new`, and `store/damaged` for another program's database
 */
export function migrate(database: DatabaseSync, path: string): void {
  for (;;) {
    const format = pragma(database, "user_version");
    if (format > NEWEST_FORMAT) {
      throw new StoreError(
        "store/too-new",
        `\`${path}\` has format ${format}, and this version knows formats up to ${NEWEST_FORMAT}`,
        { help: "run the version of Fairlead that wrote it, or restore the backup from before" },
      );
    }
    if (format === 0) requireEmpty(database, path);
    else if (pragma(database, "application_id") !== APPLICATION_ID) throw notOurs(path);
    if (format === NEWEST_FORMAT) return;
    step(database, format);
  }
}

function step(database: DatabaseSync, from: number): void {
  database.exec("BEGIN IMMEDIATE");
  try {
    // Another process may have done it before the lock was had.
    if (pragma(database, "user_version") === from) {
      database.exec(MIGRATIONS[from] ?? "");
      database.exec(`PRAGMA user_version = ${from + 1}; PRAGMA application_id = ${APPLICATION_ID}`);
    }
    database.exec("COMMIT");
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}

function requireEmpty(database: DatabaseSync, path: string): void {
  const row = database.prepare("SELECT count(*) AS tables FROM sqlite_schema").get();
  if (row === undefined || integer(row, "tables") > 0) throw notOurs(path);
}

function notOurs(path: string): StoreError {
  return new StoreError("store/damaged", `\`${path}\` is no database of a fleet`, {
    help: "name another place for the fleet's database, or move that file away",
  });
}

function pragma(database: DatabaseSync, name: "user_version" | "application_id"): number {
  const row = database.prepare(`PRAGMA ${name}`).get();
  return row === undefined ? 0 : integer(row, name);
}
