import type { Actor } from "../records.ts";
import type { Database } from "./database.ts";

export interface AuditEntry {
  readonly at: number;
  readonly actor: Actor;
  readonly action: string;
  readonly subject: string;
  /** Whose viewers may see it; `null`: only those of all tenants. */
  readonly tenant: string | null;
  readonly before: unknown;
  readonly after: unknown;
}

/** Adds an entry to the audit log, in the transaction of what it tells. */
export function writeAudit(database: Database, entry: AuditEntry): void {
  database.run(
    `INSERT INTO audit (at, actor, actor_from, action, subject, tenant, before, after)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    ...[entry.at, entry.actor.name, entry.actor.from, entry.action, entry.subject, entry.tenant],
    ...[JSON.stringify(entry.before ?? null), JSON.stringify(entry.after ?? null)],
  );
}
