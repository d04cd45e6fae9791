import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Plan } from "../plan/plan.ts";

/** What two commits come to for a fleet. */
export interface KeptPlan {
  readonly diagnostics: readonly Diagnostic[];
  readonly plan?: Plan;
}

const MOST = 32;
/** Seconds: waves and windows open by time, so that a plan says "at once" of what it did not before. */
const LIFETIME = 60;

/** The last plans that were made, since people look at one from several sides. */
export class KeptPlans {
  private readonly plans = new Map<string, { readonly plan: KeptPlan; readonly at: number }>();

  get(key: string, now: number): KeptPlan | undefined {
    const kept = this.plans.get(key);
    return kept === undefined || Math.abs(now - kept.at) > LIFETIME ? undefined : kept.plan;
  }

  keep(key: string, plan: KeptPlan, now: number): void {
    this.plans.delete(key);
    this.plans.set(key, { plan, at: now });
    const [oldest] = this.plans.keys();
    if (this.plans.size > MOST && oldest !== undefined) this.plans.delete(oldest);
  }
}
