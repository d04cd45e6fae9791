import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { errnoOf } from "./errno.ts";

/** What stands at a path where a small file of the agent's own should be. */
export type BoundedRead =
  | { readonly kind: "bytes"; readonly bytes: Buffer }
  | { readonly kind: "absent" }
  /** A folder, a device, a file that is too long, or one that the disk can't give back. */
  | { readonly kind: "unusable"; readonly why: string };

/**
 * Reads a small file of the agent's own. Never waits: a pipe in its place would.
 *
 * @throws the file system's error for what says nothing about the file, such as missing rights
 */
export function readBounded(path: string, limit: number): BoundedRead {
  let descriptor: number;
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    return readError(error);
  }
  try {
    const found = fstatSync(descriptor);
    if (!found.isFile()) return { kind: "unusable", why: "not a regular file" };
    if (found.size > limit)
      return { kind: "unusable", why: `${found.size} bytes, at most ${limit} are read` };
    const bytes = Buffer.alloc(found.size);
    return { kind: "bytes", bytes: bytes.subarray(0, readSync(descriptor, bytes, 0, found.size, 0)) };
  } catch (error) {
    return readError(error);
  } finally {
    closeSync(descriptor);
  }
}

function readError(error: unknown): BoundedRead {
  const code = errnoOf(error);
  switch (code) {
    case "ENOENT":
      return { kind: "absent" };
    case "EIO":
    case "EISDIR":
    case "ELOOP":
    case "ENXIO":
      return { kind: "unusable", why: code };
    default:
      throw error;
  }
}
