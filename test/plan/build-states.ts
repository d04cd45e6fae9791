import type { DesiredState } from "../../controller/desired/desired-state.ts";
import type { InventoryRecord } from "../../controller/inventory/inventory-record.ts";
import type { ProductPolicy, TenantPolicy } from "../../protocol/policy.ts";
import type { Releases } from "../../protocol/release.ts";
import { product, RELEASES, tenant } from "../protocol/build-policies.ts";

/** A state with the product `agent` and the tenant `acme`. */
export function state(
  productRest: Partial<ProductPolicy> = {},
  tenantRest: Partial<TenantPolicy> = {},
  releases: Releases = RELEASES,
): DesiredState {
  return {
    commit: "a".repeat(40),
    products: new Map([["agent", { policy: product(productRest), releases }]]),
    tenants: new Map([["acme", tenant(tenantRest)]]),
  };
}

/** `count` devices of acme in Berlin. */
export function devices(count: number, rest: Partial<InventoryRecord> = {}, prefix = "d"): InventoryRecord[] {
  return Array.from({ length: count }, (_, i) => ({
    device: `${prefix}-${i}`,
    platform: "linux-x64",
    tenant: "acme",
    site: "berlin",
    product: "agent",
    installed: "1.3.0",
    ...rest,
  }));
}
