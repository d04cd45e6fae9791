import type { CensusRow } from "../fleet/store/fleet-store.ts";
import type { TallyRow } from "../fleet/store/records.ts";

/** Machines of one platform at one site that follow a channel. */
export interface CoverCell {
  readonly platform: string;
  readonly tenant: string | null;
  readonly site: string | null;
  readonly devices: number;
  readonly canaries: number;
  /** Failures that count, of what the channel points to. */
  readonly failed: number;
}

export interface CanaryCover {
  /** Platforms with machines, most of them first. */
  readonly platforms: readonly string[];
  /** Of the sites that are shown, where it failed first, then by their machines. */
  readonly cells: readonly CoverCell[];
  /** Sites that are not among the cells. */
  readonly moreSites: number;
  readonly allCells: number;
  readonly coveredCells: number;
  readonly devices: number;
  /** Machines of cells with a canary. */
  readonly coveredDevices: number;
  readonly text: string;
}

/** Sites and platforms that are shown. A larger table is read by nobody. */
const MOST_SITES = 40;
const MOST_PLATFORMS = 40;

/**
 * Where canaries of a channel stand, by platform and site: what fails where no canary is, a wave finds out.
 *
 * @param hasCanaries whether the channel has any at all
 */
export function coverCells(
  census: readonly CensusRow[],
  tallies: readonly TallyRow[],
  hasCanaries: boolean,
): CanaryCover {
  const cells = new Map<string, { -readonly [K in keyof CoverCell]: CoverCell[K] }>();
  const cellOf = ({ platform, tenant, site }: Pick<CoverCell, "platform" | "tenant" | "site">) => {
    const key = JSON.stringify([platform, tenant, site]);
    const known = cells.get(key);
    if (known !== undefined) return known;
    const cell = { platform, tenant, site, devices: 0, canaries: 0, failed: 0 };
    cells.set(key, cell);
    return cell;
  };
  for (const row of census) {
    const cell = cellOf(row);
    cell.devices += row.devices;
    cell.canaries += row.canaries;
  }
  for (const row of tallies) if (row.failed > 0) cellOf(row).failed += row.failed;
  const all = [...cells.values()].filter(({ devices, failed }) => devices > 0 || failed > 0);
  const sites = groupBy(all, ({ tenant, site }) => JSON.stringify([tenant, site]));
  const shown = [...sites]
    .map(([key, some]) => ({ key, some, failed: sum(some, "failed"), devices: sum(some, "devices") }))
    .sort((a, b) => b.failed - a.failed || b.devices - a.devices || (a.key < b.key ? -1 : 1))
    .slice(0, MOST_SITES);
  const platforms = [...groupBy(all, ({ platform }) => platform)]
    .map(([platform, some]) => ({ platform, devices: sum(some, "devices") }))
    .sort((a, b) => b.devices - a.devices || (a.platform < b.platform ? -1 : 1))
    .slice(0, MOST_PLATFORMS)
    .map(({ platform }) => platform);
  const covered = all.filter(({ canaries }) => canaries > 0);
  const counts = {
    allCells: all.length,
    coveredCells: covered.length,
    devices: sum(all, "devices"),
    coveredDevices: sum(covered, "devices"),
  };
  return {
    platforms,
    cells: shown.flatMap(({ some }) => some.filter(({ platform }) => platforms.includes(platform))),
    moreSites: sites.size - shown.length,
    ...counts,
    text: coverText(counts, all, hasCanaries),
  };
}

function coverText(
  {
    allCells,
    coveredCells,
    devices,
    coveredDevices,
  }: Omit<CanaryCover, "platforms" | "cells" | "moreSites" | "text">,
  all: readonly CoverCell[],
  hasCanaries: boolean,
): string {
  if (allCells === 0) return "no machine follows the channel yet";
  if (!hasCanaries) return "the channel has no canaries: the first wave finds out";
  const share = devices === 0 ? 0 : Math.floor((coveredDevices * 100) / devices);
  const blind = all.filter(({ canaries, failed }) => failed > 0 && canaries === 0);
  const failures = sum(blind, "failed");
  const allFailures = sum(all, "failed");
  const cells = `${coveredCells} of ${allCells} ${allCells === 1 ? "cell" : "cells"}, ${share} % of machines`;
  if (blind.length === 0) return cells;
  const places = new Set(blind.map(({ tenant }) => tenant));
  const [only] = places;
  const where =
    places.size === 1 && only !== undefined && only !== null && failures === allFailures
      ? `none at ${only}, where it failed`
      : `${failures} of ${allFailures} failures where no canary stands`;
  return `${cells}; ${where}`;
}

function sum<Key extends "devices" | "failed" | "canaries">(
  cells: readonly Pick<CoverCell, Key>[],
  key: Key,
): number {
  return cells.reduce((total, cell) => total + cell[key], 0);
}

function groupBy(cells: readonly CoverCell[], keyOf: (cell: CoverCell) => string): Map<string, CoverCell[]> {
  const groups = new Map<string, CoverCell[]>();
  for (const cell of cells) {
    const group = groups.get(keyOf(cell));
    if (group === undefined) groups.set(keyOf(cell), [cell]);
    else group.push(cell);
  }
  return groups;
}
