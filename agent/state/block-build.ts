import type { BlockedVersion } from "../../protocol/device.ts";
import type { Build } from "../installation/build.ts";
import type { BlockedBuild } from "./agent-state.ts";

const SHORTEST = 30 * 60;
const LONGEST = 24 * 3600;
/** More than a device meets in years; the oldest go first. */
const MAX_ENTRIES = 32;

/** Why a build is blocked: it failed here, or it waits for a person. */
export type BlockCause = "against-the-build" | "waits-for-person";

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
  cause: BlockCause = "against-the-build",
): readonly BlockedBuild[] {
  const before = blocked.find(({ id }) => id === build.id);
  const failures = (before?.failures ?? 0) + 1;
  const bound = Math.min(LONGEST, SHORTEST * 2 ** Math.min(failures, 16));
  const until = now + SHORTEST + Math.floor(random * (bound - SHORTEST));
  const others = blocked.filter(({ id }) => id !== build.id);
  const waits = cause === "waits-for-person" ? { waitsForPerson: true as const } : {};
  const entry: BlockedBuild = { version: build.version, id: build.id, reason, until, failures, ...waits };
  return [...others, entry].slice(-MAX_ENTRIES);
}

/**
 * The blocked builds as versions for `decide`: only where the version still is the build that failed.
 *
 * @param updateNow a person asks for it: what only waited for one is tried
 */
export function blockedVersions(
  blocked: readonly BlockedBuild[],
  signed: readonly Build[],
  updateNow: boolean,
): readonly BlockedVersion[] {
  return blocked
    .filter(({ waitsForPerson }) => !(updateNow && waitsForPerson === true))
    .filter((build) => signed.some(({ version, id }) => version === build.version && id === build.id))
    .map(({ version, reason, until }) => ({ version, reason, until }));
}
