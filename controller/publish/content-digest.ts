import { sha256Hex } from "../../protocol/digest.ts";

const digests = new WeakMap<Buffer, string>();

/** SHA-256 of bytes that never change, computed once: most of a manifest is also in the next. */
export function contentDigest(bytes: Buffer): string {
  const known = digests.get(bytes);
  if (known !== undefined) return known;
  const digest = sha256Hex(bytes);
  digests.set(bytes, digest);
  return digest;
}
