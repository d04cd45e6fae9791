import type { SQLInputValue } from "node:sqlite";
import { ATTEMPT_OUTCOMES, ATTEMPT_STEPS } from "../../../../protocol/check-in/attempt.ts";
import { FAILURE_CAUSES } from "../../../../protocol/gate/failure-causes.ts";
import type { AttemptStore, Page, PageRequest } from "../fleet-store.ts";
import type { AttemptRecord, SignatureRecord } from "../records.ts";
import { integer, member, type Row, text, textOrNull, word, wordOrNull } from "./columns.ts";
import type { Database } from "./database.ts";
import { pageOf, rowsToAsk, startBefore } from "./page.ts";

const ATTEMPT = "SELECT a.*, d.id AS device_id FROM attempt a JOIN device d ON d.number = a.device";
const KINDS = ["update", "rollback"] as const;
const MOST_SIGNATURES = 1_000;

export class SqliteAttempts implements AttemptStore {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  ofDevice(device: string, page: PageRequest): Promise<Page<AttemptRecord>> {
    return this.database.read(() => {
      const rows = this.database.all(
        `${ATTEMPT} WHERE a.device = (SELECT number FROM device WHERE id = ?) AND a.number < ?
         ORDER BY a.number DESC LIMIT ?`,
        ...[device, startBefore(page), rowsToAsk(page)],
      );
      return pageOf(rows, page, "number", readAttempt);
    });
  }

  list(
    { tenants, product, version, failed }: Parameters<AttemptStore["list"]>[0],
    page: PageRequest,
  ): Promise<Page<AttemptRecord>> {
    return this.database.read(() => {
      const conditions = ["a.number < ?"];
      const parameters: SQLInputValue[] = [startBefore(page)];
      if (product !== undefined) {
        conditions.push("a.product = ?");
        parameters.push(product);
      }
      if (version !== undefined) {
        conditions.push("a.to_version = ?");
        parameters.push(version);
      }
      if (failed !== undefined) conditions.push(failed ? "a.cause IS NOT NULL" : "a.cause IS NULL");
      const most = rowsToAsk(page);
      // Of each tenant the newest, so that the newest of all are among them.
      const scopes = tenants === null ? [null] : [...new Set(tenants)];
      const rows = scopes.flatMap((tenant) => {
        const scope = tenant === null ? "" : " AND a.tenant = ?";
        return this.database.all(
          `${ATTEMPT} WHERE ${conditions.join(" AND ")}${scope} ORDER BY a.number DESC LIMIT ?`,
          ...[...parameters, ...(tenant === null ? [] : [tenant]), most],
        );
      });
      rows.sort((a, b) => integer(b, "number") - integer(a, "number"));
      return pageOf(rows.slice(0, most), page, "number", readAttempt);
    });
  }

  signatures(
    { tenants, product, version }: Parameters<AttemptStore["signatures"]>[0],
    limit: number,
  ): Promise<readonly SignatureRecord[]> {
    return this.database.read(() => {
      const scope = tenants === null ? "" : "AND t.tenant IN (SELECT value FROM json_each(?))";
      const scoped = tenants === null ? [] : [JSON.stringify(tenants)];
      const rows = this.database.all(
        `SELECT s.number, s.version, s.text, s.cause, sum(t.devices) AS devices,
           min(t.first_at) AS first_at, max(t.last_at) AS last_at
         FROM signature s JOIN signature_tally t ON t.signature = s.number
         WHERE s.product = ? AND t.devices > 0 ${version === undefined ? "" : "AND s.version = ?"} ${scope}
         GROUP BY s.number ORDER BY devices DESC, s.number LIMIT ?`,
        ...[product, ...(version === undefined ? [] : [version]), ...scoped],
        Math.min(Math.max(limit, 1), MOST_SIGNATURES),
      );
      return rows.map((row) => {
        const platforms = this.database.all(
          `SELECT t.platform, sum(t.devices) AS devices, min(t.example) AS example FROM signature_tally t
           WHERE t.signature = ? AND t.devices > 0 ${scope} GROUP BY t.platform ORDER BY devices DESC, t.platform`,
          ...[integer(row, "number"), ...scoped],
        );
        return readSignature(row, product, platforms);
      });
    });
  }
}

function readAttempt(row: Row): AttemptRecord {
  return {
    id: text(row, "id"),
    device: text(row, "device_id"),
    product: text(row, "product"),
    kind: word(row, "kind", KINDS),
    from: textOrNull(row, "from_version"),
    to: text(row, "to_version"),
    toDigest: text(row, "to_digest"),
    startedAt: integer(row, "started_at"),
    endedAt: integer(row, "ended_at"),
    step: word(row, "step", ATTEMPT_STEPS),
    outcome: word(row, "outcome", ATTEMPT_OUTCOMES),
    ...member("cause", wordOrNull(row, "cause", FAILURE_CAUSES)),
    ...member("code", textOrNull(row, "code")),
    ...member("message", textOrNull(row, "message")),
    ...member("log", textOrNull(row, "log")),
    ...member("request", textOrNull(row, "request")),
    reportedAt: integer(row, "reported_at"),
    signature: textOrNull(row, "signature"),
  };
}

function readSignature(row: Row, product: string, platforms: readonly Row[]): SignatureRecord {
  const [first] = platforms;
  return {
    product,
    version: text(row, "version"),
    signature: text(row, "text"),
    cause: word(row, "cause", FAILURE_CAUSES),
    example: first === undefined ? "" : text(first, "example"),
    firstAt: integer(row, "first_at"),
    lastAt: integer(row, "last_at"),
    devices: integer(row, "devices"),
    byPlatform: Object.fromEntries(platforms.map((one) => [text(one, "platform"), integer(one, "devices")])),
  };
}
