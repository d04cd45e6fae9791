import { formatDuration } from "../../protocol/duration.ts";
import type { ChannelPolicy, Halt } from "../../protocol/policy.ts";
import { printable } from "../../protocol/printable.ts";
import { formatTime } from "../../protocol/trail.ts";
import { rolloutStart } from "../../protocol/waves.ts";
import type { ServedManifest } from "../http/manifest/served-manifest.ts";
import type { StandingRollout } from "../http/rollout-metrics.ts";
import { describeOutcome, type RefusedOutcome, shortCommit } from "../reconcile/outcome.ts";
import { isStale } from "../state/channel-lag.ts";
import type { Area, Ended, Fact } from "./fact.ts";
import type { MachineCounts, Situation } from "./situation.ts";

const DAY = 86_400;
/** Seconds without an answer of the source that people are told of. */
const UNSEEN_AFTER = 900;
/** Seconds for which a rollout waits for proof before people are told; for a person it waits at once. */
const HELD_AFTER = 3_600;
/** Roles that the controller signs again each day; half of their three days left means that it does not. */
const ONLINE_ROLES: ReadonlySet<string> = new Set(["timestamp", "snapshot", "policy"]);
const ONLINE_EXPIRES_SOON = 1.5 * DAY;
const OFFLINE_EXPIRES = 30 * DAY;
const OFFLINE_EXPIRES_SOON = 7 * DAY;
/** Machines are gone silent en masse from this share on, and no fewer than so many; below half of it they are back. */
const SILENT_SHARE = 0.1;
const FEWEST_SILENT = 5;
/** Lines about mistakes and machines in one message. */
const MOST_LINES = 5;
const MOST_CHARACTERS = 300;

/** What is so now, and what has happened, as whoever may see all of it is told. */
export function areasOf(situation: Situation): readonly Area[] {
  return [
    commitArea(situation),
    sourceArea(situation),
    promotionArea(situation),
    haltArea(situation),
    rolloutArea(situation),
    staleArea(situation),
    roleArea(situation),
    machineArea(situation),
  ];
}

/**
 * What a receiver that is limited to tenants is told: of its machines, and of versions. What counts machines of all, names
 * files of the state repository or is about the controller is left out, as the API leaves it out for such people.
 *
 * @param situation with the machines of these tenants alone
 */
export function areasForTenants(situation: Situation): readonly Area[] {
  return [
    promotionArea(situation),
    withoutReasons(haltArea(situation)),
    withoutReasons(rolloutArea(situation)),
    staleArea(situation),
    machineArea(situation),
  ];
}

function withoutReasons(area: Area): Area {
  const { endOf: _, ...rest } = area;
  return { ...rest, facts: area.facts.map((fact) => ({ ...fact, lines: [] })) };
}

function line(text: string): string {
  return printable(text.trim().replaceAll(/\s+/g, " "), MOST_CHARACTERS);
}

function commitArea({ served: { outcome } }: Situation): Area {
  const endOf = ({ subject }: Ended): string | undefined => {
    if (outcome?.kind !== "published") return undefined;
    const commit = shortCommit(outcome.commit);
    return subject.commit === outcome.commit
      ? `commit ${commit} is served`
      : `commit ${commit} is served, all is well again`;
  };
  const area = { name: "commit", endOf };
  if (outcome === undefined) return { ...area, isKnown: false, facts: [] };
  const base = { key: "commit", at: outcome.at, title: line(describeOutcome(outcome)) };
  switch (outcome.kind) {
    case "published":
      return { ...area, isKnown: true, facts: [] };
    // It says nothing of the commit: that is as it was.
    case "waiting":
      return { ...area, isKnown: false, facts: [] };
    case "refused": {
      const { commit } = outcome;
      const lines = mistakeLines(outcome);
      const title = `commit ${shortCommit(commit)} is refused: ${countOf(mistakesOf(outcome), "mistake")}`;
      const fact: Fact = {
        ...{ ...base, title, lines, event: "refused", variant: commit },
        ...{ subject: { commit }, page: pageOfCommit(commit) },
      };
      return { ...area, isKnown: true, facts: [fact] };
    }
    case "held": {
      const { commit } = outcome;
      const lines = ["what was served before stays served"];
      const fact: Fact = {
        ...{ ...base, lines, event: "commit-held", variant: commit },
        ...{ subject: { commit }, page: pageOfCommit(commit) },
      };
      return { ...area, isKnown: true, facts: [fact] };
    }
    case "stalled": {
      const { code, help } = outcome.cause;
      const lines = help === undefined ? [] : [line(`what to do: ${help}`)];
      const title = line(`the controller cannot publish: ${outcome.cause.message}`);
      const fact: Fact = { ...base, title, lines, event: "stalled", variant: code, subject: {}, page: "/" };
      return { ...area, isKnown: true, facts: [fact] };
    }
  }
}

