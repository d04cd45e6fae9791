import type { DeviceFilter, DeviceOrder, Page, PageRequest } from "../fleet-store.ts";
import type { DeviceRecord } from "../records.ts";
import { chooseLead, MANY, splitByLead } from "./choose-lead.ts";
import { integer } from "./columns.ts";
import type { Database } from "./database.ts";
import { badCursor, rowsToAsk, startAfter } from "./page.ts";
import { deviceOfNumber } from "./read-device.ts";
import { byTenant, selectDevices, type TenantFilter } from "./select-devices.ts";
import { allOf, type SqlPart } from "./sql-part.ts";

/** A device in a list, and the place from which the list goes on after it. */
interface Place {
  readonly number: number;
  readonly cursor: string;
}

/** A page of devices in the order that is asked for; absent: by their enrolment. */
export function listDevices(
  database: Database,
  filter: DeviceFilter,
  page: PageRequest,
  now: number,
  order: DeviceOrder | undefined,
): Page<DeviceRecord> {
  const most = rowsToAsk(page);
  const places =
    order === undefined
      ? inNumberOrder(database, filter, startAfter(page), most, now)
      : inOrder(database, filter, page, most, now, order);
  const rows = places
    .slice(0, most - 1)
    .flatMap(({ number }) => deviceOfNumber(database, number)?.record ?? []);
  const last = places.at(most - 2);
  return places.length >= most && last !== undefined ? { rows, next: last.cursor } : { rows };
}

function inOrder(
  database: Database,
  filter: DeviceFilter,
  page: PageRequest,
  most: number,
  now: number,
  order: DeviceOrder,
): readonly Place[] {
  switch (order.by) {
    case "seen":
      return bySilence(database, filter, page, most, now, order.newestFirst);
    case "state": {
      const segments = order.among.map((state) => ({ name: state, filter: { ...filter, state } }));
      return inSegments(database, segmentsWithin(segments, filter.state), page, most, now);
    }
    case "version": {
      const { product } = filter;
      if (product === undefined) return inNumberOrder(database, filter, startAfter(page), most, now);
      const segments = order.among.map((version) => ({ name: version, filter: { ...filter, version } }));
      const others = { name: "", filter, unlike: { product, among: order.among } };
      return inSegments(database, [...segmentsWithin(segments, filter.version), others], page, most, now);
    }
  }
}

/** Each tenant's devices come in the order of their numbers: the first of each make the first of all. */
function inNumberOrder(
  database: Database,
  filter: DeviceFilter,
  after: number,
  most: number,
  now: number,
  more: SqlPart = allOf([]),
): readonly Place[] {
  const numbers = new Set<number>();
  for (const one of byTenant(filter)) {
    const { lead } = chooseLead(database, one, now);
    for (const part of splitByLead(one, lead)) {
      const { from, number, where } = selectDevices(part, now, lead);
      const rows = database.all(
        `SELECT DISTINCT ${number} AS number FROM ${from} WHERE ${where.sql} AND ${more.sql} AND ${number} > ?
         ORDER BY ${number} LIMIT ?`,
        ...[...where.parameters, ...more.parameters, after, most],
      );
      for (const row of rows) numbers.add(integer(row, "number"));
    }
  }
  return [...numbers]
    .sort((a, b) => a - b)
    .slice(0, most)
    .map((number) => ({ number, cursor: String(number) }));
}

interface Segment {
  readonly name: string;
  readonly filter: DeviceFilter;
  /** Devices that are in none of the segments before. */
  readonly unlike?: { readonly product: string; readonly among: readonly string[] };
}

/** Of the segments those that the filter lets through as well. */
function segmentsWithin<Value extends string>(
  segments: readonly (Segment & { readonly name: Value })[],
  asked: Value | readonly Value[] | undefined,
): readonly Segment[] {
  if (asked === undefined) return segments;
  const values: readonly string[] = typeof asked === "string" ? [asked] : asked;
  return segments.filter(({ name }) => values.includes(name));
}

/** One segment after the other, each by the devices' numbers. A cursor names both. */
function inSegments(
  database: Database,
  segments: readonly Segment[],
  page: PageRequest,
  most: number,
  now: number,
): readonly Place[] {
  const [start, after] = segmentCursor(segments, page);
  const places: Place[] = [];
  for (const [index, { name, filter, unlike }] of segments.entries()) {
    if (index < start || places.length >= most) continue;
    const from = index === start ? after : 0;
    const more = unlike === undefined ? undefined : runsNoneOf(unlike.product, unlike.among);
    const rows = inNumberOrder(database, filter, from, most - places.length, now, more);
    places.push(...rows.map(({ number }) => ({ number, cursor: `${number}:${name}` })));
  }
  return places;
}

function runsNoneOf(product: string, versions: readonly string[]): SqlPart {
  return {
    sql: `NOT EXISTS (SELECT 1 FROM installation o WHERE o.device = d.number AND o.product = ?
            AND o.version IN (SELECT value FROM json_each(?)))`,
    parameters: [product, JSON.stringify(versions)],
  };
}

/** @throws StoreError `store/bad-cursor` */
function segmentCursor(
  segments: readonly Segment[],
  { after }: PageRequest,
): readonly [segment: number, number: number] {
  if (after === undefined) return [0, 0];
  const [, number, name] = /^([1-9]\d{0,14}):(.*)$/s.exec(after) ?? [];
  const index = segments.findIndex((segment) => segment.name === name);
  if (number === undefined || index < 0) throw badCursor();
  return [index, Number(number)];
}

/**
 * By when they were last heard of. Few devices are sorted; where many remain, those heard of are gone through by time until
 * a page is full, which does not take long since many remain.
 */
function bySilence(
  database: Database,
  filter: DeviceFilter,
  page: PageRequest,
  most: number,
  now: number,
  newestFirst: boolean,
): readonly Place[] {
  const start = timeCursor(page);
  const direction = newestFirst ? "DESC" : "ASC";
  const sign = newestFirst ? -1 : 1;
  const after: SqlPart =
    start === undefined
      ? allOf([])
      : {
          sql: `(p.heard_at, p.device) ${newestFirst ? "<" : ">"} (?, ?)`,
          parameters: [start.heardAt, start.number],
        };
  const found = byTenant(filter).flatMap((one: TenantFilter) => {
    const { lead, rows } = chooseLead(database, one, now);
    const { from, where } = selectDevices(one, now, rows < MANY ? lead : "pulse");
    return database
      .all(
        `SELECT DISTINCT p.heard_at, p.device AS number FROM ${from} WHERE ${where.sql} AND ${after.sql}
         ORDER BY p.heard_at ${direction}, p.device ${direction} LIMIT ?`,
        ...[...where.parameters, ...after.parameters, most],
      )
      .map((row) => ({ heardAt: integer(row, "heard_at"), number: integer(row, "number") }));
  });
  return found
    .sort((a, b) => sign * (a.heardAt - b.heardAt || a.number - b.number))
    .slice(0, most)
    .map(({ heardAt, number }) => ({ number, cursor: `${heardAt}.${number}` }));
}

/** @throws StoreError `store/bad-cursor` */
function timeCursor({
  after,
}: PageRequest): { readonly heardAt: number; readonly number: number } | undefined {
  if (after === undefined) return undefined;
  const [, heardAt, number] = /^(\d{1,15})\.([1-9]\d{0,14})$/.exec(after) ?? [];
  if (heardAt === undefined || number === undefined) throw badCursor();
  return { heardAt: Number(heardAt), number: Number(number) };
}
