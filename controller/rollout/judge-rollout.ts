import { type GateResult, judgeGate } from "../../protocol/gate/judge-gate.ts";
import { type Strata, withOffered } from "../../protocol/gate/strata.ts";
import {
  type ChannelPolicy,
  type Halt,
  MAX_CHECK_INTERVAL,
  type ProductPolicy,
  type Rollout,
  type Spread,
} from "../../protocol/policy.ts";
import type { Severity } from "../../protocol/release.ts";
import { formatPpm, type Ppm, WHOLE_PPM } from "../../protocol/share.ts";
import { formatTime } from "../../protocol/trail.ts";
import { rolloutStart, spreadFor } from "../../protocol/waves.ts";
import { stands } from "../desired/apply-overlays.ts";
import type { Overlay, PromotionKey } from "../desired/overlay.ts";
import type { CheckObservation, RolloutJudgement, RolloutRecord, TallyRow } from "../fleet/store/records.ts";
import { type OpenWaves, opensAfter, openWaves } from "./open-waves.ts";
import { nextMarks } from "./rollout-marks.ts";
import { talliedRows, valuesOf } from "./tallied-rows.ts";

/** Everything that a rollout is judged by. */
export interface RolloutSituation {
  /** As it is served. */
  readonly product: ProductPolicy;
  readonly channelName: string;
  readonly channel: ChannelPolicy;
  readonly severity: Severity;
  /** Whether what the channel points to is yanked: it offers something else then. */
  readonly isYanked: boolean;
  /** What was added to policy, whether it is served yet or not. */
  readonly overlays: readonly Overlay[];
  /** What was said of this promotion before. */
  readonly before: RolloutRecord | undefined;
  /** What the gate tests by itself, where nothing was said before: what was chosen of the whole fleet. */
  readonly strata: Strata;
  readonly tallies: readonly TallyRow[];
  readonly checks: readonly CheckObservation[];
  /** Since when devices have been able to report without a break, seconds since 1970. */
  readonly listeningSince: number;
  readonly now: number;
}

export interface JudgedRollout {
  readonly record: RolloutRecord;
  /** What has to be added to policy. */
  readonly overlays: readonly Overlay[];
}

/** Seconds between two polls of an agent where policy says nothing. */
const DEFAULT_CHECK_INTERVAL = 300;

type RolloutState = RolloutRecord["state"];

/** What is said of it in the end: a state, why, and when something happens by itself. */
interface Verdict {
  readonly state: RolloutState;
  readonly reason: string;
  readonly nextAt?: number | undefined;
}

/**
 * How a rollout stands, and what the controller does about it: a halt where the gate says so, the next wave where health
 * opens them, its time has come, and the waves before it are proven. Pure: equal inputs give equal outputs.
 *
 * It opens nothing that git's waves do not foresee, and a halt stands until a commit ends it.
 */
export function judgeRollout(situation: RolloutSituation): JudgedRollout {
  const progress = progressOf(situation);
  const added = overlaysToAdd(situation, progress);
  if (added.length === 0) return { record: recordOf(situation, progress), overlays: [] };
  // What is added is taken as there, so that what is said is what will be served.
  const after = { ...situation, overlays: [...situation.overlays, ...added] };
  return { record: recordOf(after, progressOf(after)), overlays: added };
}

/** The intermediate results, all by the same second. */
interface Progress {
  readonly key: PromotionKey;
  /** When its waves begin to count, seconds since 1970. */
  readonly start: number;
  readonly halt: Halt | undefined;
  readonly spread: Spread | undefined;
  /** `undefined`: time alone opens waves. */
  readonly openedBy: "healthy" | "manual" | undefined;
  readonly waves: OpenWaves;
  readonly gate: GateResult | undefined;
  readonly judgement: RolloutJudgement;
  readonly countedFrom: number | null;
}

