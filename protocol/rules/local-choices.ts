import type { DecisionContext } from "../decision-context.ts";
import { nearest } from "../scope.ts";

/**
 * Where policy takes this machine's own choices away: the nearest `localOverrides` is `deny`.
 *
 * @returns the place that says so; `undefined`: they count
 */
export function choicesDenied({ scopes }: Pick<DecisionContext, "scopes">): string | undefined {
  const overrides = nearest(scopes, "localOverrides");
  return overrides?.value === "deny" ? `${overrides.scope.where}/localOverrides` : undefined;
}
