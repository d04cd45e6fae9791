import type { TrailEntry } from "../../protocol/decision.ts";
import { formatDuration } from "../../protocol/duration.ts";
import { quote } from "../../protocol/printable.ts";
import { formatPpm } from "../../protocol/share.ts";
import { formatTime } from "../../protocol/trail.ts";
import type { ExpectedOutcomeState } from "../../schemas/state.generated.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { type ExplainedEntry, locateEntry } from "../explain/explain-device.ts";
import { trailLine } from "../explain/print-explanation.ts";
import { expectationForbidden } from "../rules/expectation/forbidden.ts";
import { expectationForbiddenTime } from "../rules/expectation/forbidden-time.ts";
import { expectationLooksAtNobody } from "../rules/expectation/looks-at-nobody.ts";
import { expectationNotMet } from "../rules/expectation/not-met.ts";
import { expectationTooManyAtOnce } from "../rules/expectation/too-many-at-once.ts";
import { expectationUnclear } from "../rules/expectation/unclear.ts";
import type { Finding, Rule } from "../rules/rule.ts";
import { diagnosticOf } from "../rules/run-rules.ts";
import type { FleetModel } from "../state/fleet-model.ts";
import { type ExpectationResult, MOST_MACHINES } from "./check-expectations.ts";
import type { Demand, Expectation } from "./expectation.ts";
import { isStep, type Moment } from "./follow-machine.ts";
import type { Breach } from "./judge.ts";
import type { TooMany } from "./judge-pace.ts";
import { type Machine, PresumedMachine } from "./machine.ts";

/** Where the lines of a trail are looked up, and how its files are called. */
export interface ToldState {
  readonly model: FleetModel;
  /** Put before file names in notes, with `/` at its end. */
  readonly pathPrefix: string;
}

/** What is wrong with an expectation, at its line, with the decision's trail; `undefined`: nothing, or its time is over. */
export function findingOf(state: ToldState, result: ExpectationResult): Diagnostic | undefined {
  const { expectation } = result;
  switch (result.kind) {
    case "holds":
    case "over":
      return undefined;
    case "nobody":
      return told(expectationLooksAtNobody, expectation, {
        message: `no machine is one that ${named(expectation)} is about`,
        notes:
          result.misspelt === undefined
            ? []
            : [`nobody is known to have the label \`${result.misspelt.label}\``],
        help:
          result.misspelt === undefined
            ? "check what `for` says: nothing is tested by it"
            : `did you mean \`${result.misspelt.meant}\`?`,
      });
    case "too-large":
      return told(expectationUnclear, expectation, {
        message: `${named(expectation)} is about more than ${MOST_MACHINES} kinds of machines`,
        help: "name a tenant, a product or a platform in its `for`, or give an inventory",
      });
    case "broken":
      return broken(state, expectation, result.breach, result);
    case "too-many":
      return tooMany(state, expectation, result.worst);
  }
}

function broken(
  state: ToldState,
  expectation: Expectation,
  breach: Breach,
  { machines, breaking }: { readonly machines: number; readonly breaking: number },
): Diagnostic {
  const { machine, moment, at, found, about } = breach;
  const kinds = machine instanceof PresumedMachine ? "kinds of machines" : "machines";
  const others = breaking > 1 ? [`it is so for ${breaking} of the ${machines} ${kinds} looked at`] : [];
  return told(
    ruleOf(expectation.demand),
    expectation,
    {
      message: `${named(expectation)} is broken: ${machine.name} ${found} ${isStep(moment) ? `at ${formatTime(at)}` : `from ${formatTime(at)} on`}`,
      label: wanted(expectation.demand),
      notes: [...others, ...trailNotes(state, machine, moment, at), ...saidOf(expectation)],
    },
    because(state, machine, moment, at, about === "channel" ? "channel" : undefined),
  );
}

function tooMany(state: ToldState, expectation: Expectation, worst: TooMany): Diagnostic {
  const { demand } = expectation;
  const within = demand.kind === "atMost" ? formatDuration(demand.within) : "";
  const { machine, moment, at, counted, share, of } = worst;
  const percent = formatPpm(Math.round(share / 1000) * 1000);
  const who =
    counted === undefined
      ? `${percent} of ${of}`
      : `${counted.moving} of the ${counted.total} machines of ${of} (${percent})`;
  return told(
    expectationTooManyAtOnce,
    expectation,
    {
      message: `${named(expectation)} is broken: ${who} change their version within ${within} from ${formatTime(at)} on`,
      label: wanted(demand),
      notes: [...trailNotes(state, machine, moment, moment.at), ...saidOf(expectation)],
    },
    waves(state, machine, moment) ?? because(state, machine, moment, at, "target"),
  );
}