function progressOf(situation: RolloutSituation): Progress {
  const { product, channelName, channel, severity, before, now } = situation;
  const { current, rollout } = channel;
  const key: PromotionKey = {
    product: product.product,
    channel: channelName,
    version: current.version,
    commit: current.commit,
  };
  const start = rolloutStart(channel, current).at;
  const halt = haltOf(situation);
  const spread = rollout === undefined ? undefined : spreadFor(rollout, severity);
  const openedBy = rollout !== undefined && spread === rollout ? rollout.advance : undefined;
  const limit = openedBy === undefined ? undefined : openedWaves(situation, rollout);
  // While it is halted time opens nothing more.
  const at = halt === undefined ? now : Math.min(now, halt.at);
  const waves = spread === undefined ? ALL_OPEN : openWaves(spread, start, limit, at);
  const strata = withOffered(strataBefore(situation), situation.tallies.map(valuesOf));
  const tallied = talliedRows(strata, situation.tallies);
  const gate =
    rollout?.gate === undefined || now < start
      ? undefined
      : judgeGate(rollout.gate, tallied, situation.checks);
  const countedFrom = channel.resumed?.at ?? null;
  const { expected, confirmed, failed, silent, excused } = tallied.fleet.tally;
  const answered = confirmed + failed + silent + excused;
  const known = before !== undefined && before.countedFrom === countedFrom ? before.judgement.opening : null;
  // After a resumption, or where nothing is remembered, each wave has to be proven anew.
  const opening =
    known !== null && known.waves >= waves.open
      ? known
      : { waves: waves.open, at: now, offered: expected, answered };
  const { keys, chosen: chosenStrata } = strata;
  const judgement = { strata: keys, chosenStrata, gate: gate ?? null, checks: situation.checks, opening };
  return { key, start, halt, spread, openedBy, waves, gate, judgement, countedFrom };
}

function strataBefore({ before, strata }: RolloutSituation): Strata {
  if (before === undefined) return strata;
  const { strata: keys, chosenStrata = keys.length } = before.judgement;
  return { keys, chosen: chosenStrata };
}

/** Without waves everybody gets it at once. */
const ALL_OPEN: OpenWaves = { open: 0, share: WHOLE_PPM };

/** The halt that stands, in policy or on the way into it. */
function haltOf({ channel, overlays }: RolloutSituation): Halt | undefined {
  if (channel.halted !== undefined) return channel.halted;
  const overlay = overlays.find((each) => each.kind === "halt" && stands(each, channel));
  return overlay?.kind === "halt" ? { reason: overlay.reason, at: overlay.at, by: "gate" } : undefined;
}

function openedWaves({ channel, overlays }: RolloutSituation, rollout: Rollout | undefined): number {
  let opened = rollout?.opened ?? 0;
  if (rollout?.advance !== "healthy") return opened;
  for (const overlay of overlays) {
    if (overlay.kind === "opened" && stands(overlay, channel)) opened = Math.max(opened, overlay.waves);
  }
  return Math.min(opened, rollout.waves.length);
}

function overlaysToAdd(situation: RolloutSituation, progress: Progress): Overlay[] {
  const { now } = situation;
  const { key, halt, gate, waves } = progress;
  if (halt !== undefined || situation.isYanked) return [];
  if (gate?.verdict === "halt") return [{ ...key, kind: "halt", reason: gate.reason, at: now }];
  const isOpenable = progress.openedBy === "healthy" && pausedBy(situation) === undefined;
  if (!isOpenable || whyShut(situation, progress) !== undefined) return [];
  return [{ ...key, kind: "opened", waves: waves.open + 1, at: now }];
}

