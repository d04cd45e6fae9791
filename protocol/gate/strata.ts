import type { Device } from "../device.ts";

/** Devices that share a value, such as `platform` and `linux-arm64`, or `glibc` and `2.31`. */
export interface StratumKey {
  readonly dimension: string;
  readonly value: string;
}

/** How many devices of the fleet have a value, at the promotion. */
export interface StratumSize extends StratumKey {
  readonly devices: number;
}

/** The more strata share the confidence, the more failures it takes in each; and values come from the devices. */
export const MAX_STRATA = 50;

/** What a version is known to fail by: the platform, the C library and the operating system, each as a dimension. */
export function testedValues({
  platform,
  facts = {},
}: Pick<Device, "platform" | "facts">): Record<string, string> {
  const { glibc, musl, os, osVersion } = facts;
  return {
    platform,
    ...(glibc === undefined ? {} : { glibc }),
    ...(musl === undefined ? {} : { musl }),
    ...(os === undefined ? {} : { os: osVersion === undefined ? os : `${os} ${osVersion}` }),
  };
}

/**
 * What a gate tests by itself, besides the fleet as a whole. To be chosen once, at the promotion, from all devices that
 * take part, and then kept: the chance of a false halt is shared among the strata, so their number must not depend on
 * who reports. A dimension in which all devices have the same value says nothing that the fleet does not; of too many
 * values the most frequent are taken.
 *
 * @returns at most `MAX_STRATA`, by dimension and value
 */
export function chooseStrata(sizes: Iterable<StratumSize>): StratumKey[] {
  const byDimension = new Map<string, StratumSize[]>();
  for (const size of sizes) {
    if (!(size.devices > 0)) continue;
    const values = byDimension.get(size.dimension);
    if (values === undefined) byDimension.set(size.dimension, [size]);
    else values.push(size);
  }
  return [...byDimension.values()]
    .filter((values) => values.length > 1)
    .flat()
    .sort((a, b) => b.devices - a.devices || compareKeys(a, b))
    .slice(0, MAX_STRATA)
    .sort(compareKeys)
    .map(({ dimension, value }) => ({ dimension, value }));
}

function compareKeys(a: StratumKey, b: StratumKey): number {
  if (a.dimension !== b.dimension) return a.dimension < b.dimension ? -1 : 1;
  if (a.value === b.value) return 0;
  return a.value < b.value ? -1 : 1;
}
