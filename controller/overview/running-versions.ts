import type { ProductPolicy } from "../../protocol/policy.ts";
import type { FleetSummary } from "../fleet/store/fleet-store.ts";
import { isBelow, minimumFor, orderIn } from "./below-minimum.ts";
import { share } from "./phrases.ts";

/** How many machines run a version. */
export interface RunningVersion {
  readonly version: string;
  readonly machines: number;
  /** Parts per million of those that have the product. */
  readonly share: number;
  /** Channels that point to it. */
  readonly channels: readonly string[];
  /** Of its machines, those that are below a minimum. */
  readonly belowMinimum: number;
}

export interface RunningVersions {
  /** Machines that have the product. */
  readonly machines: number;
  /** Newest first; the oldest are summed up in `older` where there are many. */
  readonly versions: readonly RunningVersion[];
  readonly older?: { readonly versions: number; readonly machines: number; readonly share: number };
}

/** Versions that are told of one by one. */
const MOST_VERSIONS = 10;

/**
 * What machines run of one product.
 *
 * @param channels those that are told of
 */
export function runningVersions(
  policy: ProductPolicy,
  channels: readonly string[],
  rows: FleetSummary["versions"],
): RunningVersions {
  const counts = new Map<string, { machines: number; belowMinimum: number }>();
  let machines = 0;
  for (const { product, version, channel, devices } of rows) {
    if (product !== policy.product || version === null) continue;
    machines += devices;
    const known = counts.get(version) ?? { machines: 0, belowMinimum: 0 };
    counts.set(version, known);
    known.machines += devices;
    const minimum = minimumFor(policy, channel);
    if (minimum !== undefined && isBelow(policy.versionScheme, version, minimum))
      known.belowMinimum += devices;
  }
  const pointing = new Map<string, string[]>();
  for (const [channel, { current }] of Object.entries(policy.channels)) {
    if (!channels.includes(channel)) continue;
    pointing.set(current.version, [...(pointing.get(current.version) ?? []), channel]);
  }
  const versions = [...counts]
    .map(
      ([version, of]): RunningVersion => ({
        ...{ version, machines: of.machines, share: share(of.machines, machines) },
        ...{ channels: pointing.get(version) ?? [], belowMinimum: of.belowMinimum },
      }),
    )
    .sort((a, b) => orderIn(policy, b.version, a.version));
  if (versions.length <= MOST_VERSIONS) return { machines, versions };
  // What channels point to, and what many run, is told of by name.
  const named = new Set(
    versions
      .toSorted(
        (a, b) => Number(b.channels.length > 0) - Number(a.channels.length > 0) || b.machines - a.machines,
      )
      .slice(0, MOST_VERSIONS),
  );
  const rest = versions.filter((version) => !named.has(version));
  const others = rest.reduce((sum, version) => sum + version.machines, 0);
  return {
    machines,
    versions: versions.filter((version) => named.has(version)),
    older: { versions: rest.length, machines: others, share: share(others, machines) },
  };
}
