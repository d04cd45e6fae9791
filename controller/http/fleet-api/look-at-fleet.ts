import type { PromotionKey } from "../../desired/overlay.ts";
import type { FleetSummary, SummaryStore, TenantScope, VersionCount } from "../../fleet/store/fleet-store.ts";
import { isBelow, minimumFor } from "../../overview/below-minimum.ts";
import type { ServedManifest } from "../manifest/served-manifest.ts";
import { type SignedWay, signedWays } from "./signed-ways.ts";

/** Seconds between two looks of an agent where policy says nothing. */
const CHECK_INTERVAL = 300;
/** Looks that may be missed before silence means something, and seconds that it takes at least. */
const MISSED_LOOKS = 3;
const QUIET_AFTER = 900;

/** The fleet as a whole, and which of its versions are below a minimum with no way on. */
export interface FleetLook {
  readonly fleet: FleetSummary;
  readonly stranded: readonly SignedWay[];
}

/**
 * Looks at the fleet, as the page, notifications and metrics do, so that they agree.
 *
 * @param promotions of which it is to be told how they went; each costs
 * @param now        seconds since 1970
 * @throws StoreError, FleetError
 */
export async function lookAtFleet(
  summary: SummaryStore,
  serving: ServedManifest | undefined,
  promotions: readonly (PromotionKey & { readonly at: number })[],
  tenants: TenantScope,
  now: number,
): Promise<FleetLook> {
  const interval = checkIntervalOf(serving);
  const fleet = await summary.look({
    ...{ tenants, promotions, now },
    quietAfter: Math.max(QUIET_AFTER, MISSED_LOOKS * interval),
    // Machines check in spread over an interval: who disappears with others was last heard of within one.
    together: interval,
  });
  return { fleet, stranded: strandedBelow(serving, fleet.versions, now) };
}

/** Seconds between two looks of agents: what is said of the fleet holds for all products. */
function checkIntervalOf(serving: ServedManifest | undefined): number {
  const [first] = serving?.manifest.products.values() ?? [];
  const interval = first?.policy.fleet.checkInterval;
  return interval === undefined || interval === 0 ? CHECK_INTERVAL : interval;
}

/** Only of what is below a minimum: from all else `/api/v1/paths` tells. */
function strandedBelow(
  serving: ServedManifest | undefined,
  versions: FleetSummary["versions"],
  now: number,
): SignedWay[] {
  if (serving === undefined) return [];
  const below = new Map<string, VersionCount[]>();
  for (const row of versions) {
    const policy = serving.manifest.products.get(row.product)?.policy;
    const minimum = policy === undefined ? undefined : minimumFor(policy, row.channel);
    if (policy === undefined || minimum === undefined || row.version === null) continue;
    if (!isBelow(policy.versionScheme, row.version, minimum)) continue;
    below.set(row.product, [...(below.get(row.product) ?? []), row]);
  }
  return signedWays(serving.manifest, below, now).filter(({ standing }) => standing === "stranded");
}
