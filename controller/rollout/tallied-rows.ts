import { STANDINGS } from "../../protocol/gate/standing.ts";
import type { StratumKey, StratumSize } from "../../protocol/gate/strata.ts";
import {
  type TallyRow as GateRow,
  type GateTally,
  type Tallied,
  Tallies,
} from "../../protocol/gate/tallies.ts";
import type { VersionCount } from "../fleet/store/fleet-store.ts";
import type { TallyRow } from "../fleet/store/records.ts";

/** What the gate tests by itself, besides the fleet as a whole. */
const PLATFORM = "platform";

/** The store's rows as the gate judges them. */
export function talliedRows(strata: readonly StratumKey[], rows: readonly TallyRow[]): Tallied {
  return Tallies.fromRows(strata, rows.flatMap(gateRows));
}

function gateRows(row: TallyRow): GateRow[] {
  const { tenant, platform } = row;
  const tally = gateTally(row);
  return [
    { tenant: tenant ?? "", tally },
    { dimension: PLATFORM, value: platform, tenant: tenant ?? "", tally },
  ];
}

/** What is neither an outcome nor silence is waited for. More outcomes than offers cannot be, and halt as unreadable. */
function gateTally({ offered, confirmed, failed, excused, silent, underWay }: TallyRow): GateTally {
  const said = { confirmed, failed, silent, excused, underWay };
  const counted = STANDINGS.reduce((sum, name) => sum + (name === "waiting" ? 0 : said[name]), 0);
  return { expected: offered, ...said, waiting: offered - counted };
}

/** How many devices of each platform there are, from which the strata of a promotion are chosen. */
export function stratumSizes(counts: readonly VersionCount[]): StratumSize[] {
  const sizes = new Map<string, number>();
  for (const { platform, devices } of counts) sizes.set(platform, (sizes.get(platform) ?? 0) + devices);
  return [...sizes].map(([value, devices]) => ({ dimension: PLATFORM, value, devices }));
}
