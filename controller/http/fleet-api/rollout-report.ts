import type { ChannelPolicy, Gate } from "../../../protocol/policy.ts";
import { WHOLE_PPM } from "../../../protocol/share.ts";
import { rolloutStart } from "../../../protocol/waves.ts";
import type { PromotionKey } from "../../desired/overlay.ts";
import { describeTrait } from "../../fleet/shared-traits/device-traits.ts";
import { type SharedTrait, sharedTraits } from "../../fleet/shared-traits/shared-traits.ts";
import type { CensusRow, FleetStore } from "../../fleet/store/fleet-store.ts";
import type { RolloutRecord, SignatureRecord, TallyRow } from "../../fleet/store/records.ts";
import { allowedOf } from "../../rollout/allowed-machines.ts";
import { type CanaryCover, coverCells } from "../../rollout/cover-cells.ts";
import type { NextStep, NextWaves } from "../../rollout/next-situation.ts";
import type { Caller } from "../sign-in.ts";
import { plainHalt } from "./plain-halts.ts";
import { type GroupedCauses, groupCauses } from "./rollout-causes.ts";
import { nextOf, type ServedChannel, type TenantWindow, wavesOf, windowsOf } from "./rollout-next.ts";

type Counts = Omit<TallyRow, "platform" | "tenant" | "site" | "traits">;

/** How a promotion stands, as far as the asker may see it. */
export interface RolloutReport extends Omit<RolloutRecord, "countedFrom" | "judgement"> {
  /** `Name <mail>` of who promoted it, where the channel still points to it; only for those who may see all tenants. */
  readonly author?: string;
  /** It counts machines of all tenants: only for those who may see them. */
  readonly judgement?: RolloutRecord["judgement"];
  /** Machines that follow the channel, and those of them that run the version. */
  readonly devices: number;
  readonly running: number;
  /** Of them, those that may have it: by the share that is open, or as canaries. */
  readonly allowedDevices: number;
  /** What the channel pointed to before; absent: nothing. */
  readonly before?: string;
  readonly next: NextStep;
  readonly waves?: NextWaves;
  readonly tally: Counts;
  readonly byPlatform: readonly (Counts & Pick<TallyRow, "platform"> & FollowingCounts)[];
  readonly byTenant: readonly TenantReport[];
  readonly cover: CanaryCover;
  readonly causes: GroupedCauses;
  readonly bySite: readonly (Counts & Pick<TallyRow, "tenant" | "site">)[];
  readonly signatures: readonly SignatureRecord[];
  readonly shared: readonly SharedTrait[];
  readonly served?: ServedRollout;
}

interface FollowingCounts {
  readonly devices: number;
  readonly running: number;
}

export interface TenantReport extends Counts, FollowingCounts {
  readonly tenant: string | null;
  readonly allowedDevices: number;
  /** Absent: at any time. */
  readonly window?: Omit<TenantWindow, "tenant">;
}

/** What the manifest says of the channel. */
export interface ServedRollout extends Pick<ChannelPolicy, "halted" | "paused"> {
  readonly opened?: number;
  readonly gate?: Gate;
}

/** Machines of each outcome that are compared for what the failed ones share: enough to tell, and some 30 ms of work. */
const MOST_COMPARED = 1_000;
const MOST_SIGNATURES = 20;

/**
 * @param served what the manifest says of the channel, where it still points to this promotion
 * @param now    seconds since 1970
 */
