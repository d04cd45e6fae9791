import { formatPpm, type Ppm } from "../../protocol/share.ts";
import { plural } from "./format-count.ts";
import type { Plan } from "./plan.ts";

/** What may turn a plan into a refusal, for `--fail-on`. */
export const FAIL_CONDITIONS = ["warnings", "moves", "refusals", "downgrades"] as const;
export type FailCondition = (typeof FAIL_CONDITIONS)[number];

export interface PlanLimits {
  readonly failOn: readonly FailCondition[];
  /** Largest share of the inventory that may move without somebody saying so. */
  readonly maxBlast?: Ppm;
}

/** Why the plan must not pass by itself: one sentence each; empty when it may. */
export function breaches(plan: Plan, { failOn, maxBlast }: PlanLimits): string[] {
  const found: string[] = [];
  for (const condition of failOn) {
    const breach = breachOf(plan, condition);
    if (breach !== undefined) found.push(`${breach} (--fail-on ${condition})`);
  }
  if (maxBlast !== undefined && plan.blast.share > maxBlast) {
    const share = formatPpm(plan.blast.share);
    found.push(`${share} of the fleet would move, more than ${formatPpm(maxBlast)} (--max-blast)`);
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
      return some(plan.blast.devices, "move");
    case "refusals": {
      const stuck = plan.belowMinimum.reduce((sum, entry) => sum + entry.stuck, 0);
      return some(
        [...plan.refusals, ...plan.misfits].reduce((sum, { added }) => sum + added, stuck),
        "refusal",
      );
    }
    case "downgrades":
      return some(
        plan.transitions.reduce((sum, { goesDown, devices }) => (goesDown ? sum + devices : sum), 0),
        "downgrade",
      );
  }
}
