import type { WaitDecision } from "../decision.ts";
import type { DecisionContext } from "../decision-context.ts";
import { nearest } from "../scope.ts";
import { formatTime } from "../trail.ts";
import { lastClosedOpening, openingAtOrAfter } from "../update-window.ts";

/** Rule 9: outside the nearest window, wait; a device that was offline through the last one does as `onReturn` says. */
export function checkWindow(context: DecisionContext, target: string): WaitDecision | undefined {
  const { scopes, local, trail, now } = context;
  const said = nearest(scopes, "window");
  if (said === undefined) return undefined;
  const where = `${said.scope.where}/window`;
  const bypass = bypassesWindow(context);
  if (bypass !== undefined) {
    trail.add("window", "skip", `${bypass}: the window does not hold it`, where);
    return undefined;
  }
  const { opens, closes } = openingAtOrAfter(said.value, now);
  if (opens <= now) {
    const text = `the window of ${said.scope.label} is open until ${formatTime(closes)}`;
    trail.add("window", "pass", text, where);
    return undefined;
  }
  const seen = local.lastCheckAt;
  if (said.value.onReturn === "now" && seen !== undefined) {
    if (seen < lastClosedOpening(said.value, now).opens) {
      trail.add("window", "pass", "the device was offline through its last window", where);
      return undefined;
    }
  }
  trail.add("window", "stop", `the window of ${said.scope.label} opens at ${formatTime(opens)}`, where);
  return context.wait(target, "window", opens);
}

function bypassesWindow({ local, belowMinimum }: DecisionContext): string | undefined {
  if (local.updateNow === true) return "asked for now";
  if (belowMinimum !== undefined) return `below the minimum ${belowMinimum}`;
  return undefined;
}
