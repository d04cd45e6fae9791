import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import type { LocalChoices } from "../../protocol/device.ts";
import type { Facts } from "../../protocol/requirements.ts";
import inventorySchema from "../../schemas/inventory.schema.json" with { type: "json" };
import { InventoryError } from "./inventory-error.ts";

/** One product on one device, as `schemas/inventory.schema.json` has it. */
export interface InventoryRecord extends LocalChoices {
  readonly device: string;
  readonly platform: string;
  readonly tenant?: string;
  readonly site?: string;
  readonly product: string;
  /** `null`: the product is not installed. */
  readonly installed: string | null;
  /** How it is installed there; absent: nobody knows, and artifacts of all formats count. */
  readonly format?: string;
  /** The newest version that it ever confirmed; absent: none is newer than what is installed. */
  readonly newestConfirmed?: string;
  /** Seconds since 1970. */
  readonly lastSeen?: number;
  /** How the last update to the installed version went. */
  readonly outcome?: "confirmed" | "failed";
  readonly labels?: Readonly<Record<string, string>>;
  /** Absent: nothing is known of the machine. */
  readonly facts?: Facts;
}

/** A record as it stands in a file. */
interface WrittenRecord extends Omit<InventoryRecord, "installed" | "lastSeen"> {
  readonly installed?: string | null;
  readonly lastSeen?: string;
}

export const RECORD_FIELDS: readonly string[] = Object.keys(inventorySchema.$defs.record.properties);

/** The names of the facts of a record. */
export const FACT_FIELDS: readonly string[] = Object.keys(
  inventorySchema.$defs.record.properties.facts.properties,
);

let validator: ValidateFunction<WrittenRecord> | undefined;

/**
 * @param place the file and line, for the message
 * @throws InventoryError `inventory/bad-record`
 */
export function readRecord(value: unknown, place: string): InventoryRecord {
  validator ??= new Ajv({ strict: true, allowUnionTypes: true }).compile<WrittenRecord>(
    inventorySchema.$defs.record,
  );
  if (!validator(value)) throw badRecord(place, describeError(validator.errors?.[0]));
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
