import { type Candidate, hasArtifactFor } from "../candidates.ts";
import type { RefuseDecision } from "../decision.ts";
import type { DecisionContext } from "../decision-context.ts";
import type { Device } from "../device.ts";
import type { Release } from "../release.ts";
import { describeUnmet, type UnmetRequirement, unmetRequirements } from "../requirements.ts";
import { compareVersions } from "../version.ts";

/** What the release requires of the device's platform and the device does not have; `undefined`: it can run there. */
export function unmetBy(
  release: Release,
  device: Device,
): readonly [UnmetRequirement, ...UnmetRequirement[]] | undefined {
  for (const { platform, requires, size } of release.artifacts) {
    if (platform !== device.platform) continue;
    const [first, ...more] = unmetRequirements(requires, device.facts, size);
    if (first !== undefined) return [first, ...more];
  }
  return undefined;
}

/** Rule 6: what the next version and all behind it require. Says nothing where they require nothing. */
export function checkRequirements(
  context: DecisionContext,
  target: Release,
  path: readonly Release[],
): RefuseDecision | undefined {
  const { device, trail } = context;
  const misfit = path.find((step) => unmetBy(step, device) !== undefined);
  if (misfit !== undefined) return refuseMisfit(context, target, misfit);
  const demanding = path.filter(({ artifacts }) =>
    artifacts.some(({ platform, requires }) => platform === device.platform && requires !== undefined),
  );
  if (demanding.length === 0) return undefined;
  const versions = demanding.map(({ version }) => version).join(", then ");
  const text =
    device.facts === undefined
      ? `nothing is known of this machine, so ${versions} is taken to run on it`
      : `this machine has what ${versions} requires`;
  trail.add("requires", "pass", text, placeOf(context, target));
  return undefined;
}

/** Refuses the target for what it, or a step on the way to it, requires. */
export function refuseMisfit(context: DecisionContext, target: Release, step: Release): RefuseDecision {
  const unmet = unmetBy(step, context.device);
  if (unmet !== undefined) {
    context.misfit = { target: target.version, version: step.version, unmet };
  }
  const reasons = (unmet ?? []).map(describeUnmet).join("; ");
  const way = step.version === target.version ? "" : `, on the way to ${target.version},`;
  return context.refuse(
    "requires",
    "requirement-not-met",
    `${step.version}${way} cannot run here: ${reasons}`,
    {
      target: target.version,
      where: placeOf(context, step),
    },
  );
}

function placeOf({ productFolder }: DecisionContext, { version }: Release): string {
  return `${productFolder}/versions/${version}.yaml#/requires`;
}

/** What stands for the channel's target on a machine that cannot run it, and what the channel pointed to before. */
export interface FittingTarget {
  readonly target: Candidate;
  readonly earlier: readonly Candidate[];
}

/**
 * The newest version that the channel pointed to before its target and that this machine can run. Its waves count on,
 * because for this machine it is what the channel offers: so it is no longer superseded.
 *
 * @param canTake whether this machine can run the version, and a way of what it can run leads there
 */
export function fittingTarget(
  context: DecisionContext,
  target: Release,
  earlier: readonly Candidate[],
  canTake: (release: Release) => boolean,
): FittingTarget | undefined {
  const { device, installed, scheme, trail } = context;
  const isOlder = (a: string, b: string): boolean => compareVersions(scheme, a, b) < 0;
  for (const [index, { supersededAt: _, ...candidate }] of earlier.entries()) {
    const { release } = candidate;
    const { version } = release;
    if (!isOlder(version, target.version) || !hasArtifactFor(release, device.platform)) continue;
    if (installed !== null && isOlder(version, installed)) continue;
    const isThere = installed !== null && !isOlder(installed, version);
    if (!isThere && !canTake(release)) continue;
    trail.add("requires", "set", `the newest version before it that can: ${version}`);
    return { target: candidate, earlier: earlier.slice(index + 1) };
  }
  return undefined;
}
