import { existsSync, mkdirSync, rmdirSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { replaceFile } from "../files/replace-file.ts";
import type { FileChange } from "./edit.ts";
import { EditError } from "./edit-error.ts";

/**
 * Writes the new content of state files below `root`, each at once by a rename, removes those that go, and returns a function that puts
 * everything back. Synchronous, so that nothing can come between two files of one change.
 *
 * @throws EditError `edit/write-failed`; everything is as it was before
 */
export function writeChanges(root: string, changes: readonly FileChange[]): () => void {
  const undo: (() => void)[] = [];
  const restore = (): void => {
    for (const step of undo.splice(0).reverse()) step();
  };
  try {
    for (const { path, before, after } of changes) {
      const file = join(root, path);
      if (after === undefined) {
        const mode = statSync(file).mode & 0o777;
        rmSync(file);
        undo.push(() => replaceFile(file, before ?? "", mode));
        continue;
      }
      undo.push(...makeFolders(dirname(file)));
      writeText(file, after);
      undo.push(() => (before === undefined ? rmSync(file, { force: true }) : writeText(file, before)));
    }
  } catch (cause) {
    restore();
    const text = cause instanceof Error ? cause.message : String(cause);
    throw new EditError("edit/write-failed", `the change could not be written: ${text}`, {
      help: "nothing was changed; check the disk and the rights on the folder",
      cause,
    });
  }
  return restore;
}

/** Makes the folders that are missing; each has its own undo, so that none is left behind. */
function makeFolders(folder: string): (() => void)[] {
  if (existsSync(folder)) return [];
  const undo = makeFolders(dirname(folder));
  mkdirSync(folder);
  return [...undo, () => rmdirSync(folder)];
}

function writeText(file: string, text: string): void {
  replaceFile(file, text, existsSync(file) ? statSync(file).mode & 0o777 : undefined);
}
