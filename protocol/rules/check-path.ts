import { findRelease, hasArtifactFor, isActive, isWithdrawn, leadsThrough } from "../candidates.ts";
import type { RefuseDecision } from "../decision.ts";
import type { DecisionContext } from "../decision-context.ts";
import type { ChannelPolicy } from "../policy.ts";
import type { Release } from "../release.ts";
import { accepts, type UpgradePath, upgradePath } from "../upgrade-path.ts";
import { checkRequirements, refuseMisfit, unmetBy } from "./check-requirements.ts";

/**
 * The path from the installed version to `release`: only through versions that the channel has pointed to or lists, and
 * through nothing that is yanked, withdrawn, not built for this platform or not able to run on this machine. A machine on
 * stable is never led through what only a testing channel has seen.
 */
export function findPath(
  context: DecisionContext,
  channel: ChannelPolicy,
  release: Release,
): UpgradePath | undefined {
  const { device } = context;
  if (unmetBy(release, device) !== undefined) return undefined;
  const isLed = (step: Release): boolean => leadsThrough(channel, step.version);
  const path = pathThrough(context, channel, release, isLed);
  // Another way is looked for only where this machine cannot go the one of all others.
  if (path === undefined || releasesOf(context, path).every((step) => unmetBy(step, device) === undefined)) {
    return path;
  }
  return pathThrough(context, channel, release, (step) => isLed(step) && unmetBy(step, device) === undefined);
}

function pathThrough(
  { policy, scheme, releases, installed, device }: DecisionContext,
  channel: ChannelPolicy,
  release: Release,
  isStep: (release: Release) => boolean,
): UpgradePath | undefined {
  if (accepts(scheme, release, installed)) return [release.version];
  const usable = releases.filter(
    (step) =>
      isActive(policy, step) &&
      !isWithdrawn(channel, step.version) &&
      hasArtifactFor(step, device.platform) &&
      isStep(step),
  );
  return upgradePath(scheme, usable, installed, release);
}

/** Rule 6: barriers, and what the machine must have for each step. */
export function checkPath(
  context: DecisionContext,
  channel: ChannelPolicy,
  release: Release,
): UpgradePath | RefuseDecision {
  const path = findPath(context, channel, release);
  if (path !== undefined) {
    context.trail.add("path", "pass", path.length === 1 ? "directly" : `by way of ${path.join(", then ")}`);
    return checkRequirements(context, release, releasesOf(context, path)) ?? path;
  }
  const misfit = misfitOnTheWay(context, channel, release);
  if (misfit !== undefined) return refuseMisfit(context, release, misfit);
  const target = release.version;
  const { channelName, installed } = context;
  const range = release.upgradeFrom ?? "any version";
  const nothing = `${target} accepts ${range}, and no active version of ${channelName} leads there from ${installed}`;
  const missing = missingSteps(context, channel, release);
  const text = missing === undefined ? nothing : `${nothing}; ${missing} would, if its \`via\` listed it`;
  const where = `${context.productFolder}/versions/${target}.yaml#/upgradeFrom`;
  return context.refuse("path", "no-path", text, { target, where });
}

/** The target that cannot run on this machine, or else the first such step of the way that there would be. */
function misfitOnTheWay(
  context: DecisionContext,
  channel: ChannelPolicy,
  release: Release,
): Release | undefined {
  const { device } = context;
  if (unmetBy(release, device) !== undefined) return release;
  const way = pathThrough(context, channel, release, (step) => leadsThrough(channel, step.version)) ?? [];
  return releasesOf(context, way).find((step) => unmetBy(step, device) !== undefined);
}

function releasesOf({ releases }: DecisionContext, path: readonly string[]): Release[] {
  return path.flatMap((version) => findRelease(releases, version) ?? []);
}

/** What the channel would have to list, where any release of the product leads there. */
function missingSteps(
  context: DecisionContext,
  channel: ChannelPolicy,
  release: Release,
): string | undefined {
  const path = pathThrough(context, channel, release, (step) => unmetBy(step, context.device) === undefined);
  const missing = path?.filter((step) => step !== release.version && !leadsThrough(channel, step));
  return missing === undefined || missing.length === 0 ? undefined : missing.join(", then ");
}
