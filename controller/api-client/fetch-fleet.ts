import type { Overlay } from "../desired/overlay.ts";
import { InventoryError } from "../inventory/inventory-error.ts";
import { type InventoryRecord, readRecord } from "../inventory/inventory-record.ts";
import type { ApiClient } from "./api-client.ts";

/** As many as a file may hold. */
const MOST_RECORDS = 1_000_000;
const PATH = "/api/v1/inventory";

/**
 * What the machines of a running controller run, in the form of an inventory.
 *
 * @param device absent: all
 * @throws ApiError, InventoryError
 */
export async function fetchInventory(client: ApiClient, device?: string): Promise<InventoryRecord[]> {
  const records: InventoryRecord[] = [];
  for await (const row of client.rows<unknown>(PATH, "records", { device })) {
    records.push(readRecord(row, `${client.address}, record ${records.length + 1}`));
    if (records.length > MOST_RECORDS) {
      throw new InventoryError(
        "inventory/too-large",
        `${client.address} has more than ${MOST_RECORDS} records`,
      );
    }
  }
  return records;
}

/** What a running controller has added to policy by itself. @throws ApiError */
export async function fetchOverlays(client: ApiClient): Promise<readonly Overlay[]> {
  const { overlays } = await client.get("/api/v1/overlays", {}, isOverlays);
  return overlays;
}

function isOverlays(value: object): value is { readonly overlays: readonly Overlay[] } {
  return "overlays" in value && Array.isArray(value.overlays) && value.overlays.every(isOverlay);
}

function isOverlay(value: unknown): value is Overlay {
  if (typeof value !== "object" || value === null || !("kind" in value)) return false;
  const of: Readonly<Record<string, unknown>> = { ...value };
  const isNamed = ["product", "channel", "version", "commit"].every((key) => typeof of[key] === "string");
  if (!isNamed || !Number.isSafeInteger(of.at)) return false;
  return of.kind === "halt"
    ? typeof of.reason === "string"
    : of.kind === "opened" && Number.isSafeInteger(of.waves);
}
