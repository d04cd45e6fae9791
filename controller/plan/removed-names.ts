import { groupsOf } from "../../protocol/scope.ts";
import type { DesiredState } from "../desired/desired-state.ts";
import type { InventoryRecord } from "../inventory/inventory-record.ts";
import { deviceOf } from "../inventory/recorded-device.ts";
import type { Stranded } from "./plan.ts";
import { underItsName } from "./renamed-records.ts";

/** What is told of a removed name, before devices are counted. */
export type RemovedName = Pick<Stranded, "what" | "name">;

/** What a device names, by itself or through a group, and the change takes away. */
export function removedNames(
  before: DesiredState,
  after: DesiredState,
  record: InventoryRecord,
): readonly RemovedName[] {
  const { product, tenant, site } = record;
  if (before.products.has(product) && !after.products.has(product)) {
    return [{ what: "product", name: product }];
  }
  if (tenant === undefined) return [];
  const was = before.tenants.get(underItsName(before, after, record).tenant ?? tenant);
  const is = after.tenants.get(underItsName(after, before, record).tenant ?? tenant);
  if (was === undefined) return [];
  // The machine asks by the name that it has: that the tenant is there under another one helps it nothing.
  if (is === undefined || (before.tenants.has(tenant) && !after.tenants.has(tenant))) {
    return [{ what: "tenant", name: tenant }];
  }
  const names: RemovedName[] = [];
  if (site !== undefined && Object.hasOwn(was.sites, site) && !Object.hasOwn(is.sites, site)) {
    names.push({ what: "site", name: `${is.tenant}/${site}` });
  }
  const groups = new Set(is.groups.map(({ name }) => name));
  if (was.groups.every(({ name }) => groups.has(name))) return names;
  for (const { name } of groupsOf(was, deviceOf(record))) {
    if (!groups.has(name)) names.push({ what: "group", name: `${is.tenant}/${name}` });
  }
  return names;
}
