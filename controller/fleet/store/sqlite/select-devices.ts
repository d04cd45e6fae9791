import type { SQLInputValue } from "node:sqlite";
import { GONE_AFTER, SILENT_AFTER } from "../../device-state.ts";
import type { DeviceFilter, DeviceState } from "../fleet-store.ts";
import { membersCondition } from "./group-members.ts";
import { allOf, anyOf, oneOf, type SqlPart, valuesOf } from "./sql-part.ts";

/** Longest text that is searched for. */
const LONGEST_SEARCH = 100;

/** `FROM ...` and the conditions behind `WHERE`. */
export interface DeviceSelection {
  readonly from: string;
  /** The column that holds the device's number in the table that is read first. */
  readonly number: string;
  readonly where: SqlPart;
}

/**
 * What is read first: the index of one key, whose rows come in the order of the devices' numbers; `device`: all devices by
 * their numbers; `pulse`: those heard of, by time.
 */
export type Lead =
  | "device"
  | "pulse"
  | "ids"
  | "tenant"
  | "site"
  | "platform"
  | "state"
  | "label"
  | "cause"
  | "version"
  | "channel"
  | "product";

/** A filter for the devices of one tenant; `null`: of all and none. */
export interface TenantFilter extends Omit<DeviceFilter, "tenants" | "tenant"> {
  readonly tenant: string | null;
}

const FROM = {
  device: { from: "device d CROSS JOIN pulse p ON p.device = d.number", number: "d.number" },
  installation: {
    from: "installation i CROSS JOIN device d ON d.number = i.device CROSS JOIN pulse p ON p.device = d.number",
    number: "i.device",
  },
  label: {
    from: "device_label l CROSS JOIN device d ON d.number = l.device CROSS JOIN pulse p ON p.device = d.number",
    number: "l.device",
  },
  pulse: { from: "pulse p CROSS JOIN device d ON d.number = p.device", number: "p.device" },
} as const satisfies Readonly<Record<string, Pick<DeviceSelection, "from" | "number">>>;

/**
 * Turns a filter into SQL. SQLite keeps the order of tables that are joined with CROSS JOIN, and a plus before a column
 * keeps it from using an index for that: so it reads what `lead` names and nothing else.
 */
export function selectDevices(filter: TenantFilter, now: number, lead: Lead): DeviceSelection {
  const parts: SqlPart[] = [];
  const where = (sql: string, ...parameters: readonly SQLInputValue[]): void => {
    parts.push({ sql, parameters });
  };
  /** A column of the device, which leads where its key does. */
  const column = (name: string, leads: boolean): string => (leads ? name : `+${name}`);

  const installation = installationParts(filter, lead);
  if (installation.length > 0) {
    const all = allOf(installation);
    const isLead = tableOf(lead) === "installation";
    where(
      isLead ? all.sql : `EXISTS (SELECT 1 FROM installation i WHERE i.device = d.number AND ${all.sql})`,
      ...all.parameters,
    );
  }
  if (filter.label !== undefined) {
    const [name, value] = filter.label;
    if (lead === "label") where("l.name = ? AND l.value = ?", name, value);
    else {
      where(
        "EXISTS (SELECT 1 FROM device_label l WHERE l.device = d.number AND l.name = ? AND l.value = ?)",
        ...[name, value],
      );
    }
  }
  if (filter.ids !== undefined) parts.push(oneOf(column("d.id", lead === "ids"), filter.ids));
  // With a state as well, the index of both leads.
  if (filter.tenant !== null) {
    where(`${column("d.tenant", lead === "tenant" || lead === "state")} = ?`, filter.tenant);
  }
  if (filter.site !== undefined) parts.push(oneOf(column("d.site", lead === "site"), filter.site));
  if (filter.platform !== undefined) {
    parts.push(oneOf(column("d.platform", lead === "platform"), filter.platform));
  }
  if (filter.state !== undefined) {
    parts.push(anyOf(valuesOf(filter.state).map((state) => statePart(state, lead, now))));
  }
  if (filter.groups !== undefined) {
    parts.push(
      anyOf(
        filter.groups.map((group) =>
          allOf([{ sql: "+d.tenant = ?", parameters: [group.tenant] }, membersCondition(group)]),
        ),
      ),
    );
  }
  if (filter.search !== undefined && filter.search !== "") {
    const pattern = containing(filter.search);
    where(
      `(d.id LIKE ? ESCAPE '\\' OR d.tenant LIKE ? ESCAPE '\\' OR d.site LIKE ? ESCAPE '\\' OR EXISTS (
         SELECT 1 FROM device_label s WHERE s.device = d.number AND s.value LIKE ? ESCAPE '\\'))`,
      ...[pattern, pattern, pattern, pattern],
    );
  }
  return { ...FROM[tableOf(lead)], where: allOf(parts) };
}

function tableOf(lead: Lead): keyof typeof FROM {
  switch (lead) {
    case "cause":
    case "version":
    case "channel":
    case "product":
      return "installation";
    case "label":
    case "pulse":
      return lead;
    default:
      return "device";
  }
}

/** All of one installation. */
function installationParts(filter: TenantFilter, lead: Lead): readonly SqlPart[] {
  const given = [
    ["cause", "i.failed_cause", filter.cause],
    ["version", "i.version", filter.version],
    ["channel", "i.applied_channel", filter.channel],
    ["product", "i.product", filter.product],
  ] as const;
  return given.flatMap(([key, name, values]) =>
    values === undefined ? [] : oneOf(lead === key ? name : `+${name}`, values),
  );
}

/** @param lead `pulse` and `state`: the index of what it says leads */
export function statePart(state: DeviceState, lead: Lead, now: number): SqlPart {
  const heard = lead === "pulse" ? "p.heard_at" : "+p.heard_at";
  switch (state) {
    case "gone":
      return { sql: `${heard} <= ?`, parameters: [now - GONE_AFTER] };
    case "silent":
      return {
        sql: `(${heard} > ? AND ${heard} <= ?)`,
        parameters: [now - GONE_AFTER, now - SILENT_AFTER],
      };
    default:
      return {
        sql: `(${lead === "state" ? "d.condition" : "+d.condition"} = ? AND +p.heard_at > ?)`,
        parameters: [state, now - SILENT_AFTER],
      };
  }
}

/** A pattern of LIKE for texts that contain this one. */
function containing(search: string): string {
  return `%${search.slice(0, LONGEST_SEARCH).replaceAll(/[\\%_]/g, "\\$&")}%`;
}

/** One filter for each tenant, or one for all and none. */
export function byTenant({ tenants, tenant, ...filter }: DeviceFilter): readonly TenantFilter[] {
  const asked = tenant === undefined ? tenants : valuesOf(tenant);
  if (asked === null) return [{ ...filter, tenant: null }];
  const visible = tenants === null ? asked : asked.filter((one) => tenants.includes(one));
  return [...new Set(visible)].map((one) => ({ ...filter, tenant: one }));
}
