import { formatDuration } from "../../protocol/duration.ts";
import { countedFrom } from "../../protocol/rules/check-rollout.ts";
import { formatPpm } from "../../protocol/share.ts";
import { formatTime } from "../../protocol/trail.ts";
import { describeMisfit } from "./describe-misfit.ts";
import { formatCount, formatShare, plural } from "./format-count.ts";
import {
  PLAN_DIMENSIONS,
  type Plan,
  type PlannedExpectation,
  type PlannedOpening,
  type PlannedWave,
  type Retiming,
  type Transition,
} from "./plan.ts";

const MAX_SHARES = 10;
const MAX_MISFITS = 20;

/** A plan for a terminal: warnings, how much moves, what goes where and when, and who does not. */
export function printPlanText(plan: Plan): string {
  const lines = [
    ...headOf(plan),
    ...expectationsOf(plan),
    ...warningsOf(plan),
    ...movesOf(plan),
    ...notMovingOf(plan),
    ...sharesOf(plan),
  ];
  return `${lines.join("\n").trimEnd()}\n`;
}

function noun(plan: Plan): string {
  return plan.inventory.kind === "devices" ? "device" : "scope";
}

function headOf(plan: Plan): string[] {
  const { before, after, inventory, now } = plan;
  return [
    `plan: ${shortId(before)} -> ${shortId(after)}, as if merged at ${formatTime(now)}`,
    `over: ${plural(inventory.total, noun(plan))} (${inventory.name})`,
    "",
  ];
}

function expectationsOf({ expectations }: Plan): string[] {
  const lines = expectations.flatMap((expected) => {
    const { rule, kind, message, file, line, decidedBy } = expected;
    const severity = kind === "broken" ? "error" : "warning";
    return [
      `${severity}[${rule}]: ${message}`,
      `  = note: expected at ${file}:${line}, ${EXPECTATIONS[kind]}`,
      ...(decidedBy === null ? [] : [`  = note: ${decidedBy.text} (${decidedBy.file}:${decidedBy.line})`]),
    ];
  });
  return lines.length === 0 ? [] : [...lines, ""];
}

/** What a change has to do with an expectation that does not hold. */
export const EXPECTATIONS: Readonly<Record<PlannedExpectation["kind"], string>> = {
  broken: "which holds without the change",
  unmet: "which does not hold without the change either",
  dropped: "which the change takes out or alters",
};

function warningsOf(plan: Plan): string[] {
  const lines = plan.warnings.flatMap(({ code, message, help }) => [
    `warning[${code}]: ${message}`,
    ...(help === undefined ? [] : [`  = help: ${help}`]),
  ]);
  return lines.length === 0 ? [] : [...lines, ""];
}

function movesOf(plan: Plan): string[] {
  const { blast, transitions, inventory } = plan;
  const lines = [
    `moves: ${formatCount(blast.devices)} of ${plural(inventory.total, noun(plan))} (${formatShare(blast.share)})${besides(blast)}`,
  ];
  for (const transition of transitions) lines.push(...transitionLines(plan, transition));
  for (const opening of plan.openings) lines.push(`  ${openingText(opening, plan.now)}`);
  for (const retiming of plan.retimed) lines.push(...retimingLines(plan, retiming));
  return [...lines, ""];
}

function transitionLines(plan: Plan, transition: Transition): string[] {
  const { product, channel, via, devices, waves, schedule } = transition;
  const way = via.length === 0 ? "" : ` by way of ${via.join(", ")}`;
  const lines = [`  ${product} ${channel}: ${versions(transition)}${way}  ${plural(devices, noun(plan))}`];
  if (plan.inventory.kind === "scopes") {
    for (const wave of waves) {
      lines.push(`    ${formatPpm(wave.share).padStart(6)}  ${opens(wave, plan.now)}`);
    }
  } else {
    for (const entry of schedule) {
      lines.push(`    ${formatCount(entry.devices).padStart(9)}  from ${when(entry.at, plan.now)}`);
    }
  }
  const begin = beginText(transition, plan.now);
  return begin === undefined ? lines : [...lines, `    ${begin}`];
}

/** `, 12 at another time, 3 no longer` */
function besides({ retimed, stopped }: Plan["blast"]): string {
  return [
    retimed === 0 ? "" : `, ${formatCount(retimed)} at another time`,
    stopped === 0 ? "" : `, ${formatCount(stopped)} no longer`,
  ].join("");
}

function retimingLines(plan: Plan, retiming: Retiming): string[] {
  const { product, channel, version, devices } = retiming;
  return [
    `  ${product} ${channel}: ${version ?? "nothing"} at another time  ${plural(devices, noun(plan))}${sides(retiming)}`,
    `    with the change  ${wavesText(retiming.waves, plan.now)}`,
    `    without it       ${wavesText(retiming.formerWaves, plan.now)}`,
  ];
}

