import { GONE_AFTER, SILENT_AFTER } from "../../device-state.ts";
import {
  DEVICE_STATES,
  type DeviceFacets,
  type DeviceFilter,
  type DeviceState,
  type GroupMembers,
  type TenantScope,
} from "../fleet-store.ts";
import { type CountedFilter, type HeadcountLine, sumFacets, sumStates } from "../sum-facets.ts";
import { chooseLead } from "./choose-lead.ts";
import { integer, type Row, text, word } from "./columns.ts";
import type { Database } from "./database.ts";
import { membersCondition } from "./group-members.ts";
import { byTenant, selectDevices } from "./select-devices.ts";
import { allOf, oneOf } from "./sql-part.ts";

/** How many there are, and by what: from what is counted beside the rows wherever that can say it. */
export function facetsOf(database: Database, filter: DeviceFilter, now: number): DeviceFacets {
  const { lines, rest } = linesFor(database, filter, now, undefined);
  return sumFacets(lines, rest);
}

/** How many there are by state. */
export function countStates(
  database: Database,
  filter: DeviceFilter,
  now: number,
): Readonly<Record<DeviceState, number>> {
  const { lines, rest } = linesFor(database, filter, now, filter.product ?? "");
  const sums = sumStates(lines, rest);
  const of = (state: DeviceState): number => sums.get(state) ?? 0;
  return {
    ...{ current: of("current"), behind: of("behind"), updating: of("updating"), failed: of("failed") },
    ...{ refused: of("refused"), cloned: of("cloned"), silent: of("silent"), gone: of("gone") },
  };
}

/** How many of a filter are in each of some groups, in one reading. */
export function countMembers(
  database: Database,
  filter: DeviceFilter,
  groups: readonly GroupMembers[],
  now: number,
): readonly number[] {
  const counts = groups.map(() => 0);
  const members = groups.map((group) => ({ tenant: group.tenant, ...membersCondition(group) }));
  for (const one of byTenant(filter)) {
    const { lead } = chooseLead(database, one, now);
    const { from, number, where } = selectDevices(one, now, lead);
    const sums = members.map(({ sql }, index) => `total(d.tenant = ? AND (${sql})) AS group_${index}`);
    const row = database.first(
      `SELECT ${sums.join(", ")} FROM (SELECT DISTINCT ${number} AS number FROM ${from} WHERE ${where.sql}) chosen
       CROSS JOIN device d ON d.number = chosen.number`,
      ...members.flatMap(({ tenant, parameters }) => [tenant, ...parameters]),
      ...where.parameters,
    );
    for (const index of counts.keys()) {
      counts[index] = (counts[index] ?? 0) + (row === undefined ? 0 : integer(row, `group_${index}`));
    }
  }
  return counts;
}

interface CountedLines {
  readonly lines: readonly HeadcountLine[];
  /** What of the filter the lines leave to whoever sums them up. */
  readonly rest: CountedFilter;
}

/**
 * What of a filter is counted beside the rows, and what has to be asked of the devices themselves.
 *
 * @param needed the product whose lines are needed at least; `undefined`: all
 */
function linesFor(
  database: Database,
  filter: DeviceFilter,
  now: number,
  needed: string | undefined,
): CountedLines {
  const { tenants, ids, label, groups, search, ...rest } = filter;
  const { product, version, channel, cause, ...ofDevices } = rest;
  const isOfAnyProduct =
    product === undefined && (version !== undefined || channel !== undefined || cause !== undefined);
  // A device counts once, whichever of its products it is: what is asked of those is no facet then.
  if (isOfAnyProduct) {
    const { tenant: _, site: __, platform: ___, state: ____, ...asked } = filter;
    return { lines: countNow(database, asked, now), rest: ofDevices };
  }
  if (ids === undefined && label === undefined && groups === undefined && search === undefined) {
    return {
      lines: [...countedLines(database, tenants, needed), ...silentLines(database, tenants, now, needed)],
      rest,
    };
  }
  const asked = {
    tenants,
    ...(ids === undefined ? {} : { ids }),
    ...(label === undefined ? {} : { label }),
    ...(groups === undefined ? {} : { groups }),
    ...(search === undefined ? {} : { search }),
    // What the lines count as well makes the search shorter: nobody sees sites of tenants that were not asked for.
    ...(rest.tenant === undefined ? {} : { tenant: rest.tenant }),
  };
  return { lines: countNow(database, asked, now), rest };
}

