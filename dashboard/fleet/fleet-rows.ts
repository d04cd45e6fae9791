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
  const before = new Map(shown.map((row) => [row.id, row]));
  const same = fresh.map((row) => asBefore(before.get(row.id), row));
  if (!isBusy || shown.length === 0) return { rows: same, news: 0, left: new Set() };
  const byId = new Map(same.map((row) => [row.id, row]));
  const known = new Set(shown.map(({ id }) => id));
  const rows = shown.map((row) => byId.get(row.id) ?? row);
  const left = new Set(shown.filter(({ id }) => !byId.has(id)).map(({ id }) => id));
  const news = fresh.filter(({ id }) => !known.has(id)).length;
  return { rows, news, left };
}

/** The very same object where nothing of it is new: a row that is as it was is not drawn again. */
function asBefore<Row extends object>(before: Row | undefined, row: Row): Row {
  return before !== undefined && textOf(before) === textOf(row) ? before : row;
}

/** Of each row that is shown: a thousand are compared each time that the list is read again. */
const texts = new WeakMap<object, string>();

function textOf(row: object): string {
  const known = texts.get(row);
  if (known !== undefined) return known;
  const text = JSON.stringify(row);
  texts.set(row, text);
  return text;
}

/** Those between two rows, both included, in the order of the list; the second alone where the first is not there. */
export function between(ids: readonly string[], from: string | undefined, to: string): readonly string[] {
  const [start, end] = [from === undefined ? -1 : ids.indexOf(from), ids.indexOf(to)];
  if (end < 0) return [];
  return start < 0 ? [to] : ids.slice(Math.min(start, end), Math.max(start, end) + 1);
}
