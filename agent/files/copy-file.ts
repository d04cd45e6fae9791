import { createHash } from "node:crypto";
import {
  closeSync,
  constants,
  fchmodSync,
  fsyncSync,
  linkSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
} from "node:fs";
import { dirname } from "node:path";
import { CREATE_EXCLUSIVELY, syncFolder, writeAll } from "./replace-file.ts";

const COPY_BYTES = 256 * 1024;

/**
 * Gives a file a second, independent life under another name, replacing what was there in one step: a hard link
 * where the file system allows it (no bytes, no time), else a copy. Either is complete or not there.
 *
 * @param scratch a name on the target's file system that only this process uses
 * @throws the file system's error
 */
export function duplicateFile(from: string, to: string, scratch: string): void {
  rmSync(scratch, { force: true });
  try {
    linkSync(from, scratch);
  } catch {
    copyFile(from, scratch);
  }
  renameSync(scratch, to);
  // Renaming one link of a file onto another does nothing and leaves both names (rename(2)).
  rmSync(scratch, { force: true });
  syncFolder(dirname(to));
}

/**
 * Copies through one pair of descriptors and returns the digest of the bytes that were copied.
 *
 * @throws the file system's error; also when either path is a link or the target exists
 */
export function copyFile(from: string, to: string): string {
  const source = openSync(from, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const target = openSync(to, CREATE_EXCLUSIVELY, 0o700);
    try {
      const hash = createHash("sha256");
      const buffer = Buffer.allocUnsafe(COPY_BYTES);
      for (let count = readSync(source, buffer); count > 0; count = readSync(source, buffer)) {
        const bytes = buffer.subarray(0, count);
        hash.update(bytes);
        writeAll(target, bytes);
      }
      fchmodSync(target, 0o755);
      fsyncSync(target);
      return hash.digest("hex");
    } finally {
      closeSync(target);
    }
  } finally {
    closeSync(source);
  }
}
