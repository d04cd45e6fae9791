import type { BulkAnswer, DeviceFacets } from "../api/types.ts";
import { countOf, writeCount } from "../parts/numbers.ts";
import { writeRelative, writeSpan } from "../parts/times.ts";
import { shortReason } from "../rollouts/rollout-words.ts";
import type { State } from "./fleet-filter.ts";
import type { Agent } from "./fleet-rows.ts";

export type Installation = Agent["installations"][number];
export type Offer = NonNullable<Installation["offer"]>;

/** Shapes and tones of `parts/icon.tsx`. */
export interface Look {
  readonly icon:
    | "below-minimum"
    | "copy"
    | "done"
    | "failed"
    | "held"
    | "moving"
    | "pin"
    | "refused"
    | "silent"
    | "up"
    | "waiting";
  readonly tone: "halt" | "held" | "warn" | "quiet";
  readonly word: string;
}

/** A state of a machine as shape, colour and word. */
export const STATE_LOOKS: Readonly<Record<State, Look>> = {
  current: { icon: "done", tone: "quiet", word: "Current" },
  behind: { icon: "up", tone: "quiet", word: "Behind" },
  updating: { icon: "moving", tone: "quiet", word: "Updating" },
  failed: { icon: "failed", tone: "halt", word: "Failed" },
  refused: { icon: "below-minimum", tone: "warn", word: "Below minimum" },
  cloned: { icon: "copy", tone: "warn", word: "Cloned" },
  silent: { icon: "silent", tone: "warn", word: "Silent" },
  gone: { icon: "silent", tone: "quiet", word: "Gone" },
};

/** States of which a person should know. */
const NEEDING: readonly State[] = ["failed", "refused", "cloned", "silent"];

/**
 * Which installation a row is about: that of the product that is asked for, else the one for which the machine stands as it
 * does, else the first that is not where it should be.
 */
export function shownInstallation(
  { installations, state }: Agent,
  product: string | undefined,
): Installation | undefined {
  if (product !== undefined) return installations.find((one) => one.product === product);
  const cause = installations.find(({ failedCause, journal }) =>
    state === "failed" ? failedCause !== null : state === "updating" && journal !== "idle",
  );
  if (cause !== undefined) return cause;
  return (
    installations.find(({ offer }) => offer !== undefined && offer.action !== "stay") ?? installations[0]
  );
}

/** How a machine stands: one whose last check-in was fine, and which waits for something, says so. */
export function lookOf(agent: Agent, installation: Installation | undefined): Look {
  if (agent.state !== "current" && agent.state !== "behind") return STATE_LOOKS[agent.state];
  switch (installation?.offer?.action) {
    case "paused":
      return { icon: "held", tone: "held", word: "Paused" };
    case "refuse":
      return { icon: "refused", tone: "warn", word: "Refused" };
    case "wait":
      return installation.offer.reason === "request"
        ? { icon: "pin", tone: "quiet", word: "Waits for request" }
        : { icon: "waiting", tone: "quiet", word: WAITING[installation.offer.reason ?? ""] ?? "Waits" };
    case "update":
    case "rollback":
      return STATE_LOOKS.behind;
    // What is served has changed since it checked in.
    case "stay":
      return STATE_LOOKS.current;
    default:
      return STATE_LOOKS[agent.state];
  }
}

const WAITING: Readonly<Record<string, string>> = {
  wave: "Waits for wave",
  halt: "Version halted",
  freeze: "Frozen",
  window: "Waits for window",
  backoff: "Backs off",
};

/** The version that a machine is on its way to, where that is another than the one it runs. */
export function targetOf(installation: Installation | undefined): string | undefined {
  const { offer, installed } = installation ?? {};
  if (offer?.target === undefined || offer.target === installed?.version) return undefined;
  return offer.target;
}

/** Why it stands so, in a few words. @param now seconds since 1970 */
export function whyOf(agent: Agent, installation: Installation | undefined, now: number): string {
  const asked = agent.requests.find(
    ({ kind, product }) =>
      kind !== "look" && (installation === undefined || product === installation.product),
  );
  switch (agent.state) {
    case "silent":
    case "gone":
      return `last seen ${writeRelative(agent.lastSeenAt ?? agent.enrolledAt, now)}`;
    case "refused":
      return agent.belowMinimum === null ? "below a minimum" : `below ${agent.belowMinimum}`;
    case "cloned":
      return "its key was seen in two places";
    default:
      break;
  }
  if (asked !== undefined)
    return asked.deliveries > 0 ? "told, waits for its answer" : "asked, at its next poll";
  if (installation === undefined) return "has not said what it runs";
  if (agent.state === "updating" && installation.journal !== "idle") return installation.journal;
  const { offer, failedCause } = installation;
  if (failedCause !== null) return failedCause;
  if (offer === undefined) return "";
  if (offer.action === "update" || offer.action === "rollback") return "at its next poll";
  if (offer.eligibleAt !== undefined && offer.eligibleAt > now)
    return `in ${writeSpan(offer.eligibleAt - now)}`;
  return offer.action === "stay" && offer.misfit === undefined ? "" : shortReason(offer.why ?? "");
}

