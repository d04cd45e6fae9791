import type { ChannelPolicy, Gate } from "../../../protocol/policy.ts";
import { rolloutStart } from "../../../protocol/waves.ts";
import type { PromotionKey } from "../../desired/overlay.ts";
import { type SharedTrait, sharedTraits } from "../../fleet/shared-traits/shared-traits.ts";
import type { FleetStore } from "../../fleet/store/fleet-store.ts";
import type { RolloutRecord, SignatureRecord, TallyRow } from "../../fleet/store/records.ts";
import type { Caller } from "../sign-in.ts";
import { plainHalt } from "./plain-halts.ts";

type Counts = Omit<TallyRow, "platform" | "tenant" | "site" | "traits">;

/** How a promotion stands, as far as the asker may see it. */
export interface RolloutReport extends Omit<RolloutRecord, "countedFrom" | "judgement"> {
  /** It counts machines of all tenants: only for those who may see them. */
  readonly judgement?: RolloutRecord["judgement"];
  /** Machines that follow the channel, and those of them that run the version. */
  readonly devices: number;
  readonly running: number;
  readonly tally: Counts;
  readonly byPlatform: readonly (Counts & Pick<TallyRow, "platform">)[];
  readonly bySite: readonly (Counts & Pick<TallyRow, "tenant" | "site">)[];
  readonly signatures: readonly SignatureRecord[];
  readonly shared: readonly SharedTrait[];
  readonly served?: ServedRollout;
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
 * @param channel what the manifest says of the channel, where it still points to this promotion
 * @param now     seconds since 1970
 */
export async function rolloutReport(
  store: FleetStore,
  caller: Caller,
  rollout: RolloutRecord,
  channel: ChannelPolicy | undefined,
  now: number,
): Promise<RolloutReport> {
  const { tenants } = caller;
  const { product, version } = rollout;
  const following = { tenants, product, channel: rollout.channel };
  const [all, running, rows, signatures] = await Promise.all([
    store.devices.count(following, now),
    store.devices.count({ ...following, version }, now),
    talliesOf(store, rollout, channel, now),
    store.attempts.signatures({ tenants, product, version }, MOST_SIGNATURES),
  ]);
  const visible = rows.filter(
    ({ tenant }) => tenants === null || (tenant !== null && tenants.includes(tenant)),
  );
  const tally = sum(visible);
  const { countedFrom: _, judgement, ...shown } = visibleRollout(caller, rollout);
  return {
    ...shown,
    ...(tenants === null ? { judgement } : {}),
    devices: present(all),
    running: present(running),
    tally,
    byPlatform: grouped(visible, ({ platform }) => ({ platform })),
    bySite: grouped(visible, ({ tenant, site }) => ({ tenant, site })),
    signatures,
    shared: tally.failed === 0 ? [] : await sharedOf(store, rollout, tenants),
    ...(channel === undefined ? {} : { served: servedOf(caller, channel) }),
  };
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

async function sharedOf(
  store: FleetStore,
  rollout: RolloutRecord,
  tenants: Caller["tenants"],
): Promise<readonly SharedTrait[]> {
  const outcomes = await store.rollouts.outcomes(keyOf(rollout), tenants, MOST_COMPARED);
  const waiting = outcomes.reduce((count, { outcome }) => (outcome === null ? count + 1 : count), 0);
  return sharedTraits(outcomes, waiting < MOST_COMPARED);
}

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

/** Those that are gone are in no denominator. */
function present({ gone: _, ...others }: Readonly<Record<string, number>>): number {
  return Object.values(others).reduce((total, count) => total + count, 0);
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
