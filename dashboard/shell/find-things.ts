import type { Device, Status } from "../api/types.ts";
import { commitPath, devicePath, fleetPath, rolloutPath } from "./routes.ts";

/** Something that can be gone to. */
export interface Finding {
  readonly name: string;
  /** What it is. */
  readonly what: string;
  readonly href: string;
  readonly kind: "view" | "channel" | "version" | "commit" | "tenant" | "machine";
}

const VIEWS: readonly Finding[] = [
  { name: "Overview", what: "view", href: "/", kind: "view" },
  { name: "Rollouts", what: "view", href: "/rollouts", kind: "view" },
  { name: "Fleet", what: "view", href: "/fleet", kind: "view" },
  { name: "History", what: "view", href: "/history", kind: "view" },
];

/**
 * What has the name that is typed, in an order that stays when machines are found a moment later.
 *
 * @param text without spaces at its ends; empty: where one can go at all
 */
export function rankFindings(
  text: string,
  status: Status | undefined,
  devices: readonly Device[],
): Finding[] {
  const wanted = text.toLowerCase();
  const views = VIEWS.filter(({ name }) => name.toLowerCase().startsWith(wanted));
  const channels = channelsOf(status).filter(({ name }) => isMeant(name, wanted));
  if (wanted === "") return [...views, ...channels].slice(0, MOST_AT_FIRST);
  return [
    ...views,
    ...channels,
    ...versionsOf(status, wanted),
    ...commitsOf(status, wanted),
    ...tenantsOf(devices, wanted),
    ...devices.map(deviceFinding),
  ];
}

/** Findings before anything is typed. */
const MOST_AT_FIRST = 12;

/** Whether each word that is typed begins a word of the name. */
function isMeant(name: string, wanted: string): boolean {
  const words = wordsOf(name);
  return wordsOf(wanted).every((typed) => words.some((word) => word.startsWith(typed)));
}

function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[\s/]+/)
    .filter((word) => word !== "");
}

function deviceFinding({ id, tenant, site, platform }: Device): Finding {
  const where = [tenant, site].filter((each) => each !== null).join(" / ");
  return {
    name: id,
    what: ["machine", where, platform].filter((each) => each !== "").join(" · "),
    href: devicePath(id),
    kind: "machine",
  };
}

/** Tenants are not listed anywhere: they are known from their machines. */
function tenantsOf(devices: readonly Device[], wanted: string): Finding[] {
  const names = new Set(devices.flatMap(({ tenant }) => (tenant === null ? [] : [tenant])));
  return [...names]
    .filter((name) => name.startsWith(wanted))
    .map((name) => ({
      name,
      what: "machines of the tenant",
      href: fleetPath({ tenant: name }),
      kind: "tenant",
    }));
}

function channelsOf(status: Status | undefined): Finding[] {
  return (status?.products ?? []).flatMap(({ name: product, channels }) =>
    channels.map(({ name: channel, version }) => ({
      name: `${product} / ${channel}`,
      what: `rollout of ${version}`,
      href: rolloutPath(product, channel),
      kind: "channel" as const,
    })),
  );
}

function versionsOf(status: Status | undefined, wanted: string): Finding[] {
  const found = (status?.products ?? []).flatMap(({ name: product, channels }) =>
    [...new Set(channels.map(({ version }) => version))].map((version) => ({ product, version })),
  );
  const meant = found.filter(({ version }) => version.startsWith(wanted));
  // A version that no channel points to is still run by somebody.
  const other = /^\d+\.\d+\S*$/.test(wanted) && meant.every(({ version }) => version !== wanted);
  const products = (status?.products ?? []).map(({ name }) => ({ product: name, version: wanted }));
  return [...meant, ...(other ? products : [])].map(({ product, version }) => ({
    name: `${product} ${version}`,
    what: "machines that run it",
    href: fleetPath({ product, version }),
    kind: "version",
  }));
}

function commitsOf(status: Status | undefined, wanted: string): Finding[] {
  const served = status?.commit;
  const promoted = (status?.products ?? []).flatMap(({ channels }) => channels.map(({ commit }) => commit));
  const known = [...new Set([...(served === undefined ? [] : [served]), ...promoted])];
  const meant = known.filter((commit) => wanted.length >= 3 && commit.startsWith(wanted));
  const other = /^[0-9a-f]{7,40}$/.test(wanted) && meant.length === 0 ? [wanted] : [];
  return [...meant, ...other].map((commit) => ({
    name: commit.slice(0, 12),
    what: commit === served ? "commit, served now" : "commit",
    href: commitPath(commit),
    kind: "commit",
  }));
}
