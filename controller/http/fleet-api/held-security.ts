import { own } from "../../../protocol/scope.ts";
import { compareVersions, isVersion, type VersionScheme } from "../../../protocol/version.ts";
import type { OfferedSecurity, StandingLines, StandingStop } from "../../desired/standing-lines.ts";
import type { DeviceFilter, DeviceStore, FleetSummary, TenantScope } from "../../fleet/store/fleet-store.ts";
import { holdsBack } from "../../overview/holds-back.ts";
import type { HeldSecurity } from "../../overview/overview-input.ts";
import type { ServedManifest } from "../manifest/served-manifest.ts";
import { mayKnow } from "../sign-in.ts";
import { allNames } from "../tenant-names.ts";
import { groupsOf } from "./asked-devices.ts";

/** A channel that offers a security release, and what its machines run that lack it. */
interface MissedSecurity extends OfferedSecurity {
  /** How versions of the product are compared. */
  readonly scheme: VersionScheme;
  /** Since when the channel points to what it does, seconds since 1970. */
  readonly since: number;
  readonly below: readonly string[];
}

/**
 * How many machines lack a security release that their channel offers while something holds them back, by what does: those
 * of its scope that run less. Nothing is asked of the database while every machine has it.
 *
 * @param now seconds since 1970
 * @throws StoreError
 */
export async function heldSecurity(
  devices: DeviceStore,
  serving: ServedManifest | undefined,
  { security, stops }: Pick<StandingLines, "security" | "stops">,
  { versions }: Pick<FleetSummary, "versions">,
  tenants: TenantScope,
  now: number,
): Promise<readonly HeldSecurity[]> {
  if (serving === undefined || stops.length === 0) return [];
  const asked = missedSecurity(serving, security, versions).flatMap((missed) =>
    stops.flatMap((stop) => {
      if (!holdsBack(stop, missed, missed.scheme, missed.since, now)) return [];
      return filtersOf(serving, tenants, stop, missed).map((filter) => ({ stop, missed, filter }));
    }),
  );
  const found = await Promise.all(
    asked.map(async ({ stop, missed, filter }) => {
      const { gone: _, ...states } = await devices.count(filter, now);
      const held = Object.values(states).reduce((sum, count) => sum + count, 0);
      const { product, channel, version, since } = missed;
      return { product, channel, version, since, stop, devices: held };
    }),
  );
  return found.filter((held) => held.devices > 0);
}

function missedSecurity(
  { manifest }: ServedManifest,
  security: StandingLines["security"],
  versions: FleetSummary["versions"],
): readonly MissedSecurity[] {
  return security.flatMap(({ product, channel, version }): MissedSecurity[] => {
    const policy = manifest.products.get(product)?.policy;
    const current = own(policy?.channels, channel)?.current;
    if (policy === undefined || current === undefined) return [];
    const { versionScheme: scheme } = policy;
    const below = versions.flatMap((row) =>
      row.product === product &&
      // Of who is paused, no channel was looked at.
      (row.channel === channel || row.channel === null) &&
      row.version !== null &&
      isVersion(scheme, row.version) &&
      compareVersions(scheme, row.version, version) < 0
        ? [row.version]
        : [],
    );
    return below.length === 0
      ? []
      : [{ product, channel, version, scheme, since: current.at, below: [...new Set(below)] }];
  });
}

/** The machines that are meant, as far as the asker may know of them. */
function filtersOf(
  serving: ServedManifest,
  tenants: TenantScope,
  stop: StandingStop,
  { product, channel, below }: MissedSecurity,
): readonly DeviceFilter[] {
  const { kind, tenant, site, group, device } = stop;
  // A pause comes before the choice of a channel: which one the machines follow is told by policy alone, and of a channel's
  // own pause nobody knows whom it concerns.
  const isPaused = kind === "pause";
  if (isPaused && (stop.channel !== undefined || followedBy(serving, stop, product) !== channel)) return [];
  const running = { tenants, product, version: below, ...(isPaused ? {} : { channel }) };
  if (tenant === undefined) return [running];
  if (!mayKnow({ tenants }, tenant)) return [];
  const of = { ...running, tenant: allNames(serving, [tenant]) };
  if (device !== undefined) return [{ ...of, ids: [device] }];
  if (site !== undefined) return [{ ...of, site }];
  if (group === undefined) return [of];
  const found = groupsOf(serving, { tenants }, tenant).find(({ name }) => name === group);
  return found === undefined ? [] : [{ ...of, groups: found.members }];
}

/** The channel that policy says for a scope; nearer scopes may say another. */
function followedBy(
  { manifest }: ServedManifest,
  { tenant = "", site, group, device }: StandingStop,
  product: string,
): string | undefined {
  const policy = manifest.tenants.get(tenant);
  const place =
    own(policy?.sites, site ?? "") ??
    own(policy?.devices, device ?? "") ??
    policy?.groups.find(({ name }) => name === group);
  const said = [place, policy].flatMap(
    (scope) => own(scope?.products, product)?.channel ?? scope?.channel ?? [],
  );
  return said[0] ?? manifest.products.get(product)?.policy.fleet.defaultChannel;
}
