import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { errnoOf } from "./errno.ts";
import { setAside } from "./set-aside.ts";

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
  clear(temporary);
  try {
    const descriptor = openSync(temporary, CREATE_EXCLUSIVELY, mode);
    try {
      writeAll(descriptor, asBytes(bytes));
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    takePath(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  syncFolder(dirname(path));
}

/** Whatever stands at the path gives way: a file is replaced, a folder set aside. */
function takePath(from: string, path: string): void {
  try {
    renameSync(from, path);
  } catch (error) {
    if (errnoOf(error) !== "EISDIR" || !setAside(path)) throw error;
    renameSync(from, path);
  }
}

/**
 * The same for a disk that is full: the bytes go into a file that was made for this when there was room, and that file
 * takes the path. Needs no new space where files are overwritten in place.
 *
 * @throws the file system's error, also where the spare is absent or too short; the old file is then untouched
 */
export function replaceFromSpare(path: string, bytes: string, spare: string): void {
  const descriptor = openSync(spare, constants.O_RDWR | constants.O_NOFOLLOW);
  try {
    const buffer = asBytes(bytes);
    const { size } = fstatSync(descriptor);
    if (size < buffer.length) throw new Error(`the spare has ${size} bytes, ${buffer.length} are needed`);
    writeAll(descriptor, buffer);
    ftruncateSync(descriptor, buffer.length);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  takePath(spare, path);
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

/** Makes renames and new names in a folder survive a power cut. Windows has no such call, and needs none on NTFS. */
export function syncFolder(folder: string): void {
  if (process.platform === "win32") return;
  const descriptor = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** The name of a temporary file is ours, whatever a kill or a stranger left there. */
function clear(temporary: string): void {
  try {
    rmSync(temporary, { force: true });
  } catch {
    setAside(temporary);
  }
}

function asBytes(bytes: string | Uint8Array): Uint8Array {
  return typeof bytes === "string" ? Buffer.from(bytes) : bytes;
}
