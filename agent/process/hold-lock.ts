import { closeSync, constants, ftruncateSync, openSync, writeSync } from "node:fs";
import { readBounded } from "../files/read-bounded.ts";
import { fromFileError, InstallError } from "../install-error.ts";

/** What `flock` is told to exit with when another process holds the lock; none of its own codes. */
const HELD = 75;

/**
 * Takes a lock that lives exactly as long as this process's descriptor: the kernel lets go of it at a kill, and no
 * process number can be mistaken for another. Node has no flock(2), so `flock` (util-linux, BusyBox) sets it on the
 * descriptor that it inherits; the lock belongs to the open file, not to that short-lived process.
 *
 * @param waitSeconds how long to wait for another holder; 0: not at all
 * @returns lets go of the lock
 * @throws InstallError `install/lock-held`, `install/lock-unavailable`, `install/not-writable`
 */
export function holdLock(path: string, waitSeconds = 0): () => void {
  let descriptor: number;
  try {
    descriptor = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600);
  } catch (error) {
    throw fromFileError(error, "open the lock file", path);
  }
  // Loaded here: a check that has nothing to note takes no lock.
  const { spawnSync } = process.getBuiltinModule("node:child_process");
  const patience = waitSeconds === 0 ? ["-n"] : ["-w", String(waitSeconds)];
  const { status, error } = spawnSync("flock", [...patience, "-E", String(HELD), "3"], {
    stdio: ["ignore", "ignore", "ignore", descriptor],
    timeout: 10_000 + waitSeconds * 1000,
  });
  if (status === 0) {
    // For people who wonder who it is; nothing reads it to decide.
    ftruncateSync(descriptor);
    writeSync(descriptor, `${process.pid}\n`, 0);
    return () => closeSync(descriptor);
  }
  closeSync(descriptor);
  if (status === HELD) {
    const holder = readBounded(path, 64)?.toString("latin1").trim();
    throw new InstallError("install/lock-held", "another updater is at work on this installation", {
      got: `\`${path}\` is locked${holder ? ` by process ${holder}` : ""}`,
      help: "wait until it is done; nothing was changed",
    });
  }
  throw new InstallError(
    "install/lock-unavailable",
    "cannot lock this installation with the program `flock`",
    {
      got: error === undefined ? `exit code ${status}` : error.message,
      help: "install util-linux (or BusyBox's flock), so that two updaters cannot work at once",
    },
  );
}
