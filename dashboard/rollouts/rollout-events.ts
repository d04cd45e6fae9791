import { countOf } from "../parts/numbers.ts";
import type { RolloutReport } from "./rollout-types.ts";
import { causeWords, shortReason, whereWords } from "./rollout-words.ts";

type MarkKind = RolloutReport["marks"][number]["kind"];

/** Something that happened along a rollout. */
export interface RolloutEvent {
  readonly at: number;
  readonly kind: MarkKind | "failure" | "window";
  readonly title: string;
  /** What it says, verbatim. */
  readonly code?: string;
  readonly rest: string;
}

/** Kinds of failures whose first one is an event. */
const MOST_FAILURES = 4;

/** What the controller marked, when each kind of failure came first, and windows that opened; newest first. */
export function eventsOf(report: RolloutReport, now: number): RolloutEvent[] {
  const { marks, causes, byTenant, version } = report;
  const began = marks.find(({ kind }) => kind === "began")?.at ?? Number.POSITIVE_INFINITY;
  const failures = causes.groups
    .filter(({ outcome }) => outcome === "failed")
    .slice(0, MOST_FAILURES)
    .map(
      (group): RolloutEvent => ({
        at: group.firstAt,
        kind: "failure",
        title: "First failure:",
        code: group.signature ?? causeWords(group),
        rest: `${countOf(group.devices, "machine")} since: ${whereWords(group)}`,
      }),
    );
  const windows = byTenant.flatMap(({ tenant, window, devices, running }): RolloutEvent[] =>
    tenant === null || window === undefined || window.opens > now || window.opens < began
      ? []
      : [
          {
            at: window.opens,
            kind: "window",
            title: `Window of ${tenant} opened`,
            rest: `${countOf(devices - running, "machine")} not on ${version}`,
          },
        ],
  );
  const all = [...marks.map((mark) => eventOf(mark, report)), ...failures, ...windows];
  // What was marked later in the same second stands above.
  return all.reverse().toSorted((a, b) => b.at - a.at);
}

function eventOf(
  { at, kind, text }: RolloutReport["marks"][number],
  { product, version, channel }: RolloutReport,
): RolloutEvent {
  switch (kind) {
    case "began":
      return { at, kind, title: `${product} ${version} promoted to ${channel}`, rest: "" };
    case "wave": {
      const [, which, share = ""] = /^(wave \d+ of \d+): (.*)$/.exec(text) ?? [];
      return which === undefined
        ? { at, kind, title: capital(text), rest: "" }
        : { at, kind, title: `${capital(which)} opened`, rest: share.replace("%", " %") };
    }
    case "halt":
      return {
        at,
        kind,
        title: text.startsWith("halted by the gate") ? "Halted itself" : "Halted",
        rest: shortReason(text),
      };
    case "held":
      return { at, kind, title: "Held", rest: shortReason(text) };
    case "resume":
      return { at, kind, title: "Resumed", rest: text };
    case "done":
      return { at, kind, title: "Done", rest: text };
    case "replaced":
      return { at, kind, title: capital(text), rest: "" };
  }
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
