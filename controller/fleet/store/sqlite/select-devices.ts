import type { SQLInputValue } from "node:sqlite";
import type { DeviceFilter } from "../fleet-store.ts";

/** Seconds. */
export const DAY = 86_400;
export const SILENT_AFTER = DAY;
export const GONE_AFTER = 30 * DAY;
/** Longest text that is searched for. */
const LONGEST_SEARCH = 100;

/** A part of a statement: `FROM ...` and the conditions behind `WHERE`, with what their `?` stand for, in order. */
export interface DeviceSelection {
  readonly from: string;
  /** The column that holds the device's number in the table that is read first. */
  readonly number: string;
  readonly conditions: readonly string[];
  readonly parameters: readonly SQLInputValue[];
}

/** Which table is read first: the one whose index leaves the fewest rows. */
type Lead = "device" | "installation" | "label" | "pulse";

/**
 * Turns a filter into SQL for the devices of one tenant, or of all and none. SQLite keeps the order of tables that are
 * joined with CROSS JOIN, and each table that may lead has an index that gives its rows in the order of the devices'
 * numbers, so that a page reads little more than its own rows.
 *
 * @param tenant `null`: all, and devices of none
 * @param lead `pulse`: read first those heard of longest ago; absent: what suits the filter
 */
export function selectDevices(
  filter: Omit<DeviceFilter, "tenants">,
  tenant: string | null,
  now: number,
  lead: Lead = leadFor(filter),
): DeviceSelection {
  const conditions: string[] = [];
  const parameters: SQLInputValue[] = [];
  const where = (condition: string, ...values: readonly SQLInputValue[]): void => {
    conditions.push(condition);
    parameters.push(...values);
  };

  const installation = installationConditions(filter);
  if (installation.conditions.length > 0) {
    // The first is the one that an index serves; a plus keeps SQLite from choosing another.
    const [first, ...others] = installation.conditions;
    if (lead === "installation") {
      where([first, ...others.map((one) => `+${one}`)].join(" AND "), ...installation.parameters);
    } else {
      where(
        `EXISTS (SELECT 1 FROM installation i WHERE i.device = d.number AND ${installation.conditions
          .map((one) => `+${one}`)
          .join(" AND ")})`,
        ...installation.parameters,
      );
    }
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
  if (tenant !== null) where("d.tenant = ?", tenant);
  if (filter.site !== undefined) where("d.site = ?", filter.site);
  if (filter.platform !== undefined) where("d.platform = ?", filter.platform);
  if (filter.state !== undefined) {
    switch (filter.state) {
      case "gone":
        where("p.heard_at <= ?", now - GONE_AFTER);
        break;
      case "silent":
        where("p.heard_at > ? AND p.heard_at <= ?", now - GONE_AFTER, now - SILENT_AFTER);
        break;
      default:
        where("d.condition = ? AND p.heard_at > ?", filter.state, now - SILENT_AFTER);
    }
  }
  if (filter.search !== undefined && filter.search !== "") {
    const pattern = containing(filter.search);
    where(
      `(d.id LIKE ? ESCAPE '\\' OR d.tenant LIKE ? ESCAPE '\\' OR d.site LIKE ? ESCAPE '\\' OR EXISTS (
         SELECT 1 FROM device_label s WHERE s.device = d.number AND s.value LIKE ? ESCAPE '\\'))`,
      ...[pattern, pattern, pattern, pattern],
    );
  }
  return { ...FROM[lead], conditions, parameters };
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
} as const satisfies Readonly<Record<Lead, Pick<DeviceSelection, "from" | "number">>>;

function leadFor({ cause, label, product, version, channel, state }: Omit<DeviceFilter, "tenants">): Lead {
  if (cause !== undefined) return "installation";
  if (state === "silent" || state === "gone") return "pulse";
  if (label !== undefined) return "label";
  return product !== undefined || version !== undefined || channel !== undefined ? "installation" : "device";
}

/** All of one installation, the one that leaves the fewest first. */
function installationConditions({ cause, version, channel, product }: Omit<DeviceFilter, "tenants">): {
  readonly conditions: readonly string[];
  readonly parameters: readonly string[];
} {
  const given = [
    ["i.failed_cause = ?", cause],
    ["i.version = ?", version],
    ["i.applied_channel = ?", channel],
    ["i.product = ?", product],
  ] as const;
  const conditions: string[] = [];
  const parameters: string[] = [];
  for (const [condition, value] of given) {
    if (value === undefined) continue;
    conditions.push(condition);
    parameters.push(value);
  }
  return { conditions, parameters };
}

/** A pattern of LIKE for texts that contain this one. */
function containing(search: string): string {
  return `%${search.slice(0, LONGEST_SEARCH).replaceAll(/[\\%_]/g, "\\$&")}%`;
}
