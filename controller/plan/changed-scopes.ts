import { isDeepStrictEqual } from "node:util";
import type { ChannelPolicy, ProductPolicy, TenantPolicy } from "../../protocol/policy.ts";
import type { DesiredProduct, DesiredState } from "../desired/desired-state.ts";
import type { InventoryRecord } from "../inventory/inventory-record.ts";

/** Whether a change can concern a device. Most changes concern few of a fleet, and only for those `decide` is asked. */
export type TouchedBy = (record: InventoryRecord) => boolean;

export function changedScopes(before: DesiredState, after: DesiredState): TouchedBy {
  const products = new Set<string>();
  for (const name of new Set([...before.products.keys(), ...after.products.keys()])) {
    if (!isSameProduct(before.products.get(name), after.products.get(name))) products.add(name);
  }
  const tenants = new Set<string>();
  for (const name of new Set([...before.tenants.keys(), ...after.tenants.keys()])) {
    if (!isSameTenant(before.tenants.get(name), after.tenants.get(name))) tenants.add(name);
  }
  return ({ product, tenant }) => products.has(product) || (tenant !== undefined && tenants.has(tenant));
}

function isSameProduct(a: DesiredProduct | undefined, b: DesiredProduct | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return isDeepStrictEqual([content(a.policy), a.releases], [content(b.policy), b.releases]);
}

function isSameTenant(a: TenantPolicy | undefined, b: TenantPolicy | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return isDeepStrictEqual(a, b);
}

/** A product's policy without the commit id and the time of a halt, which differ at each commit. */
function content(policy: ProductPolicy): ProductPolicy {
  const channels = Object.entries(policy.channels).map(([name, channel]): [string, ChannelPolicy] => [
    name,
    channel.halted === undefined ? channel : { ...channel, halted: { ...channel.halted, at: 0 } },
  ]);
  return { ...policy, commit: "", channels: Object.fromEntries(channels) };
}
