import { leadsThrough } from "../candidates.ts";
import type { RefuseDecision } from "../decision.ts";
import type { DecisionContext } from "../decision-context.ts";
import type { ChannelPolicy } from "../policy.ts";
import type { Release } from "../release.ts";
import type { UpgradePath } from "../upgrade-path.ts";

/** Rule 6: a way that barriers and `upgradeFrom` allow. */
export function checkPath(
  context: DecisionContext,
  channel: ChannelPolicy,
  release: Release,
): UpgradePath | RefuseDecision {
  const { installed } = context;
  const path = context.offersOf(channel).pathTo(release, installed);
  if (path !== undefined) {
    context.trail.add("path", "pass", path.length === 1 ? "directly" : `by way of ${path.join(", then ")}`);
    return path;
  }
  const from = installed ?? "nothing";
  return (
    refuseAtBarrier(context, channel, release, from) ?? refuseUnaccepted(context, channel, release, from)
  );
}

/** The lowest barrier on the way that the machine cannot go through; `undefined` where the way ends at something else. */
function refuseAtBarrier(
  context: DecisionContext,
  channel: ChannelPolicy,
  release: Release,
  installed: string,
): RefuseDecision | undefined {
  const offers = context.offersOf(channel);
  const target = release.version;
  for (const step of offers.barriers.between(installed, target)) {
    const obstacle = offers.whyNotThrough(step);
    if (obstacle === undefined) continue;
    const { version, barrier } = step;
    const reason = barrier?.reason === undefined ? "" : ` (${barrier.reason})`;
    const text = `everybody older than ${version} passes through it on the way to ${target}${reason}, and it ${obstacle}`;
    const where = context.inVersionFile(version, "/barrier");
    return context.refuse("path", "no-path", text, { target, where });
  }
  return undefined;
}

function refuseUnaccepted(
  context: DecisionContext,
  channel: ChannelPolicy,
  release: Release,
  installed: string,
): RefuseDecision {
  const target = release.version;
  const offers = context.offersOf(channel);
  const barrier = offers.barriers
    .between(installed, target)
    .find((step) => offers.pathTo(step, installed) === undefined);
  const { version, upgradeFrom = "any version" } = barrier ?? release;
  const nothing = `${version} accepts ${upgradeFrom}, and no active version of ${context.channelName} leads there from ${installed}`;
  const missing = missingSteps(context, channel, release, installed);
  const text = missing === undefined ? nothing : `${nothing}; ${missing} would, if its \`via\` listed it`;
  const where = context.inVersionFile(version, "/upgradeFrom");
  return context.refuse("path", "no-path", text, { target, where });
}

/** What the channel would have to list, where any release of the product leads there. */
function missingSteps(
  context: DecisionContext,
  channel: ChannelPolicy,
  release: Release,
  installed: string,
): string | undefined {
  const path = context.offersOf(channel).pathThroughAny(release, installed);
  const missing = path?.filter((step) => step !== release.version && !leadsThrough(channel, step));
  return missing === undefined || missing.length === 0 ? undefined : missing.join(", then ");
}
