import type { BlockedVersion } from "../../protocol/device.ts";
import type { Build } from "../installation/build.ts";
import { type AgentState, type BlockedBuild, KEEP_PREVIOUS_SECONDS } from "./agent-state.ts";

const SHORTEST = 30 * 60;
const LONGEST = 24 * 3600;
/** A bad build is tried at most so often in `LONGEST`, however the jitter falls. */
export const MOST_TRIES = 3;
/** More than a device meets in years; the oldest go first. */
const MAX_ENTRIES = 32;

/** Why a build is blocked: it failed here, or it waits until a person or time has set the machine right. */
export type BlockCause = "against-the-build" | "waits-for-person" | "waits-for-machine";

/**
 * Adds a failed build to the list, or lengthens its backoff: full jitter between 30 minutes and a bound that doubles
 * with each failure up to 24 hours, so that a fleet does not try a bad build again in one instant. The third failure
 * within 24 hours blocks it until the first of them is a day old.
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
  const earlier = (before?.failedAt ?? []).map((at) => Math.min(at, now));
  // What waits did not fail: it is not one of the tries.
  const failedAt = (cause === "against-the-build" ? [...earlier, now] : earlier).slice(-MOST_TRIES);
  const [first = now] = failedAt;
  const backoff = now + SHORTEST + Math.floor(random * (bound - SHORTEST));
  const until = failedAt.length < MOST_TRIES ? backoff : Math.max(backoff, first + LONGEST);
  const others = blocked.filter(({ id }) => id !== build.id);
  const entry: BlockedBuild = {
    ...{ version: build.version, id: build.id, reason, until, failures },
    ...(failedAt.length === 0 ? {} : { failedAt }),
    ...(cause === "waits-for-person" ? { waitsForPerson: true } : {}),
    ...(cause === "waits-for-machine" ? { waitsForMachine: true } : {}),
  };
  return [...others, entry].slice(-MAX_ENTRIES);
}

/**
 * The blocked builds as versions for `decide`: only where the version still is the build that failed.
 *
 * @param updateNow a person asks for it: what did not fail itself is tried
 */
export function blockedVersions(
  blocked: readonly BlockedBuild[],
  signed: readonly Build[],
  updateNow: boolean,
): readonly BlockedVersion[] {
  return blocked
    .filter((build) => !(updateNow && onlyWaits(build)))
    .filter((build) => signed.some(({ version, id }) => version === build.version && id === build.id))
    .map(({ version, reason, until }) => ({ version, reason, until }));
}

/** Whether nothing speaks against the build itself. */
export function onlyWaits({ waitsForPerson, waitsForMachine }: BlockedBuild): boolean {
  return waitsForPerson === true || waitsForMachine === true;
}

/**
 * Brings times that a wrong clock wrote back into bounds: nothing stays blocked, or kept, for longer than it would have
 * been by a right one.
 *
 * @param now by a clock that a verified manifest speaks for
 */
export function boundTimes(state: AgentState, now: number): AgentState {
  const { previous } = state;
  return {
    ...state,
    ...(previous === undefined ? {} : { previous: { ...previous, keptAt: Math.min(previous.keptAt, now) } }),
    blocked: state.blocked.map((build) => {
      const longest = build.failures === 0 ? KEEP_PREVIOUS_SECONDS : LONGEST;
      const failedAt = build.failedAt?.map((at) => Math.min(at, now));
      const until = Math.min(build.until, now + longest);
      return { ...build, until, ...(failedAt === undefined ? {} : { failedAt }) };
    }),
  };
}
