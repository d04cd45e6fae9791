import {
  REQUEST_KINDS,
  REQUEST_RESULTS,
  type RequestResult,
} from "../../../../protocol/check-in/device-request.ts";
import type { RequestRecord } from "../records.ts";
import { integer, integerOrNull, member, type Row, text, textOrNull, word, wordOrNull } from "./columns.ts";
import type { Database } from "./database.ts";

/** Requests that go with one answer; the others follow when these are handled. */
const MOST_REQUESTS = 16;

const RESULTS: readonly (RequestResult | "cancelled" | "expired")[] = [
  ...REQUEST_RESULTS,
  "cancelled",
  "expired",
];

/** A row of `request` with the device's `device_id`. */
export function readRequest(row: Row): RequestRecord {
  return {
    id: text(row, "id"),
    device: text(row, "device_id"),
    kind: word(row, "kind", REQUEST_KINDS),
    ...member("product", textOrNull(row, "product")),
    askedBy: text(row, "asked_by"),
    askedAt: integer(row, "asked_at"),
    expiresAt: integer(row, "expires_at"),
    deliveries: integer(row, "deliveries"),
    deliveredAt: integerOrNull(row, "delivered_at"),
    endedAt: integerOrNull(row, "ended_at"),
    result: wordOrNull(row, "result", RESULTS),
    text: textOrNull(row, "text"),
  };
}

/** The requests that wait for a device, oldest first; they count as delivered. Those that ran out end. */
export function deliverRequests(
  database: Database,
  device: number,
  id: string,
  now: number,
): RequestRecord[] {
  const waiting = database.all(
    `SELECT *, ? AS device_id FROM request WHERE device = ? AND ended_at IS NULL ORDER BY number`,
    ...[id, device],
  );
  const delivered: RequestRecord[] = [];
  for (const row of waiting) {
    const number = integer(row, "number");
    const expiresAt = integer(row, "expires_at");
    if (expiresAt <= now) {
      database.run("UPDATE request SET result = 'expired', ended_at = expires_at WHERE number = ?", number);
    } else if (delivered.length < MOST_REQUESTS) {
      const changed = database.first(
        `UPDATE request SET deliveries = deliveries + 1, delivered_at = ifnull(delivered_at, ?) WHERE number = ?
         RETURNING *, ? AS device_id`,
        ...[now, number, id],
      );
      if (changed !== undefined) delivered.push(readRequest(changed));
    }
  }
  return delivered;
}
