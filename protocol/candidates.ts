import { KeptByIdentity } from "./kept-by-identity.ts";
import type { ChannelPolicy, ProductPolicy } from "./policy.ts";
import type { Release, Releases } from "./release.ts";
import { own } from "./scope.ts";
import { openedWaves, rolloutStart, type Spreading } from "./waves.ts";

/** A version that a channel may offer, with the time span in which it was what the channel pointed to. */
export interface Candidate extends Spreading {
  readonly release: Release;
  /** Whether the channel points to it now; else it did before. */
  readonly isCurrent: boolean;
  /** Second at which what came after it began, which ends its waves; absent for what the channel offers now. */
  readonly supersededAt?: number;
}

/** What policy says of yanks. */
export type Yanks = Pick<ProductPolicy, "yanked" | "yankedFor">;

/**
 * Whether the release is yanked neither for all nor for this platform. State and the release key can each yank it alone.
 *
 * @param platform `undefined`: whether it is active for any
 */
export function isActive(policy: Yanks, release: Release, platform: string | undefined): boolean {
  const { version, active, artifacts } = release;
  if (!active || policy.yanked.includes(version)) return false;
  if (platform === undefined) return true;
  if (own(policy.yankedFor, version)?.includes(platform) === true) return false;
  return !artifacts.some((artifact) => artifact.platform === platform && artifact.active === false);
}

const byVersion = new KeptByIdentity<Releases, ReadonlyMap<string, Release>>();

export function findRelease(releases: Releases, version: string): Release | undefined {
  return byVersion.of(releases, indexByVersion).get(version);
}

function indexByVersion(releases: Releases): ReadonlyMap<string, Release> {
  return new Map(releases.map((release) => [release.version, release]));
}

export function hasArtifactFor(release: Release, platform: string): boolean {
  return release.artifacts.some((artifact) => artifact.platform === platform);
}

/**
 * Whether the channel withdrew the version although nobody yanked it: it declares a rollback from it, or the version
 * stood halted when the channel moved on. A withdrawn version is no fallback and no step on an upgrade path.
 */
export function isWithdrawn(channel: ChannelPolicy, version: string): boolean {
  if (channel.rollback?.from.includes(version) === true) return true;
  if (version === channel.current.version) return channel.halted !== undefined;
  return channel.previous.some((promotion) => promotion.version === version && promotion.halted === true);
}

const known = new KeptByIdentity<ChannelPolicy, ReadonlySet<string>>();

/** Whether the channel leads machines through the version: it points to it, has pointed to it, or lists it in `via`. */
export function leadsThrough(channel: ChannelPolicy, version: string): boolean {
  const steps = known.of(channel, ({ current, previous, steps = [] }) => {
    return new Set([current.version, ...previous.map((promotion) => promotion.version), ...steps]);
  });
  return steps.has(version);
}

/**
 * What a channel may offer to a machine of a platform, best first: the version that it points to, then what it pointed
 * to before, without yanked releases, without those that it withdrew, and without dead ends: no machine is sent to one,
 * and to the machine that runs it, it is a version like others. The first is the channel's target. The others are for
 * devices whose wave for the target has not come: such a device may take an earlier version, if the waves of that one
 * had reached it before the channel moved on.
 *
 * @param platform `undefined`: what it offers where nothing is yanked for one platform alone
 */
export function channelCandidates(
  policy: Yanks,
  channel: ChannelPolicy,
  releases: Releases,
  platform: string | undefined,
  installed: string | null,
): readonly Candidate[] {
  const candidates: Candidate[] = [];
  const { current, previous } = channel;
  let supersededAt: number | undefined;
  for (const promotion of [current, ...previous]) {
    const { version } = promotion;
    const release = findRelease(releases, version);
    const start = rolloutStart(channel, promotion);
    // What the channel points to stays its target also while it is halted: of that, a rule of its own tells.
    const isTargetUnlessYanked =
      version === current.version && channel.rollback?.from.includes(version) !== true;
    if (
      release !== undefined &&
      isActive(policy, release, platform) &&
      (release.deadEnd === undefined || version === installed) &&
      (isTargetUnlessYanked || !isWithdrawn(channel, version))
    ) {
      const isTarget = candidates.length === 0;
      candidates.push({
        release,
        start,
        opened: openedWaves(channel, promotion, release.severity),
        isCurrent: promotion === current,
        ...(isTarget || supersededAt === undefined ? {} : { supersededAt }),
      });
    }
    supersededAt = start.at;
  }
  return candidates;
}
