import { existsSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { duplicateFile } from "../../files/copy-file.ts";
import { sha256OfFile } from "../../files/hash-file.ts";
import { syncFolder } from "../../files/replace-file.ts";
import type { Build } from "../../installation/build.ts";
import { fromFileError, InstallError } from "../../installation/install-error.ts";
import type { StagingFolder } from "../../installation/staging-folder.ts";

/** Keeps the installed file for `rollback` and for restoring. */
export function keepPrevious(staging: StagingFolder, path: string, installed: Build): void {
  const copy = staging.kept(installed);
  if (digestIfReadable(copy) === installed.id) return;
  try {
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
 * Puts the kept version back and keeps the broken file aside. Can be repeated: it looks at the disk first. The kept copy
 * itself takes the installed name, which needs no space at all and no second name that a full folder could refuse.
 *
 * @returns whether the installed file had to be changed
 * @throws InstallError `install/previous-damaged`, or a file error
 */
export function restorePrevious(
  staging: StagingFolder,
  path: string,
  failed: Build,
  kept: Build | null,
): boolean {
  const found = digestIfReadable(path);
  if (found === (kept === null ? "none" : kept.id)) return false;
  if (kept !== null) requireKept(staging, kept);
  if (found === failed.id) tryToKeepBroken(staging, path, failed);
  try {
    if (kept === null) rmSync(path, { force: true });
    else renameSync(staging.kept(kept), path);
  } catch (error) {
    throw fromFileError(error, "restore", path);
  }
  try {
    syncFolder(dirname(path));
  } catch {
    // The good version is back for everybody who looks; only a power cut right now could undo that.
  }
  return true;
}

/** A disk that cannot give back a file of the failed version is no reason to leave it there. */
function digestIfReadable(path: string): string | undefined {
  try {
    return sha256OfFile(path) ?? "none";
  } catch {
    return undefined;
  }
}

/** A second name for the broken file. Nobody's machine may wait for it. */
function tryToKeepBroken(staging: StagingFolder, path: string, build: Build): void {
  try {
    if (!existsSync(staging.broken(build))) duplicateFile(path, staging.broken(build), staging.scratch);
  } catch {
    rmSync(staging.scratch, { force: true });
  }
}

/** @throws InstallError `install/previous-damaged` */
export function requireKept(staging: StagingFolder, build: Build): void {
  const got = digestIfReadable(staging.kept(build));
  if (got === build.id) return;
  throw new InstallError(
    "install/previous-damaged",
    `the kept copy of ${build.version} is not what was installed`,
    {
      expected: `sha256 ${build.id}`,
      got: describeDigest(got),
      help: "what is installed stays as it is; promote a newer version, or install a signed one by hand",
    },
  );
}

function describeDigest(digest: string | undefined): string {
  switch (digest) {
    case undefined:
      return "a file that cannot be read";
    case "none":
      return "no file";
    default:
      return `sha256 ${digest}`;
  }
}
