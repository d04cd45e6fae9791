/** What to send of a file: all of it, a part (both ends inclusive), or nothing because the range is outside it. */
export type ByteRange =
  | { readonly kind: "whole" }
  | { readonly kind: "part"; readonly start: number; readonly end: number }
  | { readonly kind: "unsatisfiable" };

const WHOLE: ByteRange = { kind: "whole" };

/**
 * Reads a `Range` header for a file of `size` bytes (RFC 9110, section 14.2). One range is honoured; several, or
 * anything that cannot be read, give the whole file, as the RFC allows. With an `If-Range` that is not exactly this
 * entity tag the file has changed in the meantime, and the whole of it is due (section 13.1.5).
 */
export function readByteRange(
  range: string | undefined,
  ifRange: string | undefined,
  etag: string,
  size: number,
): ByteRange {
  if (range === undefined || (ifRange !== undefined && ifRange !== etag)) return WHOLE;
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(range.trim());
  if (match === null) return WHOLE;
  const [, first = "", last = ""] = match;
  if (first === "" && last === "") return WHOLE;
  if (first === "") {
    const suffix = Math.min(Number(last), size);
    return suffix === 0 ? { kind: "unsatisfiable" } : { kind: "part", start: size - suffix, end: size - 1 };
  }
  const start = Number(first);
  const end = last === "" ? size - 1 : Math.min(Number(last), size - 1);
  if (last !== "" && Number(last) < start) return WHOLE;
  return start >= size ? { kind: "unsatisfiable" } : { kind: "part", start, end };
}
