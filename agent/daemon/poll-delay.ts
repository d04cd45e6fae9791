import { MAX_CHECK_INTERVAL } from "../../protocol/policy.ts";
import { type Backoff, backoffDelay } from "../fetch/backoff.ts";

/** Seconds between two polls where neither the config nor policy says otherwise. */
export const DEFAULT_INTERVAL = 6 * 3600;
/** How far a poll may move from its time, as a share of the interval: a fleet never polls in step. */
const POLL_SPREAD = 0.2;
/** A new version is installed at a random time in at most this many seconds. */
const LONGEST_APPLY_DELAY = 300;
const LONGEST_BACKOFF = 3600;

/**
 * Who decides how often: the machine's config, else policy, else the default. Only the config can turn polling off (0):
 * policy that asks for no polls, or for too few, still gets one a day, so that a stolen online key silences nobody.
 */
export function pollInterval(configured: number | undefined, policy: number | undefined): number {
  if (configured !== undefined) return configured;
  if (policy === undefined) return DEFAULT_INTERVAL;
  return policy === 0 ? MAX_CHECK_INTERVAL : Math.min(policy, MAX_CHECK_INTERVAL);
}

/** How the last look went. */
export type PollResult =
  | { readonly kind: "fine" }
  | { readonly kind: "failed"; readonly failures: number; readonly retryAfter?: number | undefined };

/**
 * Seconds until the next poll. Backoff never comes sooner than the fleet's own interval would allow on the whole: it
 * starts there and grows.
 *
 * @param random a fraction in [0, 1)
 */
export function pollDelay(interval: number, result: PollResult, random: number): number {
  switch (result.kind) {
    case "fine":
      return interval * (1 - POLL_SPREAD + 2 * POLL_SPREAD * random);
    case "failed": {
      const backoff: Backoff = { base: interval, cap: Math.max(interval, LONGEST_BACKOFF) };
      return Math.max(1, backoffDelay(backoff, result.failures, random, result.retryAfter));
    }
  }
}

/**
 * Seconds until the next look when something waits for a time: the next poll, or that time if it comes sooner. As far
 * after it as an installation may be, because the same window opens for a whole fleet in one second.
 *
 * @param delay seconds until the next poll, as `pollDelay` gives it
 * @param eligibleAt second from which the waiting version may be installed; `undefined`: none waits for a time
 * @param now seconds since 1970
 * @param random a fraction in [0, 1)
 */
export function wakeDelay(
  delay: number,
  interval: number,
  eligibleAt: number | undefined,
  now: number,
  random: number,
): number {
  if (eligibleAt === undefined || eligibleAt < now) return delay;
  return Math.min(delay, Math.max(1, eligibleAt - now) + applyDelay(interval, random));
}

/** Seconds to wait before an installation: jitter on the poll alone would echo at each interval. */
export function applyDelay(interval: number, random: number): number {
  return random * Math.min(interval, LONGEST_APPLY_DELAY);
}

/** Seconds that a server asked to wait. */
export function retryAfterOf(error: unknown): number | undefined {
  const isDelayed = error instanceof Error && "retryAfter" in error;
  return isDelayed && typeof error.retryAfter === "number" ? error.retryAfter : undefined;
}