export async function rolloutReport(
  store: FleetStore,
  caller: Caller,
  rollout: RolloutRecord,
  served: ServedChannel | undefined,
  now: number,
): Promise<RolloutReport> {
  const { tenants } = caller;
  const { product, version } = rollout;
  const channel = served?.channel;
  const [census, rows, signatures, causes] = await Promise.all([
    store.devices.census(product, rollout.channel, tenants, now),
    talliesOf(store, rollout, channel, now),
    store.attempts.signatures({ tenants, product, version }, MOST_SIGNATURES),
    store.rollouts.causes(keyOf(rollout), tenants),
  ]);
  const visible = rows.filter(
    ({ tenant }) => tenants === null || (tenant !== null && tenants.includes(tenant)),
  );
  const tally = sum(visible);
  const shared = tally.failed === 0 ? NOTHING_SHARED : await keptShared(store, rollout, tally, tenants, now);
  const windows = served === undefined ? [] : windowsOf(served, namesOf(census), now);
  const byPlatform = byFollowing(visible, census, version, ({ platform }) => ({ platform }));
  const severity = served?.findRelease(version)?.severity ?? "normal";
  const waves = served === undefined ? undefined : wavesOf(served, severity, now);
  const [first] = shared.traits;
  const before = channel?.previous.find((promotion) => promotion.version !== version)?.version;
  const counted = {
    ...{ census, failed: tally.failed, windows },
    platforms: byPlatform.map(({ devices: following, ...row }) => ({ following, ...row })),
    alike:
      first === undefined
        ? undefined
        : {
            what: first.traits.map(describeTrait).join(" and "),
            more: first.more,
            isAtLeast: !shared.areAll,
          },
  };
  const { countedFrom: _, judgement, ...shown } = visibleRollout(caller, rollout);
  const canaries = census.reduce((total, row) => total + row.canaries, 0);
  return {
    ...shown,
    ...(tenants === null ? { judgement } : {}),
    ...(tenants === null && served?.author !== undefined ? { author: served.author } : {}),
    devices: machines(census),
    running: machines(census.filter((row) => row.version === version)),
    allowedDevices: allowedMachines(census, rollout, canaries),
    ...(before === undefined ? {} : { before }),
    next: nextOf(caller, rollout, served, counted, now),
    ...(waves === undefined ? {} : { waves }),
    tally,
    byPlatform,
    bySite: grouped(visible, ({ tenant, site }) => ({ tenant, site })),
    byTenant: byFollowing(visible, census, version, ({ tenant }) => ({ tenant })).map((row) => {
      const own = census.filter(({ tenant }) => tenant === row.tenant);
      const found = windows.find(({ tenant }) => tenant === row.tenant);
      return {
        ...row,
        allowedDevices: allowedMachines(
          own,
          rollout,
          own.reduce((total, each) => total + each.canaries, 0),
        ),
        ...(found === undefined
          ? {}
          : { window: { window: found.window, opens: found.opens, closes: found.closes } }),
      };
    }),
    cover: coverCells(census, visible, channel?.rollout?.canary !== undefined),
    causes: groupCauses(causes),
    signatures,
    shared: shared.traits,
    ...(channel === undefined ? {} : { served: servedOf(caller, channel) }),
  };
}

function machines(rows: readonly Pick<CensusRow, "devices">[]): number {
  return rows.reduce((total, { devices }) => total + devices, 0);
}

/** As many as the open share lets have it, and the canaries. */
function allowedMachines(
  census: readonly CensusRow[],
  { allowed, state }: Pick<RolloutRecord, "allowed" | "state">,
  canaries: number,
): number {
  if (state === "pending") return 0;
  return allowedOf(machines(census), Math.min(allowed, WHOLE_PPM), canaries);
}

function namesOf(census: readonly CensusRow[]): string[] {
  return census.flatMap(({ tenant }) => tenant ?? []);
}

/** Counts of offers beside how many follow the channel and run the version. Most failures first, then most machines. */
function byFollowing<Group extends object>(
  rows: readonly TallyRow[],
  census: readonly CensusRow[],
  version: string,
  groupOf: (row: Pick<TallyRow, "platform" | "tenant">) => Group,
): (Counts & Group & FollowingCounts)[] {
  const groups = new Map<string, Counts & Group & { devices: number; running: number }>();
  for (const row of grouped(rows, groupOf)) {
    groups.set(JSON.stringify(groupOf({ platform: "", tenant: null, ...row })), {
      ...row,
      devices: 0,
      running: 0,
    });
  }
  for (const row of census) {
    const group = groupOf(row);
    const name = JSON.stringify(group);
    const known = groups.get(name) ?? { ...group, ...sum([]), devices: 0, running: 0 };
    known.devices += row.devices;
    if (row.version === version) known.running += row.devices;
    groups.set(name, known);
  }
  return [...groups.values()].sort((a, b) => b.failed - a.failed || b.devices - a.devices);
}

