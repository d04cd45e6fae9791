import type { WaitDecision } from "../decision.ts";
import type { DecisionContext } from "../decision-context.ts";
import { nearest } from "../scope.ts";
import { choicesDenied } from "./local-choices.ts";

/** Rule 10: where updates are not automatic, say that one waits and install it only on request. */
export function checkAutoUpdate(context: DecisionContext, target: string): WaitDecision | undefined {
  const own = ownChoice(context);
  if (own === true) return undefined;
  const said = own === false ? undefined : nearest(context.scopes, "autoUpdate");
  if (own === undefined && said?.value !== false) return undefined;
  const where = said === undefined ? undefined : `${said.scope.where}/autoUpdate`;
  if (context.local.updateNow === true) {
    context.trail.add("autoUpdate", "skip", "asked for now", where);
    return undefined;
  }
  const text = `${said?.scope.label ?? "this machine"} installs only on request`;
  context.trail.add("autoUpdate", "stop", text, where);
  return context.wait(target, "request");
}

/** What this machine chose, where that counts: no scope denies it, and it holds back nothing that a minimum asks for. */
function ownChoice(context: DecisionContext): boolean | undefined {
  const { local, belowMinimum, trail } = context;
  if (local.autoUpdate === undefined) return undefined;
  const denied = choicesDenied(context);
  if (denied !== undefined) {
    trail.add("autoUpdate", "skip", "this machine's own choice is denied", denied);
    return undefined;
  }
  if (!local.autoUpdate && belowMinimum !== undefined) {
    const text = `below the minimum ${belowMinimum}: this machine's own choice does not hold it`;
    trail.add("autoUpdate", "skip", text);
    return undefined;
  }
  return local.autoUpdate;
}
