import { hasArtifactFor, isActive, isWithdrawn } from "../candidates.ts";
import type { RefuseDecision } from "../decision.ts";
import type { DecisionContext } from "../decision-context.ts";
import type { ChannelPolicy } from "../policy.ts";
import type { Release } from "../release.ts";
import { accepts, type UpgradePath, upgradePath } from "../upgrade-path.ts";

/** The path from the installed version to `release`, through nothing that is yanked, withdrawn or not built here. */
export function findPath(
  { policy, scheme, releases, installed, device }: DecisionContext,
  channel: ChannelPolicy,
  release: Release,
): UpgradePath | undefined {
  if (accepts(scheme, release, installed)) return [release.version];
  const usable = releases.filter(
    (step) =>
      isActive(policy, step) && !isWithdrawn(channel, step.version) && hasArtifactFor(step, device.platform),
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
  const target = release.version;
  if (path === undefined) {
    const range = release.upgradeFrom ?? "any version";
    const text = `${target} accepts ${range}, and no active version leads there from ${context.installed}`;
    const where = `${context.productFolder}/versions/${target}.yaml#/upgradeFrom`;
    return context.refuse("path", "no-path", text, { target, where });
  }
  context.trail.add("path", "pass", path.length === 1 ? "directly" : `by way of ${path.join(", then ")}`);
  return path;
}
