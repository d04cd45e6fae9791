import { tryAgainAt } from "../call-out/retry.ts";
import type { News } from "./fact.ts";

/** What waits for one receiver. Times are seconds since 1970. */
export interface Outbox {
  /** What is being sent: one message, the same at each attempt. Empty: nothing is. */
  readonly sending: readonly News[];
  /** What comes after it, oldest first. */
  readonly waiting: readonly News[];
  /** Failures in a row of what is being sent. */
  readonly failures: number;
  /** When it was tried first; 0: not yet. */
  readonly firstTriedAt: number;
  /** Nothing is sent before. */
  readonly notBefore: number;
  /** When messages were delivered, of the last minute. */
  readonly deliveredAt: readonly number[];
}

export const EMPTY_OUTBOX: Outbox = {
  ...{ sending: [], waiting: [], deliveredAt: [] },
  ...{ failures: 0, firstTriedAt: 0, notBefore: 0 },
};

/** News that may wait for one receiver; the oldest are dropped first. */
export const MOST_WAITING = 500;
const WINDOW = 60;
const GIVE_UP_AFTER = 86_400;

/** @returns with how many old ones were dropped */
export function withNews(
  outbox: Outbox,
  news: readonly News[],
): { readonly outbox: Outbox; readonly dropped: number } {
  const waiting = [...outbox.waiting, ...news];
  const dropped = Math.max(0, waiting.length - MOST_WAITING);
  return { outbox: { ...outbox, waiting: waiting.slice(dropped) }, dropped };
}

export type Step =
  | { readonly kind: "idle" }
  | { readonly kind: "wait"; readonly until: number }
  /** `outbox.sending` is to be sent now. */
  | { readonly kind: "send"; readonly outbox: Outbox };

/**
 * What to do next. Up to `burst` messages a minute are sent one by one; what would be more than that becomes one message.
 */
export function nextStep(outbox: Outbox, burst: number, now: number): Step {
  const { sending, waiting, notBefore } = outbox;
  if (sending.length === 0 && waiting.length === 0) return { kind: "idle" };
  // A clock that was set back must not hold anything up for longer than a day.
  if (notBefore > now && notBefore <= now + 2 * GIVE_UP_AFTER) return { kind: "wait", until: notBefore };
  if (sending.length > 0) return { kind: "send", outbox };
  const recent = outbox.deliveredAt.filter((at) => at > now - WINDOW && at <= now);
  const left = burst - recent.length;
  const [oldest = now] = recent;
  if (left <= 0) return { kind: "wait", until: oldest + WINDOW };
  const taken = waiting.length > left ? waiting.length : 1;
  return {
    kind: "send",
    outbox: {
      ...outbox,
      sending: waiting.slice(0, taken),
      waiting: waiting.slice(taken),
      deliveredAt: recent,
    },
  };
}

/** What came of an attempt. `refused`: trying again cannot help. `why` holds no secret. */
export type Delivery =
  | { readonly kind: "delivered" }
  | { readonly kind: "refused"; readonly why: string }
  | { readonly kind: "failed"; readonly why: string; readonly retryAfter?: number | undefined };

/**
 * @param random uniform in [0, 1)
 * @returns with whether what was being sent is given up
 */
export function afterAttempt(
  outbox: Outbox,
  delivery: Delivery,
  now: number,
  random: number,
): { readonly outbox: Outbox; readonly isGivenUp: boolean } {
  const done = { ...outbox, sending: [], failures: 0, firstTriedAt: 0, notBefore: 0 };
  switch (delivery.kind) {
    case "delivered":
      return { outbox: { ...done, deliveredAt: [...outbox.deliveredAt, now] }, isGivenUp: false };
    case "refused":
      return { outbox: done, isGivenUp: true };
    case "failed": {
      const firstTriedAt = outbox.firstTriedAt === 0 ? now : Math.min(outbox.firstTriedAt, now);
      if (now - firstTriedAt >= GIVE_UP_AFTER) return { outbox: done, isGivenUp: true };
      const failures = outbox.failures + 1;
      const notBefore = tryAgainAt(now, failures, random, delivery.retryAfter);
      return { outbox: { ...outbox, failures, firstTriedAt, notBefore }, isGivenUp: false };
    }
  }
}
