import type { DesiredState } from "../desired/desired-state.ts";
import type { InventoryRecord } from "../inventory/inventory-record.ts";

/**
 * A record by the name that its tenant has in a state. An inventory may say the name of before a change or the one of
 * after it, or one that the tenant had long ago.
 *
 * @param other the other side of the change, which may know the tenant by another name
 */
export function underItsName(
  state: DesiredState,
  other: DesiredState,
  record: InventoryRecord,
): InventoryRecord {
  const { tenant } = record;
  if (tenant === undefined) return record;
  const here = state.tenants.get(tenant);
  const name = here === undefined ? nameElsewhere(state, other, tenant) : (here.renamedTo ?? tenant);
  return name === undefined || name === tenant ? record : { ...record, tenant: name };
}

function nameElsewhere(state: DesiredState, other: DesiredState, tenant: string): string | undefined {
  const there = other.tenants.get(tenant);
  const present = there?.renamedTo ?? tenant;
  const names = [present, ...(other.tenants.get(present)?.formerly ?? [])];
  const known = names.find((name) => state.tenants.has(name));
  return known === undefined ? undefined : (state.tenants.get(known)?.renamedTo ?? known);
}
