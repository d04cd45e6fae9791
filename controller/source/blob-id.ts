import { createHash } from "node:crypto";

/** Object id that git gives a content in a SHA-1 repository. */
export function blobId(bytes: Buffer): string {
  return createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
}
