import { formatDuration } from "../../protocol/duration.ts";
import { printable } from "../../protocol/printable.ts";
import { formatPpm, type Ppm, WHOLE_PPM } from "../../protocol/share.ts";
import { formatTime } from "../../protocol/trail.ts";
import { roundTime, shareAxisEnd } from "./picture-axes.ts";
import type { Mark } from "./place-labels.ts";
import { count, share } from "./print-numbers.ts";
import {
  PASSING_HOLDS,
  type PassingHold,
  type Sample,
  type SimulatedHalt,
  type SimulatedWave,
  type SimulationResult,
  type Withheld,
} from "./simulation.ts";

/** What is drawn of a simulation, whatever draws it. Times are seconds after the promotion. */
export interface Picture {
  readonly title: string;
  /** How it ended, in one sentence. */
  readonly outcome: string;
  readonly agents: number;
  /** Where the axis of time ends: nothing changes between this and the end of the simulation. */
  readonly end: number;
  /** Where the axis of shares ends. */
  readonly top: Ppm;
  /** From 0 to `end`. */
  readonly samples: readonly Sample[];
  /** Those that open: a halt keeps the others shut. */
  readonly waves: readonly NumberedWave[];
  readonly halt?: SimulatedHalt;
  readonly lanes: readonly HoldLane[];
  /** What the axis of time counts from, and what is not drawn. */
  readonly caption: string;
  /** Why machines do not run the version, most first. */
  readonly whys: readonly string[];
}

/** A wave, counted from 1. */
export interface NumberedWave extends SimulatedWave {
  readonly number: number;
}

/** When machines waited although it was their turn. */
export interface HoldLane {
  readonly hold: PassingHold;
  /** Of at most six letters. */
  readonly label: string;
  /** From a second until before another. */
  readonly spans: readonly { readonly from: number; readonly to: number }[];
}

const LANE_LABELS = {
  paused: "paused",
  freeze: "frozen",
  window: "window",
} as const satisfies Record<PassingHold, string>;

/** Of the picture that stays free behind the last change. */
const MARGIN = 1.15;
/** With less than this left to draw, all of it is drawn. */
const MOSTLY = 0.6;

export function pictureOf(result: SimulationResult): Picture {
  const { product, version, channel, agents, until, samples, waves, halt, startsAt } = result;
  const end = endOf(result);
  const shown = samples.filter(({ at }) => at <= end);
  const last = shown.at(-1);
  if (last !== undefined && last.at < end) shown.push({ ...last, at: end });
  const largest = Math.max(0, ...shown.map(({ allowed }) => allowed));
  const rest =
    end < until ? `; nothing changes from ${formatDuration(end)} to the end at ${formatDuration(until)}` : "";
  return {
    title: printable(`${product} ${version} on ${channel}`),
    outcome: outcomeOf(result),
    agents,
    end,
    top: shareAxisEnd((largest * WHOLE_PPM) / agents),
    samples: shown,
    waves: waves
      .map((wave, index) => ({ ...wave, number: index + 1 }))
      .filter(({ at }) => at <= end && (halt === undefined || at <= halt.at)),
    ...(halt === undefined ? {} : { halt }),
    lanes: PASSING_HOLDS.flatMap((hold) => laneOf(hold, shown, end)),
    caption: `time after the promotion at ${formatTime(startsAt)}${rest}`,
    whys: whysOf(result),
  };
}

function outcomeOf({ agents, adopted, failed, halt, until }: SimulationResult): string {
  const failures = failed === 0 ? "" : `, ${share(failed, agents)} failed`;
  const then =
    halt === undefined ? `after ${formatDuration(until)}` : `halted after ${formatDuration(halt.at)}`;
  const part = adopted === 0 ? "none" : adopted === agents ? "all" : share(adopted, agents);
  return `${part} of ${count(agents)} machines adopted it${failures}, ${then}`;
}

/** A picture of a week in which all was over after minutes shows nothing: it ends where nothing more happens. */
function endOf({ samples, until, waves, halt, adopted, failed }: SimulationResult): number {
  const { held = {} } = samples.at(-1) ?? {};
  if (adopted + failed === 0 || Object.keys(held).length > 0) return until;
  let last = halt?.at ?? Math.max(0, ...waves.map(({ at }) => at).filter((at) => at <= until));
  for (const [index, sample] of samples.entries()) {
    const before = samples[index - 1];
    if (before !== undefined && differs(before, sample)) last = Math.max(last, sample.at);
  }
  const end = roundTime(Math.max(1, last * MARGIN));
  return end > until * MOSTLY ? until : end;
}

function differs(a: Sample, b: Sample): boolean {
  return (
    a.allowed !== b.allowed ||
    a.adopted !== b.adopted ||
    a.failed !== b.failed ||
    PASSING_HOLDS.some((hold) => a.held[hold] !== b.held[hold])
  );
}

function laneOf(hold: PassingHold, samples: readonly Sample[], end: number): HoldLane[] {
  const spans: { from: number; to: number }[] = [];
  for (const [index, { at, held }] of samples.entries()) {
    if ((held[hold] ?? 0) === 0) continue;
    const to = samples[index + 1]?.at ?? end;
    const last = spans.at(-1);
    if (last?.to === at) last.to = to;
    else spans.push({ from: at, to });
  }
  return spans.length === 0 ? [] : [{ hold, label: LANE_LABELS[hold], spans }];
}

/** The fleet at a second: as the last sample before it says. */
export function sampleAt({ samples }: Picture, at: number): Sample | undefined {
  return samples.findLast((sample) => sample.at <= at) ?? samples[0];
}

/** `3 60%`, or of several that share a label `1-3 60%`: how far they go together. */
export function waveLabel(waves: readonly Mark<NumberedWave>[]): string {
  const [first, last] = [waves[0]?.of, waves.at(-1)?.of];
  if (first === undefined || last === undefined) return "";
  const numbers = first === last ? `${first.number}` : `${first.number}-${last.number}`;
  return `${numbers}:${formatPpm(last.share)}`;
}

/** Each wave with its time, for whoever reads instead of looks. */
export function describeWaves(waves: readonly SimulatedWave[]): string {
  if (waves.length === 0) return "none: everybody may have it at once";
  return waves
    .map(({ share, at }) => `${formatPpm(share)} ${at === 0 ? "at once" : `after ${formatDuration(at)}`}`)
    .join(", ");
}

/** Reasons that are told one by one. */
const MOST_REASONS = 5;

function whysOf({ withheld, agents }: SimulationResult): string[] {
  const told = withheld.length > MOST_REASONS + 1 ? withheld.slice(0, MOST_REASONS) : withheld;
  const rest = withheld.slice(told.length);
  const lines = told.map((why) => `${count(why.agents)} (${share(why.agents, agents)}): ${describeWhy(why)}`);
  if (rest.length === 0) return lines;
  const others = rest.reduce((sum, why) => sum + why.agents, 0);
  return [
    ...lines,
    `${count(others)} (${share(others, agents)}): ${rest.length} other reasons (\`--json\` has them)`,
  ];
}

function describeWhy({ cause, reason, next }: Withheld): string {
  const text = printable(reason);
  if (cause === "wave" && next !== undefined)
    return `${text}; the first gets it after ${formatDuration(next)}`;
  return next === undefined ? text : `${text} (${formatDuration(next)} after the promotion)`;
}
