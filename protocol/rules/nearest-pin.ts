import type { DecisionContext } from "../decision-context.ts";
import { formatTime } from "../trail.ts";

export interface AppliedPin {
  readonly version: string;
  readonly where: string;
}

/** Rule 3, first half: the nearest pin that has not expired. */
export function nearestPin({ scopes, now, trail }: DecisionContext): AppliedPin | undefined {
  for (const { label, where: scope, settings } of scopes) {
    const pin = settings.pin;
    if (pin === undefined) continue;
    const where = `${scope}/pin`;
    if (pin.expires !== undefined && pin.expires <= now) {
      const text = `the pin of ${label} to ${pin.version} expired at ${formatTime(pin.expires)}`;
      trail.add("target", "skip", text, where);
      continue;
    }
    const reason = pin.reason === undefined ? "" : `: ${pin.reason}`;
    trail.add("target", "set", `pinned to ${pin.version} by ${label}${reason}`, where);
    return { version: pin.version, where };
  }
  return undefined;
}
