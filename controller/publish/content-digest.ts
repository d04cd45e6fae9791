import { sha256Hex } from "../../protocol/digest.ts";
import { KeptByIdentity } from "../../protocol/kept-by-identity.ts";

const digests = new KeptByIdentity<Buffer, string>();

/** SHA-256 of some bytes, computed once: most of a manifest is also in the next. */
export function contentDigest(bytes: Buffer): string {
  return digests.of(bytes, sha256Hex);
}
