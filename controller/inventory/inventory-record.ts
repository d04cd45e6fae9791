import type { ErrorObject } from "ajv";
import inventorySchema from "../../schemas/inventory.schema.json" with { type: "json" };
import { InventoryError } from "./inventory-error.ts";
import { record as checkRecord } from "./record-check.generated.js";
import type { WrittenRecord } from "./written-record.ts";

/** One product on one device. */
export interface InventoryRecord extends Omit<WrittenRecord, "installed" | "lastSeen"> {
  /** `null`: the product is not installed. */
  readonly installed: string | null;
  /** Seconds since 1970. */
  readonly lastSeen?: number;
}

export const RECORD_FIELDS: readonly string[] = Object.keys(inventorySchema.$defs.record.properties);

/** The names of the facts of a record. */
export const FACT_FIELDS: readonly string[] = Object.keys(
  inventorySchema.$defs.record.properties.facts.properties,
);

/**
 * @param place the file and line, for the message
 * @throws InventoryError `inventory/bad-record`
 */
export function readRecord(value: unknown, place: string): InventoryRecord {
  if (!checkRecord(value)) throw badRecord(place, describeError(checkRecord.errors?.[0]));
  const { lastSeen, installed = null, ...rest } = value;
  const record = { ...rest, installed };
  if (lastSeen === undefined) return record;
  const seen = Math.floor(Date.parse(lastSeen) / 1000);
  if (!Number.isSafeInteger(seen)) throw badRecord(place, `\`lastSeen\` is no time: \`${lastSeen}\``);
  return { ...record, lastSeen: seen };
}

export function badRecord(place: string, what: string): InventoryError {
  return new InventoryError("inventory/bad-record", `${place}: ${what}`, {
    help: `a record has the fields ${RECORD_FIELDS.join(", ")}; see schemas/inventory.schema.json`,
  });
}

function describeError(error: ErrorObject | undefined): string {
  const field = error?.instancePath.slice(1).replaceAll("/", ".") ?? "";
  switch (error?.keyword) {
    case "required":
      return `\`${error.params.missingProperty}\` is missing`;
    case "additionalProperties":
      return `\`${error.params.additionalProperty}\` is not a field of ${field === "" ? "a record" : field}`;
    case "type":
      return field === "" ? "expected an object" : `\`${field}\` has the wrong type`;
    default:
      return `\`${field}\` is not written as it should be`;
  }
}
