import { hash } from "node:crypto";

/** Object id that git gives a content in a SHA-1 repository. */
export function blobId(bytes: Buffer): string {
  const header = `blob ${bytes.length}\0`;
  const blob = Buffer.allocUnsafe(header.length + bytes.length);
  blob.write(header, "latin1");
  bytes.copy(blob, header.length);
  return hash("sha1", blob);
}
