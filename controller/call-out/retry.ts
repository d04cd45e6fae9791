/** Seconds. */
const FIRST = 5;
const LONGEST = 3_600;
const DAY = 86_400;

/**
 * When to try again after a failure, seconds since 1970: full jitter over an exponentially growing span, from five seconds to
 * an hour, and no sooner than the receiver asks for.
 *
 * @param failures   in a row, from 1 on
 * @param retryAfter seconds that the receiver asks for
 * @param random     uniform in [0, 1)
 */
export function tryAgainAt(
  now: number,
  failures: number,
  random: number,
  retryAfter: number | undefined,
): number {
  const span = Math.min(LONGEST, FIRST * 2 ** Math.min(failures - 1, 20));
  return now + (retryAfter ?? 0) + 1 + Math.floor(random * span);
}

/**
 * Reads a `Retry-After` header (RFC 9110, section 10.2.3): seconds, or a date.
 *
 * @param now seconds since 1970
 * @returns whole seconds from 0 to a day; `undefined` where the header is absent or says nothing
 */
export function readRetryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  const seconds = /^\d+$/.test(text) ? Number(text) : Date.parse(text) / 1000 - now;
  if (Number.isNaN(seconds)) return undefined;
  return Math.min(DAY, Math.max(0, Math.ceil(seconds)));
}
