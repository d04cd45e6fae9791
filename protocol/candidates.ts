import type { ChannelPolicy, ProductPolicy } from "./policy.ts";
import type { Release, Releases } from "./release.ts";

/** A version that a channel may offer, with the time span in which it was what the channel pointed to. */
export interface Candidate {
  readonly release: Release;
  readonly promotedAt: number;
  /** When the channel moved on; absent for what it offers now, so that its waves go on. */
  readonly supersededAt?: number;
}

/** Whether neither state nor the release key has yanked the release: either one saying no is a no. */
export function isActive(policy: ProductPolicy, release: Release): boolean {
  return release.active && !policy.yanked.includes(release.version);
}

export function findRelease(releases: Releases, version: string): Release | undefined {
  return releases.find((release) => release.version === version);
}

/**
 * What a channel may offer, best first: the version that it points to, then what it pointed to before, without
 * yanked releases and without those that it rolls back from. The first is the channel's target. The others are for
 * devices whose wave for it has not come: a superseded version goes on to nobody whom it had not reached.
 */
export function channelCandidates(
  policy: ProductPolicy,
  channel: ChannelPolicy,
  releases: Releases,
): readonly Candidate[] {
  const candidates: Candidate[] = [];
  const seen = new Set(channel.rollback?.from);
  let supersededAt: number | undefined;
  for (const { version, at } of [channel.current, ...channel.previous]) {
    const release = seen.has(version) ? undefined : findRelease(releases, version);
    if (release !== undefined && isActive(policy, release)) {
      const isTarget = candidates.length === 0;
      candidates.push({
        release,
        promotedAt: at,
        ...(isTarget || supersededAt === undefined ? {} : { supersededAt }),
      });
    }
    supersededAt = at;
  }
  return candidates;
}
