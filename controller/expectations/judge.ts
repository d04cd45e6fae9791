import type { Decision } from "../../protocol/decision.ts";
import { KeptByIdentity } from "../../protocol/kept-by-identity.ts";
import { openingAtOrAfter } from "../../protocol/update-window.ts";
import { isRange, isVersion, versionInRange } from "../../protocol/version.ts";
import type { ExpectedOutcomeState } from "../../schemas/state.generated.ts";
import type { Expectation, ExpectedTime } from "./expectation.ts";
import { isStep, type Moment } from "./follow-machine.ts";
import type { Machine } from "./machine.ts";

/** Where a machine does what an expectation forbids. */
export interface Breach {
  readonly machine: Machine;
  /** What it is told, and when. */
  readonly moment: Moment;
  /** The first second of the expectation's time at which it is so. */
  readonly at: number;
  /** What is found there, after the name of the machine: `runs 1.2.0`. Of a step, it ends there; else it lasts. */
  readonly found: string;
  /** Which rule of the decision is to blame: the channel, or whatever had the last word. */
  readonly about: "channel" | "decision";
}

/**
 * Where one machine goes against an expectation about single machines, first of all; `undefined`: nowhere. What it does
 * in the time of the expectation is looked at from `now` on.
 */
export function breachOf(expectation: Expectation, machine: Machine, now: number): Breach | undefined {
  const { demand, when } = expectation;
  switch (demand.kind) {
    case "decides":
    case "never":
      return outcomeBreach(demand.kind, demand.outcome, when, machine, now);
    case "notDuring": {
      const moment = withinTime(machine.moments(now), when, now).find(
        (each) => isStep(each) && openingAtOrAfter(demand.period, each.at).opens <= each.at,
      );
      if (moment === undefined) return undefined;
      return { machine, moment, at: moment.at, found: describeStep(moment), about: "decision" };
    }
    case "atMost":
      return undefined;
  }
}

function outcomeBreach(
  kind: "decides" | "never",
  outcome: ExpectedOutcomeState,
  when: ExpectedTime,
  machine: Machine,
  now: number,
): Breach | undefined {
  const { channel, version, action } = outcome;
  const follows = channel === undefined || machine.choice.name === channel;
  if (kind === "never" && !follows) return undefined;
  if (version === undefined && action === undefined && follows === (kind === "decides")) return undefined;
  const moments = withinTime(machine.moments(now), when, now);
  const [first] = moments;
  if (first === undefined) return undefined;
  if (!follows || (version === undefined && action === undefined)) {
    const found = `follows channel \`${machine.choice.name}\``;
    return { machine, moment: first, at: startOf(first, when, now), found, about: "channel" };
  }
  const [start] = machine.moments(now);
  for (const [index, moment] of moments.entries()) {
    const isPassing = isStep(moment) && moments[index + 1]?.at === moment.at;
    // What ran before anything was decided is nothing that state says, if it is left at once.
    if (kind === "never" && isPassing && moment === start) continue;
    const runs = version === undefined || isIn(machine, moment.runs, outcome);
    const does = action === undefined || isAction(action, moment.decision);
    const text = kind === "never" ? foundNever(runs && does) : foundOtherwise(runs, does);
    if (text !== undefined) {
      return { machine, moment, at: startOf(moment, when, now), found: text, about: "decision" };
    }

    function foundNever(isSo: boolean): string | undefined {
      if (!isSo) return undefined;
      return version === undefined ? describeAction(moment.decision) : describeRuns(machine, moment);
    }
    function foundOtherwise(isVersion: boolean, isAction: boolean): string | undefined {
      // In the second of an update it runs what it goes to; what it is told is what it is told first.
      if (!isVersion && !isPassing) return describeRuns(machine, moment);
      return isAction || (when.kind === "at" && index > 0) ? undefined : describeAction(moment.decision);
    }
  }
  return undefined;
}

/** The moments that an expectation looks at: those of its time, and the one that holds as it begins. */
export function withinTime(moments: readonly Moment[], when: ExpectedTime, now: number): readonly Moment[] {
  const [from, until] = when.kind === "at" ? [when.at, when.at + 1] : [Math.max(when.from, now), when.until];
  const next = moments.findIndex(({ at }) => at >= from);
  const first = next === -1 ? moments.length : next;
  // Where something happens at the first second itself, what held before it does not count.
  const begin = moments[first]?.at === from ? first : Math.max(0, first - 1);
  const end = moments.findIndex(({ at }) => at >= until);
  return moments.slice(begin, end === -1 ? moments.length : end);
}

function startOf(moment: Moment, when: ExpectedTime, now: number): number {
  return Math.max(moment.at, when.kind === "at" ? when.at : Math.max(when.from, now));
}

const knownVersions = new KeptByIdentity<ExpectedOutcomeState, Map<string, boolean>>();

/** Whether an outcome names the version. A fleet runs few versions, and is asked about each of its machines. */
function isIn(machine: Machine, version: string | null, outcome: ExpectedOutcomeState): boolean {
  if (version === null || outcome.version === undefined) return version !== null;
  const { versionScheme: scheme } = machine.policy.product;
  const known = knownVersions.of(outcome, () => new Map());
  const key = `${scheme} ${version}`;
  let isNamed = known.get(key);
  if (isNamed === undefined) {
    const { version: range } = outcome;
    isNamed = isVersion(scheme, version) && isRange(scheme, range) && versionInRange(scheme, version, range);
    known.set(key, isNamed);
  }
  return isNamed;
}

function isAction(action: NonNullable<ExpectedOutcomeState["action"]>, decision: Decision): boolean {
  switch (action) {
    case "hold":
      return decision.action === "paused" || decision.action === "wait";
    case "stay":
      return decision.action === "stay" || decision.action === "none";
    default:
      return decision.action === action;
  }
}

function describeRuns({ product }: Machine, { runs }: Moment): string {
  return runs === null ? `has no ${product}` : `runs ${product} ${runs}`;
}

function describeAction(decision: Decision): string {
  switch (decision.action) {
    case "paused":
      return "is paused";
    case "none":
      return "is offered nothing";
    case "stay":
      return `stays on ${decision.target}`;
    case "refuse":
      return `refuses ${decision.target ?? "what is offered"}`;
    case "wait":
      return `waits for ${decision.target}`;
    case "update":
    case "rollback":
      return `goes to ${decision.path[0]}`;
  }
}

function describeStep({ runs, decision }: Moment): string {
  return `${describeAction(decision)}${runs === null ? "" : ` from ${runs}`},`;
}