function mistakesOf({ diagnostics, omitted = 0 }: RefusedOutcome): number {
  return diagnostics.filter(({ severity }) => severity === "error").length + omitted;
}

/** `tenants/acme.yaml:3: message` */
function mistakeLines(outcome: RefusedOutcome): string[] {
  const errors = outcome.diagnostics.filter(({ severity }) => severity === "error");
  const lines = errors.slice(0, MOST_LINES).map(({ file, span, message, help }) => {
    const place = span === undefined ? file : `${file}:${span.line}`;
    return line(`${place}: ${message}${help === undefined ? "" : ` (${help})`}`);
  });
  const more = mistakesOf(outcome) - lines.length;
  return more > 0 ? [...lines, `and ${more} more`] : lines;
}

function sourceArea({ served: { outcome, sourceSeenAt }, startedAt, now }: Situation): Area {
  const area = { name: "source", endOf: () => "the state repository answers again" };
  if (outcome?.kind !== "waiting") return { ...area, isKnown: outcome !== undefined, facts: [] };
  const since = sourceSeenAt ?? startedAt;
  const age = now - since;
  const fact: Fact = {
    ...{ key: "source", variant: "", event: "source-unseen", subject: {}, at: since, page: "/" },
    title: `the state repository has not answered for ${formatDuration(age)}; nothing new is served`,
    lines: [line(outcome.cause.message)],
    ...(age < UNSEEN_AFTER ? { isFaint: true as const } : {}),
  };
  return { ...area, isKnown: true, facts: [fact] };
}

interface ServedChannel {
  readonly product: string;
  readonly name: string;
  readonly channel: ChannelPolicy;
}

function channelsOf(serving: ServedManifest | undefined): ServedChannel[] {
  return [...(serving?.manifest.products ?? [])].flatMap(([product, { policy }]) =>
    Object.entries(policy.channels).map(([name, channel]) => ({ product, name, channel })),
  );
}

function promotionArea({ served: { serving }, now }: Situation): Area {
  const facts = channelsOf(serving).map(({ product, name, channel }): Fact => {
    const { version, commit, at } = channel.current;
    const [before] = channel.previous;
    const start = rolloutStart(channel, channel.current).at;
    // Of old ones nobody is told any more, and the releases of a product are read when they are first asked for.
    const releases = now - start < 7 * DAY ? serving?.manifest.products.get(product)?.releases : undefined;
    const release = releases?.find((one) => one.version === version);
    const isDown = channel.rollback?.from.includes(before?.version ?? "") === true;
    const verb = isDown ? "goes back to" : "gets";
    const isSecurity = release?.severity === "security";
    return {
      ...{ key: `promoted ${product}/${name}`, variant: `${version}@${commit}`, event: "promoted", at },
      ...{ subject: { product, channel: name, version, commit }, page: pageOfChannel(product, name) },
      title: `${product}: ${name} ${verb} ${version}${isSecurity ? " (security)" : ""}`,
      lines: [
        ...(before === undefined ? [] : [`it had ${before.version}`]),
        ...(start > now ? [`the rollout begins at ${formatTime(start)}`] : []),
        ...(release?.releaseNotes === undefined ? [] : [line(release.releaseNotes)]),
      ],
    };
  });
  return { name: "promotion", isKnown: serving !== undefined, facts };
}

