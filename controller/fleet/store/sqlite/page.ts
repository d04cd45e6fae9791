import type { Page, PageRequest } from "../fleet-store.ts";
import { StoreError } from "../store-error.ts";
import { integer, type Row } from "./columns.ts";

const MOST_ROWS = 1_000;

/** Rows of a page, and one more to see whether there is another page. */
export function rowsToAsk({ limit }: PageRequest): number {
  return Math.min(Math.max(Math.trunc(limit), 1), MOST_ROWS) + 1;
}

/** The number after which a list goes on, upward. @throws StoreError `store/bad-cursor` */
export function startAfter(page: PageRequest): number {
  return page.after === undefined ? 0 : readCursor(page.after);
}

/** The number before which a list goes on that has its newest first. @throws StoreError `store/bad-cursor` */
export function startBefore(page: PageRequest): number {
  return page.after === undefined ? Number.MAX_SAFE_INTEGER : readCursor(page.after);
}

function readCursor(text: string): number {
  const number = /^[1-9]\d{0,15}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(number)) return number;
  throw badCursor();
}

export function badCursor(): StoreError {
  return new StoreError("store/bad-cursor", "the list cannot go on there: no page before gave that place");
}

/**
 * @param rows as many as `rowsToAsk` said, in the order of the list
 * @param column what the list is ordered by
 */
export function pageOf<Record>(
  rows: readonly Row[],
  page: PageRequest,
  column: string,
  read: (row: Row) => Record,
): Page<Record> {
  const most = rowsToAsk(page) - 1;
  const shown = rows.slice(0, most);
  const last = shown.at(-1);
  const records = shown.map(read);
  return rows.length > most && last !== undefined
    ? { rows: records, next: String(integer(last, column)) }
    : { rows: records };
}
