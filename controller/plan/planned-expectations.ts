import { isDeepStrictEqual } from "node:util";
import type { DesiredState } from "../desired/desired-state.ts";
import { checkExpectations } from "../expectations/check-expectations.ts";
import { type Expectation, expectationsOf } from "../expectations/expectation.ts";
import { findingOf } from "../expectations/expectation-findings.ts";
import type { FleetModel } from "../state/fleet-model.ts";
import type { PlanInventory } from "./compute-plan.ts";
import type { PlannedExpectation } from "./plan.ts";

/** A side of a plan, as what it asks of the fleet and as it is written. */
export interface PlannedSide {
  readonly desired: DesiredState;
  readonly model: FleetModel;
}

/** Whether a state has expectations at all. */
export function expectsSomething(model: FleetModel): boolean {
  return expectationsOf(model).length > 0;
}

/**
 * Which expectations do not hold with the change: whether they held without it, and also those that the change takes out.
 *
 * @param now seconds since 1970: the time of the merge
 */
export function plannedExpectations(
  before: PlannedSide,
  after: PlannedSide,
  { kind, records }: Pick<PlanInventory, "kind" | "records">,
  now: number,
): PlannedExpectation[] {
  const devices = kind === "devices" ? records : undefined;
  const expected = expectationsOf(after.model);
  const known = new Map(expected.map((expectation) => [nameOf(expectation), expectation]));
  const former = expectationsOf(before.model);
  const formerly = new Map(former.map((expectation) => [nameOf(expectation), expectation]));
  const dropped = former.filter((expectation) => {
    return !isDeepStrictEqual(known.get(nameOf(expectation))?.said, expectation.said);
  });
  const lookAt = (state: DesiredState, some: readonly Expectation[]) =>
    some.length === 0 ? [] : checkExpectations(state, some, devices, now);
  const failing = lookAt(after.desired, expected).filter(isFailing);
  // As it was written then: a tenant that it names may be called otherwise since.
  const without = lookAt(
    before.desired,
    failing.map(({ expectation }) => formerly.get(nameOf(expectation)) ?? expectation),
  );
  const unmet = new Set(without.filter(isFailing).map(({ expectation }) => nameOf(expectation)));
  const planned: PlannedExpectation[] = [];
  const add = (result: (typeof failing)[number], what: PlannedExpectation["kind"]): void => {
    const finding = findingOf({ model: after.model, pathPrefix: "" }, result);
    if (finding === undefined) return;
    const [decided] = finding.related;
    planned.push({
      kind: what,
      rule: finding.rule,
      file: finding.file,
      line: finding.span?.line ?? 1,
      that: result.expectation.said.that,
      message: finding.message,
      decidedBy:
        decided === undefined ? null : { file: decided.file, line: decided.span.line, text: decided.label },
    });
  };
  for (const result of failing) if (!unmet.has(nameOf(result.expectation))) add(result, "broken");
  for (const result of lookAt(after.desired, dropped).filter(isFailing)) add(result, "dropped");
  for (const result of failing) if (unmet.has(nameOf(result.expectation))) add(result, "unmet");
  return planned;
}

function isFailing({ kind }: { readonly kind: string }): boolean {
  return kind !== "holds" && kind !== "over";
}

function nameOf({ document, said }: Expectation): string {
  return `${document.file}\0${said.that}`;
}