function haltArea({ served: { serving } }: Situation): Area {
  const facts = channelsOf(serving).flatMap(({ product, name, channel }): Fact[] => {
    const { halted, current } = channel;
    if (halted === undefined) return [];
    const { version, commit } = current;
    const at = firstHalt(halted);
    return [
      {
        ...{ key: `halted ${product}/${name}`, variant: `${version}@${commit} ${at}`, event: "halted", at },
        ...{ subject: { product, channel: name, version, commit }, page: pageOfChannel(product, name) },
        title: `${product} ${version} on ${name} is halted${halted.by === "gate" ? " by its gate" : ""}`,
        lines: [line(halted.reason), "nobody else gets it; machines that have it keep it"],
      },
    ];
  });
  const endOf = ({ subject: { product = "", channel: name = "", version } }: Ended): string => {
    const channel = serving?.manifest.products.get(product)?.policy.channels[name];
    if (channel === undefined) return `${product}: ${name} is gone`;
    if (channel.current.version !== version)
      return `${product}: ${name} has moved on to ${channel.current.version}`;
    const why = channel.resumed === undefined ? "" : `: ${channel.resumed.reason}`;
    return line(`${product} ${version} on ${name} is resumed${why}`);
  };
  return { name: "halt", isKnown: serving !== undefined, facts, endOf };
}

/** A gate's halt that a commit repeats is the same halt. */
function firstHalt({ at, gate }: Halt): number {
  return Math.min(at, gate?.at ?? at);
}

function rolloutArea({ standing, served: { serving }, now }: Situation): Area {
  const facts = (standing ?? []).flatMap((rollout): Fact[] => {
    const { product, channel, version, commit, state, reason, since } = rollout;
    const policy = serving?.manifest.products.get(product)?.policy.channels[channel];
    const base = {
      ...{ variant: `${version}@${commit}`, subject: { product, channel, version, commit }, at: since },
      page: pageOfChannel(product, channel),
    };
    if (state === "done" && policy?.rollout !== undefined) {
      const title = `${product} ${version} has reached all of ${channel}`;
      return [
        {
          ...base,
          key: `finished ${product}/${channel}`,
          event: "finished",
          title,
          lines: countsOf(rollout),
        },
      ];
    }
    if (state !== "held") return [];
    const isForPerson = policy?.rollout?.advance === "manual";
    const isFaint = !isForPerson && now - since < HELD_AFTER;
    const title = `${product} ${version} on ${channel} waits${isForPerson ? " for a person" : ""}`;
    return [
      {
        ...{ ...base, key: `held ${product}/${channel}`, event: "held", title, lines: [line(reason)] },
        ...(isFaint ? { isFaint: true as const } : {}),
      },
    ];
  });
  const endOf = ({ subject: { product = "", channel = "", version = "" } }: Ended): string =>
    `${product} ${version} on ${channel} no longer waits`;
  return { name: "rollout", isKnown: standing !== undefined, facts, endOf };
}

function countsOf({ failures, counted }: StandingRollout): string[] {
  return counted === 0
    ? []
    : [`${countOf(failures, "failure")} of ${countOf(counted, "machine")} that count`];
}

function staleArea({ served: { lags, outcome }, now }: Situation): Area {
  const facts = lags.flatMap((lag): Fact[] => {
    if (!isStale(lag, now)) return [];
    const { product, channel, version, waiting, from, since, freshUntil } = lag;
    const where = from === undefined ? "" : ` on ${from}`;
    return [
      {
        ...{ key: `stale ${product}/${channel}`, variant: "", event: "stale", at: freshUntil },
        ...{ subject: { product, channel, version }, page: pageOfChannel(product, channel) },
        title: `${product}: ${channel} is stale at ${version}`,
        lines: [`${waiting} waits${where} since ${formatTime(since)}`],
      },
    ];
  });
  const endOf = ({ subject: { product = "", channel = "" } }: Ended): string =>
    `${product}: ${channel} is stale no more`;
  return { name: "stale", isKnown: outcome?.kind === "published", facts, endOf };
}

