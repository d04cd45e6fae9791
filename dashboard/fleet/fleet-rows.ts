import type { ListAgentsAnswer } from "../api/types.ts";

export type Agent = ListAgentsAnswer["agents"][number];

/** What a list shows after it was read again. */
export interface MergedRows<Row> {
  readonly rows: readonly Row[];
  /** Rows that came, or moved to another place, and wait until somebody asks for them. */
  readonly news: number;
  /** Ids of rows that are in the list no more, and stay until somebody asks. */
  readonly left: ReadonlySet<string>;
}

/**
 * Rows that were read again. Nobody's row moves while somebody is at the list: each stays in its place with what is new of
 * it, and what came or left waits.
 *
 * @param isBusy whether focus is in the list, or something is selected
 */
export function mergeRows<Row extends { readonly id: string }>(
  shown: readonly Row[],
  fresh: readonly Row[],
  isBusy: boolean,
): MergedRows<Row> {
  if (!isBusy || shown.length === 0) return { rows: fresh, news: 0, left: new Set() };
  const byId = new Map(fresh.map((row) => [row.id, row]));
  const known = new Set(shown.map(({ id }) => id));
  const rows = shown.map((row) => byId.get(row.id) ?? row);
  const left = new Set(shown.filter(({ id }) => !byId.has(id)).map(({ id }) => id));
  const news = fresh.filter(({ id }) => !known.has(id)).length;
  return { rows, news, left };
}

/** Those between two rows, both included, in the order of the list; the second alone where the first is not there. */
export function between(ids: readonly string[], from: string | undefined, to: string): readonly string[] {
  const [start, end] = [from === undefined ? -1 : ids.indexOf(from), ids.indexOf(to)];
  if (end < 0) return [];
  return start < 0 ? [to] : ids.slice(Math.min(start, end), Math.max(start, end) + 1);
}
