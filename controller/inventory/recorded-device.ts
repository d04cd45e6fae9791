import { type Device, type LocalState, localChoices } from "../../protocol/device.ts";
import type { InventoryRecord } from "./inventory-record.ts";

/** The device of a record, as `decide` takes it. */
export function deviceOf({ device, platform, tenant, site, labels, facts }: InventoryRecord): Device {
  return {
    id: device,
    platform,
    ...(tenant === undefined ? {} : { tenant }),
    ...(site === undefined ? {} : { site }),
    ...(labels === undefined ? {} : { labels }),
    ...(facts === undefined ? {} : { facts }),
  };
}

/** What the device of a record remembers and what was chosen on it. */
export function localOf(record: InventoryRecord): LocalState {
  const { newestConfirmed, lastSeen } = record;
  return {
    ...(newestConfirmed === undefined ? {} : { newestConfirmed }),
    ...localChoices(record),
    ...(lastSeen === undefined ? {} : { lastCheckAt: lastSeen }),
  };
}