/** Why the next wave does not open by health at this second, and until when at least; `undefined`: it does. */
function whyShut(
  situation: RolloutSituation,
  progress: Progress,
): { readonly reason: string; readonly until?: number } | undefined {
  const { channel, channelName, now } = situation;
  const { waves, gate, judgement, start } = progress;
  const { rollout } = channel;
  const next = waves.open + 1;
  if (waves.nextAt === undefined || rollout === undefined) return { reason: "all waves are open" };
  const due = Math.max(start, waves.nextAt);
  if (due > now) return { reason: `wave ${next} opens at ${formatTime(due)} at the earliest`, until: due };
  // Nobody has had the version: there is nothing to prove.
  if (waves.open === 0 && rollout.canary === undefined) return undefined;
  const what = waves.open === 0 ? "the canaries" : `wave ${waves.open}`;
  const byHand = `\`fairlead advance ${channelName}\` opens it`;
  if (gate === undefined) {
    return { reason: `wave ${next} waits for a person, as no gate says what healthy is: ${byHand}` };
  }
  const settled = settledAt(situation, judgement);
  if (settled > now) {
    return {
      reason: `wave ${next} waits until ${what} had time to report: ${formatTime(settled)}`,
      until: settled,
    };
  }
  if (gate.verdict !== "proven") return { reason: `wave ${next} waits for proof: ${gate.reason}; ${byHand}` };
  const missing = missingAnswers(rollout, gate, judgement);
  if (missing !== undefined) return { reason: `wave ${next} waits for ${what}: ${missing}; ${byHand}` };
  return undefined;
}

/**
 * When devices have had the time to say something: two of their looks after the newest wave opened, and after this
 * controller began to listen. One that was away for a day knows nothing of what went wrong meanwhile.
 */
function settledAt({ product, listeningSince }: RolloutSituation, { opening }: RolloutJudgement): number {
  const { checkInterval = DEFAULT_CHECK_INTERVAL } = product.fleet;
  const interval = checkInterval === 0 ? MAX_CHECK_INTERVAL : checkInterval;
  return Math.max(opening?.at ?? 0, listeningSince) + 2 * interval;
}

/**
 * What the newest wave has not said yet: half of the devices that were offered the version since it opened have to
 * answer, or as many as the gate needs. What earlier waves proved says nothing of it.
 */
function missingAnswers(
  { gate: asked }: Rollout,
  { expected, confirmed, failed, silent, excused }: GateResult,
  { opening }: RolloutJudgement,
): string | undefined {
  const offered = expected - (opening?.offered ?? 0);
  const answered = confirmed + failed + silent + excused - (opening?.answered ?? 0);
  const needed = Math.min(asked?.minReports ?? 1, Math.ceil(offered / 2));
  return answered >= needed ? undefined : `${Math.max(answered, 0)} of ${needed} reports since it opened`;
}

function recordOf(situation: RolloutSituation, progress: Progress): RolloutRecord {
  const { before, now } = situation;
  const { key, waves, judgement, countedFrom } = progress;
  const { state, reason, nextAt } = verdictOf(situation, progress);
  const allowed: Ppm = isStillHalted(before, state) ? before.allowed : state === "pending" ? 0 : waves.share;
  const record: RolloutRecord = {
    ...key,
    state,
    reason,
    since: before?.state === state ? before.since : now,
    nextAt: nextAt ?? null,
    allowed,
    marks: [],
    countedFrom,
    judgement,
  };
  return { ...record, marks: nextMarks(before, record, markedAt(situation, progress)) };
}

/** As far as it had come when it was halted: nothing has opened since. */
function isStillHalted(before: RolloutRecord | undefined, state: RolloutState): before is RolloutRecord {
  return before?.state === "halted" && state === "halted";
}

/** When what is noted in the marks came about. */
function markedAt(
  { channel, now }: RolloutSituation,
  { start, halt, spread, openedBy, waves }: Progress,
): Parameters<typeof nextMarks>[2] {
  return {
    now,
    start,
    haltAt: halt?.at ?? now,
    resumption: channel.resumed,
    waves: (spread?.waves ?? []).slice(0, waves.open).map(({ ppm }, index) => ({
      at: openedBy === undefined && spread !== undefined ? start + opensAfter(spread, index) : now,
      text: `wave ${index + 1} of ${spread?.waves.length ?? 0}: ${formatPpm(ppm)} of the fleet`,
    })),
  };
}

