import type { Client } from "../api/client.ts";
import type { Device, Status } from "../api/types.ts";
import type { IconName } from "../parts/icon.tsx";
import { commitPath, devicePath, fleetPath, rolloutPath } from "./routes.ts";

/** Something that can be gone to. */
export interface Finding {
  readonly name: string;
  /** What it is. */
  readonly what: string;
  readonly href: string;
  readonly icon: IconName;
  /** It is written in the letters of code. */
  readonly isCode: boolean;
}

/** Machines that are listed; who wants more goes to the fleet. */
const MOST_DEVICES = 8;

const VIEWS: readonly Finding[] = [
  { name: "Overview", what: "view", href: "/", icon: "right", isCode: false },
  { name: "Rollouts", what: "view", href: "/rollouts", icon: "right", isCode: false },
  { name: "Fleet", what: "view", href: "/fleet", icon: "right", isCode: false },
  { name: "History", what: "view", href: "/history", icon: "right", isCode: false },
];

/** What has the name that is typed, best first. What cannot be asked is left out. */
export async function findThings(client: Client, typed: string, signal: AbortSignal): Promise<Finding[]> {
  const text = typed.trim();
  const [status, devices] = await Promise.all([
    client.get("/api/v1/status", {}, signal).catch(() => undefined),
    text === ""
      ? []
      : client
          .get("/api/v1/agents", { query: { search: text, limit: MOST_DEVICES } }, signal)
          .then(({ agents }) => agents)
          .catch(() => []),
  ]);
  return rankFindings(text, status, devices);
}

/** @param text without spaces at its ends; empty: where one can go at all */
export function rankFindings(
  text: string,
  status: Status | undefined,
  devices: readonly Device[],
): Finding[] {
  const wanted = text.toLowerCase();
  const views = VIEWS.filter(({ name }) => wanted === "" || name.toLowerCase().startsWith(wanted));
  const channels = channelsOf(status);
  const findings = [
    ...devices.map(deviceFinding),
    ...tenantsOf(devices, wanted),
    ...channels.filter(({ name }) => wanted === "" || isMeant(name, wanted)),
    ...versionsOf(status, wanted),
    ...commitsOf(status, wanted),
    ...views,
  ];
  return wanted === "" ? [...views, ...channels].slice(0, 12) : findings;
}

function isMeant(name: string, wanted: string): boolean {
  return (
    name
      .toLowerCase()
      .split(/[\s/]+/)
      .some((word) => word.startsWith(wanted)) ||
    name.toLowerCase().replaceAll(" ", "").includes(wanted.replaceAll(" ", ""))
  );
}

function deviceFinding({ id, tenant, site, platform }: Device): Finding {
  const where = [tenant, site].filter((each) => each !== null).join(" / ");
  return {
    name: id,
    what: ["machine", where, platform].filter((each) => each !== "").join(" · "),
    href: devicePath(id),
    icon: "disc",
    isCode: true,
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
      icon: "ring",
      isCode: false,
    }));
}

function channelsOf(status: Status | undefined): Finding[] {
  return (status?.products ?? []).flatMap(({ name: product, channels }) =>
    channels.map(({ name: channel, version }) => ({
      name: `${product} / ${channel}`,
      what: `rollout of ${version}`,
      href: rolloutPath(product, channel),
      icon: "waves" as const,
      isCode: false,
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
    icon: "disc",
    isCode: false,
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
    icon: "commit",
    isCode: true,
  }));
}
