import { hash } from "node:crypto";

/** The cohorts computed last: decisions about one device need the same few repeatedly, and hashing is expensive. */
const recent = new Map<string, number>();
const MAX_RECENT = 64;

/**
 * Where a device stands in the queue for one version: a fraction in [0, 1), the first 8 bytes (big endian) of
 * sha256(product NUL version NUL device id) over 2^64. Salted by the version, so the same machines are not
 * first each time; anyone can compute it with `sha256sum`.
 *
 * The top 53 bits are used, so that the fraction is the same IEEE double on every platform.
 */
export function cohort(product: string, version: string, deviceId: string): number {
  const input = `${product}\0${version}\0${deviceId}`;
  const known = recent.get(input);
  if (known !== undefined) return known;
  const digest = hash("sha256", input, "buffer");
  const fraction = (digest.readUInt32BE(0) * 2 ** 21 + (digest.readUInt32BE(4) >>> 11)) / 2 ** 53;
  if (recent.size >= MAX_RECENT) recent.clear();
  recent.set(input, fraction);
  return fraction;
}
