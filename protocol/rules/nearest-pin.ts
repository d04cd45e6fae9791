import type { DecisionContext } from "../decision-context.ts";
import type { ChannelPolicy } from "../policy.ts";
import { formatTime } from "../trail.ts";
import { compareVersions, isVersion } from "../version.ts";
import { highestMinimum } from "./check-minimum.ts";
import { choicesDenied } from "./local-choices.ts";

export interface AppliedPin {
  readonly version: string;
  /** Absent: this machine pinned itself. */
  readonly where?: string;
}

/** Rule 3, first half: this machine's own pin, else the nearest pin that has not expired. */
export function nearestPin(context: DecisionContext, channel: ChannelPolicy): AppliedPin | undefined {
  const { scopes, now, trail } = context;
  const own = ownPin(context, channel);
  if (own !== undefined) return own;
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

/** The nearest of all, where no scope denies it and no minimum version stands above it. */
function ownPin(context: DecisionContext, channel: ChannelPolicy): AppliedPin | undefined {
  const { local, scheme, trail } = context;
  const version = local.pin;
  if (version === undefined) return undefined;
  const denied = choicesDenied(context);
  if (denied !== undefined) {
    trail.add("target", "skip", `this machine's own pin to ${version} is denied`, denied);
    return undefined;
  }
  const minimum = highestMinimum(context, channel);
  if (
    minimum !== undefined &&
    (!isVersion(scheme, version) || compareVersions(scheme, version, minimum.version) < 0)
  ) {
    const text = `this machine's own pin to ${version} does not satisfy the minimum ${minimum.version}`;
    trail.add("target", "skip", text, minimum.where);
    return undefined;
  }
  trail.add("target", "set", `pinned to ${version} on this machine`);
  return { version };
}
