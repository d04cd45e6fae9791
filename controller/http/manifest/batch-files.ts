import { sharedMemory } from "../../files/shared-bytes.ts";
import { listingOf } from "./document-listing.ts";
import type { BatchedFile, DocumentListing, FileBatch, Place } from "./manifest-change.ts";
import type { EncodedFile } from "./prepared-file.ts";

/** Most bytes and files of a batch: what the serving thread takes in at one go, in about a millisecond. */
const BATCH = { bytes: 512 * 1024, files: 500 } as const;

/** A metadata file by its name, or a document by its path. */
export type NamedFile = readonly [name: string, file: EncodedFile];

/**
 * Files in pieces that another thread takes in without making anybody wait. What lies in shared memory is handed over as
 * it is, everything else is copied there.
 */
export function* batches(of: FileBatch["of"], files: Iterable<NamedFile>): Generator<FileBatch> {
  let batch = new BatchInTheMaking();
  for (const [name, file] of files) {
    batch.add(name, file);
    if (batch.isFull) {
      yield { of, ...batch.cut() };
      batch = new BatchInTheMaking();
    }
  }
  if (batch.files.length > 0) yield { of, ...batch.cut() };
}

/**
 * The same of documents of a manifest as a whole. Each has to be as it is, and to come after those before it in the order
 * of paths.
 */
export function* listings(documents: Iterable<NamedFile>): Generator<DocumentListing> {
  let batch = new BatchInTheMaking();
  for (const [path, file] of documents) {
    batch.add(path, file);
    if (batch.isFull) {
      yield listingOf(batch.cut());
      batch = new BatchInTheMaking();
    }
  }
  if (batch.files.length > 0) yield listingOf(batch.cut());
}

class BatchInTheMaking {
  readonly files: BatchedFile[] = [];
  private readonly indexes = new Map<SharedArrayBuffer, number>();
  /** What is copied into memory that is made at the end, and stands first in the list. */
  private readonly copied: Buffer[] = [];
  private copiedBytes = 0;
  private size = 0;

  get isFull(): boolean {
    return this.size >= BATCH.bytes || this.files.length >= BATCH.files;
  }

  add(name: string, { sha256, identity, gzip, br }: EncodedFile): void {
    this.files.push({
      name,
      sha256,
      identity: this.place(identity),
      ...(gzip === undefined ? {} : { gzip: this.place(gzip) }),
      ...(br === undefined ? {} : { br: this.place(br) }),
    });
  }

  cut(): Omit<FileBatch, "of"> {
    return { files: this.files, memory: [joined(this.copied, this.copiedBytes), ...this.indexes.keys()] };
  }

  private place(bytes: Buffer): Place {
    const { length } = bytes;
    this.size += length;
    const memory = sharedMemory(bytes);
    if (memory === undefined) {
      this.copied.push(bytes);
      this.copiedBytes += length;
      return [0, this.copiedBytes - length, length];
    }
    const index = this.indexes.get(memory) ?? this.indexes.size + 1;
    this.indexes.set(memory, index);
    return [index, bytes.byteOffset, length];
  }
}

function joined(pieces: readonly Buffer[], size: number): SharedArrayBuffer {
  const memory = new SharedArrayBuffer(size);
  const into = Buffer.from(memory);
  let at = 0;
  for (const piece of pieces) at += piece.copy(into, at);
  return memory;
}
