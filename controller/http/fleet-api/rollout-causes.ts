import type { FailureCause } from "../../../protocol/gate/failure-causes.ts";
import type { CauseRow } from "../../fleet/store/fleet-store.ts";

/** Machines of one rollout that failed in one way. */
export interface CauseGroup {
  /** `excused`: for a cause of the machine, so that no rate counts it. */
  readonly outcome: CauseRow["outcome"];
  readonly cause: FailureCause | null;
  /** `null`: nothing was said, or it is not kept any longer. */
  readonly signature: string | null;
  readonly example: string | null;
  readonly devices: number;
  readonly firstAt: number;
  /** Where most of them are. */
  readonly where: readonly CausePlace[];
  /** How many places there are in all. */
  readonly places: number;
}

export interface CausePlace {
  readonly platform: string;
  readonly tenant: string | null;
  readonly site: string | null;
  readonly devices: number;
}

export interface GroupedCauses {
  /** Those that count first, then most machines. */
  readonly groups: readonly CauseGroup[];
  /** Machines of the groups that are not listed. */
  readonly others: number;
}

const MOST_GROUPS = 20;
const MOST_WHERE = 8;

export function groupCauses(rows: readonly CauseRow[]): GroupedCauses {
  const groups = new Map<string, CauseRow[]>();
  for (const row of rows) {
    const key = JSON.stringify([row.outcome, row.cause, row.signature]);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [row]);
    else known.push(row);
  }
  const all = [...groups.values()]
    .flatMap(groupOf)
    .sort(
      (a, b) =>
        Number(a.outcome === "excused") - Number(b.outcome === "excused") ||
        b.devices - a.devices ||
        a.firstAt - b.firstAt,
    );
  const listed = all.slice(0, MOST_GROUPS);
  return { groups: listed, others: all.slice(MOST_GROUPS).reduce((sum, { devices }) => sum + devices, 0) };
}

function groupOf(rows: readonly CauseRow[]): CauseGroup[] {
  const [first] = rows;
  if (first === undefined) return [];
  const places = new Map<string, { -readonly [K in keyof CausePlace]: CausePlace[K] }>();
  for (const { platform, tenant, site, devices } of rows) {
    const key = JSON.stringify([platform, tenant, site]);
    const place = places.get(key) ?? { platform, tenant, site, devices: 0 };
    place.devices += devices;
    places.set(key, place);
  }
  const { outcome, cause, signature, example } = first;
  return [
    {
      ...{ outcome, cause, signature, example },
      devices: rows.reduce((sum, { devices }) => sum + devices, 0),
      firstAt: Math.min(...rows.map(({ firstAt }) => firstAt)),
      where: [...places.values()].sort((a, b) => b.devices - a.devices).slice(0, MOST_WHERE),
      places: places.size,
    },
  ];
}
