import type { Device } from "../device.ts";
import type { Facts } from "../requirements.ts";

/** Devices that share a value, such as `platform` and `linux-arm64`, or `glibc` and `2.31`. */
export interface StratumKey {
  readonly dimension: string;
  readonly value: string;
}

/** What a rollout tests by itself; a stratum keeps its place in the list, as its share of the confidence goes by it. */
export interface Strata {
  readonly keys: readonly StratumKey[];
  /** How many of them, from the first, were chosen at the promotion. The others came with the devices that were offered it. */
  readonly chosen: number;
}

export const NO_STRATA: Strata = { keys: [], chosen: 0 };

/** How many devices of the fleet have a value, at the promotion. */
export interface StratumSize extends StratumKey {
  readonly devices: number;
}

/** The more strata share the confidence, the more failures it takes in each; and values come from the devices. */
export const MAX_STRATA = 50;

/** What a version is known to fail by: the platform, the C library and the operating system, each as a dimension. */
export function testedValues({
  platform,
  facts,
}: Pick<Device, "platform" | "facts">): Record<string, string> {
  return { platform, ...testedTraits(facts) };
}

/** The facts that `testedTraits` reads. */
export const TESTED_FACTS = ["glibc", "musl", "os", "osVersion"] as const;

/** The same without the platform. Equal traits have their members in the same order. */
export function testedTraits(
  facts: Pick<Facts, (typeof TESTED_FACTS)[number]> | undefined,
): Record<string, string> {
  const { glibc, musl, os, osVersion } = facts ?? {};
  return {
    ...(glibc === undefined ? {} : { glibc }),
    ...(musl === undefined ? {} : { musl }),
    ...(os === undefined ? {} : { os: osVersion === undefined ? os : `${os} ${osVersion}` }),
  };
}

/**
 * What a gate tests by itself, besides the fleet as a whole. To be chosen once, at the promotion, from all devices that
 * take part, and then kept: the chance of a false halt is shared among the strata. A dimension in which all devices have the same value says nothing that the fleet does not; of too many
 * values the most frequent are taken.
 *
 * @returns at most `MAX_STRATA`, by dimension and value
 */
export function chooseStrata(sizes: Iterable<StratumSize>): Strata {
  const byDimension = new Map<string, StratumSize[]>();
  for (const size of sizes) {
    if (!(size.devices > 0)) continue;
    const values = byDimension.get(size.dimension);
    if (values === undefined) byDimension.set(size.dimension, [size]);
    else values.push(size);
  }
  const keys = [...byDimension.values()]
    .filter((values) => values.length > 1)
    .flat()
    .sort((a, b) => b.devices - a.devices || compareKeys(a, b))
    .slice(0, MAX_STRATA)
    .sort(compareKeys)
    .map(({ dimension, value }) => ({ dimension, value }));
  return { keys, chosen: keys.length };
}

/**
 * The same, and what devices that were offered the version have beside it, each at the end of the list: a fleet that was
 * never heard of has no strata at its first promotion, and later ones meet values that nobody had. A stratum begins with
 * the first offer to one of its devices, before anything is known of how it goes there.
 *
 * @param offered what devices have in each dimension, in the order of their offers
 * @returns `strata` itself where nothing is new; at most `MAX_STRATA`
 */
export function withOffered(strata: Strata, offered: Iterable<Readonly<Record<string, string>>>): Strata {
  const keys = [...strata.keys];
  const known = new Set(keys.map(nameOf));
  for (const values of offered) {
    for (const [dimension, value] of Object.entries(values)) {
      const key = { dimension, value };
      const name = nameOf(key);
      if (keys.length >= MAX_STRATA || known.has(name)) continue;
      known.add(name);
      keys.push(key);
    }
  }
  return keys.length === strata.keys.length ? strata : { keys, chosen: strata.chosen };
}

/**
 * Which part of the strata's common chance of a false halt one of them has. Those chosen at the promotion have equal
 * parts; the k-th of all has 1/(k(k+1)) where it came later. It is known when the stratum begins, and the sum over any
 * number of strata is at most 1: K/(K+1) of the chosen ones, and 1/(K+1) of all that may ever follow them.
 *
 * @param number 1: the first in the list
 */
export function shareOfStratum(number: number, chosen: number): number {
  return number <= chosen ? 1 / (chosen + 1) : 1 / (number * (number + 1));
}

function nameOf({ dimension, value }: StratumKey): string {
  return JSON.stringify([dimension, value]);
}

function compareKeys(a: StratumKey, b: StratumKey): number {
  if (a.dimension !== b.dimension) return a.dimension < b.dimension ? -1 : 1;
  if (a.value === b.value) return 0;
  return a.value < b.value ? -1 : 1;
}