function roleArea({ served: { serving }, now }: Situation): Area {
  const facts = [...(serving?.expiries ?? [])].flatMap(([role, expires]): Fact[] => {
    const left = expires - now;
    const stage = stageOf(role, left);
    if (stage === undefined) return [];
    const isOnline = ONLINE_ROLES.has(role);
    const until = formatTime(expires);
    const title =
      stage === "expired"
        ? `${role} has expired at ${until}`
        : `${role} expires in ${formatDuration(left)}, at ${until}`;
    const remedy = isOnline
      ? "the controller signs it each day, and has not: `fairlead status` says why"
      : "people have to sign it again: `fairlead keys status` says how";
    return [
      {
        ...{
          key: `role ${role}`,
          variant: `${stage} ${expires}`,
          event: stage === "expired" ? "expired" : "expiring",
        },
        ...{ subject: { role }, at: expires, title, lines: [remedy], page: "/" },
      },
    ];
  });
  const endOf = ({ subject: { role = "" } }: Ended): string => `${role} is signed again`;
  return { name: "role", isKnown: serving !== undefined, facts, endOf };
}

function stageOf(role: string, left: number): "expired" | "soon" | "expiring" | undefined {
  if (left <= 0) return "expired";
  if (ONLINE_ROLES.has(role)) return left < ONLINE_EXPIRES_SOON ? "soon" : undefined;
  if (left < OFFLINE_EXPIRES_SOON) return "soon";
  return left < OFFLINE_EXPIRES ? "expiring" : undefined;
}

function machineArea({ machines, now }: Situation): Area {
  const area = { name: "machines", endOf: endOfMachines };
  if (machines === undefined) return { ...area, isKnown: false, facts: [] };
  return { ...area, isKnown: true, facts: [...silentFacts(machines, now), ...strandedFacts(machines, now)] };
}

function endOfMachines({ event, subject: { product = "" } }: Ended): string {
  return event === "silent"
    ? "most machines that had gone silent are back"
    : `no machine of ${product} is below its minimum version without a way any more`;
}

function silentFacts({ all, silent }: MachineCounts, now: number): Fact[] {
  const isMany = silent >= FEWEST_SILENT && silent >= all * SILENT_SHARE;
  const isFaint = silent >= FEWEST_SILENT && silent >= (all * SILENT_SHARE) / 2;
  if (!isMany && !isFaint) return [];
  return [
    {
      ...{ key: "silent", variant: "", event: "silent", subject: {}, at: now, page: "/fleet?state=silent" },
      title: `${silent} of ${countOf(all, "machine")} have been silent for a day`,
      lines: [],
      ...(isMany ? {} : { isFaint: true as const }),
    },
  ];
}

function strandedFacts({ stranded }: MachineCounts, now: number): Fact[] {
  const byProduct = Map.groupBy(stranded, ({ product }) => product);
  return [...byProduct].map(([product, kinds]) => {
    const devices = kinds.reduce((sum, kind) => sum + kind.devices, 0);
    const largest = kinds.toSorted((a, b) => b.devices - a.devices).slice(0, MOST_LINES);
    return {
      ...{
        key: `below-minimum ${product}`,
        variant: "",
        event: "below-minimum",
        subject: { product },
        at: now,
      },
      title: `${countOf(devices, "machine")} of ${product} are below the minimum version and have no way on`,
      lines: largest.map((kind) =>
        line(`${kind.devices} at ${kind.version} on ${kind.platform}: ${kind.text}`),
      ),
      page: "/fleet?state=refused",
    };
  });
}

function countOf(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

function pageOfChannel(product: string, channel: string): string {
  return `/rollouts/${encodeURIComponent(product)}/${encodeURIComponent(channel)}`;
}

function pageOfCommit(commit: string): string {
  return `/history/${encodeURIComponent(commit)}`;
}
