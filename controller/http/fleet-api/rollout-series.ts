import type { ProductPolicy, TenantPolicy } from "../../../protocol/policy.ts";
import { own } from "../../../protocol/scope.ts";
import { compareVersions, isVersion } from "../../../protocol/version.ts";
import type { StandingHold } from "../../desired/standing-hold.ts";
import type { CensusRow, FleetStore } from "../../fleet/store/fleet-store.ts";
import type { RolloutMark, RolloutPoint, RolloutRecord } from "../../fleet/store/records.ts";
import {
  type AdoptionSeries,
  adoptionSeries,
  type FoldedSeries,
  foldVersions,
  frameOf,
  heldAt,
  type VersionSeries,
} from "../../rollout/adoption-series.ts";
import { allowedOf } from "../../rollout/allowed-machines.ts";
import { type QuietTime, quietTimes } from "../../rollout/quiet-times.ts";
import type { Caller } from "../sign-in.ts";
import { keyOf, visibleRollout } from "./rollout-report.ts";

/** A rollout as it is drawn. Times are seconds since 1970, ascending; columns are as long as their times. */
export interface RolloutSeries {
  readonly product: string;
  readonly channel: string;
  readonly version: string;
  readonly commit: string;
  readonly now: number;
  /** Who of the channel ran what. */
  readonly adoption: Omit<FoldedSeries, "versions"> &
    Pick<AdoptionSeries, "at"> & { readonly versions: readonly DrawnVersion[] };
  /** The version since its promotion: machines that run it beside those that might. */
  readonly since: {
    readonly at: readonly number[];
    readonly running: readonly number[];
    readonly allowed: readonly number[];
    /** Machines of the channel. */
    readonly devices: readonly number[];
  };
  /** What the gate said; absent: there is none, or the asker may not see all that it counts. */
  readonly evidence?: {
    readonly at: readonly number[];
    readonly tests: readonly EvidenceSeries[];
  };
  /** What held machines back although it was open to them; empty where the product is not served any more. */
  readonly quiet: readonly QuietTime[];
  /** Of all promotions of the channel that are kept. */
  readonly marks: readonly (RolloutMark & { readonly version: string; readonly commit: string })[];
}

interface DrawnVersion extends VersionSeries {
  /** Absent: it is at the minimum or above, or there is none. */
  readonly isBelowMinimum?: true;
}

/** What a series is read with. */
export interface SeriesAsked {
  /** All promotions of the channel, the drawn one included. */
  readonly ofChannel: readonly RolloutRecord[];
  /** Absent: the product is not served any more. */
  readonly policy: ProductPolicy | undefined;
  /** Of those that the asker may know of. */
  readonly policyOfTenant: (tenant: string) => TenantPolicy | undefined;
  /** Of the version; what is not served any more is normal. */
  readonly severity: "normal" | "security";
  /** Pauses that stand in git, with the commits behind them. */
  readonly holds: readonly StandingHold[];
  /** How far back adoption goes. */
  readonly days: number;
}

export interface EvidenceSeries {
  /** Absent: the whole fleet. */
  readonly platform?: string;
  readonly needed: number;
  readonly failures: number;
  readonly counted: number;
  /** `null`: it was not tested yet. */
  readonly evidence: readonly (number | null)[];
}

/** Versions that are drawn by themselves. */
const MOST_VERSIONS = 11;
const DAY = 86_400;

/**
 * From kept numbers alone: what each span of time changed, and what the gate said along the way.
 */
export async function rolloutSeries(
  store: FleetStore,
  caller: Caller,
  rollout: RolloutRecord,
  asked: SeriesAsked,
  now: number,
): Promise<RolloutSeries> {
  const { product, channel, version } = rollout;
  const { ofChannel, policy, days } = asked;
  const { tenants } = caller;
  const until = endOf(rollout) ?? now;
  const [census, counted, points] = await Promise.all([
    store.devices.census(product, channel, tenants, now),
    store.devices.adoptionSince(product, channel, tenants),
    store.rollouts.points(keyOf(rollout)),
  ]);
  const began = rollout.marks.find(({ kind }) => kind === "began")?.at ?? rollout.since;
  const first = counted ?? now;
  const frame = frameOf(Math.max(first, Math.min(now - days * DAY, began)), now);
  const sinceFrame = frameOf(Math.max(Math.min(began, now), first), now);
  const [changes, sinceChanges] = await Promise.all([
    store.devices.adoption(product, channel, tenants, frame),
    store.devices.adoption(product, channel, tenants, sinceFrame),
  ]);
  const { at, versions } = adoptionSeries(census, changes, frame);
  const since = upTo(until, adoptionSeries(census, sinceChanges, sinceFrame));
  const canaries = census.reduce((sum, row) => sum + row.canaries, 0);
  const devices = since.at.map((_, index) =>
    since.versions.reduce((sum, { machines }) => sum + (machines[index] ?? 0), 0),
  );
  const allowed = heldAt(since.at, points).map((point, index) =>
    point === undefined
      ? 0
      : allowedOf(devices[index] ?? 0, point.allowed, Math.min(canaries, devices[index] ?? 0)),
  );
  const evidence = tenants === null ? evidenceOf(points) : undefined;
  return {
    ...{ product, channel, version, commit: rollout.commit, now },
    adoption: { at, ...drawnVersions(versions, version, channel, policy) },
    since: {
      at: since.at,
      running: since.versions.find((one) => one.version === version)?.machines ?? since.at.map(() => 0),
      allowed,
      devices,
    },
    ...(evidence === undefined ? {} : { evidence }),
    quiet: policy === undefined ? [] : quietOf(asked, policy, channel, census, { from: frame.from, now }),
    marks: ofChannel
      .flatMap((one) => visibleRollout(caller, one).marks.map((mark) => ({ ...mark, ...nameOf(one) })))
      .sort((a, b) => a.at - b.at)
      .slice(-MOST_MARKS),
  };
}

