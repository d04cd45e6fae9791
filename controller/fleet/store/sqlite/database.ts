import { closeSync, openSync } from "node:fs";
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { onFile } from "../../../files/system-error.ts";
import type { Row } from "./columns.ts";
import { explainSqliteError } from "./explain-sqlite-error.ts";
import { migrate } from "./migrate.ts";

export type SqlParameters = readonly SQLInputValue[];

/** How long to wait for another program that holds the database. */
const LOCK_TIMEOUT_MS = 2_000;
/** Lists with filters make their own statements: as many of all as are kept ready. */
const MOST_STATEMENTS = 500;

/** One open database with its prepared statements. All of it is synchronous: it belongs into a thread of its own. */
export class Database {
  readonly path: string;
  readonly connection: DatabaseSync;
  private readonly statements = new Map<string, StatementSync>();

  private constructor(path: string, connection: DatabaseSync) {
    this.path = path;
    this.connection = connection;
  }

  /**
   * Opens the database, makes it where there is none, and brings it to the newest format.
   *
   * @throws StoreError
   */
  static open(path: string): Database {
    try {
      // Made by ourselves, so that only this user may read it; SQLite gives the files beside it the same rights.
      onFile(path, "written", () => closeSync(openSync(path, "a", 0o600)));
      const connection = new DatabaseSync(path, { timeout: LOCK_TIMEOUT_MS, defensive: true });
      try {
        // FULL: a commit is on the disk, so that neither a kill nor a power cut takes back what was acknowledged.
        connection.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -32768");
        migrate(connection, path);
      } catch (error) {
        connection.close();
        throw error;
      }
      return new Database(path, connection);
    } catch (error) {
      throw explainSqliteError(error, path);
    }
  }

  all(sql: string, ...parameters: SqlParameters): Row[] {
    return this.statement(sql).all(...parameters);
  }

  first(sql: string, ...parameters: SqlParameters): Row | undefined {
    return this.statement(sql).get(...parameters);
  }

  /** @returns how many rows it changed */
  run(sql: string, ...parameters: SqlParameters): number {
    return Number(this.statement(sql).run(...parameters).changes);
  }

  /** @returns the number of the new row */
  insert(sql: string, ...parameters: SqlParameters): number {
    return Number(this.statement(sql).run(...parameters).lastInsertRowid);
  }

  /** Rejects with `StoreError` where SQLite fails. */
  async read<T>(work: () => T): Promise<T> {
    try {
      return work();
    } catch (error) {
      throw explainSqliteError(error, this.path);
    }
  }

  /** The same in a transaction: all of it, and on the disk, or nothing. */
  async write<T>(work: () => T): Promise<T> {
    return this.read(() => this.transaction(work));
  }

  transaction<T>(work: () => T): T {
    this.connection.exec("BEGIN IMMEDIATE");
    try {
      const result = work();
      this.connection.exec("COMMIT");
      return result;
    } catch (error) {
      // A full disk has ended it already.
      if (this.connection.isTransaction) this.connection.exec("ROLLBACK");
      throw error;
    }
  }

  close(): void {
    if (this.connection.isOpen) this.connection.close();
  }

  private statement(sql: string): StatementSync {
    let statement = this.statements.get(sql);
    if (statement === undefined) {
      if (this.statements.size >= MOST_STATEMENTS) this.statements.clear();
      statement = this.connection.prepare(sql);
      this.statements.set(sql, statement);
    }
    return statement;
  }
}
