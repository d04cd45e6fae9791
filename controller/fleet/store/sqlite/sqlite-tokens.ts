import type { TenantScope, TokenStore } from "../fleet-store.ts";
import type { Actor, TokenRecord } from "../records.ts";
import { integer, integerOrNull, json, type Row, text, textOrNull } from "./columns.ts";
import type { Database } from "./database.ts";
import { writeAudit } from "./write-audit.ts";

export class SqliteTokens implements TokenStore {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  create(
    token: Omit<TokenRecord, "uses" | "revokedAt" | "createdBy">,
    digest: string,
    by: Actor,
  ): Promise<void> {
    return this.database.write(() => {
      const { id, tenant, site, labels, createdAt, expiresAt, usesLeft } = token;
      this.database.run(
        `INSERT INTO token (digest, id, tenant, site, labels, created_at, created_by, expires_at, uses_left)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        ...[digest, id, tenant, site, JSON.stringify(labels), createdAt, by.name, expiresAt, usesLeft],
      );
      writeAudit(this.database, {
        at: createdAt,
        actor: by,
        action: "token.create",
        subject: `token ${id}`,
        tenant,
        before: null,
        after: { tenant, site, labels, expiresAt, usesLeft },
      });
    });
  }

  list(tenants: TenantScope): Promise<readonly TokenRecord[]> {
    return this.database.read(() => {
      const scope = tenants === null ? "" : "WHERE tenant IN (SELECT value FROM json_each(?))";
      return this.database
        .all(
          `SELECT * FROM token ${scope} ORDER BY created_at DESC, id`,
          ...(tenants === null ? [] : [JSON.stringify(tenants)]),
        )
        .map(readToken);
    });
  }

  revoke(id: string, by: Actor, now: number): Promise<TokenRecord | undefined> {
    return this.database.write(() => {
      const row = this.database.first("SELECT * FROM token WHERE id = ?", id);
      if (row === undefined) return undefined;
      const token = readToken(row);
      if (token.revokedAt !== null) return token;
      this.database.run("UPDATE token SET revoked_at = ? WHERE id = ?", now, id);
      writeAudit(this.database, {
        at: now,
        actor: by,
        action: "token.revoke",
        subject: `token ${id}`,
        tenant: token.tenant,
        before: { uses: token.uses, usesLeft: token.usesLeft, expiresAt: token.expiresAt },
        after: null,
      });
      return { ...token, revokedAt: now };
    });
  }
}

function readToken(row: Row): TokenRecord {
  return {
    id: text(row, "id"),
    tenant: textOrNull(row, "tenant"),
    site: textOrNull(row, "site"),
    labels: json(row, "labels"),
    createdAt: integer(row, "created_at"),
    createdBy: text(row, "created_by"),
    expiresAt: integer(row, "expires_at"),
    usesLeft: integer(row, "uses_left"),
    uses: integer(row, "uses"),
    revokedAt: integerOrNull(row, "revoked_at"),
  };
}
