import { localChoices } from "../../protocol/device.ts";
import type { InventoryRecord } from "../inventory/inventory-record.ts";
import { GONE_AFTER } from "./device-state.ts";
import type { DeviceRecord } from "./store/records.ts";

/** Whether a machine is in no denominator any more. */
export function isGone({ lastSeenAt, enrolledAt }: DeviceRecord, now: number): boolean {
  return (lastSeenAt ?? enrolledAt) <= now - GONE_AFTER;
}

/** What a machine runs, one record for each product, as a plan takes it. */
export function inventoryOf(device: DeviceRecord): InventoryRecord[] {
  const { id, platform, tenant, site, labels, facts, lastSeenAt, installations } = device;
  return installations.map(({ product, format, installed, newestConfirmed, ...installation }) => ({
    device: id,
    platform,
    product,
    format,
    installed: installed?.version ?? null,
    labels,
    ...(tenant === null ? {} : { tenant }),
    ...(site === null ? {} : { site }),
    ...(newestConfirmed === undefined ? {} : { newestConfirmed }),
    ...localChoices(installation),
    ...(lastSeenAt === null ? {} : { lastSeen: lastSeenAt }),
    ...(facts === null ? {} : { facts }),
  }));
}
