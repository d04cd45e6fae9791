import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";
import { errnoOf, explainFileError } from "../../files/system-error.ts";
import { PublishError } from "../publish-error.ts";

/** Larger than any pack: Node reads no more at once either. */
const MAX_BYTES = 1024 ** 3;

/**
 * Reads a file of the store. What stands in its place, or the disk does not give back, is damage: the file is signed
 * anew from the commit. What this user may not read is none: it would be wrong to put it aside.
 *
 * @throws PublishError `publish/store-damaged`
 * @throws SystemError where the system refuses it for a reason that says nothing about the file
 */
export function readStored(path: string): Buffer {
  try {
    // Opening a pipe would wait for its other end.
    const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const found = fstatSync(descriptor);
      if (!found.isFile()) throw damaged(path, "it is no file");
      if (found.size > MAX_BYTES) throw damaged(path, `it has ${found.size} bytes`);
      return readFileSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw asDamage(error, path);
  }
}

/**
 * What a refusal at a path of the store means.
 *
 * @returns PublishError `publish/store-damaged`, or SystemError; any other error as it is
 */
export function asDamage(error: unknown, path: string): unknown {
  const errno = errnoOf(error);
  switch (errno) {
    case "EIO":
    case "EISDIR":
    case "ENOTDIR":
    case "ELOOP":
    case "ENXIO":
    case "ENOENT":
    case "EUCLEAN":
    case "ESTALE":
      return damaged(path, `the disk does not give it back (${errno})`, error);
    default:
      return explainFileError(error, path, "read");
  }
}

function damaged(path: string, why: string, cause?: unknown): PublishError {
  return new PublishError("publish/store-damaged", `\`${path}\` cannot be read: ${why}`, {
    help: "it is signed anew from the commit; check the disk if it happens again",
    cause,
  });
}
