import { hasArtifactFor, isActive, isWithdrawn, leadsThrough } from "../candidates.ts";
import type { RefuseDecision } from "../decision.ts";
import type { DecisionContext } from "../decision-context.ts";
import type { ChannelPolicy } from "../policy.ts";
import type { Release } from "../release.ts";
import { accepts, type UpgradePath, upgradePath } from "../upgrade-path.ts";

/**
 * The path from the installed version to `release`: only through versions that the channel has pointed to or lists, and
 * through nothing that is yanked, withdrawn or not built for this platform. A machine on stable is never led through
 * what only a testing channel has seen.
 */
export function findPath(
  context: DecisionContext,
  channel: ChannelPolicy,
  release: Release,
): UpgradePath | undefined {
  return pathThrough(context, channel, release, (version) => leadsThrough(channel, version));
}

function pathThrough(
  { policy, scheme, releases, installed, device }: DecisionContext,
  channel: ChannelPolicy,
  release: Release,
  isStep: (version: string) => boolean,
): UpgradePath | undefined {
  if (accepts(scheme, release, installed)) return [release.version];
  const usable = releases.filter(
    (step) =>
      isStep(step.version) &&
      isActive(policy, step) &&
      !isWithdrawn(channel, step.version) &&
      hasArtifactFor(step, device.platform),
  );
  return upgradePath(scheme, usable, installed, release);
}

/** Rule 6: barriers. */
export function checkPath(
  context: DecisionContext,
  channel: ChannelPolicy,
  release: Release,
): UpgradePath | RefuseDecision {
  const path = findPath(context, channel, release);
  if (path !== undefined) {
    context.trail.add("path", "pass", path.length === 1 ? "directly" : `by way of ${path.join(", then ")}`);
    return path;
  }
  const target = release.version;
  const { channelName, installed } = context;
  const range = release.upgradeFrom ?? "any version";
  const nothing = `${target} accepts ${range}, and no active version of ${channelName} leads there from ${installed}`;
  const missing = missingSteps(context, channel, release);
  const text = missing === undefined ? nothing : `${nothing}; ${missing} would, if its \`via\` listed it`;
  const where = `${context.productFolder}/versions/${target}.yaml#/upgradeFrom`;
  return context.refuse("path", "no-path", text, { target, where });
}

/** What the channel would have to list, where any release of the product leads there. */
function missingSteps(
  context: DecisionContext,
  channel: ChannelPolicy,
  release: Release,
): string | undefined {
  const path = pathThrough(context, channel, release, () => true);
  const missing = path?.filter((step) => step !== release.version && !leadsThrough(channel, step));
  return missing === undefined || missing.length === 0 ? undefined : missing.join(", then ");
}
