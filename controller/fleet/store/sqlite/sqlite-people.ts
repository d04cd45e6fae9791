import type { PersonStore } from "../fleet-store.ts";
import { type Actor, type PersonRecord, ROLES } from "../records.ts";
import { integer, integerOrNull, jsonOrNull, type Row, text, word } from "./columns.ts";
import type { Database } from "./database.ts";
import { writeAudit } from "./write-audit.ts";

export class SqlitePeople implements PersonStore {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  create(person: PersonRecord, tokenDigest: string, by: Actor, now: number): Promise<boolean> {
    return this.database.write(() => {
      const { name, role, tenants, createdAt, expiresAt } = person;
      if (this.find(name) !== undefined) return false;
      this.database.run(
        `INSERT INTO person (name, token_digest, role, tenants, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)`,
        ...[name, tokenDigest, role, tenants === null ? null : JSON.stringify(tenants), createdAt, expiresAt],
      );
      this.audit("person.create", name, by, now, { before: null, after: { role, tenants, expiresAt } });
      return true;
    });
  }

  byToken(tokenDigest: string): Promise<PersonRecord | undefined> {
    return this.database.read(() => {
      const row = this.database.first("SELECT * FROM person WHERE token_digest = ?", tokenDigest);
      return row === undefined ? undefined : readPerson(row);
    });
  }

  list(): Promise<readonly PersonRecord[]> {
    return this.database.read(() => this.database.all("SELECT * FROM person ORDER BY name").map(readPerson));
  }

  remove(name: string, by: Actor, now: number): Promise<boolean> {
    return this.database.write(() => {
      const person = this.find(name);
      if (person === undefined) return false;
      this.database.run("DELETE FROM person WHERE name = ?", name);
      const { role, tenants, expiresAt } = person;
      this.audit("person.remove", name, by, now, { before: { role, tenants, expiresAt }, after: null });
      return true;
    });
  }

  private find(name: string): PersonRecord | undefined {
    const row = this.database.first("SELECT * FROM person WHERE name = ?", name);
    return row === undefined ? undefined : readPerson(row);
  }

  /** People are of no tenant: who may see one tenant only does not see who else there is. */
  private audit(
    action: string,
    name: string,
    actor: Actor,
    at: number,
    change: { readonly before: unknown; readonly after: unknown },
  ): void {
    writeAudit(this.database, { at, actor, action, subject: `person ${name}`, tenant: null, ...change });
  }
}

function readPerson(row: Row): PersonRecord {
  return {
    name: text(row, "name"),
    role: word(row, "role", ROLES),
    tenants: jsonOrNull(row, "tenants"),
    createdAt: integer(row, "created_at"),
    expiresAt: integerOrNull(row, "expires_at"),
  };
}
