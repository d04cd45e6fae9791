import type { Decision, RuleName, WaitDecision } from "../../protocol/decision.ts";
import { PASSING_HOLDS, type PassingHold, type Withheld, type WithheldCause } from "./simulation.ts";

/** Why a device does not take the version that a channel promotes. */
export interface Reason {
  readonly cause: WithheldCause;
  /** What the rule said: one sentence for people. */
  readonly text: string;
}

/**
 * What keeps a device from a version, in the words of the rule that spoke last; a decision to install something is none.
 *
 * @param channel the one that promotes the version
 */
export function reasonOf(decision: Decision, channel: string, version: string): Reason | undefined {
  const { action, trail } = decision;
  const said = (rule?: RuleName): string =>
    trail.findLast((entry) => rule === undefined || entry.rule === rule)?.text ?? action;
  if (action === "update" || action === "rollback") return undefined;
  if (action === "paused") return { cause: action, text: said("paused") };
  if (action === "none") return { cause: action, text: said() };
  if (decision.target !== version) {
    // What is decided about something else is a consequence of these.
    const pin = trail.find(({ outcome, where }) => outcome === "set" && where?.endsWith("/pin"));
    if (pin !== undefined) return { cause: "pin", text: pin.text };
    if (decision.channel !== channel) return { cause: "channel", text: said("channel") };
    const unmet = trail.find(({ rule, outcome }) => rule === "requires" && outcome === "stop");
    if (decision.misfit !== undefined && unmet !== undefined) {
      return { cause: "requirement-not-met", text: unmet.text };
    }
  }
  switch (action) {
    case "wait":
      // Its place in the queue is each device's own.
      return {
        cause: decision.waitingFor,
        text: decision.waitingFor === "wave" ? waveText(decision) : said(),
      };
    case "refuse":
      return { cause: decision.code, text: said() };
    case "stay":
      return { cause: "fallback", text: said("target") };
  }
}

function waveText({ eligibleAt }: WaitDecision): string {
  return eligibleAt === undefined ? "no wave reaches them" : "their turn in the waves has not come";
}

/** A device that does not take the version. */
export interface WithheldAgent {
  readonly reason: Reason;
  /** Seconds after the promotion from which it may go on; absent: no time is known. */
  readonly next?: number;
}

/** Devices by why they do not take the version, most first. */
export function tallyWithheld(agents: Iterable<WithheldAgent>): Withheld[] {
  const tallies = new Map<string, { cause: WithheldCause; reason: string; agents: number; next: number }>();
  for (const { reason, next = Number.POSITIVE_INFINITY } of agents) {
    const { cause, text } = reason;
    const key = `${cause} ${text}`;
    const tally = tallies.get(key);
    if (tally === undefined) {
      tallies.set(key, { cause, reason: text, agents: 1, next });
    } else {
      tally.agents++;
      tally.next = Math.min(tally.next, next);
    }
  }
  return [...tallies.values()]
    .map(({ next, ...tally }) => (next === Number.POSITIVE_INFINITY ? tally : { ...tally, next }))
    .sort((a, b) => b.agents - a.agents || (a.reason < b.reason ? -1 : 1));
}

const passing: ReadonlySet<string | undefined> = new Set(PASSING_HOLDS);

/** Whether it is a hold that ends by itself. */
export function isPassing(cause: WithheldCause | undefined): cause is PassingHold {
  return passing.has(cause);
}

/** Whether a device with this reason would be told of a halt instead. */
export function isWait(cause: WithheldCause): boolean {
  return cause === "wave" || cause === "freeze" || cause === "window" || cause === "request";
}
