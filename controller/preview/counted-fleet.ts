import type { InventoryRecord } from "../inventory/inventory-record.ts";

/** What the fleet runs, and when that was asked. */
export interface CountedFleet {
  /** `undefined`: nobody is enrolled; plans are then of the scopes that state names. */
  readonly records: readonly InventoryRecord[] | undefined;
  /** Seconds since 1970. */
  readonly at: number;
}

/** How plans call the machines that the controller itself knows. */
export const FLEET_NAME = "the machines that report here";

/** Seconds for which the fleet is not counted again, for what is read and for what is about to be written. */
export const MAX_AGE = { reading: 60, writing: 10 } as const;