/** A rollout in the list; what is counted is counted of those alone that channels point to. */
export interface ListedRollout extends Omit<RolloutRecord, "countedFrom" | "judgement" | "marks"> {
  readonly isCurrent: boolean;
  readonly beganAt: number | null;
  readonly endedAt: number | null;
  readonly halts: number;
  readonly devices?: number;
  readonly running?: number;
  readonly allowedDevices?: number;
  readonly tally?: Counts;
  readonly maxFailure?: number;
  readonly waves?: readonly number[];
}

export function listedRollouts(
  store: FleetStore,
  caller: Caller,
  rollouts: readonly RolloutRecord[],
  servedOf: (rollout: RolloutRecord) => ServedChannel | undefined,
  now: number,
): Promise<ListedRollout[]> {
  return Promise.all(
    rollouts.map(async (rollout): Promise<ListedRollout> => {
      const { judgement: _, countedFrom: __, marks, ...shown } = visibleRollout(caller, rollout);
      const served = servedOf(rollout);
      const listed = {
        ...shown,
        isCurrent: served !== undefined,
        beganAt: marks.find(({ kind }) => kind === "began")?.at ?? null,
        endedAt: marks.findLast(({ kind }) => kind === "replaced")?.at ?? null,
        halts: marks.filter(({ kind }) => kind === "halt").length,
      };
      if (served === undefined) return listed;
      const { tenants } = caller;
      const [census, rows] = await Promise.all([
        store.devices.census(rollout.product, rollout.channel, tenants, now),
        talliesOf(store, rollout, served.channel, now),
      ]);
      const visible = rows.filter(
        ({ tenant }) => tenants === null || (tenant !== null && tenants.includes(tenant)),
      );
      const canaries = census.reduce((total, row) => total + row.canaries, 0);
      const { gate, waves } = served.channel.rollout ?? {};
      return {
        ...listed,
        devices: machines(census),
        running: machines(census.filter(({ version }) => version === rollout.version)),
        allowedDevices: allowedMachines(census, rollout, canaries),
        tally: sum(visible),
        ...(gate === undefined ? {} : { maxFailure: gate.maxFailure }),
        waves: waves?.map(({ ppm }) => ppm) ?? [],
      };
    }),
  );
}

/**
 * A rollout for a caller who may see some tenants only: its sentences count the machines of all, and may name tenants.
 */
export function visibleRollout({ tenants }: Caller, rollout: RolloutRecord): RolloutRecord {
  if (tenants === null) return rollout;
  return {
    ...rollout,
    reason: PLAIN_REASONS[rollout.state],
    marks: rollout.marks.map((mark) => ({ ...mark, text: PLAIN_MARKS[mark.kind] })),
  };
}

const PLAIN_REASONS = {
  pending: "it has not begun",
  canary: "the canaries have it",
  active: "its waves open",
  held: "it waits for a person",
  halted: "nobody else gets it",
  done: "everybody may have it",
} as const satisfies Record<RolloutRecord["state"], string>;

const PLAIN_MARKS = {
  began: "began",
  wave: "a wave opened",
  held: "held",
  halt: "halted",
  resume: "resumed",
  done: "done",
  replaced: "replaced by another promotion",
} as const satisfies Record<RolloutRecord["marks"][number]["kind"], string>;

const UNDER_WAY_SECONDS = 3_600;

function talliesOf(
  store: FleetStore,
  rollout: RolloutRecord,
  channel: ChannelPolicy | undefined,
  now: number,
): Promise<readonly TallyRow[]> {
  const silentAfter = channel?.rollout?.gate?.silentAfter;
  return store.rollouts.tallies(keyOf(rollout), {
    enrolledBefore: channel === undefined ? beganAt(rollout) : rolloutStart(channel, channel.current).at,
    silentBefore: silentAfter === undefined ? null : now - silentAfter,
    underWayFrom: now - UNDER_WAY_SECONDS,
    after: rollout.countedFrom,
    now,
  });
}

/** Where the channel has moved on: as far as its marks tell. */
function beganAt({ marks, since }: RolloutRecord): number {
  return marks.find(({ kind }) => kind === "began")?.at ?? since;
}

