import type { Explanation, ListAttemptsOfAgentAnswer, TrailLines } from "../api/types.ts";
import type { Agent } from "../fleet/fleet-rows.ts";
import type { Installation } from "../fleet/fleet-words.ts";
import { writeBytes } from "../parts/numbers.ts";
import { writeRelative, writeSpan } from "../parts/times.ts";

export type Attempt = ListAttemptsOfAgentAnswer["attempts"][number];
export type Request = Agent["requests"][number];

/** States of the agent's journal in which no installation is under way. */
const AT_REST: readonly string[] = ["idle", "confirmed", "rolled-back", "not-restored"];

/** The arrow "Update to v...", in all its states. */
export type Arrow =
  /** Nothing newer is offered. */
  | { readonly kind: "gone" }
  | { readonly kind: "ready"; readonly to: string; readonly note: string }
  | { readonly kind: "blocked"; readonly to: string; readonly reason: string }
  | { readonly kind: "asked"; readonly to: string; readonly note: string; readonly request: Request }
  | { readonly kind: "under-way"; readonly to: string; readonly step: string };

/** @param now seconds since 1970 */
export function arrowOf(installation: Installation, requests: readonly Request[], now: number): Arrow {
  const { product, installed, journal, offer, ifAsked } = installation;
  const to = ifAsked?.next ?? offer?.target ?? ifAsked?.target;
  if (!AT_REST.includes(journal)) return { kind: "under-way", to: to ?? "another version", step: journal };
  const request = requests.find((one) => one.kind === "update" && one.product === product);
  if (request !== undefined && ifAsked?.next !== undefined) {
    const when =
      request.deliveries > 0
        ? `told ${request.deliveredAt === null ? "" : `${agoOf(request.deliveredAt, now)}, `}waits for its answer`
        : "at its next poll";
    const note = `asked by ${request.askedBy} ${agoOf(request.askedAt, now)}; ${when}`;
    return { kind: "asked", to: ifAsked.next, note, request };
  }
  if (ifAsked?.next !== undefined) {
    const way =
      ifAsked.target !== undefined && ifAsked.target !== ifAsked.next
        ? `on the way to ${ifAsked.target}; `
        : "";
    return { kind: "ready", to: ifAsked.next, note: `${way}${waitingNote(offer, now)}` };
  }
  const misfit = ifAsked?.misfit ?? offer?.misfit;
  if (misfit !== undefined) {
    const lacks = misfit.unmet.map(({ name, required, got }) =>
      got === null
        ? `it needs ${name} ${required}, and none is known`
        : `it needs ${name} ${required}: this machine has ${got}`,
    );
    return { kind: "blocked", to: misfit.target, reason: lacks.join("; ") };
  }
  if (to === undefined || to === installed?.version) return { kind: "gone" };
  return { kind: "blocked", to, reason: ifAsked?.why ?? offer?.why ?? "nothing says why" };
}

/** What is shown of the time moves on in steps: nothing that was done is ahead of it. */
function agoOf(at: number, now: number): string {
  return writeRelative(at, Math.max(now, at));
}

/** What happens when nobody presses it. */
function waitingNote(offer: Installation["offer"], now: number): string {
  switch (offer?.action) {
    case "update":
    case "rollback":
      return "by itself at its next poll";
    case "wait":
      return offer.eligibleAt !== undefined && offer.eligibleAt > now
        ? `by itself in ${writeSpan(offer.eligibleAt - now)}`
        : (offer.why ?? "waits");
    default:
      return "at its next poll";
  }
}

export const STEPS = [
  "downloading",
  "verified",
  "staged",
  "self-tested",
  "swapped",
  "confirming",
  "confirmed",
] as const;

export interface Step {
  readonly name: string;
  readonly standing: "done" | "bad" | "off" | "back";
}

/** The steps of an attempt. The one that failed is what it was at, or else the one after what it had reached. */
export function stepsOf({ step, outcome }: Pick<Attempt, "step" | "outcome">): readonly Step[] {
  const reached = STEPS.indexOf(step);
  const isConfirmed = outcome === "confirmed";
  // `downloading` and `confirming` are what it is at; the others are what it has done.
  const isAt = step === "downloading" || step === "confirming";
  const failedAt = isConfirmed ? STEPS.length : isAt ? reached : Math.min(reached + 1, STEPS.length - 1);
  return STEPS.map((name, index): Step => {
    const isLast = index === STEPS.length - 1;
    if (isLast && outcome === "rolled-back") return { name: "rolled back", standing: "back" };
    if (isLast && outcome === "not-restored") return { name: "not restored", standing: "bad" };
    if (index < failedAt) return { name, standing: "done" };
    return { name, standing: index === failedAt ? "bad" : "off" };
  });
}

