import { findRelease } from "../candidates.ts";
import type { RefuseDecision } from "../decision.ts";
import type { DecisionContext } from "../decision-context.ts";
import { newestAfter } from "../newest-confirmed.ts";
import type { ChannelPolicy } from "../policy.ts";
import { isVersion, versionInRange } from "../version.ts";

/**
 * Rule 5, downwards: `undefined` when the channel declares a rollback from exactly the installed version, and the
 * release key allows it to `target`, both for that version and for the newest that this machine ever confirmed. What
 * the newest one wrote is still on the machine, so its builder's word holds after the first step down as well:
 * otherwise two allowed steps would reach what one must not.
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
  for (const version of new Set([installed, newestOn(context, installed)])) {
    const range = findRelease(context.releases, version)?.rollbackTo;
    if (range !== undefined && versionInRange(context.scheme, target, range)) continue;
    const ranHere = version === installed ? version : `${version}, the newest that ran here,`;
    const allowed = range === undefined ? "to nothing" : `only to ${range}`;
    const text = `the release key allows ${ranHere} to be rolled back ${allowed}, not to ${target}`;
    return context.refuse("compare", "downgrade-not-signed", text, { target, where });
  }
  context.trail.add("compare", "set", `declared rollback from ${installed} to ${target}`, where);
  return undefined;
}

/** One that nobody can read stands for itself: no release has its name, so nothing allows a rollback. */
function newestOn({ local, scheme }: DecisionContext, installed: string): string {
  const { newestConfirmed } = local;
  if (newestConfirmed !== undefined && !isVersion(scheme, newestConfirmed)) return newestConfirmed;
  return newestAfter(scheme, newestConfirmed, installed);
}
