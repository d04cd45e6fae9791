import { formatDuration } from "../../protocol/duration.ts";
import { WHOLE_PPM } from "../../protocol/share.ts";
import { formatCount, formatShare, plural } from "./format-count.ts";
import type { Plan, PlanWarningCode } from "./plan.ts";
import { formatMoment } from "./plan-moments.ts";

/** What a reviewer has to know of a plan, in one line: how many, which share, from when, and the worst of it. */
export function planHeadline(plan: Plan): string {
  return [whoMoves(plan) + fromWhen(plan), ...broken(plan), ...worstWarning(plan)].join("; ");
}

/** `30 of 40 devices move (75%), 5 at another time` */
function whoMoves({ blast, inventory }: Plan): string {
  const { devices, retimed, stopped } = blast;
  const noun = inventory.kind === "devices" ? "device" : "scope";
  const of = (count: number, one: string, many: string): string => {
    const share = formatShare(inventory.total === 0 ? 0 : Math.round((count * WHOLE_PPM) / inventory.total));
    const who = `${formatCount(count)} of ${plural(inventory.total, noun)}`;
    return `${who} ${count === 1 ? one : many} (${share})`;
  };
  const others = (...parts: readonly (readonly [count: number, how: string])[]): string =>
    parts.map(([count, how]) => (count === 0 ? "" : `, ${formatCount(count)} ${how}`)).join("");
  const [elsewhen, nowhere] = ["at another time", "no longer"] as const;
  if (devices > 0) return of(devices, "moves", "move") + others([retimed, elsewhen], [stopped, nowhere]);
  if (retimed > 0) {
    return of(retimed, `moves ${elsewhen}`, `move ${elsewhen}`) + others([stopped, nowhere]);
  }
  if (stopped > 0) return of(stopped, `${nowhere} moves`, `${nowhere} move`);
  return `None of ${plural(inventory.total, noun)} moves`;
}

/** From when to when those who move may do so. */
function fromWhen({ transitions, retimed, inventory, now }: Plan): string {
  const isOfScopes = inventory.kind === "scopes";
  const times = [...transitions, ...retimed].flatMap(({ waves, schedule }) => {
    if (!isOfScopes || waves.length === 0)
      return schedule.length === 0 ? [now] : schedule.map(({ at }) => at);
    return waves.flatMap(({ at, shut }) => (shut === true ? [] : [at]));
  });
  if (times.length === 0) return "";
  const first = times.reduce((earliest, at) => Math.min(earliest, at));
  const last = times.reduce((latest, at) => Math.max(latest, at));
  if (last <= now) return ", at once";
  const said = (at: number): string => `${formatMoment(at, now)} UTC (in\u00a0${formatDuration(at - now)})`;
  const from = first <= now ? "now" : said(first);
  return first === last ? `, from ${from}` : `, from ${from} to ${said(last)}`;
}

/** Somebody has written down that it matters. */
function broken({ expectations }: Plan): string[] {
  const count = expectations.filter(({ kind }) => kind === "broken").length;
  return count === 0 ? [] : [`⚠️\u00a0breaks ${plural(count, "expectation")}`];
}

/** The gravest warning in a few words; the whole of it follows below. */
function worstWarning({ warnings }: Plan): string[] {
  const [worst] = warnings;
  if (worst === undefined) return [];
  const alike = warnings.filter(({ code }) => code === worst.code);
  const count = alike.reduce((sum, { devices }) => sum + devices, 0);
  const rest = warnings.length - alike.length;
  return [
    `⚠️\u00a0${IN_SHORT[worst.code](count)}${rest === 0 ? "" : `, and ${plural(rest, "more warning")}`}`,
  ];
}

const IN_SHORT: Readonly<Record<PlanWarningCode, (count: number) => string>> = {
  "plan/stranded": (count) => `${formatCount(count)} stranded`,
  "plan/minimum-strands": (count) => `${formatCount(count)} stuck below the minimum`,
  "plan/no-path": (count) => `${formatCount(count)} without a path`,
  "plan/dead-end": (count) => `${formatCount(count)} at a dead end`,
  "plan/downgrade": (count) => plural(count, "downgrade"),
  "plan/requirement-not-met": (count) => `${formatCount(count)} lacking what it requires`,
  "plan/refused": (count) => `${formatCount(count)} refused`,
  "plan/minimum-refuses": (count) => `${formatCount(count)} forced past all waves`,
  "plan/all-at-once": (count) => `${formatCount(count)} without waves`,
  "plan/yanked-in-use": (count) => `${formatCount(count)} left on a yanked version`,
  "plan/security-held": (count) => `${formatCount(count)} held below a security release`,
  "plan/canary-misses": (count) => `${formatCount(count)} untried by a canary`,
  "plan/gate-undecided": () => "a gate that halts too late",
  "plan/unknown-device": (count) => `${formatCount(count)} named by no tenant`,
  "plan/unknown-tenant": (count) => `${formatCount(count)} of an unknown tenant`,
  "plan/unknown-product": (count) => `${formatCount(count)} of an unknown product`,
};
