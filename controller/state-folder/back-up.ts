import { chmodSync, existsSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { backup, DatabaseSync } from "node:sqlite";
import { makeFolder } from "../files/make-folder.ts";
import { replaceFile } from "../files/replace-file.ts";
import { onFile } from "../files/system-error.ts";
import { StateFolderError } from "./state-folder-error.ts";

/** What neither git nor a key of people brings back, besides the fleet's database. */
const FILES = [
  "naming-secret",
  "online.json",
  "operator-token",
  "proposals.json",
  "accepted-commit",
] as const;
/** The fleet's database. */
const DATABASE = "fleet.db";
/** Pages of the database that are copied before its writer has its turn. */
const PAGES = 256;

/**
 * Copies what matters of a state folder, also while a controller is at work on it. The copy is a state folder itself: a
 * controller that is started on it goes on from there, and signs everything else anew.
 *
 * @param to is made where it is not there; an earlier copy there is replaced file by file
 * @returns the names of what was copied
 * @throws StateFolderError `folder/nothing-to-back-up`
 * @throws SystemError
 */
export async function backUpStateFolder(stateFolder: string, to: string): Promise<readonly string[]> {
  const files = FILES.filter((name) => existsSync(join(stateFolder, name)));
  const hasDatabase = existsSync(join(stateFolder, DATABASE));
  if (files.length === 0 && !hasDatabase) {
    throw new StateFolderError(
      "folder/nothing-to-back-up",
      `\`${stateFolder}\` is no controller's state folder`,
      {
        help: "name the one that `fairlead serve --state-dir` has",
      },
    );
  }
  makeFolder(to, 0o700);
  for (const name of files) {
    const bytes = onFile(join(stateFolder, name), "read", () => readFileSync(join(stateFolder, name)));
    replaceFile(join(to, name), bytes, 0o600);
  }
  if (hasDatabase) await copyDatabase(join(stateFolder, DATABASE), join(to, DATABASE));
  return hasDatabase ? [...files, DATABASE] : files;
}

/** As it is: neither the original nor the copy is brought to another format. */
async function copyDatabase(from: string, to: string): Promise<void> {
  const partial = `${to}.partial`;
  rmSync(partial, { force: true });
  const original = new DatabaseSync(from, { readOnly: true });
  try {
    await backup(original, partial, { rate: PAGES });
    chmodSync(partial, 0o600);
    onFile(to, "written", () => renameSync(partial, to));
  } finally {
    original.close();
    rmSync(partial, { force: true });
  }
}
