import { findRelease, leadsThrough } from "../candidates.ts";
import type { RefuseDecision } from "../decision.ts";
import type { DecisionContext } from "../decision-context.ts";
import type { ChannelPolicy } from "../policy.ts";
import type { Release } from "../release.ts";
import type { UpgradePath } from "../upgrade-path.ts";
import { checkRequirements, refuseMisfit, unmetBy } from "./check-requirements.ts";

/**
 * The path from the installed version to `release`, by the ways that the channel offers to every machine of the platform,
 * or where this machine cannot run a step of that one, by another way of what it can run.
 */
export function findPath(
  context: DecisionContext,
  channel: ChannelPolicy,
  release: Release,
): UpgradePath | undefined {
  const { device, installed } = context;
  const fits = (step: Release): boolean => unmetBy(step, device) === undefined;
  if (!fits(release)) return undefined;
  const offers = context.offersOf(channel);
  const path = offers.pathTo(release, installed);
  if (path === undefined || installed === null || releasesOf(context, path).every(fits)) return path;
  return offers.pathAround(release, installed, fits);
}

/** Rule 6: a way that barriers and `upgradeFrom` allow, and what the machine must have for each step. */
export function checkPath(
  context: DecisionContext,
  channel: ChannelPolicy,
  release: Release,
): UpgradePath | RefuseDecision {
  const { installed } = context;
  const path = findPath(context, channel, release);
  if (path !== undefined) {
    context.trail.add("path", "pass", path.length === 1 ? "directly" : `by way of ${path.join(", then ")}`);
    return checkRequirements(context, release, releasesOf(context, path)) ?? path;
  }
  const misfit = misfitOnTheWay(context, channel, release);
  if (misfit !== undefined) return refuseMisfit(context, release, misfit);
  const from = installed ?? "nothing";
  return (
    refuseAtBarrier(context, channel, release, from) ?? refuseUnaccepted(context, channel, release, from)
  );
}

/** The target that cannot run on this machine, or else the first such step of the way that others have. */
function misfitOnTheWay(
  context: DecisionContext,
  channel: ChannelPolicy,
  release: Release,
): Release | undefined {
  const { device, installed } = context;
  if (unmetBy(release, device) !== undefined) return release;
  const way = context.offersOf(channel).pathTo(release, installed) ?? [];
  return releasesOf(context, way).find((step) => unmetBy(step, device) !== undefined);
}

function releasesOf({ releases }: DecisionContext, path: readonly string[]): Release[] {
  return path.flatMap((version) => findRelease(releases, version) ?? []);
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
  const path = context
    .offersOf(channel)
    .pathThroughAny(release, installed, (step) => unmetBy(step, context.device) === undefined);
  const missing = path?.filter((step) => step !== release.version && !leadsThrough(channel, step));
  return missing === undefined || missing.length === 0 ? undefined : missing.join(", then ");
}
