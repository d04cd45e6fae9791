import type { RefuseDecision } from "../decision.ts";
import type { DecisionContext } from "../decision-context.ts";
import type { ChannelPolicy } from "../policy.ts";
import { beyondSignedRange } from "../rollback-range.ts";

/**
 * Rule 5, downwards: `undefined` when the channel declares a rollback from exactly the installed version, and the
 * release key allows it to `target`.
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
  const { scheme, releases, local } = context;
  const ranHere = { installed, newestConfirmed: local.newestConfirmed };
  const beyond = beyondSignedRange(scheme, releases, ranHere, target);
  if (beyond !== undefined) {
    return context.refuse("compare", "downgrade-not-signed", beyond, { target, where });
  }
  context.trail.add("compare", "set", `declared rollback from ${installed} to ${target}`, where);
  return undefined;
}