/** How an attempt ended, in a few words. */
export function outcomeOf({ outcome, cause, kind }: Attempt): string {
  const why = cause === undefined ? "" : `: ${cause}`;
  switch (outcome) {
    case "confirmed":
      return kind === "rollback" ? "rolled back, confirmed" : "confirmed";
    case "rolled-back":
      return `put back${why}`;
    case "not-restored":
      return `failed, and the old version was not restored${why}`;
    case "failed":
      return `failed before the swap${why}`;
  }
}

/** What the decision came to, as the heading of its trail. */
export function whyTitle({ product, installed, decision }: Explanation, several: boolean): string {
  const of = several ? `${product} ` : "it ";
  switch (decision.action) {
    case "update":
      return `Why ${of}goes on`;
    case "rollback":
      return `Why ${of}goes back`;
    case "none":
      return `Why ${of}is offered nothing`;
    default:
      return installed === null ? `Why ${of}is not installed` : `Why ${of}stays on ${installed}`;
  }
}

export const OUTCOME_WORDS = {
  set: "chose",
  pass: "nothing against it",
  skip: "overridden",
  stop: "ended it",
} as const;

export type TrailTone = "set" | "pass" | "skip" | "stop" | "end";

/** How a line of a trail looks: what ended it is loud, unless it ended well. */
export function toneOf({ action, trail }: Explanation["decision"], index: number): TrailTone {
  const outcome = trail[index]?.outcome ?? "pass";
  const isLast = index === trail.length - 1;
  return outcome === "stop" && isLast && action === "stay" ? "end" : outcome;
}

/** `tenants/acme.yaml#/sites/berlin/channel` as a file and the way within it. */
export function placeIn(where: string): { readonly file: string; readonly pointer: string } {
  const [file = "", pointer = ""] = where.split("#");
  const way = pointer
    .split("/")
    .filter((part) => part !== "")
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
  return { file, pointer: way.join(" › ") };
}

/** Which line a place of a trail is at, where both are of one commit: the manifest may have changed between two answers. */
export function linesOf(
  found: TrailLines | undefined,
  commit: string | undefined,
): (where: string) => number | undefined {
  const isOfTrail = found !== undefined && found.commit === commit;
  const lines = new Map(isOfTrail ? found.lines.map(({ where, line }) => [where, line]) : []);
  return (where) => lines.get(where);
}

export interface ShownFact {
  readonly name: string;
  readonly value: string;
  /** What a version requires of it and the machine has not. */
  readonly lack: string | undefined;
}

const FACT_NAMES: Readonly<Record<string, string>> = {
  os: "System",
  kernel: "Kernel",
  glibc: "glibc",
  musl: "musl",
  macos: "macOS",
  windowsBuild: "Windows build",
  cpu: "Processor",
  memory: "Memory",
  disk: "Free space",
};

/** The facts of a machine, with what keeps a version from it. */
export function factsOf({ facts, installations }: Agent): readonly ShownFact[] {
  const lacks = new Map<string, string>();
  for (const { product, offer, ifAsked } of installations) {
    const misfit = ifAsked?.misfit ?? offer?.misfit;
    for (const { name, required } of misfit?.unmet ?? []) {
      lacks.set(name, `${product} ${misfit?.version ?? ""} needs ${required}`);
    }
  }
  const known = new Map<string, unknown>(Object.entries(facts ?? {}));
  const names = Object.keys(FACT_NAMES).filter((name) => known.has(name) || lacks.has(name));
  return names.map((name) => ({
    name: FACT_NAMES[name] ?? name,
    value: factText(name, known),
    lack: lacks.get(name),
  }));
}

function factText(name: string, known: ReadonlyMap<string, unknown>): string {
  const value = known.get(name);
  if (value === undefined) return "none known";
  if (name === "os") return [value, known.get("osVersion")].filter((part) => part !== undefined).join(" ");
  if ((name === "memory" || name === "disk") && typeof value === "number") return writeBytes(value);
  return Array.isArray(value) ? value.join(" ") : String(value);
}

/** `9f2c 41d0 7be3 a8c6`: as much of a key as people compare. */
export function keyText(publicKey: string): string {
  return (publicKey.slice(0, 16).match(/.{4}/g) ?? []).join(" ");
}

/** `0.2 s behind`: the clock of a machine beside the controller's. */
export function clockText(skew: number): string {
  if (Math.abs(skew) < 2) return "right";
  return `${writeSpan(Math.abs(skew))} ${skew < 0 ? "behind" : "ahead"}`;
}
