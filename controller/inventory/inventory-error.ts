import { DomainError, type ErrorTable } from "../../protocol/domain-error.ts";

export const INVENTORY_ERRORS = {
  "inventory/bad-record": {
    cause: "a record of the inventory cannot be used; the message names its line",
    remedy: "correct the record; `schemas/inventory.schema.json` says which fields there are",
  },
  "inventory/no-such-device": {
    cause: "the inventory has no record of the device, or one for each of several products",
    remedy: "check the id of the device, and name the product with `--product`",
  },
  "inventory/not-found": {
    cause: "there is no file at the path of the inventory",
    remedy: "check the path",
  },
  "inventory/too-large": {
    cause: "the inventory has too many bytes, too many records or too long a line",
    remedy: "write it as NDJSON, which is read in pieces, or split it",
  },
  "inventory/unknown-format": {
    cause: "the name of the file ends neither in `.json`, `.ndjson` nor `.csv`",
    remedy: "give the file the extension of its format",
  },
} as const satisfies ErrorTable;
export type InventoryErrorCode = keyof typeof INVENTORY_ERRORS;

/** An inventory cannot be used. */
export class InventoryError extends DomainError<InventoryErrorCode> {}
