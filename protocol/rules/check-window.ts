import type { WaitDecision } from "../decision.ts";
import type { DecisionContext } from "../decision-context.ts";
import type { Freeze } from "../policy.ts";
import { firstFreeSecond } from "../quiet-times.ts";
import { nearest } from "../scope.ts";
import { formatTime } from "../trail.ts";
import { lastClosedOpening, openingAtOrAfter } from "../update-window.ts";

/**
 * Rule 9, second half: outside the nearest window, wait; a device that was offline through the last one does as
 * `onReturn` says.
 *
 * @param freezes those that hold the target, since an opening inside of one is none
 */
export function checkWindow(
  context: DecisionContext,
  target: string,
  freezes: readonly Freeze[],
): WaitDecision | undefined {
  const { scopes, local, trail, now } = context;
  const said = nearest(scopes, "window");
  if (said === undefined) return undefined;
  const where = `${said.scope.where}/window`;
  const bypass = passesQuietTimes(context);
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
  // With `onReturn: now` an opening that a freeze takes away is one that the device was kept from.
  const next = said.value.onReturn === "now" ? opens : firstFreeSecond(freezes, said.value, now);
  return context.wait(target, "window", next);
}

/** Why neither window nor freeze holds the device; `undefined`: they do. */
export function passesQuietTimes({ local, belowMinimum }: DecisionContext): string | undefined {
  if (local.updateNow === true) return "asked for now";
  if (belowMinimum !== undefined) return `below the minimum ${belowMinimum}`;
  return undefined;
}
