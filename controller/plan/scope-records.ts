import { canonicalJson } from "../../protocol/canonical-json.ts";
import { matchedFact } from "../../protocol/match-device.ts";
import type { GroupPolicy } from "../../protocol/policy.ts";
import type { DesiredState } from "../desired/desired-state.ts";
import type { InventoryRecord } from "../inventory/inventory-record.ts";
import { foreseeRecord } from "./foresee-record.ts";
import { underItsName } from "./renamed-records.ts";

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
  const places = placesOfBoth(before, after);
  for (const product of new Set([...after.products.keys(), ...before.products.keys()])) {
    const releases = [before, after].flatMap((state) => state.products.get(product)?.releases ?? []);
    const platforms = new Set(releases.flatMap(({ artifacts }) => artifacts.map((a) => a.platform)));
    for (const platform of [...platforms].sort()) {
      for (const place of places) {
        const fresh = { ...place, product, platform, installed: null };
        const installed = foreseeRecord(before, underItsName(before, after, fresh), now)?.finally ?? null;
        records.push({ ...fresh, installed });
      }
    }
  }
  return records;
}

/** Those that state names with the change, then those that it named before, and no more. */
function placesOfBoth(before: DesiredState, after: DesiredState): Place[] {
  const places = new Map<string, Place>();
  const add = (place: Place): void => {
    const key = canonicalJson(place);
    if (!places.has(key)) places.set(key, place);
  };
  for (const place of placesOf(after)) add(place);
  for (const place of placesOf(before)) {
    const { tenant } = place;
    const record = { ...place, product: "", platform: "", installed: null };
    const named = tenant === undefined ? undefined : underItsName(after, before, record).tenant;
    if (named === undefined || named === tenant) add(place);
    // Under a name that still answers it is the same place.
    else add({ ...place, tenant: named });
  }
  return [...places.values()];
}

function placesOf(state: DesiredState): Place[] {
  const places: Place[] = [{ device: ANY_DEVICE }];
  for (const [tenant, { sites, groups, devices, renamedTo }] of state.tenants) {
    if (renamedTo !== undefined) continue;
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
