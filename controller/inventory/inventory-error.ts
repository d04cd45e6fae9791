import { DomainError } from "../../protocol/domain-error.ts";

/** `bad-record` names the line; `too-large` is a limit on bytes, line length or count. */
export type InventoryErrorCode = "inventory-not-found" | "unknown-format" | "bad-record" | "too-large";

/** Why an inventory cannot be used. */
export class InventoryError extends DomainError<InventoryErrorCode> {}
