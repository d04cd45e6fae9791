import type { WaitDecision } from "../decision.ts";
import type { DecisionContext } from "../decision-context.ts";
import { nearest } from "../scope.ts";

/** Rule 10: where updates are not automatic, say that one waits and install it only on request. */
export function checkAutoUpdate(context: DecisionContext, target: string): WaitDecision | undefined {
  const said = nearest(context.scopes, "autoUpdate");
  if (said?.value !== false) return undefined;
  const where = `${said.scope.where}/autoUpdate`;
  if (context.local.updateNow === true) {
    context.trail.add("autoUpdate", "skip", "asked for now", where);
    return undefined;
  }
  context.trail.add("autoUpdate", "stop", `${said.scope.label} installs only on request`, where);
  return context.wait(target, "request");
}
