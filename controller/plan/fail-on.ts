import { formatPpm, type Ppm } from "../../protocol/share.ts";
import { formatCount, formatShare, plural } from "./format-count.ts";
import type { BlastRadius, Plan } from "./plan.ts";

/** What may turn a plan into a refusal, for `--fail-on`. */
export const FAIL_CONDITIONS = [
  "warnings",
  "moves",
  "stopped",
  "retimed",
  "refusals",
  "downgrades",
  "expectations",
] as const;
export type FailCondition = (typeof FAIL_CONDITIONS)[number];

export interface PlanLimits {
  readonly failOn: readonly FailCondition[];
  /** Largest share of the inventory that a change may concern (`touched`) without somebody saying so. */
  readonly maxBlast?: Ppm;
}

/** Why the plan must not pass by itself: one sentence each; empty when it may. */
export function breaches(plan: Plan, { failOn, maxBlast }: PlanLimits): string[] {
  const found: string[] = [];
  for (const condition of failOn) {
    const breach = breachOf(plan, condition);
    if (breach !== undefined) found.push(`${breach} (--fail-on ${condition})`);
  }
  if (maxBlast !== undefined && plan.blast.touchedShare > maxBlast) {
    const share = formatShare(plan.blast.touchedShare);
    const what = describeTouched(plan.blast);
    found.push(`${share} of the fleet would ${what}, more than ${formatPpm(maxBlast)} (--max-blast)`);
  }
  return found;
}

function breachOf(plan: Plan, condition: FailCondition): string | undefined {
  const some = (count: number, noun: string): string | undefined =>
    count === 0 ? undefined : plural(count, noun);
  switch (condition) {
    case "warnings":
      return some(plan.warnings.length, "warning");
    case "moves":
      return countTouched(plan.blast);
    case "stopped":
      return plan.blast.stopped === 0 ? undefined : `${formatCount(plan.blast.stopped)} no longer move`;
    case "retimed":
      return plan.blast.retimed === 0 ? undefined : `${formatCount(plan.blast.retimed)} move at another time`;
    case "refusals": {
      const stuck = plan.belowMinimum.reduce((sum, entry) => sum + entry.stuck, 0);
      const stranded = plan.stranded.reduce((sum, { devices }) => sum + devices, stuck);
      return some(
        [...plan.refusals, ...plan.misfits].reduce((sum, { added }) => sum + added, stranded),
        "refusal",
      );
    }
    case "downgrades":
      return some(
        plan.transitions.reduce((sum, { goesDown, devices }) => (goesDown ? sum + devices : sum), 0),
        "downgrade",
      );
    case "expectations":
      return some(plan.expectations.length, "unmet expectation");
  }
}

function countTouched({ devices, stopped, retimed }: BlastRadius): string | undefined {
  const parts = [
    ...(devices > 0 ? [plural(devices, "move")] : []),
    ...(retimed > 0 ? [`${formatCount(retimed)} at another time`] : []),
    ...(stopped > 0 ? [`${formatCount(stopped)} no longer`] : []),
  ];
  return parts.length === 0 ? undefined : parts.join(", ");
}

/** What becomes of those whom a change concerns. */
function describeTouched({ devices, stopped, retimed }: BlastRadius): string {
  const parts = [
    ...(devices > 0 ? ["move"] : []),
    ...(retimed > 0 ? ["move at another time"] : []),
    ...(stopped > 0 ? ["no longer move"] : []),
  ];
  return parts.join(", ");
}
