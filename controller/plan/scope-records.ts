import { canonicalJson } from "../../protocol/canonical-json.ts";
import { matchedFact } from "../../protocol/match-device.ts";
import type { GroupPolicy, TenantPolicy } from "../../protocol/policy.ts";
import type { DesiredState } from "../desired/desired-state.ts";
import type { InventoryRecord } from "../inventory/inventory-record.ts";
import { foreseeRecord } from "./foresee-record.ts";
import { underItsName } from "./renamed-records.ts";

/** Stands for "any device of the scope" where state names none. */
export const ANY_DEVICE = "any-device";

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

/** Those that state names with the change, then those that it named before and no more. */
function placesOfBoth(before: DesiredState, after: DesiredState): Place[] {
  const places: Place[] = [{ device: ANY_DEVICE }, ...placesOf(after)];
  for (const [name, policy] of before.tenants) {
    if (policy.renamedTo !== undefined || after.tenants.get(name) === policy) continue;
    const record = { device: ANY_DEVICE, tenant: name, product: "", platform: "", installed: null };
    const tenant = underItsName(after, before, record).tenant ?? name;
    const now = after.tenants.get(tenant);
    const there = new Set(
      now === undefined ? [] : placesOfTenant(tenant, now).map((place) => canonicalJson(place)),
    );
    places.push(...placesOfTenant(tenant, policy).filter((place) => !there.has(canonicalJson(place))));
  }
  return places;
}

function placesOf({ tenants }: DesiredState): Place[] {
  return [...tenants].flatMap(([tenant, policy]) =>
    policy.renamedTo === undefined ? placesOfTenant(tenant, policy) : [],
  );
}

function placesOfTenant(tenant: string, { sites, groups, devices }: TenantPolicy): Place[] {
  const places: Place[] = [{ device: ANY_DEVICE, tenant }];
  for (const site of Object.keys(sites)) places.push({ device: ANY_DEVICE, tenant, site });
  for (const { match } of groups) {
    if (match !== undefined) places.push({ device: ANY_DEVICE, tenant, labels: labelsOf(match) });
  }
  const named = new Set([...groups.flatMap(firstDevice), ...Object.keys(devices)]);
  for (const device of named) places.push({ device, tenant });
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
