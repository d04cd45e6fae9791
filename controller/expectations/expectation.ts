import { parseDate } from "../../protocol/date.ts";
import { parseDuration } from "../../protocol/duration.ts";
import type { UpdateWindow } from "../../protocol/policy.ts";
import { type Ppm, parsePercent } from "../../protocol/share.ts";
import type {
  ExpectationState,
  ExpectationsState,
  ExpectedOutcomeState,
  ExpectedPaceState,
  ExpectedScopeState,
  ForbiddenOutcomeState,
} from "../../schemas/state.generated.ts";
import type { FleetModel, StateDocument } from "../state/fleet-model.ts";

/** When an expectation is looked at, in seconds since 1970: at one second, or from one on until before another. */
export type ExpectedTime =
  | { readonly kind: "at"; readonly at: number }
  | { readonly kind: "span"; readonly from: number; readonly until: number };

export type ExpectedPart = NonNullable<ExpectedPaceState["of"]>;

/** What an expectation asks for. */
export type Demand =
  | { readonly kind: "decides"; readonly outcome: ExpectedOutcomeState }
  | { readonly kind: "never"; readonly outcome: ForbiddenOutcomeState }
  /** @param within seconds */
  | { readonly kind: "atMost"; readonly share: Ppm; readonly of: ExpectedPart; readonly within: number }
  | { readonly kind: "notDuring"; readonly period: UpdateWindow };

/** One expectation of a state file, ready to be looked at. */
export interface Expectation {
  readonly document: StateDocument<ExpectationsState>;
  /** Its place in the list of the file. */
  readonly index: number;
  readonly said: ExpectationState;
  readonly scope: ExpectedScopeState;
  readonly when: ExpectedTime;
  readonly demand: Demand;
}

/** The keys of which an expectation has exactly one. */
export const DEMANDS = ["decides", "never", "atMost", "notDuring"] as const;

/**
 * Every expectation of a state, in the order of files and lists. What says none of the four demands, or several, is
 * left out: `expectation/unclear` refuses it.
 */
export function expectationsOf({ expectations }: Pick<FleetModel, "expectations">): Expectation[] {
  return [...expectations.values()].flatMap((document) =>
    document.value.expect.flatMap((said, index): Expectation[] => {
      const demand = demandOf(said);
      return demand === undefined
        ? []
        : [{ document, index, said, scope: said.for ?? {}, when: timeOf(said), demand }];
    }),
  );
}

/** From when until before when an expectation holds; the whole of time where it names none. */
export function timeOf({ at, from, until }: ExpectationState): ExpectedTime {
  if (at !== undefined) return { kind: "at", at: parseDate(at) };
  return {
    kind: "span",
    from: from === undefined ? Number.NEGATIVE_INFINITY : parseDate(from),
    until: until === undefined ? Number.POSITIVE_INFINITY : parseDate(until),
  };
}

/** Whether an expectation has nothing left to hold for at `now`. */
export function isOver(when: ExpectedTime, now: number): boolean {
  return when.kind === "at" ? when.at < now : when.until <= now;
}

function demandOf(said: ExpectationState): Demand | undefined {
  const [kind, ...others] = DEMANDS.filter((key) => said[key] !== undefined);
  if (kind === undefined || others.length > 0) return undefined;
  const { decides, never, atMost, notDuring } = said;
  if (decides !== undefined) return { kind: "decides", outcome: decides };
  if (never !== undefined) return { kind: "never", outcome: never };
  if (atMost !== undefined) {
    const { share, of = "fleet", within } = atMost;
    return { kind: "atMost", share: parsePercent(share), of, within: parseDuration(within) };
  }
  if (notDuring === undefined) return undefined;
  const period = { ...notDuring, duration: parseDuration(notDuring.duration), onReturn: "window" } as const;
  return { kind: "notDuring", period };
}