function verdictOf(situation: RolloutSituation, progress: Progress): Verdict {
  const { channel, channelName, now, isYanked } = situation;
  const { key, start, halt, waves, gate } = progress;
  const { version } = key;
  if (halt !== undefined) return { state: "halted", reason: haltReason(halt, channelName) };
  if (isYanked)
    return { state: "held", reason: `${version} is yanked: the channel offers what it had before` };
  if (now < start) return { state: "pending", reason: `begins at ${formatTime(start)}`, nextAt: start };
  const paused = pausedBy(situation);
  if (paused !== undefined) return { state: "held", reason: paused };
  const { rollout } = channel;
  const { spread } = progress;
  if (rollout === undefined || spread === undefined) {
    return { state: "done", reason: "without waves everybody gets it at once" };
  }
  if (waves.nextAt === undefined) return lastWave(progress, gate);
  return nextWave(situation, progress, rollout, spread, waves.nextAt);
}

function lastWave({ waves, key }: Progress, gate: GateResult | undefined): Verdict {
  if (waves.share < WHOLE_PPM) {
    return {
      state: "active",
      reason: `the last wave is opening: ${formatPpm(waves.share)} may have ${key.version}`,
    };
  }
  if (gate === undefined || gate.verdict === "proven") {
    return { state: "done", reason: `all waves are open${gate === undefined ? "" : `: ${gate.reason}`}` };
  }
  return { state: "active", reason: `all waves are open, and it is not proven yet: ${gate.reason}` };
}

function nextWave(
  situation: RolloutSituation,
  progress: Progress,
  rollout: Rollout,
  spread: Spread,
  nextAt: number,
): Verdict {
  const { channelName, now } = situation;
  const { waves, gate, openedBy } = progress;
  const next = waves.open + 1;
  const said = gate === undefined ? "" : `; ${gate.reason}`;
  const standing =
    waves.open === 0
      ? rollout.canary === undefined
        ? "no wave is open"
        : "canaries have it"
      : `wave ${waves.open} of ${spread.waves.length} is open: ${formatPpm(waves.share)} of the fleet`;
  const going: RolloutState = waves.open > 0 ? "active" : rollout.canary === undefined ? "pending" : "canary";
  if (nextAt > now) {
    const what =
      openedBy === "manual" ? "may be opened" : openedBy === "healthy" ? "opens if proven" : "opens";
    return {
      state: going,
      reason: `${standing}; wave ${next} ${what} at ${formatTime(nextAt)}${said}`,
      nextAt,
    };
  }
  if (openedBy === "healthy") {
    const shut = whyShut(situation, progress);
    const state = shut?.until === undefined ? "held" : going;
    return { state, reason: `${standing}; ${shut?.reason ?? `wave ${next} opens now`}`, nextAt: shut?.until };
  }
  const byHand = `wave ${next} waits for a person: \`fairlead advance ${channelName}\` opens it`;
  return { state: "held", reason: `${standing}; ${byHand}${said}` };
}

/** What people and trails are told of a halt. */
function haltReason({ reason, at, by, gate }: Halt, channelName: string): string {
  if (by === "gate") {
    const end = `it ends when the channel moves on, or by \`fairlead resume --channel ${channelName} --halt\``;
    return `halted by the gate at ${formatTime(at)}: ${reason}; ${end}`;
  }
  const also = gate === undefined ? "" : `; the gate halted it too at ${formatTime(gate.at)}: ${gate.reason}`;
  return `halted by a commit: ${reason}${also}`;
}

/** The kill switch that holds the whole channel, widest first. */
function pausedBy({ product, channel, channelName }: RolloutSituation): string | undefined {
  const scopes = [
    ["the fleet", product.fleet.paused],
    [`product ${product.product}`, product.paused],
    [`channel ${channelName}`, channel.paused],
  ] as const;
  for (const [scope, pause] of scopes) {
    if (pause !== undefined)
      return `${scope} is paused${pause.reason === undefined ? "" : `: ${pause.reason}`}`;
  }
  return undefined;
}
