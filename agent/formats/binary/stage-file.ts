import { createHash } from "node:crypto";
import {
  closeSync,
  constants,
  existsSync,
  fchmodSync,
  fstatSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
} from "node:fs";
import { duplicateFile } from "../../files/copy-file.ts";
import { hashDescriptor } from "../../files/hash-file.ts";
import type { Build } from "../../installation/build.ts";
import { fromFileError, InstallError } from "../../installation/install-error.ts";
import type { StagingFolder } from "../../installation/staging-folder.ts";

/**
 * Makes the downloaded file executable, after hashing it once more through the descriptor that it is changed by:
 * between two starts of the agent the disk is not trusted.
 *
 * @throws InstallError `install/tampered`, `install/bad-staging` or a file error
 */
export function stageFile(staging: StagingFolder, build: Build): void {
  const path = staging.staged(build);
  let descriptor: number;
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (error) {
    throw fromFileError(error, "open", path);
  }
  try {
    const hash = createHash("sha256");
    hashDescriptor(descriptor, hash, fstatSync(descriptor).size);
    const sha256 = hash.digest("hex");
    if (sha256 !== build.id) {
      discard(staging, build);
      throw new InstallError("install/tampered", `the staged file of ${build.version} changed on disk`, {
        expected: `sha256 ${build.id}`,
        got: `sha256 ${sha256}`,
        help: "look at the disk; the file is fetched again at the next check",
      });
    }
    fchmodSync(descriptor, 0o755);
    fsyncSync(descriptor);
  } catch (error) {
    throw fromFileError(error, "stage", path);
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
  discard(staging, build);
}

function discard(staging: StagingFolder, build: Build): void {
  for (const path of [staging.staged(build), staging.etag(build)]) rmSync(path, { force: true });
}
