import { hash } from "node:crypto";

/** Room that the header of a blob takes at most, in front of its content. */
export const BLOB_HEADER_BYTES = 24;

/** Object id that git gives a content in a SHA-1 repository. */
export function blobId(bytes: Buffer): string {
  const buffer = Buffer.allocUnsafe(BLOB_HEADER_BYTES + bytes.length);
  bytes.copy(buffer, BLOB_HEADER_BYTES);
  return blobIdWithin(buffer, BLOB_HEADER_BYTES, buffer.length);
}

/** The same of a content that stands in a larger buffer: what stands right before it is overwritten by the header. */
export function blobIdWithin(buffer: Buffer, start: number, end: number): string {
  const header = `blob ${end - start}\0`;
  buffer.write(header, start - header.length, "latin1");
  return hash("sha1", buffer.subarray(start - header.length, end));
}