function countedLines(
  database: Database,
  tenants: TenantScope,
  product: string | undefined,
): readonly HeadcountLine[] {
  const scope = allOf([
    ...(tenants === null ? [] : [oneOf("tenant", tenants)]),
    ...(product === undefined ? [] : [oneOf("product", product)]),
  ]);
  return database
    .all(`SELECT *, condition AS state FROM headcount WHERE ${scope.sql}`, ...scope.parameters)
    .map(lineOf);
}

/** Takes those that have been silent from what their last check-in said to `silent` and `gone`. */
function silentLines(
  database: Database,
  tenants: TenantScope,
  now: number,
  product: string | undefined,
): readonly HeadcountLine[] {
  const silent = allOf([
    { sql: "p.heard_at <= ?", parameters: [now - SILENT_AFTER] },
    ...(tenants === null ? [] : [oneOf("d.tenant", tenants)]),
  ]);
  const isGone = "(p.heard_at <= ?) AS is_gone";
  const from = "FROM pulse p CROSS JOIN device d ON d.number = p.device";
  const ofDevices = `
    SELECT ${OF_DEVICE}, ${isGone}, count(*) AS devices ${from} WHERE ${silent.sql}
    GROUP BY d.tenant, d.site, d.platform, d.condition, is_gone`;
  const installed = allOf([silent, ...(product === undefined ? [] : [oneOf("i.product", product)])]);
  const ofInstallations = `
    SELECT ${OF_INSTALLATION}, ${isGone}, count(*) AS devices ${from}
    CROSS JOIN installation i ON i.device = p.device WHERE ${installed.sql}
    GROUP BY i.product, d.tenant, d.site, d.platform, d.condition, i.version, i.applied_channel, i.failed_cause, is_gone`;
  const gone = now - GONE_AFTER;
  const rows = [
    ...(product === undefined || product === "" ? database.all(ofDevices, gone, ...silent.parameters) : []),
    ...(product === "" ? [] : database.all(ofInstallations, gone, ...installed.parameters)),
  ];
  return rows.flatMap((row): HeadcountLine[] => {
    const line = lineOf(row);
    const state = integer(row, "is_gone") === 1 ? "gone" : "silent";
    return [
      { ...line, devices: -line.devices },
      { ...line, state },
    ];
  });
}

/** The same lines for the devices of a filter, counted as it is asked. */
function countNow(database: Database, filter: DeviceFilter, now: number): readonly HeadcountLine[] {
  const chosen = byTenant(filter).map((one) => {
    const { lead } = chooseLead(database, one, now);
    const { from, number, where } = selectDevices(one, now, lead);
    return {
      sql: `SELECT DISTINCT ${number} AS number FROM ${from} WHERE ${where.sql}`,
      parameters: where.parameters,
    };
  });
  if (chosen.length === 0) return [];
  const state = `CASE WHEN p.heard_at <= ? THEN 'gone' WHEN p.heard_at <= ? THEN 'silent' ELSE d.condition END`;
  const times = [now - GONE_AFTER, now - SILENT_AFTER];
  return database
    .all(
      `WITH chosen AS MATERIALIZED (${chosen.map(({ sql }) => sql).join(" UNION ")}),
       standing AS MATERIALIZED (
         SELECT d.number, d.tenant, d.site, d.platform, ${state} AS condition
         FROM chosen CROSS JOIN device d ON d.number = chosen.number CROSS JOIN pulse p ON p.device = d.number)
       SELECT ${OF_DEVICE}, count(*) AS devices FROM standing d GROUP BY d.tenant, d.site, d.platform, d.condition
       UNION ALL
       SELECT ${OF_INSTALLATION}, count(*) AS devices FROM standing d CROSS JOIN installation i ON i.device = d.number
       GROUP BY i.product, d.tenant, d.site, d.platform, d.condition, i.version, i.applied_channel, i.failed_cause`,
      ...[...chosen.flatMap(({ parameters }) => parameters), ...times],
    )
    .map(lineOf);
}

const OF_PLACE = `ifnull(d.tenant, '') AS tenant, ifnull(d.site, '') AS site, d.platform, d.condition AS state`;
const OF_DEVICE = `'' AS product, ${OF_PLACE}, '' AS version, '' AS channel, '' AS cause`;
const OF_INSTALLATION = `i.product, ${OF_PLACE}, ifnull(i.version, '') AS version,
  ifnull(i.applied_channel, '') AS channel, ifnull(i.failed_cause, '') AS cause`;

function lineOf(row: Row): HeadcountLine {
  return {
    product: text(row, "product"),
    tenant: text(row, "tenant"),
    site: text(row, "site"),
    platform: text(row, "platform"),
    state: word(row, "state", DEVICE_STATES),
    version: text(row, "version"),
    channel: text(row, "channel"),
    cause: text(row, "cause"),
    devices: integer(row, "devices"),
  };
}