/** `: 30 earlier, 2 later`; nothing where nobody knows how far they are. */
function sides({ earlier, later }: Retiming): string {
  const parts = [
    ...(earlier > 0 ? [`${formatCount(earlier)} earlier`] : []),
    ...(later > 0 ? [`${formatCount(later)} later`] : []),
  ];
  return parts.length === 0 ? "" : `: ${parts.join(", ")}`;
}

/** `10% from ..., 100% from ...` in one line. */
function wavesText(waves: readonly PlannedWave[], now: number): string {
  if (waves.length === 0) return "everybody at once";
  const open = waves.filter(({ at, shut }) => shut !== true && at <= now).at(-1);
  const coming = waves.filter(({ at, shut }) => shut === true || at > now);
  const parts = coming.map((wave) => `${formatPpm(wave.share)} ${opens(wave, now)}`);
  return (open === undefined ? parts : [`${formatPpm(open.share)} now`, ...parts]).join(", ");
}

function notMovingOf(plan: Plan): string[] {
  const lines: string[] = [];
  for (const transition of plan.stopped) {
    const { product, channel, devices } = transition;
    lines.push(
      `  ${product} ${channel}: ${plural(devices, noun(plan))} no longer go to ${transition.to ?? "nothing"}`,
    );
  }
  for (const { by, product, reason, where, devices } of plan.held) {
    const place = where === null ? "" : ` (${where})`;
    lines.push(`  ${product}: ${plural(devices, noun(plan))} held by a ${by}: ${reason}${place}`);
  }
  for (const { product, channel, installed, devices, reason } of plan.refusals) {
    lines.push(
      `  ${product} ${channel}: ${plural(devices, noun(plan))} on ${installed ?? "nothing"} refused: ${reason}`,
    );
  }
  for (const misfit of plan.misfits.slice(0, MAX_MISFITS)) {
    lines.push(`  ${misfit.product} ${misfit.channel}: ${describeMisfit(misfit, plan.inventory.kind)}`);
  }
  if (plan.misfits.length > MAX_MISFITS) lines.push(`  and ${plan.misfits.length - MAX_MISFITS} more causes`);
  for (const { product, installed, minimum, devices } of plan.belowMinimum) {
    lines.push(
      `  ${product}: ${plural(devices, noun(plan))} on ${installed} fall below the minimum ${minimum}`,
    );
  }
  return lines.length === 0 ? [] : ["does not move, or not freely:", ...lines, ""];
}

function sharesOf(plan: Plan): string[] {
  const lines: string[] = [];
  for (const dimension of PLAN_DIMENSIONS) {
    const shares = plan.by[dimension];
    if (shares.length === 0) continue;
    lines.push(`by ${dimension}:`);
    for (const { name, moving, total } of shares.slice(0, MAX_SHARES)) {
      lines.push(`  ${name}: ${formatCount(moving)} of ${formatCount(total)}`);
    }
    if (shares.length > MAX_SHARES) lines.push(`  and ${shares.length - MAX_SHARES} more`);
  }
  return lines;
}

function versions({ from, to }: Pick<Transition, "from" | "to">): string {
  return `${from ?? "not installed"} -> ${to ?? "not installed"}`;
}

/** `from 2026-11-20T04:00:00Z (in 4h)`, or that somebody has to open it. */
function opens({ at, shut }: PlannedWave, now: number): string {
  return shut === true ? `once it is opened, not before ${formatTime(at)}` : `from ${when(at, now)}`;
}

/** `opens wave 2 of 4 of agent stable 1.4.2: 10% from 2026-11-20T04:00:00Z (at once)` */
function openingText(opening: PlannedOpening, now: number): string {
  const { product, channel, version, from, to, of, share, at } = opening;
  const waves = from === to ? `wave ${to}` : `waves ${from} to ${to}`;
  return `opens ${waves} of ${of} of ${product} ${channel} ${version}: ${formatPpm(share)} from ${when(at, now)}`;
}

/** Since when the waves of a transition count; `undefined` where it is the merge. */
export function beginText(
  { begins }: Transition,
  now: number,
  timeText: (at: number) => string = formatTime,
): string | undefined {
  return begins === undefined || (begins.by === "publication" && begins.at === now)
    ? undefined
    : countedFrom(begins, timeText);
}

/** `2026-11-20T04:00:00Z (in 4h)` */
function when(at: number, now: number): string {
  return `${formatTime(at)} (${at <= now ? "at once" : `in ${formatDuration(at - now)}`})`;
}

export function shortId(commit: string): string {
  return commit.slice(0, 12);
}