function told(
  rule: Rule,
  { document, index, demand }: Expectation,
  finding: Omit<Finding, "at">,
  related: Diagnostic["related"] = [],
): Diagnostic {
  const at = { document, path: ["expect", index, demand.kind], part: "key" } as const;
  return { ...diagnosticOf(rule, { ...finding, at }), related };
}

function ruleOf({ kind }: Demand): Rule {
  switch (kind) {
    case "decides":
      return expectationNotMet;
    case "never":
      return expectationForbidden;
    case "atMost":
      return expectationTooManyAtOnce;
    case "notDuring":
      return expectationForbiddenTime;
  }
}

/** The expectation as messages call it. */
export function named({ said }: Expectation): string {
  return quote(said.that.trim().replaceAll(/\s+/g, " "));
}

/** What is asked for, in a few words under the carets. */
function wanted(demand: Demand): string {
  switch (demand.kind) {
    case "decides":
      return `expected ${outcomeWords(demand.outcome)}`;
    case "never":
      return `never ${outcomeWords(demand.outcome)}`;
    case "atMost":
      return `at most ${formatPpm(demand.share)} within ${formatDuration(demand.within)}`;
    case "notDuring": {
      const { days, start, duration, timeZone } = demand.period;
      return `not on ${days.join(", ")} from ${start} for ${formatDuration(duration)}, ${timeZone}`;
    }
  }
}

function outcomeWords({ version, channel, action }: ExpectedOutcomeState): string {
  const parts = [
    ...(version === undefined ? [] : [`version ${version}`]),
    ...(channel === undefined ? [] : [`channel ${channel}`]),
    ...(action === undefined ? [] : [`action ${action}`]),
  ];
  return parts.join(" and ");
}

/** The line of state that decided. */
function because(
  { model }: ToldState,
  machine: Machine,
  moment: Moment,
  at: number,
  rule: TrailEntry["rule"] | undefined,
): Diagnostic["related"] {
  const { trail } = moment.decision;
  const deciding = decidingEntry(trail, rule);
  // A pin that has expired decides nothing, and is why another line does.
  const former = trail.find((entry) => entry.rule === "target" && entry.outcome === "skip");
  return [
    ...(deciding === undefined ? [] : [{ entry: deciding, label: `decides it at ${formatTime(at)}: ` }]),
    ...(former === undefined || rule !== undefined ? [] : [{ entry: former, label: "" }]),
  ].flatMap(({ entry, label }) => {
    const { file, span } = locateEntry(model, entry, machine.build);
    return file === undefined || span === undefined
      ? []
      : [{ file, span, label: `${label}${textFor(machine, entry.text)}` }];
  });
}

/** The waves by which it goes; `undefined`: none had a say. */
function waves({ model }: ToldState, machine: Machine, moment: Moment): Diagnostic["related"] | undefined {
  const entry = moment.decision.trail.find(({ rule, where }) => rule === "rollout" && where !== undefined);
  if (entry === undefined) return undefined;
  const { file, span } = locateEntry(model, entry, machine.build);
  return file === undefined || span === undefined
    ? undefined
    : [{ file, span, label: "by these waves they go together" }];
}

/** The last that had a say and stands in state. @param rule only what this rule said, where it said something */
function decidingEntry(
  trail: readonly TrailEntry[],
  rule: TrailEntry["rule"] | undefined,
): TrailEntry | undefined {
  const spoke = trail.filter(
    ({ where, outcome }) => where !== undefined && (outcome === "set" || outcome === "stop"),
  );
  return spoke.findLast((entry) => entry.rule === rule) ?? spoke.at(-1);
}

/** What `fairlead explain` prints of the decision. */
function trailNotes(
  { model, pathPrefix }: ToldState,
  machine: Machine,
  moment: Moment,
  at: number,
): string[] {
  const { product } = machine;
  const runs = moment.runs === null ? `has no ${product}` : `runs ${product} ${moment.runs}`;
  return [
    `decided for ${machine.name}, which ${runs}, at ${formatTime(Math.max(at, moment.at))}:`,
    ...moment.decision.trail.map((entry): string => {
      const located: ExplainedEntry = locateEntry(model, entry, machine.build);
      return textFor(machine, trailLine(located, pathPrefix));
    }),
  ];
}

/** Who stands for others has no place of its own in the queue. */
function textFor(machine: Machine, text: string): string {
  return machine instanceof PresumedMachine
    ? text.replace(/\bat [\d.]+% of the queue/, "in the queue")
    : text;
}

function saidOf({ said: { reason, owner } }: Expectation): string[] {
  return [
    ...(reason === undefined ? [] : [`expected because: ${quote(reason.trim().replaceAll(/\s+/g, " "))}`]),
    ...(owner === undefined ? [] : [`ask: ${quote(owner)}`]),
  ];
}
