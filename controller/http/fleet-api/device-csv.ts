import { formatTime } from "../../../protocol/trail.ts";
import type { DeviceFilter } from "../../fleet/store/fleet-store.ts";
import type { Caller } from "../sign-in.ts";
import type { DeviceRow, InstallationRow } from "./device-offer.ts";
import type { FleetScope } from "./fleet-scope.ts";
import { shownDevices } from "./shown-devices.ts";

/** Machines that are in memory at a time. */
const AT_A_TIME = 500;

const HEAD = [
  ...["id", "tenant", "site", "platform", "state", "since", "last seen", "agent version", "labels"],
  ...["product", "version", "version since", "channel", "offered", "why not", "failed for"],
];

/** The machines of a filter as lines of CSV (RFC 4180), a page at a time: as fast as they are taken, and no faster. */
export async function* deviceCsv(
  scope: FleetScope,
  caller: Caller,
  filter: DeviceFilter,
): AsyncGenerator<string> {
  yield line(HEAD);
  let after: string | undefined;
  do {
    const page = after === undefined ? { limit: AT_A_TIME } : { limit: AT_A_TIME, after };
    const { rows, next } = await scope.store.devices.list(filter, page, scope.context.now());
    const devices = await shownDevices(scope, caller, rows);
    if (devices.length > 0) yield devices.map(linesOf).join("");
    after = next;
  } while (after !== undefined);
}

function linesOf(device: DeviceRow): string {
  const { id, tenant, site, platform, state, stateSince, lastSeenAt, agentVersion, labels } = device;
  const named = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
  const own = [
    ...[id, tenant ?? "", site ?? "", platform, state, timeOf(stateSince), timeOf(lastSeenAt)],
    ...[agentVersion, named.join(" ")],
  ];
  if (device.installations.length === 0) return line([...own, "", "", "", "", "", "", ""]);
  return device.installations.map((installation) => line([...own, ...cellsOf(installation)])).join("");
}

function cellsOf({
  product,
  installed,
  since,
  appliedChannel,
  offer,
  failedCause,
}: InstallationRow): string[] {
  const isCurrent = offer?.action === "stay";
  return [
    ...[product, installed?.version ?? "", timeOf(since), appliedChannel ?? ""],
    ...[isCurrent ? "" : (offer?.target ?? ""), isCurrent ? "" : (offer?.reason ?? ""), failedCause ?? ""],
  ];
}

function timeOf(second: number | null): string {
  return second === null ? "" : formatTime(second);
}

function line(cells: readonly string[]): string {
  return `${cells.map(cellOf).join(",")}\r\n`;
}

/** A cell that begins like a formula is run by spreadsheets: machines choose some of these texts themselves. */
function cellOf(text: string): string {
  const shown = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(shown) ? `"${shown.replaceAll('"', '""')}"` : shown;
}
