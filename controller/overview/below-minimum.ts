import type { ProductPolicy } from "../../protocol/policy.ts";
import { compareVersions, isVersion, type VersionScheme } from "../../protocol/version.ts";
import type { OverviewInput, StrandedVersion } from "./overview-input.ts";

/** Machines below a minimum version. */
export interface BelowMinimum {
  readonly product: string;
  readonly minimum: string;
  readonly devices: number;
  /** What they run, lowest first. */
  readonly versions: readonly string[];
  /** Those of them from which no way leads on. */
  readonly stranded: readonly StrandedVersion[];
  /** Nothing else has the same minimum, so that whoever is below it is one of these. */
  readonly isOnly: boolean;
}

/** By product and minimum; a machine is below the highest that holds for it. */
export function belowMinimum({ serving, fleet, stranded }: OverviewInput): BelowMinimum[] {
  const found = new Map<
    string,
    { product: string; minimum: string; devices: number; versions: Set<string> }
  >();
  const minimums = new Map<string, ReadonlySet<string>>();
  for (const { product, channel, version, devices } of fleet.versions) {
    const policy = serving?.products.get(product)?.policy;
    if (policy === undefined || version === null) continue;
    const minimum = minimumFor(policy, channel);
    if (minimum === undefined) continue;
    minimums.set(minimum, new Set(minimums.get(minimum)).add(product));
    if (!isBelow(policy.versionScheme, version, minimum)) continue;
    const key = `${product} ${minimum}`;
    const known = found.get(key) ?? { product, minimum, devices: 0, versions: new Set<string>() };
    found.set(key, known);
    known.devices += devices;
    known.versions.add(version);
  }
  return [...found.values()].map(({ product, minimum, devices, versions }) => ({
    ...{ product, minimum, devices },
    versions: [...versions].sort((a, b) => orderIn(serving?.products.get(product)?.policy, a, b)),
    stranded: stranded.filter((one) => one.product === product && versions.has(one.version)),
    isOnly: (minimums.get(minimum)?.size ?? 0) <= 1,
  }));
}

/** The highest of what the fleet, the product and the channel demand. */
export function minimumFor(policy: ProductPolicy, channel: string | null): string | undefined {
  const ofChannel =
    channel !== null && Object.hasOwn(policy.channels, channel)
      ? policy.channels[channel]?.minVersion
      : undefined;
  const given = [policy.fleet.minVersion, policy.minVersion, ofChannel].filter(
    (version) => version !== undefined && isVersion(policy.versionScheme, version),
  );
  return given.sort((a = "", b = "") => compareVersions(policy.versionScheme, b, a))[0];
}

export function isBelow(scheme: VersionScheme, version: string, minimum: string): boolean {
  return isVersion(scheme, version) && compareVersions(scheme, version, minimum) < 0;
}

/** What cannot be read comes first. */
export function orderIn(policy: ProductPolicy | undefined, a: string, b: string): number {
  const scheme = policy?.versionScheme ?? "semver";
  if (!isVersion(scheme, a) || !isVersion(scheme, b)) {
    return Number(isVersion(scheme, a)) - Number(isVersion(scheme, b)) || (a < b ? -1 : 1);
  }
  return compareVersions(scheme, a, b);
}
