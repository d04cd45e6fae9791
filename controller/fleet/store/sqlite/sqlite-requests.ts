import type { Page, PageRequest, RequestStore } from "../fleet-store.ts";
import type { Actor, NewRequest, RequestRecord } from "../records.ts";
import { StoreError } from "../store-error.ts";
import { integer, type Row, textOrNull } from "./columns.ts";
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
      const added = this.insert(request, by);
      if (added !== undefined) return added;
      throw new StoreError("store/no-such-device", `device ${request.device} is not enrolled`);
    });
  }

  addAll(requests: readonly NewRequest[], by: Actor): Promise<readonly RequestRecord[]> {
    return this.database.write(() =>
      requests.flatMap((request) => {
        const same = this.database.first(
          `SELECT 1 FROM request r JOIN device d ON d.number = r.device
           WHERE d.id = ? AND r.ended_at IS NULL AND r.kind = ? AND r.product IS ?`,
          ...[request.device, request.kind, request.product ?? null],
        );
        return (same === undefined ? this.insert(request, by) : undefined) ?? [];
      }),
    );
  }

  cancelAll(
    { devices, kind, product }: Parameters<RequestStore["cancelAll"]>[0],
    by: Actor,
    now: number,
  ): Promise<readonly RequestRecord[]> {
    return this.database.write(() => {
      const waiting = this.database.all(
        `${REQUEST} WHERE d.id IN (SELECT value FROM json_each(?)) AND r.ended_at IS NULL AND r.kind = ?
           AND (? IS NULL OR r.product = ?) ORDER BY r.number`,
        ...[JSON.stringify(devices), kind, product ?? null, product ?? null],
      );
      return waiting.flatMap((row) => this.end(readKnown(row), by, now) ?? []);
    });
  }

  cancel(id: string, by: Actor, now: number): Promise<RequestRecord | undefined> {
    return this.database.write(() => {
      const known = this.find(id);
      if (known === undefined || known.record.endedAt !== null) return known?.record;
      return this.end(known, by, now);
    });
  }

  get(id: string): Promise<RequestRecord | undefined> {
    return this.database.read(() => this.find(id)?.record);
  }

  list(
    { tenants, device, devices, open }: Parameters<RequestStore["list"]>[0],
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
      if (devices !== undefined) {
        conditions.push(
          "r.device IN (SELECT number FROM device WHERE id IN (SELECT value FROM json_each(?)))",
        );
        parameters.push(JSON.stringify(devices));
      }
      if (open !== undefined) conditions.push(open ? "r.ended_at IS NULL" : "r.ended_at IS NOT NULL");
      const rows = this.database.all(
        `${REQUEST} WHERE ${conditions.join(" AND ")} ORDER BY r.number DESC LIMIT ?`,
        ...[...parameters, rowsToAsk(page)],
      );
      return pageOf(rows, page, "number", readRequest);
    });
  }

  /** @returns `undefined` where there is no such device */
  private insert(request: NewRequest, by: Actor): RequestRecord | undefined {
    const device = this.database.first("SELECT number, tenant FROM device WHERE id = ?", request.device);
    if (device === undefined) return undefined;
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
  }

  private end({ number, tenant, record }: KnownRequest, by: Actor, now: number): RequestRecord | undefined {
    this.database.run(
      "UPDATE request SET result = 'cancelled', ended_at = ? WHERE number = ?",
      ...[now, number],
    );
    writeAudit(this.database, {
      at: now,
      actor: by,
      action: "request.cancel",
      subject: `device ${record.device}`,
      tenant,
      before: { id: record.id, kind: record.kind, deliveries: record.deliveries },
      after: null,
    });
    return this.find(record.id)?.record;
  }

  private find(id: string): KnownRequest | undefined {
    const row = this.database.first(`${REQUEST} WHERE r.id = ?`, id);
    return row === undefined ? undefined : readKnown(row);
  }
}

interface KnownRequest {
  readonly number: number;
  readonly tenant: string | null;
  readonly record: RequestRecord;
}

function readKnown(row: Row): KnownRequest {
  return { number: integer(row, "number"), tenant: textOrNull(row, "tenant"), record: readRequest(row) };
}
