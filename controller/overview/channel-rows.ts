import type { ChannelPolicy, Pause, ProductPolicy } from "../../protocol/policy.ts";
import { freezeAt } from "../../protocol/quiet-times.ts";
import type { PromotionSeries } from "../fleet/store/fleet-store.ts";
import type { RolloutState } from "../fleet/store/records.ts";
import type { ChannelPicture } from "./channel-picture.ts";
import type { OverviewInput } from "./overview-input.ts";
import { count, moment, percent, share, span } from "./phrases.ts";

/** How a channel stands: of several that hold, the one that stands first in the list. */
export const CHANNEL_STATES = [
  "halted",
  "paused",
  "empty",
  "held",
  "stale",
  "pending",
  "canary",
  "active",
  "done",
] as const;
export type ChannelState = (typeof CHANNEL_STATES)[number];

/** One channel of a product in a line. Shares are parts per million, times seconds since 1970. */
export interface ChannelRow {
  readonly channel: string;
  readonly version: string;
  /** What it pointed to before. */
  readonly from?: string;
  /** What it offers, where that is not what it points to; `null`: nothing. */
  readonly offers?: string | null;
  readonly since: number;
  readonly commit: string;
  /** Who promoted it, and with which words; absent: unknown, or not for the asker to know. */
  readonly author?: string;
  readonly subject?: string;
  /** Machines that follow the channel, those of them that run the version, and their share. */
  readonly machines: number;
  readonly running: number;
  readonly actual: number;
  /** Share whose turn has come; absent: nobody has looked yet. */
  readonly allowed?: number;
  /** Cumulative shares; empty: everybody at once. */
  readonly waves: readonly number[];
  readonly state: ChannelState;
  /** Why, in a sentence. */
  readonly reason: string;
  /** How it stands, and what comes next: two short lines. */
  readonly standing: string;
  readonly next: string;
  /** When that is; absent: nobody knows. */
  readonly nextAt?: number;
  /** Absent: nothing was counted yet. */
  readonly failures?: FailureRate;
  readonly haltedAt?: number;
  readonly stale?: { readonly waiting: string; readonly from?: string; readonly since: number };
  readonly adoption?: Pick<PromotionSeries, "from" | "step" | "running">;
}

export interface FailureRate {
  readonly failed: number;
  readonly counted: number;
  readonly rate: number;
  /** Absent: no gate says what is too many. */
  readonly limit?: number;
  /** Where it is worst, where that is above the limit: a platform, or another trait. */
  readonly worst?: { readonly name: string; readonly rate: number };
}

export function channelRow(
  input: OverviewInput,
  pictures: readonly ChannelPicture[],
  picture: ChannelPicture,
): ChannelRow {
  const { channelName, channel, spread, offers, machines, running, record, promoter, stale, adoption } =
    picture;
  const { version, at, commit } = channel.current;
  const [previous] = channel.previous;
  const failures = failureRate(input, picture);
  const allowed = record?.allowed ?? (spread === undefined ? 1_000_000 : undefined);
  const state = stateOf(picture, input.now);
  const standing = standingOf(input, picture, state);
  return {
    channel: channelName,
    version,
    ...(previous === undefined ? {} : { from: previous.version }),
    ...(offers === version ? {} : { offers: offers ?? null }),
    ...{ since: at, commit },
    ...(promoter === undefined ? {} : { author: promoter.author, subject: promoter.subject }),
    ...{ machines, running, actual: share(running, machines) },
    ...(allowed === undefined ? {} : { allowed }),
    waves: spread?.waves.map(({ ppm }) => ppm) ?? [],
    state,
    reason: reasonOf(input, picture),
    standing,
    ...nextOf(input, pictures, picture, state),
    ...(failures === undefined ? {} : { failures }),
    ...(channel.halted === undefined ? {} : { haltedAt: channel.halted.at }),
    ...(stale === undefined
      ? {}
      : {
          stale: {
            ...{ waiting: stale.waiting, since: stale.freshUntil },
            ...(stale.from === undefined ? {} : { from: stale.from }),
          },
        }),
    ...(adoption === undefined
      ? {}
      : { adoption: { from: adoption.from, step: adoption.step, running: adoption.running } }),
  };
}

function stateOf({ product, channel, offers, record, stale }: ChannelPicture, now: number): ChannelState {
  if (channel.halted !== undefined) return "halted";
  if (pauseOf(product, channel, now) !== undefined) return "paused";
  if (offers === undefined) return "empty";
  const state: RolloutState = record?.state ?? (channel.rollout === undefined ? "done" : "pending");
  if (state === "held") return "held";
  if (stale !== undefined) return "stale";
  // What was halted goes on once policy says no more of it.
  return state === "halted" ? "active" : state;
}

/** A pause with an end may still stand in policy when that has come. */
function pauseOf(product: ProductPolicy, channel: ChannelPolicy, now: number): Pause | undefined {
  return [product.fleet.paused, product.paused, channel.paused].find(
    (pause) => pause !== undefined && (pause.until ?? Number.POSITIVE_INFINITY) > now,
  );
}

/** Until when all that follow the channel are frozen; `undefined`: they are not. */
function frozenUntil({ product, channel, severity }: ChannelPicture, now: number): number | undefined {
  const freezes = [...(product.fleet.freeze ?? []), ...(product.freeze ?? []), ...(channel.freeze ?? [])];
  return freezeAt(
    freezes.filter(({ except }) => except !== severity),
    now,
  )?.to;
}

