import type { ProductPolicy } from "../../protocol/policy.ts";
import { compareVersions } from "../../protocol/version.ts";
import type { DeviceStore, TenantScope, VersionCount } from "../fleet/store/fleet-store.ts";
import { signedWays } from "../http/fleet-api/signed-ways.ts";
import type { ServedManifest } from "../http/manifest/served-manifest.ts";
import type { MachineCounts, StrandedMachines } from "./situation.ts";

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
  const counts = new Map<string, readonly VersionCount[]>();
  for (const [product, { policy }] of serving?.manifest.products ?? []) {
    const rows = await devices.versions(product, tenants, now);
    const below = rows.filter((row) => isBelowMinimum(policy, row));
    if (below.length > 0) counts.set(product, below);
  }
  return {
    all,
    silent: present.silent,
    stranded: serving === undefined ? [] : strandedOf(serving, counts, now),
  };
}

function strandedOf(
  { manifest }: ServedManifest,
  counts: ReadonlyMap<string, readonly VersionCount[]>,
  now: number,
): StrandedMachines[] {
  return signedWays(manifest, counts, now)
    .filter(({ standing }) => standing === "stranded")
    .map(({ product, version, platform, devices, text }) => ({ product, version, platform, devices, text }));
}

function isBelowMinimum(policy: ProductPolicy, { version, channel }: VersionCount): boolean {
  const applied = policy.channels[channel ?? policy.fleet.defaultChannel];
  const minimums = [policy.fleet.minVersion, policy.minVersion, applied?.minVersion];
  return version !== null && minimums.some((minimum) => isBelow(policy, version, minimum));
}

/** What a machine says that it runs may be no version at all. */
function isBelow({ versionScheme }: ProductPolicy, version: string, minimum: string | undefined): boolean {
  if (minimum === undefined) return false;
  try {
    return compareVersions(versionScheme, version, minimum) < 0;
  } catch {
    return false;
  }
}
