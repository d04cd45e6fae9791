import type { AuditStore, Page, PageRequest, TenantScope } from "../fleet-store.ts";
import type { AuditRecord } from "../records.ts";
import { integer, json, type Row, text, textOrNull } from "./columns.ts";
import type { Database } from "./database.ts";
import { pageOf, rowsToAsk, startBefore } from "./page.ts";
import { writeAudit } from "./write-audit.ts";

export class SqliteAudit implements AuditStore {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  add(entry: Omit<AuditRecord, "sequence">): Promise<void> {
    return this.database.write(() => writeAudit(this.database, entry));
  }

  list(tenants: TenantScope, page: PageRequest): Promise<Page<AuditRecord>> {
    return this.database.read(() => {
      const scope = tenants === null ? "" : "AND tenant IN (SELECT value FROM json_each(?))";
      const rows = this.database.all(
        `SELECT * FROM audit WHERE sequence < ? ${scope} ORDER BY sequence DESC LIMIT ?`,
        startBefore(page),
        ...(tenants === null ? [] : [JSON.stringify(tenants)]),
        rowsToAsk(page),
      );
      return pageOf(rows, page, "sequence", readEntry);
    });
  }
}

function readEntry(row: Row): AuditRecord {
  return {
    sequence: integer(row, "sequence"),
    at: integer(row, "at"),
    actor: { name: text(row, "actor"), from: text(row, "actor_from") },
    action: text(row, "action"),
    subject: text(row, "subject"),
    tenant: textOrNull(row, "tenant"),
    before: json(row, "before"),
    after: json(row, "after"),
  };
}
