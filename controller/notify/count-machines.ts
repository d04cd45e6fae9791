import type { SummaryStore, TenantScope } from "../fleet/store/fleet-store.ts";
import { lookAtFleet } from "../http/fleet-api/look-at-fleet.ts";
import type { ServedManifest } from "../http/manifest/served-manifest.ts";
import { underAllNames } from "../http/tenant-names.ts";
import type { MachineCounts } from "./situation.ts";

/**
 * What receivers are told of machines, by the same look as the page's.
 *
 * @param now seconds since 1970
 * @throws StoreError, FleetError
 */
export async function countMachines(
  summary: SummaryStore,
  serving: ServedManifest | undefined,
  tenants: TenantScope,
  now: number,
): Promise<MachineCounts> {
  const { fleet, stranded } = await lookAtFleet(summary, serving, [], underAllNames(serving, tenants), now);
  const { gone: _, ...present } = fleet.states;
  const all = Object.values(present).reduce((sum, count) => sum + count, 0);
  const { disappeared, silent: silentPlaces } = fleet;
  return { all, silent: present.silent, silentPlaces, disappeared, stranded };
}
