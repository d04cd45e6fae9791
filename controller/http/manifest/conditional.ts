/**
 * Whether an `If-None-Match` header names this entity tag, so that the answer is 304 (RFC 9110, section 13.1.2: a
 * weak comparison, as caches in between may have weakened ours).
 */
export function matchesEntityTag(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  if (header === etag) return true;
  if (header.trim() === "*") return true;
  return header.split(",").some((part) => part.trim().replace(/^W\//, "") === etag);
}
