import { existsSync, mkdirSync, readFileSync, rmdirSync, rmSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { createFile, replaceFile } from "./replace-file.ts";
import { onFile } from "./system-error.ts";

/** One file of several that belong together. */
export interface FileToWrite {
  /** Absolute. */
  readonly path: string;
  readonly bytes: Buffer | string;
  /** Rights of a new file; 0o644 when absent. */
  readonly mode?: number;
  /** Whether the file must not be there yet, or may be replaced. */
  readonly write: "create" | "replace";
}

/**
 * Writes all files or none: when one cannot be written, those before it are taken back. The whole is one synchronous
 * step, and Ctrl-C waits for its end.
 *
 * @throws SystemError of the file that could not be written
 * @throws the system's `EEXIST` where one is there that must not be
 */
export function writeTogether(files: readonly FileToWrite[]): void {
  const undo: (() => void)[] = [];
  const wait = (): void => {};
  // A signal with a handler is only delivered between two events: not inside of what follows.
  process.on("SIGINT", wait).on("SIGTERM", wait);
  try {
    for (const file of files) {
      undo.push(...makeFolders(dirname(file.path)));
      undo.push(writeOne(file));
    }
  } catch (error) {
    for (const step of undo.reverse()) step();
    throw error;
  } finally {
    process.off("SIGINT", wait).off("SIGTERM", wait);
  }
}

/** @returns what puts back what was there before */
function writeOne({ path, bytes, mode, write }: FileToWrite): () => void {
  if (write === "create") {
    createFile(path, bytes, mode);
    return () => rmSync(path, { force: true });
  }
  const before = existsSync(path)
    ? { bytes: readFileSync(path), mode: statSync(path).mode & 0o777 }
    : undefined;
  replaceFile(path, bytes, mode ?? before?.mode);
  return () => {
    if (before === undefined) rmSync(path, { force: true });
    else replaceFile(path, before.bytes, before.mode);
  };
}

/** Makes the folders that are missing. @returns what removes each of them again */
function makeFolders(folder: string): (() => void)[] {
  if (existsSync(folder)) return [];
  const undo = makeFolders(dirname(folder));
  onFile(folder, "made", () => mkdirSync(folder));
  return [...undo, () => rmdirSync(folder)];
}
