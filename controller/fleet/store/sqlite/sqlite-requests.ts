import type { Page, PageRequest, RequestStore } from "../fleet-store.ts";
import type { Actor, NewRequest, RequestRecord } from "../records.ts";
import { StoreError } from "../store-error.ts";
import { integer, textOrNull } from "./columns.ts";
import type { Database } from "./database.ts";
import { pageOf, rowsToAsk, startBefore } from "./page.ts";
import { readRequest } from "./read-request.ts";
import { writeAudit } from "./write-audit.ts";

const REQUEST = "SELECT r.*, d.id AS device_id, d.tenant FROM request r JOIN device d ON d.number = r.device";

export class SqliteRequests implements RequestStore {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  add(request: NewRequest, by: Actor): Promise<RequestRecord> {
    return this.database.write(() => {
      const known = this.find(request.id);
      if (known !== undefined) return known.record;
      const device = this.database.first("SELECT number, tenant FROM device WHERE id = ?", request.device);
      if (device === undefined) {
        throw new StoreError("store/no-such-device", `device ${request.device} is not enrolled`);
      }
      const row = this.database.first(
        `INSERT INTO request (id, device, kind, product, asked_by, asked_at, expires_at)
         VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING *, ? AS device_id`,
        ...[request.id, integer(device, "number"), request.kind, request.product ?? null, by.name],
        ...[request.askedAt, request.expiresAt, request.device],
      );
      if (row === undefined) throw new StoreError("store/failed", `request ${request.id} was not written`);
      const { kind, product = null, expiresAt } = request;
      writeAudit(this.database, {
        at: request.askedAt,
        actor: by,
        action: `request.${kind}`,
        subject: `device ${request.device}`,
        tenant: textOrNull(device, "tenant"),
        before: null,
        after: { id: request.id, product, expiresAt },
      });
      return readRequest(row);
    });
  }

  cancel(id: string, by: Actor, now: number): Promise<RequestRecord | undefined> {
    return this.database.write(() => {
      const known = this.find(id);
      if (known === undefined || known.record.endedAt !== null) return known?.record;
      this.database.run(
        "UPDATE request SET result = 'cancelled', ended_at = ? WHERE number = ?",
        ...[now, known.number],
      );
      writeAudit(this.database, {
        at: now,
        actor: by,
        action: "request.cancel",
        subject: `device ${known.record.device}`,
        tenant: known.tenant,
        before: { id, kind: known.record.kind, deliveries: known.record.deliveries },
        after: null,
      });
      return this.find(id)?.record;
    });
  }

  get(id: string): Promise<RequestRecord | undefined> {
    return this.database.read(() => this.find(id)?.record);
  }

  list(
    { tenants, device, open }: Parameters<RequestStore["list"]>[0],
    page: PageRequest,
  ): Promise<Page<RequestRecord>> {
    return this.database.read(() => {
      const conditions = ["r.number < ?"];
      const parameters: (string | number)[] = [startBefore(page)];
      if (tenants !== null) {
        conditions.push("d.tenant IN (SELECT value FROM json_each(?))");
        parameters.push(JSON.stringify(tenants));
      }
      if (device !== undefined) {
        conditions.push("r.device = (SELECT number FROM device WHERE id = ?)");
        parameters.push(device);
      }
      if (open !== undefined) conditions.push(open ? "r.ended_at IS NULL" : "r.ended_at IS NOT NULL");
      const rows = this.database.all(
        `${REQUEST} WHERE ${conditions.join(" AND ")} ORDER BY r.number DESC LIMIT ?`,
        ...[...parameters, rowsToAsk(page)],
      );
      return pageOf(rows, page, "number", readRequest);
    });
  }

  private find(
    id: string,
  ): { readonly number: number; readonly tenant: string | null; readonly record: RequestRecord } | undefined {
    const row = this.database.first(`${REQUEST} WHERE r.id = ?`, id);
    if (row === undefined) return undefined;
    return { number: integer(row, "number"), tenant: textOrNull(row, "tenant"), record: readRequest(row) };
  }
}
