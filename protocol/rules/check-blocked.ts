import type { WaitDecision } from "../decision.ts";
import type { DecisionContext } from "../decision-context.ts";
import type { BlockedVersion } from "../device.ts";
import { formatTime } from "../trail.ts";

/** Rule 7: the version, or the next step towards it, failed on this device and its backoff runs. */
export function checkBlocked(
  context: DecisionContext,
  target: string,
  nextStep: string,
): WaitDecision | undefined {
  let longest: BlockedVersion | undefined;
  for (const blocked of context.local.blocked ?? []) {
    if (blocked.version !== target && blocked.version !== nextStep) continue;
    if (blocked.until > (longest?.until ?? context.now)) longest = blocked;
  }
  if (longest === undefined) return undefined;
  const { version, reason, until } = longest;
  const text = `${version} failed on this device (${reason}); not tried before ${formatTime(until)}`;
  context.trail.add("blocked", "stop", text);
  return context.wait(target, "backoff", until);
}
