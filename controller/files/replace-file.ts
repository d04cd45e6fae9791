import { randomBytes } from "node:crypto";
import {
  closeSync,
  fchownSync,
  fsyncSync,
  linkSync,
  openSync,
  renameSync,
  rmSync,
  unlinkSync,
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
export function replaceFile(path: string, bytes: Content, mode = 0o644, owner?: FileOwner): void {
  withTemporary(path, bytes, mode, (temporary) => renameSync(temporary, path), owner);
}

/** What a file gets: whole, or in pieces that come one after the other. */
type Content = Buffer | string | readonly Buffer[];

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
export function createFile(path: string, bytes: Content, mode = 0o644): void {
  withTemporary(path, bytes, mode, (temporary) => {
    linkSync(temporary, path);
    unlinkSync(temporary);
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
  bytes: Content,
  mode: number,
  putInPlace: (temporary: string) => void,
  owner?: FileOwner,
): void {
  const unique = randomBytes(6).toString("hex");
  const temporary = join(dirname(path), `.${basename(path)}.${unique}${TEMPORARY_SUFFIX}`);
  try {
    const descriptor = openSync(temporary, "wx", mode);
    try {
      if (typeof bytes === "string" || Buffer.isBuffer(bytes)) writeFileSync(descriptor, bytes);
      else for (const block of inBlocks(bytes)) writeFileSync(descriptor, block);
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

/** Pieces with small ones put together: there may be many thousands, and each block is a call of the system. */
function* inBlocks(pieces: readonly Buffer[]): Generator<Buffer> {
  const size = Math.min(
    BLOCK_BYTES,
    pieces.reduce((sum, { length }) => sum + length, 0),
  );
  const block = Buffer.allocUnsafe(size);
  let used = 0;
  for (const piece of pieces) {
    if (used + piece.length > size) {
      yield block.subarray(0, used);
      used = 0;
    }
    if (piece.length > size) yield piece;
    else used += piece.copy(block, used);
  }
  yield block.subarray(0, used);
}

const BLOCK_BYTES = 256 * 1024;

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
