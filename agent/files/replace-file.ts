import { closeSync, constants, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Writes a file so that a reader, or the next start after a power cut, finds either the old bytes or the new ones:
 * a temporary file beside it, fsync, rename, fsync of the folder.
 *
 * Synchronous on purpose: the order of the calls is the guarantee, and these files are small.
 *
 * @throws the file system's error; the old file is then untouched
 */
export function replaceFile(path: string, bytes: string | Uint8Array, mode = 0o600): void {
  const temporary = `${path}.new`;
  rmSync(temporary, { force: true });
  const descriptor = openSync(temporary, CREATE_EXCLUSIVELY, mode);
  try {
    writeAll(descriptor, typeof bytes === "string" ? Buffer.from(bytes) : bytes);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(temporary, path);
  syncFolder(dirname(path));
}

/** Never through a link, never over something that is there. */
export const CREATE_EXCLUSIVELY =
  constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

/** Writes every byte: one `write` may take fewer than it was given, as it does just before a disk is full. */
export function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length; ) {
    written += writeSync(descriptor, bytes, written, bytes.length - written);
  }
}

/** Makes renames and new names in a folder survive a power cut. */
export function syncFolder(folder: string): void {
  const descriptor = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
