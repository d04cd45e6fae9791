import type { LocalChoices } from "../../protocol/device.ts";
import type { Facts } from "../../protocol/requirements.ts";

/** One product on one device as it stands in a file, by `schemas/inventory.schema.json`. */
export interface WrittenRecord extends LocalChoices {
  readonly device: string;
  readonly platform: string;
  readonly tenant?: string;
  readonly site?: string;
  readonly product: string;
  /** `null` or absent: the product is not installed. */
  readonly installed?: string | null;
  /** How it is installed there; absent: nobody knows, and artifacts of all formats count. */
  readonly format?: string;
  /** The newest version that it ever confirmed; absent: none is newer than what is installed. */
  readonly newestConfirmed?: string;
  /** RFC 3339. */
  readonly lastSeen?: string;
  /** How the last update to the installed version went. */
  readonly outcome?: "confirmed" | "failed";
  readonly labels?: Readonly<Record<string, string>>;
  /** Absent: nothing is known of the machine. */
  readonly facts?: Facts;
}
