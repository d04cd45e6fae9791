import { closeSync, existsSync, fchmodSync, fsyncSync, renameSync } from "node:fs";
import { duplicateFile } from "../../files/copy-file.ts";
import type { Build } from "../../installation/build.ts";
import { fromFileError } from "../../installation/install-error.ts";
import { discardStaged, openStaged } from "../../installation/staged-file.ts";
import type { StagingFolder } from "../../installation/staging-folder.ts";

/**
 * Makes the downloaded file executable.
 *
 * @throws InstallError `install/tampered`, `install/bad-staging` or a file error
 */
export function stageFile(staging: StagingFolder, build: Build): void {
  const descriptor = openStaged(staging, build);
  try {
    fchmodSync(descriptor, 0o755);
    fsyncSync(descriptor);
  } catch (error) {
    throw fromFileError(error, "stage", staging.staged(build));
  } finally {
    closeSync(descriptor);
  }
}

/** Puts the kept copy where a download would be. */
export function stageKept(staging: StagingFolder, build: Build): void {
  const copy = staging.kept(build);
  try {
    duplicateFile(copy, staging.staged(build), staging.scratch);
  } catch (error) {
    throw fromFileError(error, "copy", copy);
  }
}

/** Keeps a staged file that failed its self-test to look at. It never got to the installed path. */
export function setAsideStaged(staging: StagingFolder, build: Build): void {
  const staged = staging.staged(build);
  if (existsSync(staged)) renameSync(staged, staging.broken(build));
  discardStaged(staging, build);
}