const MOST_MARKS = 300;

function quietOf(
  { policyOfTenant, severity, holds }: SeriesAsked,
  policy: ProductPolicy,
  channel: string,
  census: readonly CensusRow[],
  times: { readonly from: number; readonly now: number },
): QuietTime[] {
  const machines = new Map<string, number>();
  for (const { tenant, devices } of census) {
    if (tenant !== null) machines.set(tenant, (machines.get(tenant) ?? 0) + devices);
  }
  return quietTimes({
    ...{ policy, channel, severity, ...times },
    tenants: [...machines].map(([tenant, count]) => ({
      tenant,
      said: policyOfTenant(tenant),
      machines: count,
    })),
    pausedSince: (scope) =>
      holds.find(
        (hold) =>
          hold.kind === "paused" &&
          hold.scope === scope &&
          (hold.product ?? policy.product) === policy.product,
      )?.origin?.at,
  });
}

function nameOf({ version, commit }: RolloutRecord): Pick<RolloutRecord, "version" | "commit"> {
  return { version, commit };
}

/** Newest first; what cannot be compared comes last. */
function drawnVersions(
  all: readonly VersionSeries[],
  version: string,
  channel: string,
  policy: ProductPolicy | undefined,
): Omit<FoldedSeries, "versions"> & { readonly versions: readonly DrawnVersion[] } {
  const { versions, ...folded } = foldVersions(all, MOST_VERSIONS, [version]);
  const scheme = policy?.versionScheme ?? "semver";
  const minimums = [
    policy?.minVersion,
    policy?.fleet.minVersion,
    policy === undefined ? undefined : own(policy.channels, channel)?.minVersion,
  ].flatMap((each) => each ?? []);
  const isReadable = (one: string | null): one is string => one !== null && isVersion(scheme, one);
  const sorted = versions.toSorted((a, b) => {
    if (!isReadable(a.version) || !isReadable(b.version)) {
      return Number(isReadable(b.version)) - Number(isReadable(a.version));
    }
    return compareVersions(scheme, b.version, a.version);
  });
  return {
    ...folded,
    versions: sorted.map((one) => {
      const { version } = one;
      const isBelow =
        isReadable(version) && minimums.some((least) => compareVersions(scheme, version, least) < 0);
      return isBelow ? { ...one, isBelowMinimum: true } : one;
    }),
  };
}

function endOf({ marks }: RolloutRecord): number | undefined {
  return marks.findLast(({ kind }) => kind === "replaced")?.at;
}

function upTo(end: number, { at, versions }: AdoptionSeries): AdoptionSeries {
  const count = Math.max(2, at.findLastIndex((second) => second <= end) + 1);
  return {
    at: at.slice(0, count),
    versions: versions.map(({ version, machines }) => ({ version, machines: machines.slice(0, count) })),
  };
}

/** Platforms that are drawn: those with the most evidence, as a picture of more is read by nobody. */
const MOST_TESTS = 12;
const MOST_EVIDENCE_POINTS = 300;

function evidenceOf(points: readonly RolloutPoint[]): RolloutSeries["evidence"] {
  const last = points.at(-1);
  if (last === undefined || last.tests.length === 0) return undefined;
  const step = Math.ceil(points.length / MOST_EVIDENCE_POINTS);
  // From the end, so that the last point is there.
  const kept = points.filter((_, index) => (points.length - 1 - index) % step === 0);
  const tests = last.tests
    .filter(({ platform, counted }) => platform === undefined || counted > 0)
    .toSorted(
      (a, b) =>
        Number(b.platform === undefined) - Number(a.platform === undefined) || b.evidence - a.evidence,
    )
    .slice(0, MOST_TESTS);
  return {
    at: kept.map(({ at }) => at),
    tests: tests.map(({ evidence: _, ...test }) => ({
      ...test,
      evidence: kept.map(
        ({ tests }) => tests.find(({ platform }) => platform === test.platform)?.evidence ?? null,
      ),
    })),
  };
}
