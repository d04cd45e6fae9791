import type { QuietDevices } from "../fleet/store/fleet-store.ts";
import { type BelowMinimum, belowMinimum } from "./below-minimum.ts";
import { type Need, need } from "./need.ts";
import type { OverviewInput } from "./overview-input.ts";
import { devicePage, fleetPage } from "./page-paths.ts";
import { capital, count, grouped, listed, moment, span, uncapital } from "./phrases.ts";

/** Machines that do not come back, or on, by themselves. */
export function machineNeeds(input: OverviewInput): Need[] {
  return [
    ...belowMinimumNeeds(input),
    ...disappearedNeeds(input),
    ...silentNeeds(input),
    ...clonedNeeds(input),
  ];
}

/** One for each minimum: of a product, or of one of its channels. */
function belowMinimumNeeds(input: OverviewInput): Need[] {
  return belowMinimum(input).map((below) => {
    const { product, minimum, devices, stranded, versions } = below;
    const line = input.controller.minimums.find(
      (one) => one.version === minimum && (one.product === product || one.product === undefined),
    );
    const origin = input.tenants === null ? line?.origin : undefined;
    const noWay = sumOf(stranded);
    const [lowest] = noWay === 0 ? versions : stranded.map(({ version }) => version);
    return need(`${product}@${minimum}`, {
      kind: "below-minimum",
      ...(origin === undefined ? {} : { since: origin.at }),
      what: `${count(devices, "machine")} below ${product} ${minimum}`,
      why: [whichWay(below, noWay), ...refusedNow(input, below)].join(" "),
      subject: {
        ...{ product, version: minimum, devices },
        ...(line === undefined ? {} : { file: line.file, line: line.line }),
        ...(origin === undefined ? {} : { commit: origin.commit }),
      },
      action: {
        label: `Show the ${grouped(noWay === 0 ? devices : noWay)}`,
        page: fleetPage({ product, version: lowest }),
        commands: noWay === 0 ? ["fairlead agents list --state refused"] : ["fairlead paths"],
      },
    });
  });
}

function whichWay({ devices, stranded }: BelowMinimum, noWay: number): string {
  if (noWay === 0) return devices === 1 ? "It is sent on." : "All of them are sent on.";
  const from = listed([...new Set(stranded.map(({ version }) => version))]);
  const stuck = `${grouped(noWay)} ${noWay === 1 ? "has" : "have"} no way from ${from}`;
  return devices === noWay ? `${stuck}.` : `${grouped(devices - noWay)} are sent on; ${stuck}.`;
}

/** Machines say below which minimum they were at their last check-in, and not of which product. */
function refusedNow({ fleet }: OverviewInput, { minimum, devices, isOnly }: BelowMinimum): string[] {
  const refused = fleet.refused.find((row) => row.minimum === minimum)?.devices ?? 0;
  if (refused === 0 || !isOnly) return [];
  const those = refused >= devices ? "Their check-ins are" : `The check-ins of ${grouped(refused)} are`;
  return [`${those} answered 426 until then.`];
}

function sumOf(rows: readonly { readonly devices: number }[]): number {
  return rows.reduce((sum, { devices }) => sum + devices, 0);
}

/** Many machines of one place that fell quiet together, before a day has passed. */
function disappearedNeeds({ fleet, now }: OverviewInput): Need[] {
  return fleet.disappeared.map((quiet) => {
    const { devices, ofDevices, lastAt, tenant, site } = quiet;
    const all =
      devices >= ofDevices ? "No other is there" : `The other ${grouped(ofDevices - devices)} there report`;
    return need(`${placeName(quiet)}@${lastAt}`, {
      kind: "disappeared",
      since: lastAt,
      what: `${count(devices, "machine")} at ${placeName(quiet)} stopped reporting`,
      why: `${together(quiet, now)}. ${all}${fleet.disappeared.length === 1 ? "; no other site went quiet like that" : ""}.`,
      subject: { ...placeOf(quiet), devices },
      action: {
        label: "Show the site",
        page: fleetPage({ tenant, site }),
        commands: [listCommand({ tenant, site })],
      },
    });
  });
}

/** Those of whom nothing was heard for a day. */
function silentNeeds({ fleet, now }: OverviewInput): Need[] {
  const { silent } = fleet.states;
  const [most] = fleet.silent;
  if (silent === 0 || most === undefined) return [];
  const where =
    most.site === null && most.tenant === null
      ? undefined
      : `${most.devices === silent ? (silent === 1 ? "It is" : "All of them") : `${grouped(most.devices)} of them`} at ${placeName(most)}`;
  const when =
    most.devices === 1 ? `last heard of on ${moment(most.lastAt, now)}` : uncapital(together(most, now));
  const since = Math.max(...fleet.silent.map(({ lastAt }) => lastAt));
  const of = most.devices * 2 >= silent ? { tenant: most.tenant, site: most.site } : {};
  return [
    need("silent", {
      kind: "silent",
      since,
      what: `${count(silent, "machine")} gone silent`,
      why: where === undefined ? `${capital(when)}.` : `${where}, ${when}.`,
      subject: { ...placeOf(most), devices: silent },
      action: {
        label: silent === 1 ? "Show it" : `Show the ${grouped(silent)}`,
        page: fleetPage({ state: "silent" }),
        commands: ["fairlead agents list --state silent"],
      },
      ...(where === undefined || Object.keys(of).length === 0
        ? {}
        : { link: { label: placeName(most), page: fleetPage({ ...of, state: "silent" }) } }),
    }),
  ];
}

/** Whether they fell quiet at once, which points to their network and not to them. */
function together({ devices, firstAt, lastAt }: QuietDevices, now: number): string {
  if (devices === 1) return `Last heard of on ${moment(lastAt, now)}`;
  if (lastAt - firstAt <= 60) return `All within one minute on ${moment(lastAt, now)}`;
  if (lastAt - firstAt < 3_600)
    return `All within ${span(lastAt - firstAt)}, the last on ${moment(lastAt, now)}`;
  return `The first on ${moment(firstAt, now)}, the last on ${moment(lastAt, now)}`;
}

/** `initech / lagos` */
function placeName({ tenant, site }: Pick<QuietDevices, "tenant" | "site">): string {
  const named = [tenant, site].filter((name) => name !== null);
  return named.length === 0 ? "no tenant" : named.join(" / ");
}

function placeOf({ tenant, site }: Pick<QuietDevices, "tenant" | "site">): {
  readonly tenant?: string;
  readonly site?: string;
} {
  return { ...(tenant === null ? {} : { tenant }), ...(site === null ? {} : { site }) };
}

function listCommand({ tenant, site }: Pick<QuietDevices, "tenant" | "site">): string {
  const of = [
    ...(tenant === null ? [] : [`--tenant ${tenant}`]),
    ...(site === null ? [] : [`--site ${site}`]),
  ];
  return ["fairlead agents list", ...of].join(" ");
}

function clonedNeeds({ fleet }: OverviewInput): Need[] {
  return fleet.cloned.map(({ id, tenant, site, since }) =>
    need(id, {
      kind: "cloned",
      since,
      what: `The key of \`${id}\` is in two places`,
      why: "It was copied with the machine, as with a disk image. Both are asked for a new key, and updates go on.",
      subject: placeOf({ tenant, site }),
      action: { label: "Show it", page: devicePage(id), commands: [`fairlead agents show ${id}`] },
    }),
  );
}
