import type { Gate } from "../policy.ts";
import { type OutcomeReport, STANDINGS, type Standing, standingOf, supersedes } from "./standing.ts";
import type { Strata, StratumKey } from "./strata.ts";

/** How an offer of one version stands. `expected` is the sum of all others. */
export interface GateTally extends Readonly<Record<Standing, number>> {
  readonly expected: number;
}

/** What of a device decides where it is counted. */
export interface TalliedDevice {
  /** Absent: it belongs to none; these devices count as one tenant more. */
  readonly tenant?: string;
  /** Its value in each dimension that is tested by itself, such as `platform: linux-arm64`. */
  readonly values?: Readonly<Record<string, string>>;
}

/** A device that was offered the version, and is expected to say how it went. */
export interface ExpectedDevice extends TalliedDevice {
  readonly device: string;
  /** Seconds since 1970. */
  readonly offeredAt: number;
}

/** Some devices: all, or those of one stratum. */
export interface TalliedDevices {
  readonly tally: GateTally;
  /** The same by tenant; `""` holds those of none. */
  readonly tenants: ReadonlyMap<string, GateTally>;
}

export interface TalliedStratum extends TalliedDevices, StratumKey {}

/** What a gate judges. */
export interface Tallied {
  readonly fleet: TalliedDevices;
  /** In the order of the rollout's list of strata. */
  readonly strata: readonly TalliedStratum[];
  /** How many of them, from the first, were chosen at the promotion. */
  readonly chosen: number;
}

/** One number of `Tallies` as a store keeps it. `dimension` and `value` are absent for the fleet as a whole. */
export interface TallyRow extends Partial<StratumKey> {
  readonly tenant: string;
  readonly tally: GateTally;
}

type Counts = { -readonly [K in keyof GateTally]: number };

class Devices implements TalliedDevices {
  readonly tally: Counts = noCounts();
  readonly tenants = new Map<string, Counts>();

  move(tenant: string, before: Standing | undefined, after: Standing | undefined): void {
    const counts = this.ofTenant(tenant);
    for (const some of [this.tally, counts]) {
      if (before !== undefined) {
        some[before]--;
        some.expected--;
      }
      if (after !== undefined) {
        some[after]++;
        some.expected++;
      }
    }
    if (counts.expected === 0) this.tenants.delete(tenant);
  }

  addRow(tenant: string, tally: GateTally): void {
    const counts = this.ofTenant(tenant);
    for (const some of [this.tally, counts]) {
      some.expected += tally.expected;
      for (const standing of STANDINGS) some[standing] += tally[standing];
    }
  }

  private ofTenant(tenant: string): Counts {
    let counts = this.tenants.get(tenant);
    if (counts === undefined) {
      counts = noCounts();
      this.tenants.set(tenant, counts);
    }
    return counts;
  }
}

/**
 * Devices counted by how they stand: all, and by themselves those of each stratum. It is changed device by device, so
 * that a report costs the same in a fleet of ten and of a hundred thousand; `recount` gives the same from the reports.
 */
export class Tallies implements Tallied {
  readonly fleet: TalliedDevices;
  readonly strata: readonly TalliedStratum[];
  readonly chosen: number;
  private readonly everybody = new Devices();
  private readonly byDimension = new Map<string, Map<string, Devices>>();

  /** @param strata what is tested by itself (`chooseStrata`, `withOffered`) */
  constructor({ keys, chosen }: Strata) {
    this.fleet = this.everybody;
    this.chosen = chosen;
    this.strata = keys.map(({ dimension, value }) => {
      const devices = new Devices();
      let values = this.byDimension.get(dimension);
      if (values === undefined) {
        values = new Map();
        this.byDimension.set(dimension, values);
      }
      values.set(value, devices);
      return { dimension, value, tally: devices.tally, tenants: devices.tenants };
    });
  }

  /**
   * Counts a device anew.
   *
   * @param before how it was counted; `undefined`: not at all
   * @param after how it is counted now; `undefined`: no longer, because it left the fleet
   */
  add(device: TalliedDevice, before: Standing | undefined, after: Standing | undefined): void {
    if (before === after) return;
    const tenant = device.tenant ?? "";
    this.everybody.move(tenant, before, after);
    for (const [dimension, values] of this.byDimension) {
      const value = valueIn(device, dimension);
      if (value !== undefined) values.get(value)?.move(tenant, before, after);
    }
  }

  /** Everything that is counted, to be kept in a store. */
  *rows(): Generator<TallyRow> {
    for (const [tenant, tally] of this.everybody.tenants) yield { tenant, tally: { ...tally } };
    for (const { dimension, value, tenants } of this.strata) {
      for (const [tenant, tally] of tenants) yield { dimension, value, tenant, tally: { ...tally } };
    }
  }

  /** What `rows` gave. A row of a stratum that is not tested is passed over. */
  static fromRows(strata: Strata, rows: Iterable<TallyRow>): Tallies {
    const tallies = new Tallies(strata);
    for (const { dimension, value, tenant, tally } of rows) {
      const devices =
        dimension === undefined || value === undefined
          ? tallies.everybody
          : tallies.byDimension.get(dimension)?.get(value);
      devices?.addRow(tenant, tally);
    }
    return tallies;
  }

  /**
   * Counts each expected device once, by its last report or by its silence. Reports of others do not count.
   *
   * @param now seconds since 1970
   */
  static recount(
    gate: Pick<Gate, "causes" | "silentAfter">,
    strata: Strata,
    reports: Iterable<OutcomeReport>,
    expected: Iterable<ExpectedDevice>,
    now: number,
  ): Tallies {
    const last = new Map<string, OutcomeReport>();
    for (const report of reports) {
      const known = last.get(report.device);
      if (known === undefined || supersedes(gate, report, known)) last.set(report.device, report);
    }
    const offers = new Map<string, ExpectedDevice>();
    for (const offer of expected) {
      const known = offers.get(offer.device);
      const offeredAt = Math.min(offer.offeredAt, known?.offeredAt ?? offer.offeredAt);
      offers.set(offer.device, { ...(known ?? offer), offeredAt });
    }
    const tallies = new Tallies(strata);
    for (const offer of offers.values()) {
      tallies.add(offer, undefined, standingOf(gate, last.get(offer.device), offer.offeredAt, now));
    }
    return tallies;
  }
}

function valueIn({ values }: TalliedDevice, dimension: string): string | undefined {
  return values !== undefined && Object.hasOwn(values, dimension) ? values[dimension] : undefined;
}

function noCounts(): Counts {
  return { expected: 0, confirmed: 0, failed: 0, silent: 0, excused: 0, underWay: 0, waiting: 0 };
}
