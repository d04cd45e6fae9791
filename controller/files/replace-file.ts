import { randomBytes } from "node:crypto";
import {
  closeSync,
  fchownSync,
  fsyncSync,
  linkSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { errnoOf, explainFileError, onFile } from "./system-error.ts";

/** How temporary files end; one that a killed process left behind can be removed. */
export const TEMPORARY_SUFFIX = ".tmp";

/**
 * Writes a file so that it is there whole or not at all, also after a loss of power: a temporary file beside it,
 * fsync, rename, fsync of the folder.
 *
 * Synchronous: nothing else of this process comes between two files that belong together.
 *
 * @param owner whom the file is given to, which only root may do; absent: whoever runs this
 * @throws SystemError
 */
export function replaceFile(path: string, bytes: Buffer | string, mode = 0o644, owner?: FileOwner): void {
  withTemporary(path, bytes, mode, (temporary) => renameSync(temporary, path), owner);
}

/** A user and a group of the system, by number. */
export interface FileOwner {
  readonly uid: number;
  readonly gid: number;
}

/**
 * The same for a file that must not be there yet.
 *
 * @throws the system's `EEXIST` when it is
 * @throws SystemError for anything else that the system refuses
 */
export function createFile(path: string, bytes: Buffer | string, mode = 0o644): void {
  withTemporary(path, bytes, mode, (temporary) => {
    linkSync(temporary, path);
    rmSync(temporary);
  });
}

/**
 * Gives a complete temporary file its name, so that it is there whole or not at all, also after a loss of power.
 *
 * @throws SystemError
 */
export function moveIntoPlace(temporary: string, path: string): void {
  onFile(path, "written", () => {
    sync(temporary);
    renameSync(temporary, path);
    sync(dirname(path));
  });
}

function withTemporary(
  path: string,
  bytes: Buffer | string,
  mode: number,
  putInPlace: (temporary: string) => void,
  owner?: FileOwner,
): void {
  const unique = randomBytes(6).toString("hex");
  const temporary = join(dirname(path), `.${basename(path)}.${unique}${TEMPORARY_SUFFIX}`);
  try {
    const descriptor = openSync(temporary, "wx", mode);
    try {
      writeFileSync(descriptor, bytes);
      if (owner !== undefined) fchownSync(descriptor, owner.uid, owner.gid);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    putInPlace(temporary);
    sync(dirname(path));
  } catch (error) {
    rmSync(temporary, { force: true });
    throw errnoOf(error) === "EEXIST" ? error : explainFileError(error, path, "written");
  }
}

/** Makes the content of a file durable, or the names in a folder. Windows lets neither be asked of what is only read. */
function sync(path: string): void {
  if (process.platform === "win32") return;
  const descriptor = openSync(path, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
