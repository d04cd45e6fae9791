import { findRelease } from "../candidates.ts";
import type { RefuseDecision } from "../decision.ts";
import type { DecisionContext } from "../decision-context.ts";
import type { ChannelPolicy } from "../policy.ts";
import { versionInRange } from "../version.ts";

/**
 * Rule 5, downwards: `undefined` when the channel declares a rollback from exactly the installed version and the
 * release key allows that version to be rolled back to `target`.
 */
export function checkRollback(
  context: DecisionContext,
  channel: ChannelPolicy,
  installed: string,
  target: string,
): RefuseDecision | undefined {
  if (channel.rollback?.from.includes(installed) !== true) {
    const text = `${target} is lower than the installed ${installed} and no rollback from it is declared`;
    return context.refuse("compare", "downgrade-not-declared", text, { target });
  }
  const where = context.inChannelFile("/rollback");
  const range = findRelease(context.releases, installed)?.rollbackTo;
  if (range === undefined || !versionInRange(context.scheme, target, range)) {
    const allowed = range === undefined ? "to nothing" : `only to ${range}`;
    const text = `the release key allows ${installed} to be rolled back ${allowed}, not to ${target}`;
    return context.refuse("compare", "downgrade-not-signed", text, { target, where });
  }
  context.trail.add("compare", "set", `declared rollback from ${installed} to ${target}`, where);
  return undefined;
}
