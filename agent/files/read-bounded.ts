import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";

/**
 * Reads a small file of the agent's own, or `undefined` when there is none.
 *
 * @throws Error when it is larger than `limit` bytes; the file system's error otherwise
 */
export function readBounded(path: string, limit: number): Buffer | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(path, constants.O_RDONLY);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
  try {
    const size = fstatSync(descriptor).size;
    if (size > limit) throw new Error(`\`${path}\` has ${size} bytes, at most ${limit} are read`);
    const bytes = Buffer.alloc(size);
    const count = readSync(descriptor, bytes, 0, size, 0);
    return bytes.subarray(0, count);
  } finally {
    closeSync(descriptor);
  }
}
