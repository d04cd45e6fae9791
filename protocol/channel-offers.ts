import { type Barriers, barriersFor } from "./barriers.ts";
import {
  type Candidate,
  channelCandidates,
  hasArtifactFor,
  isActive,
  isWithdrawn,
  leadsThrough,
  type Yanks,
} from "./candidates.ts";
import { KeptByIdentity } from "./kept-by-identity.ts";
import type { ChannelPolicy } from "./policy.ts";
import type { Release, Releases } from "./release.ts";
import { accepts, type UpgradePath, WaysTo } from "./upgrade-path.ts";
import type { VersionScheme } from "./version.ts";

/**
 * What one channel has for the machines of one platform: which versions, and by which ways. A fleet asks again and again
 * for the same few installed versions, so that each answer is worked out once.
 */
export class ChannelOffers {
  readonly barriers: Barriers;
  private readonly policy: Yanks;
  private readonly channel: ChannelPolicy;
  private readonly releases: Releases;
  private readonly scheme: VersionScheme;
  private readonly platform: string;
  private readonly candidates = new Map<string | null, readonly Candidate[]>();
  /** `null`: there is none. */
  private readonly paths = new Map<Release, Map<string, UpgradePath | null>>();
  private readonly ways = new Map<Release, WaysTo>();

  constructor(
    policy: Yanks,
    channel: ChannelPolicy,
    releases: Releases,
    scheme: VersionScheme,
    platform: string,
  ) {
    this.policy = policy;
    this.channel = channel;
    this.releases = releases;
    this.scheme = scheme;
    this.platform = platform;
    this.barriers = barriersFor(scheme, releases, platform);
  }

  /** What it may offer to a machine that runs `installed`, best first: see `channelCandidates`. */
  candidatesFor(installed: string | null): readonly Candidate[] {
    return recall(this.candidates, installed, () =>
      channelCandidates(this.policy, this.channel, this.releases, this.platform, installed),
    );
  }

  /**
   * The path from the installed version to `release`, only through versions that the channel has pointed to or lists,
   * and through nothing that is yanked, withdrawn, a dead end or not built for the platform. A machine on stable is
   * never led through what only a testing channel has seen.
   */
  pathTo(release: Release, installed: string | null): UpgradePath | undefined {
    if (installed === null) return [release.version];
    const known = recall(this.paths, release, () => new Map<string, UpgradePath | null>());
    return recall(known, installed, () => this.findPath(release, installed) ?? null) ?? undefined;
  }

  private findPath(release: Release, installed: string): UpgradePath | undefined {
    if (accepts(this.scheme, release, installed, this.barriers)) return [release.version];
    const ways = recall(this.ways, release, () => {
      const usable = this.releases.filter(
        (step) => this.isStep(step) && leadsThrough(this.channel, step.version),
      );
      return new WaysTo(this.scheme, usable, release, this.barriers);
    });
    return ways.from(installed);
  }

  /** As `pathTo`, for a machine that cannot go by every step: of machines like that there are few, so nothing is kept. */
  pathAround(
    release: Release,
    installed: string,
    canRun: (step: Release) => boolean,
  ): UpgradePath | undefined {
    return this.pathThroughAny(
      release,
      installed,
      (step) => leadsThrough(this.channel, step.version) && canRun(step),
    );
  }

  /** The path that there would be if the channel led through every version that machines of the platform can take. */
  pathThroughAny(
    release: Release,
    installed: string,
    canRun: (step: Release) => boolean,
  ): UpgradePath | undefined {
    const usable = this.releases.filter((step) => this.isStep(step) && canRun(step));
    return new WaysTo(this.scheme, usable, release, this.barriers).from(installed);
  }

  /** Why machines of the platform cannot go by way of a release; `undefined`: they can. Words to follow its version. */
  whyNotThrough(step: Release): string | undefined {
    if (!isActive(this.policy, step, undefined)) return "is yanked";
    if (!isActive(this.policy, step, this.platform)) return `is yanked for ${this.platform}`;
    if (step.deadEnd !== undefined) return "is a dead end";
    if (!hasArtifactFor(step, this.platform)) return `has no artifact for ${this.platform}`;
    if (isWithdrawn(this.channel, step.version)) return "was withdrawn by the channel";
    return leadsThrough(this.channel, step.version)
      ? undefined
      : "is neither in the channel's past nor in its `via`";
  }

  private isStep(release: Release): boolean {
    return (
      release.deadEnd === undefined &&
      isActive(this.policy, release, this.platform) &&
      !isWithdrawn(this.channel, release.version) &&
      hasArtifactFor(release, this.platform)
    );
  }
}

/** Far more than a fleet runs at once: whoever asks names versions and platforms, and must not fill memory with them. */
const MAX_KEPT = 4096;

function recall<K, V extends NonNullable<unknown> | null>(kept: Map<K, V>, key: K, find: () => V): V {
  const known = kept.get(key);
  if (known !== undefined) return known;
  const value = find();
  if (kept.size >= MAX_KEPT) kept.clear();
  kept.set(key, value);
  return value;
}

interface KeptOffers {
  readonly policy: Yanks;
  readonly releases: Releases;
  readonly scheme: VersionScheme;
  readonly byPlatform: Map<string, ChannelOffers>;
}
const known = new KeptByIdentity<ChannelPolicy, KeptOffers>();

/** The offers of a channel to a platform, found once for all of its machines. */
export function offersOf(
  policy: Yanks,
  channel: ChannelPolicy,
  releases: Releases,
  scheme: VersionScheme,
  platform: string,
): ChannelOffers {
  let kept = known.get(channel);
  if (
    kept === undefined ||
    kept.policy.yanked !== policy.yanked ||
    kept.policy.yankedFor !== policy.yankedFor ||
    kept.releases !== releases ||
    kept.scheme !== scheme
  ) {
    kept = { policy, releases, scheme, byPlatform: new Map() };
    known.set(channel, kept);
  }
  return recall(
    kept.byPlatform,
    platform,
    () => new ChannelOffers(policy, channel, releases, scheme, platform),
  );
}
