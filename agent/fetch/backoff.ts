/** What a wait is computed from. Times are in seconds. */
export interface Backoff {
  /** Wait after the first failure, before jitter. */
  readonly base: number;
  /** Longest wait, before what the server asks for. */
  readonly cap: number;
}

/**
 * How long to wait after a failure: full jitter, a random part of an exponentially growing span, so that a fleet that
 * failed together does not come back together. What a server asks for with Retry-After is kept to, and spread as well.
 *
 * @param attempt failures in a row, from 1 on
 * @param random  uniform in [0, 1)
 * @param retryAfter seconds that the server asked to wait
 */
export function backoffDelay(
  { base, cap }: Backoff,
  attempt: number,
  random: number,
  retryAfter?: number,
): number {
  const span = Math.min(cap, base * 2 ** Math.min(attempt - 1, 52));
  return (retryAfter ?? 0) + random * span;
}
