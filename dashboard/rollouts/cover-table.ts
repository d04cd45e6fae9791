import type { CoverCell, RolloutReport } from "./rollout-types.ts";

export interface CoverRow {
  readonly tenant: string | null;
  readonly site: string | null;
  /** One for each platform; `undefined`: no machine. */
  readonly cells: readonly (CoverCell | undefined)[];
}

/** More columns than these are read by nobody. */
const MOST_PLATFORMS = 8;

/** The cells as a table, in the order of its sites; platforms where it failed come first. */
export function coverTable({ platforms, cells }: Pick<RolloutReport["cover"], "platforms" | "cells">): {
  readonly platforms: readonly string[];
  readonly rows: readonly CoverRow[];
  readonly morePlatforms: number;
} {
  const failedOn = (platform: string): number =>
    cells.reduce((sum, cell) => sum + (cell.platform === platform ? cell.failed : 0), 0);
  const shown =
    platforms.length <= MOST_PLATFORMS
      ? platforms
      : platforms.toSorted((a, b) => failedOn(b) - failedOn(a)).slice(0, MOST_PLATFORMS);
  const rows = new Map<
    string,
    { tenant: string | null; site: string | null; cells: (CoverCell | undefined)[] }
  >();
  for (const cell of cells) {
    const key = JSON.stringify([cell.tenant, cell.site]);
    const row = rows.get(key) ?? {
      tenant: cell.tenant,
      site: cell.site,
      cells: shown.map((): CoverCell | undefined => undefined),
    };
    const column = shown.indexOf(cell.platform);
    if (column >= 0) row.cells[column] = cell;
    rows.set(key, row);
  }
  return { platforms: shown, rows: [...rows.values()], morePlatforms: platforms.length - shown.length };
}
