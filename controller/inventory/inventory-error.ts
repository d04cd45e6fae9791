import { DomainError, type ErrorTable } from "../../protocol/domain-error.ts";

export const INVENTORY_ERRORS = {
  "inventory/bad-record": {
    cause: "A record of the inventory cannot be used; the message names its line.",
    remedy: "Correct the record; `schemas/inventory.schema.json` says which fields there are.",
  },
  "inventory/not-found": {
    cause: "There is no file at the path of the inventory.",
    remedy: "Check the path.",
  },
  "inventory/too-large": {
    cause: "The inventory has too many bytes, too many records or too long a line.",
    remedy: "Write it as NDJSON, which is read in pieces, or split it.",
  },
  "inventory/unknown-format": {
    cause: "The name of the file ends neither in `.json`, `.ndjson` nor `.csv`.",
    remedy: "Give the file the extension of its format.",
  },
} as const satisfies ErrorTable;
export type InventoryErrorCode = keyof typeof INVENTORY_ERRORS;

/** An inventory cannot be used. */
export class InventoryError extends DomainError<InventoryErrorCode> {}