/** The rollout's own sentence counts the machines of all. */
function reasonOf({ tenants, now }: OverviewInput, { record, stale, channel }: ChannelPicture): string {
  if (stale !== undefined) return `${stale.waiting} has waited since ${moment(stale.since, now)}`;
  if (record === undefined)
    return channel.rollout === undefined ? "everybody gets it at once" : "nobody has looked yet";
  return tenants === null ? record.reason : "";
}

/** `47.9 % of 50 %`, and the word where it stands still. */
function standingOf(input: OverviewInput, picture: ChannelPicture, state: ChannelState): string {
  const { machines, running, record, spread } = picture;
  const actual = machines === 0 ? "no machine" : percent(share(running, machines));
  const allowed = record?.allowed;
  const of =
    machines === 0 || spread === undefined || allowed === undefined || allowed >= 1_000_000
      ? ""
      : ` of ${percent(allowed)}`;
  switch (state) {
    case "halted":
      return `Halted at ${actual}${of}`;
    case "paused":
      return `Paused at ${actual}${of}`;
    case "held":
      return `Held at ${actual}${of}`;
    case "stale":
      return `Stale since ${span(input.now - (picture.stale?.freshUntil ?? input.now))}`;
    case "empty":
      return "Nothing is offered";
    case "pending":
      return "Not begun";
    case "canary":
      return `Canaries, ${actual}`;
    case "active":
    case "done":
      return `${actual}${of}`;
  }
}

function nextOf(
  input: OverviewInput,
  pictures: readonly ChannelPicture[],
  picture: ChannelPicture,
  state: ChannelState,
): Pick<ChannelRow, "next" | "nextAt"> {
  const { product, channel, record, stale, isYanked, offers } = picture;
  const nextAt = record?.nextAt ?? undefined;
  const timed = nextAt === undefined ? {} : { nextAt };
  const frozen = frozenUntil(picture, input.now);
  const mayMove = state === "pending" || state === "canary" || state === "active" || state === "done";
  if (mayMove && frozen !== undefined && picture.running < picture.machines) {
    return { next: `frozen until ${moment(frozen, input.now)}`, nextAt: frozen };
  }
  switch (state) {
    case "halted":
      return { next: "nothing until a commit decides" };
    case "paused": {
      const until = pauseOf(product, channel, input.now)?.until;
      return until === undefined
        ? { next: "nothing until it is resumed" }
        : { next: `ends ${moment(until, input.now)}`, nextAt: until };
    }
    case "empty":
      return { next: "promote a version that is active" };
    case "held":
      return { next: isYanked ? `it is yanked; offers ${offers ?? "nothing"}` : nextWave(picture, true) };
    case "stale":
      return {
        next: `${stale?.waiting ?? ""} waits${stale?.from === undefined ? "" : ` on ${stale.from}`}`,
      };
    case "pending":
      return {
        next: nextAt === undefined ? nextWave(picture, false) : `begins ${moment(nextAt, input.now)}`,
        ...timed,
      };
    case "canary":
    case "active":
      return { next: nextWave(picture, false), ...timed };
    case "done":
      return { next: afterwards(pictures, picture) };
  }
}

/** @param isHeld its time has come, and something else is missing */
function nextWave({ channel, spread, record }: ChannelPicture, isHeld: boolean): string {
  if (spread === undefined) return "everybody gets it at once";
  const open = record?.judgement.opening?.waves ?? 0;
  const wave = spread.waves[open];
  if (wave === undefined) return isHeld ? "waits for a person" : "all waves are open, not proven yet";
  const name = percent(wave.ppm);
  const advance = spread === channel.rollout ? channel.rollout.advance : undefined;
  switch (advance) {
    case "manual":
      return `${name} opens by hand`;
    case "healthy":
      return isHeld ? `${name} waits for proof` : `${name} opens if proven`;
    case undefined:
      return `${name} opens by itself`;
  }
}

/** What may come of a version that everybody may have. */
function afterwards(
  pictures: readonly ChannelPicture[],
  { productName, channelName, channel, machines, running }: ChannelPicture,
): string {
  const { version } = channel.current;
  const waiting = pictures.find(
    ({ productName: product, stale }) =>
      product === productName && stale?.from === channelName && stale.waiting === version,
  );
  if (waiting !== undefined) return `may go to ${waiting.channelName}`;
  if (machines === 0) return "no machine follows it";
  const missing = machines - running;
  return missing === 0 ? "all have it" : `${count(missing, "machine")} without it`;
}

/** As the gate counts; for whoever may see some tenants, what their own machines said. */
function failureRate(
  { tenants }: OverviewInput,
  { channel, record, tally }: ChannelPicture,
): FailureRate | undefined {
  const limit = channel.rollout?.gate?.maxFailure;
  const limited = limit === undefined ? {} : { limit };
  const gate = record?.judgement.gate ?? null;
  if (tenants !== null || gate === null) {
    const { failed = 0, confirmed = 0 } = tally ?? {};
    const counted = failed + confirmed;
    return counted === 0 ? undefined : { failed, counted, rate: share(failed, counted), ...limited };
  }
  const { failures, counted, failureRate: rate } = gate;
  if (counted === 0) return undefined;
  const strata = gate.tests.flatMap(({ dimension, value, failures: failed, counted: of }) =>
    dimension === undefined || value === undefined || of === 0
      ? []
      : [{ name: dimension === "platform" ? value : `${dimension} ${value}`, rate: share(failed, of) }],
  );
  const [worst] = strata.sort((a, b) => b.rate - a.rate);
  const isTold = worst !== undefined && limit !== undefined && worst.rate > limit && worst.rate > rate;
  return { failed: failures, counted, rate, ...limited, ...(isTold ? { worst } : {}) };
}
