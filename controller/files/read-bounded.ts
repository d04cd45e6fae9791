import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";

/**
 * Reads a small file.
 *
 * @returns `undefined` when there is more than `limit` bytes of it, or it is no regular file
 * @throws the system's error when it cannot be opened
 */
export function readBounded(path: string, limit: number): Buffer | undefined {
  // Opening a pipe would wait for its other end.
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if (!fstatSync(descriptor).isFile()) return undefined;
    // One byte more than allowed, so that a file that grows while it is read is noticed.
    const buffer = Buffer.alloc(limit + 1);
    let length = 0;
    while (length < buffer.length) {
      const count = readSync(descriptor, buffer, length, buffer.length - length, length);
      if (count === 0) break;
      length += count;
    }
    return length > limit ? undefined : buffer.subarray(0, length);
  } finally {
    closeSync(descriptor);
  }
}
