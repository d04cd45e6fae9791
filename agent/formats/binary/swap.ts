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
import { dirname } from "node:path";
import { duplicateFile } from "../../files/copy-file.ts";
import { hashDescriptor, sha256OfFile } from "../../files/hash-file.ts";
import { syncFolder } from "../../files/replace-file.ts";
import type { InstallPaths } from "../../files/staging-folder.ts";
import { fromFileError, InstallError } from "../../install-error.ts";
import type { Build, InstallPlan } from "../../life-cycle/journal.ts";

/**
 * Makes the downloaded file executable, after hashing it once more through the descriptor that it is changed by:
 * between two starts of the agent the disk is not trusted.
 *
 * @throws InstallError `tampered`, `bad-staging` or a file error
 */
export function stage(paths: InstallPaths, plan: InstallPlan): void {
  const path = paths.staged(plan.to.sha256);
  let descriptor: number;
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (error) {
    throw fromFileError(error, "open", path);
  }
  try {
    const hash = createHash("sha256");
    const length = hashDescriptor(descriptor, hash, fstatSync(descriptor).size);
    const sha256 = hash.digest("hex");
    if (length !== plan.to.size || sha256 !== plan.to.sha256) {
      rmSync(path, { force: true });
      throw new InstallError("tampered", `the staged file of ${plan.to.version} changed on disk`, {
        expected: `${plan.to.size} bytes, sha256 ${plan.to.sha256}`,
        got: `${length} bytes, sha256 ${sha256}`,
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

/** Keeps what is installed now for `rollback` and for restoring. Nothing to keep at a first installation. */
export function keepPrevious(paths: InstallPaths, plan: InstallPlan): void {
  if (plan.from === null) return;
  const copy = paths.previous(plan.from);
  try {
    if (sha256OfFile(copy) === plan.from.sha256) return;
    duplicateFile(paths.installed, copy, paths.scratch);
  } catch (error) {
    throw fromFileError(error, "keep the previous version as", copy);
  }
  requirePrevious(paths, plan.from);
}

/** The swap itself: one rename within one file system. */
export function swapIn(paths: InstallPaths, plan: InstallPlan): void {
  try {
    renameSync(paths.staged(plan.to.sha256), paths.installed);
    syncFolder(dirname(paths.installed));
  } catch (error) {
    throw fromFileError(error, "replace", paths.installed);
  }
}

/**
 * Puts the previous version back and keeps the broken file aside. Can be repeated: each part looks at the disk first.
 *
 * @throws InstallError `previous-damaged`: there is nothing good to go back to, so the new version stays
 */
export function restorePrevious(paths: InstallPaths, plan: InstallPlan): void {
  try {
    if (sha256OfFile(paths.installed) === plan.to.sha256) setAsideInstalled(paths, plan.to);
    if (plan.from === null) {
      rmSync(paths.installed, { force: true });
      syncFolder(dirname(paths.installed));
      return;
    }
    if (sha256OfFile(paths.installed) === plan.from.sha256) return;
    requirePrevious(paths, plan.from);
    duplicateFile(paths.previous(plan.from), paths.installed, paths.scratch);
    syncFolder(dirname(paths.installed));
  } catch (error) {
    throw fromFileError(error, "restore", paths.installed);
  }
}

/** A copy of the broken file; the installed name keeps its bytes until the previous ones replace them in one step. */
function setAsideInstalled(paths: InstallPaths, build: Build): void {
  if (!existsSync(paths.broken(build))) duplicateFile(paths.installed, paths.broken(build), paths.scratch);
}

/** Keeps a staged file that failed its self-test to look at. It never got to the installed path. */
export function setAsideStaged(paths: InstallPaths, build: Build): void {
  const staged = paths.staged(build.sha256);
  if (existsSync(staged)) renameSync(staged, paths.broken(build));
}

function requirePrevious(paths: InstallPaths, build: Build): void {
  const copy = paths.previous(build);
  const got = sha256OfFile(copy);
  if (got === build.sha256) return;
  throw new InstallError("previous-damaged", `the kept copy of ${build.version} is not what was installed`, {
    expected: `sha256 ${build.sha256}`,
    got: got === undefined ? "no file" : `sha256 ${got}`,
    help: "the installed file is left as it is; install a known good version by hand",
  });
}
