import type { BatchedFile, FileBatch } from "./manifest-change.ts";
import type { EncodedFile } from "./prepared-file.ts";

/** Most bytes and files of a batch: what the serving thread takes in at one go, in about a millisecond. */
const BATCH = { bytes: 512 * 1024, files: 500 } as const;

/** A metadata file by its name, or a document by its path. */
export type NamedFile = readonly [name: string, file: EncodedFile];

/** Files in pieces that another thread takes in without making anybody wait. */
export function* batches(of: FileBatch["of"], files: Iterable<NamedFile>): Generator<FileBatch> {
  let listed: BatchedFile[] = [];
  let pieces: Buffer[] = [];
  let size = 0;
  const cut = (): FileBatch => {
    const batch = { of, files: listed, bytes: joined(pieces, size) };
    listed = [];
    pieces = [];
    size = 0;
    return batch;
  };
  for (const [name, { sha256, identity, gzip, br }] of files) {
    listed.push({ name, sha256, lengths: [identity.length, gzip?.length ?? 0, br?.length ?? 0] });
    for (const piece of [identity, gzip, br]) {
      if (piece === undefined) continue;
      pieces.push(piece);
      size += piece.length;
    }
    if (size >= BATCH.bytes || listed.length >= BATCH.files) yield cut();
  }
  if (listed.length > 0) yield cut();
}

/** Memory of its own, so that it can be handed over. */
function joined(pieces: readonly Buffer[], size: number): ArrayBuffer {
  const bytes = new ArrayBuffer(size);
  const into = Buffer.from(bytes);
  let at = 0;
  for (const piece of pieces) at += piece.copy(into, at);
  return bytes;
}
