import { fromFileError, InstallError } from "../installation/install-error.ts";
import type { StagingFolder } from "../installation/staging-folder.ts";
import { holdLock, type LockResult } from "../process/hold-lock.ts";

/**
 * Makes one updater the only one at work on an installation.
 *
 * @param patience seconds to wait for another updater
 * @returns lets go of the lock
 * @throws InstallError `install/lock-held`, `install/lock-unavailable`, and what stands against the staging folder
 */
export function lockInstallation(staging: StagingFolder, patience = 0): () => void {
  staging.open();
  const lock = tryLock(staging.lock, patience);
  switch (lock.kind) {
    case "held":
      return lock.release;
    case "busy":
      throw new InstallError("install/lock-held", "another updater is at work on this installation", {
        got: `\`${staging.lock}\` is locked${lock.holder === undefined ? "" : ` by process ${lock.holder}`}`,
        help: "wait until it is done; nothing was changed",
      });
    case "unavailable":
      throw new InstallError(
        "install/lock-unavailable",
        "cannot lock this installation with the program `flock`",
        {
          got: lock.got,
          help: "install util-linux (or BusyBox's flock), so that two updaters cannot work at once",
        },
      );
  }
}

function tryLock(path: string, patience: number): LockResult {
  try {
    return holdLock(path, patience);
  } catch (error) {
    throw fromFileError(error, "open the lock file", path);
  }
}
