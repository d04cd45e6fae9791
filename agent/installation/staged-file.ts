import { createHash } from "node:crypto";
import { closeSync, constants, fstatSync, openSync, rmSync } from "node:fs";
import { hashDescriptor } from "../files/hash-file.ts";
import type { Build } from "./build.ts";
import { fromFileError, InstallError } from "./install-error.ts";
import type { StagingFolder } from "./staging-folder.ts";

/**
 * Opens a downloaded file whose build is named by its SHA-256, and hashes it once more through the descriptor that it is
 * used by: between two starts of the agent the disk is not trusted. One that changed is thrown away.
 *
 * @returns what the caller has to close
 * @throws InstallError `install/tampered`, `install/bad-staging` or a file error
 */
export function openStaged(staging: StagingFolder, build: Build): number {
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
    if (sha256 === build.id) return descriptor;
    discardStaged(staging, build);
    throw new InstallError("install/tampered", `the staged file of ${build.version} changed on disk`, {
      expected: `sha256 ${build.id}`,
      got: `sha256 ${sha256}`,
      help: "look at the disk; the file is fetched again at the next check",
    });
  } catch (error) {
    closeSync(descriptor);
    throw fromFileError(error, "read", path);
  }
}

export function discardStaged(staging: StagingFolder, build: Build): void {
  for (const path of [staging.staged(build), staging.etag(build)]) rmSync(path, { force: true });
}
