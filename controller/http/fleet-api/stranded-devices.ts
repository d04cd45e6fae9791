import type { ProductPolicy } from "../../../protocol/policy.ts";
import { compareVersions } from "../../../protocol/version.ts";
import type { VersionCount } from "../../fleet/store/fleet-store.ts";
import type { ManifestView } from "../manifest/served-manifest.ts";
import { type SignedWay, signedWays } from "./signed-ways.ts";

/**
 * Machines below a minimum version with no way on: they are refused until a person acts.
 *
 * @param counts by product
 * @param now    seconds since 1970
 */
export function strandedBelowMinimum(
  manifest: Pick<ManifestView, "products">,
  counts: ReadonlyMap<string, readonly VersionCount[]>,
  now: number,
): SignedWay[] {
  const below = new Map<string, readonly VersionCount[]>();
  for (const [product, rows] of counts) {
    const policy = manifest.products.get(product)?.policy;
    if (policy === undefined) continue;
    // Most machines are not, and for those nothing is decided.
    const found = rows.filter((row) => isBelowMinimum(policy, row));
    if (found.length > 0) below.set(product, found);
  }
  return signedWays(manifest, below, now).filter(({ standing }) => standing === "stranded");
}

function isBelowMinimum(policy: ProductPolicy, { version, channel }: VersionCount): boolean {
  const { channels, fleet } = policy;
  const name = channel ?? fleet.defaultChannel;
  const applied = Object.hasOwn(channels, name) ? channels[name] : undefined;
  const minimums = [fleet.minVersion, policy.minVersion, applied?.minVersion];
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
