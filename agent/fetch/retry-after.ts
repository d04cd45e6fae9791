/** Longest wait that a server may ask for, in seconds: a day. */
const MAX_RETRY_AFTER = 86_400;

/**
 * Reads a `Retry-After` header (RFC 9110, section 10.2.3): seconds, or a date.
 *
 * @param now seconds since 1970
 * @returns whole seconds from 0 to a day; `undefined` where the header is absent or says nothing
 */
export function parseRetryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  const seconds = /^\d+$/.test(text) ? Number(text) : Date.parse(text) / 1000 - now;
  if (Number.isNaN(seconds)) return undefined;
  return Math.min(MAX_RETRY_AFTER, Math.max(0, Math.ceil(seconds)));
}
