import { STANDINGS } from "../../protocol/gate/standing.ts";
import type { Strata, StratumSize } from "../../protocol/gate/strata.ts";
import {
  type TallyRow as GateRow,
  type GateTally,
  type Tallied,
  Tallies,
} from "../../protocol/gate/tallies.ts";
import type { KindCount } from "../fleet/store/fleet-store.ts";
import type { TallyRow } from "../fleet/store/records.ts";

/** The store's rows as the gate judges them. */
export function talliedRows(strata: Strata, rows: readonly TallyRow[]): Tallied {
  return Tallies.fromRows(strata, rows.flatMap(gateRows));
}

/** What the gate tests by itself of the devices of a row. */
export function valuesOf({
  platform,
  traits,
}: Pick<TallyRow, "platform" | "traits">): Readonly<Record<string, string>> {
  return { platform, ...traits };
}

function gateRows(row: TallyRow): GateRow[] {
  const tenant = row.tenant ?? "";
  const tally = gateTally(row);
  return [
    { tenant, tally },
    ...Object.entries(valuesOf(row)).map(([dimension, value]) => ({ dimension, value, tenant, tally })),
  ];
}

/** What is neither an outcome nor silence is waited for. More outcomes than offers cannot be, and halt as unreadable. */
function gateTally({ offered, confirmed, failed, excused, silent, underWay }: TallyRow): GateTally {
  const said = { confirmed, failed, silent, excused, underWay };
  const counted = STANDINGS.reduce((sum, name) => sum + (name === "waiting" ? 0 : said[name]), 0);
  return { expected: offered, ...said, waiting: offered - counted };
}

/** How many devices have each value, from which the strata of a promotion are chosen. */
export function stratumSizes(counts: readonly KindCount[]): StratumSize[] {
  const sizes = new Map<string, StratumSize>();
  for (const count of counts) {
    for (const [dimension, value] of Object.entries(valuesOf(count))) {
      const name = JSON.stringify([dimension, value]);
      const devices = (sizes.get(name)?.devices ?? 0) + count.devices;
      sizes.set(name, { dimension, value, devices });
    }
  }
  return [...sizes.values()];
}
