import type { BlockedVersion } from "../../protocol/device.ts";
import type { Releases } from "../../protocol/release.ts";
import type { Build } from "../life-cycle/journal.ts";
import type { BlockedBuild } from "./agent-state.ts";

const SHORTEST = 30 * 60;
const LONGEST = 24 * 3600;
/** More than a device meets in years; the oldest go first. */
const MAX_ENTRIES = 32;

/**
 * Adds a failed build to the list, or lengthens its backoff: full jitter between 30 minutes and a bound that doubles
 * with each failure up to 24 hours, so that a fleet does not try a bad build again in one instant.
 *
 * @param random a fraction in [0, 1)
 */
export function blockBuild(
  blocked: readonly BlockedBuild[],
  build: Build,
  reason: string,
  now: number,
  random: number,
): readonly BlockedBuild[] {
  const before = blocked.find(({ sha256 }) => sha256 === build.sha256);
  const failures = (before?.failures ?? 0) + 1;
  const bound = Math.min(LONGEST, SHORTEST * 2 ** Math.min(failures, 16));
  const until = now + SHORTEST + Math.floor(random * (bound - SHORTEST));
  const others = blocked.filter(({ sha256 }) => sha256 !== build.sha256);
  const entry = { version: build.version, sha256: build.sha256, reason, until, failures };
  return [...others, entry].slice(-MAX_ENTRIES);
}

/** The blocked builds as versions for `decide`: only where the version still has the digest that failed. */
export function blockedVersions(
  blocked: readonly BlockedBuild[],
  releases: Releases,
  platform: string,
): readonly BlockedVersion[] {
  return blocked.flatMap(({ version, sha256, reason, until }) => {
    const release = releases.find((candidate) => candidate.version === version);
    const same = release?.artifacts.some(
      (artifact) => artifact.platform === platform && artifact.sha256 === sha256,
    );
    return same === true ? [{ version, reason, until }] : [];
  });
}
