import type { GateTally, TalliedDevices } from "./tallies.ts";

/** Failed and silent devices, and with them the confirmed ones. Fractions where a tenant counts in part. */
export interface CountedDevices {
  readonly failures: number;
  readonly counted: number;
}

/** A tenant with more failures than its share. */
export interface CappedTenant {
  /** `""`: the devices of no tenant. */
  readonly tenant: string;
  readonly failures: number;
  /** As how many they count, rounded down. */
  readonly countAs: number;
}

export interface Capped extends CountedDevices {
  /** Most failures first. */
  readonly tenants: readonly CappedTenant[];
}

/** The counted devices, and those under way taken as confirmed. */
export function countDevices({ confirmed, failed, silent, underWay }: GateTally): CountedDevices {
  const failures = failed + silent;
  return { failures, counted: confirmed + failures + underWay };
}

/**
 * Counts a tenant with more than its share of the failures in part: as many of its devices, failed or not, as bring its
 * failures down to the share. Its failure rate stays, its weight does not. So nobody halts a fleet of several tenants
 * alone, while a version that fails everywhere is halted also where one tenant has nearly all devices.
 *
 * @param share the largest share of the failures that may be one tenant's, 0 to 1; with few tenants, at least an equal part
 * @param takingPart how many tenants were offered the version, in the whole fleet; with one, nothing is capped
 */
export function capTenants(devices: TalliedDevices, share: number, takingPart: number): Capped {
  const all = countDevices(devices.tally);
  const largest = Math.max(share, 1 / takingPart);
  const failing = [...devices.tenants]
    .map(([tenant, tally]) => ({ tenant, ...countDevices(tally) }))
    .filter(({ failures }) => failures > 0)
    .sort((a, b) => b.failures - a.failures || (a.tenant < b.tenant ? -1 : 1));
  const cap = largestCount(
    failing.map(({ failures }) => failures),
    largest,
  );
  const over = takingPart <= 1 ? [] : failing.filter(({ failures }) => failures > cap);
  let { failures, counted } = all;
  for (const tenant of over) {
    const left = 1 - cap / tenant.failures;
    failures -= tenant.failures * left;
    counted -= tenant.counted * left;
  }
  return {
    failures,
    counted,
    tenants: over.map(({ tenant, failures }) => ({ tenant, failures, countAs: Math.floor(cap) })),
  };
}

/** The largest c of which each count, cut to c, is at most the share of their sum. Counts come largest first. */
function largestCount(counts: readonly number[], share: number): number {
  let rest = counts.reduce((sum, count) => sum + count, 0);
  for (const [cut, count] of counts.entries()) {
    // With `cut` counts cut to c and `rest` as they are: c = share * (cut * c + rest).
    const c = share * cut < 1 ? (share * rest) / (1 - share * cut) : Number.POSITIVE_INFINITY;
    // Equal parts of a share such as a third come out a trifle too small.
    if (c >= count * (1 - 1e-9)) return Math.max(c, count);
    rest -= count;
  }
  return 0;
}
