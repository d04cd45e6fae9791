/**
 * The same bytes in memory of their own. Node cuts small buffers from a pool of 64 KiB, and one that is held for long, such
 * as a signature, holds all of that.
 */
export function ownBytes(bytes: Uint8Array): Buffer {
  const own = Buffer.alloc(bytes.length);
  own.set(bytes);
  return own;
}
