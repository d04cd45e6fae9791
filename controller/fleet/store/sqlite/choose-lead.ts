import type { DeviceState, OneOf } from "../fleet-store.ts";
import type { Database } from "./database.ts";
import { type Lead, statePart, type TenantFilter } from "./select-devices.ts";
import { allOf, anyOf, oneOf, type SqlPart, valuesOf } from "./sql-part.ts";

/** Rows that are looked at to see which key leaves the fewest: more than that is many. */
export const MANY = 3_000;

/** A key of the filter that may lead, with how many rows its index has for it, as far as `MANY`. */
export interface ChosenLead {
  readonly lead: Lead;
  readonly rows: number;
}

/**
 * The key whose index leaves the fewest devices. Each is asked for at most `MANY` rows of its index, so that choosing costs
 * little however large the fleet is; of several that leave as few the first in this order.
 */
export function chooseLead(database: Database, filter: TenantFilter, now: number): ChosenLead {
  const candidates: readonly (readonly [Lead, string, SqlPart | undefined])[] = [
    ["ids", "device d", given(filter.ids, (ids) => oneOf("d.id", ids))],
    ["cause", "installation i", given(filter.cause, (cause) => oneOf("i.failed_cause", cause))],
    ["pulse", "pulse p", silencePart(filter, now)],
    ["label", "device_label l", given(filter.label, ([name, value]) => labelPart(name, value))],
    ["version", "installation i", given(filter.version, (version) => oneOf("i.version", version))],
    ["site", "device d", given(filter.site, (site) => oneOf("d.site", site))],
    ["state", "device d", conditionPart(filter)],
    ["tenant", "device d", given(filter.tenant ?? undefined, (tenant) => oneOf("d.tenant", tenant))],
    ["channel", "installation i", given(filter.channel, (channel) => oneOf("i.applied_channel", channel))],
    ["platform", "device d", given(filter.platform, (platform) => oneOf("d.platform", platform))],
    ["product", "installation i", given(filter.product, (product) => oneOf("i.product", product))],
  ];
  let best: ChosenLead = { lead: "device", rows: MANY + 1 };
  for (const [lead, table, part] of candidates) {
    if (part === undefined) continue;
    const row = database.first(
      `SELECT count(*) AS rows FROM (SELECT 1 FROM ${table} WHERE ${part.sql} LIMIT ${MANY})`,
      ...part.parameters,
    );
    const rows = Number(row?.rows ?? 0);
    if (rows < best.rows) best = { lead, rows };
  }
  return best;
}

function given<Value>(value: Value | undefined, partOf: (value: Value) => SqlPart): SqlPart | undefined {
  return value === undefined ? undefined : partOf(value);
}

function labelPart(name: string, value: string): SqlPart {
  return { sql: "l.name = ? AND l.value = ?", parameters: [name, value] };
}

function isSilence(state: DeviceState): boolean {
  return state === "silent" || state === "gone";
}

/** Where nothing but silence is asked for. */
function silencePart({ state }: TenantFilter, now: number): SqlPart | undefined {
  if (state === undefined || !valuesOf(state).every(isSilence)) return undefined;
  return anyOf(valuesOf(state).map((one) => statePart(one, "pulse", now)));
}

/** Where nothing of silence is asked for. */
function conditionPart({ state, tenant }: TenantFilter): SqlPart | undefined {
  if (state === undefined || valuesOf(state).some(isSilence)) return undefined;
  const condition = oneOf("d.condition", state);
  return tenant === null ? condition : allOf([{ sql: "d.tenant = ?", parameters: [tenant] }, condition]);
}

/** The same filter once for each value of the key that leads, so that each index gives its rows in their order. */
export function splitByLead(filter: TenantFilter, lead: Lead): readonly TenantFilter[] {
  const split = <Key extends "site" | "platform" | "state" | "cause" | "version" | "channel">(
    key: Key,
  ): readonly TenantFilter[] => {
    const values: OneOf<string> | undefined = filter[key];
    if (values === undefined || typeof values === "string") return [filter];
    return [...new Set(values)].map((value) => ({ ...filter, [key]: value }));
  };
  switch (lead) {
    case "site":
    case "platform":
    case "state":
    case "cause":
    case "version":
    case "channel":
      return split(lead);
    default:
      return [filter];
  }
}