/** Seconds for which a comparison is good: it looks at thousands of machines, and a page asks after each report. */
const SHARED_FOR = 30;
const MOST_KEPT = 50;
const kept = new WeakMap<FleetStore, Map<string, KeptShared>>();

async function keptShared(
  store: FleetStore,
  rollout: RolloutRecord,
  tally: Counts,
  tenants: Caller["tenants"],
  now: number,
): Promise<Shared> {
  const ofStore = kept.get(store) ?? new Map<string, KeptShared>();
  kept.set(store, ofStore);
  const key = JSON.stringify([keyOf(rollout), tenants]);
  const known = ofStore.get(key);
  if (
    known !== undefined &&
    now - known.at < SHARED_FOR &&
    now >= known.at &&
    isMuchTheSame(known.tally, tally)
  ) {
    return known.shared;
  }
  const shared = sharedOf(store, rollout, tenants);
  ofStore.delete(key);
  ofStore.set(key, { at: now, tally, shared });
  const [oldest] = ofStore.keys();
  if (ofStore.size > MOST_KEPT && oldest !== undefined) ofStore.delete(oldest);
  // What failed is asked for again.
  shared.catch(() => ofStore.delete(key));
  return shared;
}

interface KeptShared {
  readonly at: number;
  readonly tally: Counts;
  readonly shared: Promise<Shared>;
}

/** Where few have reported, each report may change what the failed ones share; where many have, one in twenty. */
function isMuchTheSame(before: Counts, after: Counts): boolean {
  return (["failed", "confirmed"] as const).every(
    (outcome) => Math.abs(after[outcome] - before[outcome]) * 20 <= before[outcome],
  );
}

async function sharedOf(
  store: FleetStore,
  rollout: RolloutRecord,
  tenants: Caller["tenants"],
): Promise<Shared> {
  const outcomes = await store.rollouts.outcomes(keyOf(rollout), tenants, MOST_COMPARED);
  const waiting = outcomes.reduce((count, { outcome }) => (outcome === null ? count + 1 : count), 0);
  const areAll = waiting < MOST_COMPARED;
  return { traits: sharedTraits(outcomes, areAll), areAll };
}

interface Shared {
  readonly traits: readonly SharedTrait[];
  /** Whether all machines that have not tried it were looked at. */
  readonly areAll: boolean;
}

const NOTHING_SHARED: Shared = { traits: [], areAll: true };

export function keyOf({ product, channel, version, commit }: PromotionKey): PromotionKey {
  return { product, channel, version, commit };
}

function servedOf({ tenants }: Caller, { halted, paused, rollout }: ChannelPolicy): ServedRollout {
  return {
    ...(halted === undefined ? {} : { halted: tenants === null ? halted : plainHalt(halted) }),
    ...(paused === undefined ? {} : { paused }),
    ...(rollout?.opened === undefined ? {} : { opened: rollout.opened }),
    ...(rollout?.gate === undefined ? {} : { gate: rollout.gate }),
  };
}

function sum(rows: readonly TallyRow[]): Counts {
  const total = { offered: 0, confirmed: 0, failed: 0, excused: 0, silent: 0, underWay: 0 };
  for (const row of rows) {
    total.offered += row.offered;
    total.confirmed += row.confirmed;
    total.failed += row.failed;
    total.excused += row.excused;
    total.silent += row.silent;
    total.underWay += row.underWay;
  }
  return total;
}

/** Most failures first. */
function grouped<Group extends object>(
  rows: readonly TallyRow[],
  groupOf: (row: TallyRow) => Group,
): (Counts & Group)[] {
  const groups = new Map<string, { readonly group: Group; readonly rows: TallyRow[] }>();
  for (const row of rows) {
    const group = groupOf(row);
    const name = JSON.stringify(group);
    const known = groups.get(name) ?? { group, rows: [] };
    known.rows.push(row);
    groups.set(name, known);
  }
  return [...groups.values()]
    .map(({ group, rows }) => ({ ...group, ...sum(rows) }))
    .sort((a, b) => b.failed - a.failed || b.offered - a.offered);
}
