import { existsSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import type { Build } from "../../build.ts";
import { duplicateFile } from "../../files/copy-file.ts";
import { sha256OfFile } from "../../files/hash-file.ts";
import { syncFolder } from "../../files/replace-file.ts";
import type { StagingFolder } from "../../files/staging-folder.ts";
import { fromFileError, InstallError } from "../../install-error.ts";

/** Keeps the installed file for `rollback` and for restoring. */
export function keepPrevious(staging: StagingFolder, path: string, installed: Build): void {
  const copy = staging.kept(installed);
  try {
    if (sha256OfFile(copy) === installed.id) return;
    duplicateFile(path, copy, staging.scratch);
  } catch (error) {
    throw fromFileError(error, "keep the previous version as", copy);
  }
  requireKept(staging, installed);
}

/** The swap itself: one rename within one file system. */
export function swapIn(staging: StagingFolder, path: string, build: Build): void {
  try {
    renameSync(staging.staged(build), path);
    syncFolder(dirname(path));
  } catch (error) {
    throw fromFileError(error, "replace", path);
  }
}

/**
 * Puts the kept version back and keeps the broken file aside. Can be repeated: each part looks at the disk first.
 *
 * @throws InstallError `install/previous-damaged`: there is nothing good to go back to, so the new version stays
 */
export function restorePrevious(
  staging: StagingFolder,
  path: string,
  failed: Build,
  kept: Build | null,
): void {
  try {
    if (sha256OfFile(path) === failed.id) setAsideInstalled(staging, path, failed);
    if (kept === null) {
      rmSync(path, { force: true });
      syncFolder(dirname(path));
      return;
    }
    if (sha256OfFile(path) === kept.id) return;
    requireKept(staging, kept);
    duplicateFile(staging.kept(kept), path, staging.scratch);
    syncFolder(dirname(path));
  } catch (error) {
    throw fromFileError(error, "restore", path);
  }
}

/** A copy of the broken file; the installed name keeps its bytes until the kept ones replace them in one step. */
function setAsideInstalled(staging: StagingFolder, path: string, build: Build): void {
  if (!existsSync(staging.broken(build))) duplicateFile(path, staging.broken(build), staging.scratch);
}

function requireKept(staging: StagingFolder, build: Build): void {
  const got = sha256OfFile(staging.kept(build));
  if (got === build.id) return;
  throw new InstallError(
    "install/previous-damaged",
    `the kept copy of ${build.version} is not what was installed`,
    {
      expected: `sha256 ${build.id}`,
      got: got === undefined ? "no file" : `sha256 ${got}`,
      help: "the installed file is left as it is; install a known good version by hand",
    },
  );
}
