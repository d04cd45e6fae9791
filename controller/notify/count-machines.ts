import type { DeviceStore, TenantScope, VersionCount } from "../fleet/store/fleet-store.ts";
import { strandedBelowMinimum } from "../http/fleet-api/stranded-devices.ts";
import type { ServedManifest } from "../http/manifest/served-manifest.ts";
import type { MachineCounts } from "./situation.ts";

/**
 * How many machines there are, are silent, and are below a minimum version without a way on. Costs the store one look at
 * every machine, and one for each product.
 *
 * @param now seconds since 1970
 * @throws StoreError, FleetError
 */
export async function countMachines(
  devices: Pick<DeviceStore, "count" | "versions">,
  serving: ServedManifest | undefined,
  tenants: TenantScope,
  now: number,
): Promise<MachineCounts> {
  const { gone: _, ...present } = await devices.count({ tenants }, now);
  const all = Object.values(present).reduce((sum, count) => sum + count, 0);
  if (serving === undefined) return { all, silent: present.silent, stranded: [] };
  const { manifest } = serving;
  const counts = new Map<string, readonly VersionCount[]>();
  for (const product of manifest.products.keys()) {
    counts.set(product, await devices.versions(product, tenants, now));
  }
  return { all, silent: present.silent, stranded: strandedBelowMinimum(manifest, counts, now) };
}
