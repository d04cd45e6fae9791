/** Where small pieces are cut from: some hundred documents share one piece of memory. */
const SLAB_BYTES = 64 * 1024;
/** Larger pieces have memory of their own, so that what is held of a slab is never much more than what is used of it. */
const MOST_BYTES_IN_SLAB = 4 * 1024;

let slab: SharedArrayBuffer | undefined;
let used = 0;

/**
 * The same bytes in memory that other threads can read as well. What is served is held by each thread that has to do with
 * it, and is there once.
 *
 * @param bytes nobody changes the copy afterwards
 */
export function sharedBytes(bytes: Buffer): Buffer {
  if (isShared(bytes)) return bytes;
  const shared = room(bytes.length);
  bytes.copy(shared);
  return shared;
}

/** A text in such memory, as UTF-8. */
export function sharedText(text: string): Buffer {
  const shared = room(Buffer.byteLength(text, "utf8"));
  shared.write(text, "utf8");
  return shared;
}

/** The memory that a buffer lies in, where that can be handed over. */
export function sharedMemory({ buffer }: Buffer): SharedArrayBuffer | undefined {
  return buffer instanceof SharedArrayBuffer ? buffer : undefined;
}

function isShared(bytes: Buffer): boolean {
  return sharedMemory(bytes) !== undefined;
}

function room(length: number): Buffer {
  if (length > MOST_BYTES_IN_SLAB) return Buffer.from(new SharedArrayBuffer(length));
  if (slab === undefined || used + length > SLAB_BYTES) {
    slab = new SharedArrayBuffer(SLAB_BYTES);
    used = 0;
  }
  const at = used;
  used += length;
  return Buffer.from(slab, at, length);
}
