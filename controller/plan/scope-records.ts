import { matchedFact } from "../../protocol/match-device.ts";
import type { GroupPolicy } from "../../protocol/policy.ts";
import type { DesiredState } from "../desired/desired-state.ts";
import type { InventoryRecord } from "../inventory/inventory-record.ts";
import { foreseeRecord } from "./foresee-record.ts";

/** Stands for "any device of the scope" where state names none. */
const ANY_DEVICE = "any-device";

type Place = Pick<InventoryRecord, "device" | "tenant" | "site" | "labels">;

/**
 * An inventory for those who have none: every scope that state names, once for each platform of each product, running
 * what `before` leads it to. It says which scopes a change moves, not how many machines.
 *
 * @param now seconds since 1970
 */
export function scopeRecords(before: DesiredState, after: DesiredState, now: number): InventoryRecord[] {
  const records: InventoryRecord[] = [];
  for (const [product, { releases }] of after.products) {
    const known = before.products.get(product)?.releases ?? [];
    const platforms = new Set(
      [...releases, ...known].flatMap(({ artifacts }) => artifacts.map((a) => a.platform)),
    );
    for (const platform of [...platforms].sort()) {
      for (const place of placesOf(after)) {
        const fresh = { ...place, product, platform, installed: null };
        const installed = foreseeRecord(before, fresh, now)?.finally ?? null;
        records.push({ ...fresh, installed });
      }
    }
  }
  return records;
}

function placesOf(state: DesiredState): Place[] {
  const places: Place[] = [{ device: ANY_DEVICE }];
  for (const [tenant, { sites, groups, devices }] of state.tenants) {
    places.push({ device: ANY_DEVICE, tenant });
    for (const site of Object.keys(sites)) places.push({ device: ANY_DEVICE, tenant, site });
    for (const { match } of groups) {
      if (match !== undefined) places.push({ device: ANY_DEVICE, tenant, labels: labelsOf(match) });
    }
    const named = new Set([...groups.flatMap(firstDevice), ...Object.keys(devices)]);
    for (const device of named) places.push({ device, tenant });
  }
  return places;
}

/** The labels of a device that a group selects, as far as it selects by labels. */
function labelsOf(match: NonNullable<GroupPolicy["match"]>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(match).flatMap(([key, [value]]) =>
      matchedFact(key) === undefined && value !== undefined ? [[key, value]] : [],
    ),
  );
}

function firstDevice({ devices }: GroupPolicy): string[] {
  return devices.slice(0, 1);
}