/** The answer of the view: how many, and how many of them somebody should know of. */
export function headline(facets: DeviceFacets, fleet: number | undefined, isFiltered: boolean): string {
  const { total } = facets;
  if (isFiltered && fleet !== undefined) return `${writeCount(total)} of ${countOf(fleet, "machine")}`;
  return countOf(total, "machine");
}

/**
 * What the states of the list come to: `Of these 12 below a minimum and 6 silent.`
 *
 * @param asked the states that the list is narrowed down to
 */
export function summary(facets: DeviceFacets, asked: readonly string[] | undefined): string {
  if (facets.total === 0) return "";
  const parts = NEEDING.flatMap((each) => {
    const devices = inState(facets, asked, [each]);
    return devices === 0 ? [] : [`${writeCount(devices)} ${PHRASES[each] ?? each}`];
  });
  if (parts.length === 0) return "None of them failed, is silent, cloned or below a minimum.";
  const all = NEEDING.find((each) => inState(facets, asked, [each]) === facets.total);
  if (all !== undefined) return `All of these ${all === "failed" ? "failed" : `are ${PHRASES[all] ?? all}`}.`;
  const last = parts.pop() ?? "";
  return `Of these ${parts.length === 0 ? last : `${parts.join(", ")} and ${last}`}.`;
}

/** How many of the list are in one of some states. @param asked the states that the list is narrowed down to */
export function inState(
  { state }: DeviceFacets,
  asked: readonly string[] | undefined,
  states: readonly State[],
): number {
  return state.reduce(
    (sum, { value, devices }) =>
      states.some((one) => one === value) && (asked === undefined || asked.includes(value))
        ? sum + devices
        : sum,
    0,
  );
}

const PHRASES: Readonly<Partial<Record<State, string>>> = {
  failed: "failed",
  refused: "below a minimum",
  cloned: "cloned",
  silent: "silent",
};

const REASONS: Readonly<Record<string, string>> = {
  paused: "paused",
  current: "there already",
  halt: "held by a halt",
  backoff: "backing off after a failure",
  "requirement-not-met": "without what it requires",
  "no-path": "without a way there",
  "dead-end": "at a dead end",
  "nothing-offered": "offered nothing",
  "unknown-product": "without the product",
  "not-installed": "without the product",
  "downgrade-not-declared": "above it",
  "no-artifact-for-platform": "of a platform without a build",
};

/** What an update would do to a selection, before it is pressed. */
export function selectionSentence({ moves, stays, unknown }: BulkAnswer): string {
  const parts: string[] = [];
  const several = new Set([...moves, ...stays].map(({ product }) => product)).size > 1;
  const named = (product: string): string => (several && product !== "" ? `${product} ` : "");
  for (const { product, to, devices } of moves.slice(0, MOST_PARTS)) {
    parts.push(`${writeCount(devices)} ${devices === 1 ? "goes" : "go"} to ${named(product)}${to}`);
  }
  if (moves.length > MOST_PARTS) parts.push(`and to ${moves.length - MOST_PARTS} versions more`);
  const going = parts.length === 0 ? "Nothing moves" : `${parts.join(", ")}, past waves and windows`;
  const staying = stays.slice(0, MOST_PARTS).map(({ product, reason, devices }) => {
    const is = devices === 1 ? "is" : "are";
    return `${writeCount(devices)} ${is} ${named(product)}${REASONS[reason] ?? reason}`;
  });
  const rest = stays.slice(MOST_PARTS).reduce((sum, { devices }) => sum + devices, 0);
  if (rest > 0) staying.push(`${writeCount(rest)} stay for other reasons`);
  if (unknown > 0) staying.push(`${writeCount(unknown)} ${unknown === 1 ? "is" : "are"} gone`);
  return [going, ...staying].join(". ").concat(".");
}

const MOST_PARTS = 3;

/** What it did. */
export function doneSentence({ asked, already }: BulkAnswer): string {
  const parts = [`${countOf(asked, "machine")} asked: each goes at its next poll.`];
  if (already > 0) parts.push(`${writeCount(already)} had been asked before.`);
  return parts.join(" ");
}
