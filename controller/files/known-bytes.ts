import { sha256Hex } from "../../protocol/digest.ts";
import { sharedBytes } from "./shared-bytes.ts";

/** Shorter ones are not worth the look. */
const FEWEST_BYTES = 4096;

const byDigest = new Map<string, WeakRef<Buffer>>();
const gone = new FinalizationRegistry<string>((digest) => {
  if (byDigest.get(digest)?.deref() === undefined) byDigest.delete(digest);
});

/**
 * The same buffer again for the same bytes, as long as anybody holds it. What was signed offline is read twice at a start:
 * from the manifest that an earlier run left, and from git; what is kept by a buffer (what a role says, that it was
 * verified) is then found again, and nothing is held twice.
 *
 * @param bytes nobody changes them afterwards
 */
export function knownBytes(bytes: Buffer): Buffer {
  if (bytes.length < FEWEST_BYTES) return bytes;
  const digest = sha256Hex(bytes);
  const known = byDigest.get(digest)?.deref();
  if (known !== undefined) return known;
  // It is served, too.
  const shared = sharedBytes(bytes);
  byDigest.set(digest, new WeakRef(shared));
  gone.register(shared, digest);
  return shared;
}
