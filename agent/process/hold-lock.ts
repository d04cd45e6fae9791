import { closeSync, constants, ftruncateSync, openSync, writeSync } from "node:fs";
import { errnoOf } from "../files/errno.ts";
import { readBounded } from "../files/read-bounded.ts";
import { setAside } from "../files/set-aside.ts";

/** What `flock` is told to exit with when another process holds the lock; none of its own codes. */
const HELD = 75;

export type LockResult =
  | { readonly kind: "held"; readonly release: () => void }
  /** Another process holds it. */
  | { readonly kind: "busy"; readonly holder: string | undefined }
  /** The program `flock` cannot be run, or fails. */
  | { readonly kind: "unavailable"; readonly got: string };

/**
 * Takes a lock that lives exactly as long as this process's descriptor: the kernel lets go of it at a kill, and no
 * process number can be mistaken for another. Node has no flock(2), so `flock` (util-linux, BusyBox) sets it on the
 * descriptor that it inherits; the lock belongs to the open file, not to that short-lived process. Windows has a way to
 * open a file so that nobody else can.
 *
 * @param waitSeconds how long to wait for another holder; 0: not at all
 * @throws the file system's error where the file cannot be opened
 */
export function holdLock(path: string, waitSeconds = 0): LockResult {
  if (process.platform === "win32") return holdAlone(path, waitSeconds);
  const descriptor = openLock(path);
  // Loaded here: a check that has nothing to note takes no lock.
  const { spawnSync } = process.getBuiltinModule("node:child_process");
  const patience = waitSeconds === 0 ? ["-n"] : ["-w", String(waitSeconds)];
  const { status, error } = spawnSync("flock", [...patience, "-E", String(HELD), "3"], {
    stdio: ["ignore", "ignore", "ignore", descriptor],
    timeout: 10_000 + waitSeconds * 1000,
  });
  if (status === 0) {
    sayWhoHolds(descriptor);
    return { kind: "held", release: () => closeSync(descriptor) };
  }
  closeSync(descriptor);
  if (status === HELD) return { kind: "busy", holder: readHolder(path) };
  return { kind: "unavailable", got: error === undefined ? `exit code ${status}` : error.message };
}

/** UV_FS_O_EXLOCK of libuv, which node hands on: a share mode of none on Windows. */
const ALONE = 0x1000_0000;
const LOOK_MS = 100;

function holdAlone(path: string, waitSeconds: number): LockResult {
  const giveUp = performance.now() + waitSeconds * 1000;
  for (;;) {
    try {
      const descriptor = openSync(path, constants.O_RDWR | constants.O_CREAT | ALONE, 0o600);
      sayWhoHolds(descriptor);
      return { kind: "held", release: () => closeSync(descriptor) };
    } catch (error) {
      if (errnoOf(error) !== "EBUSY") throw error;
      // Whoever cannot open it cannot read in it who does.
      if (performance.now() >= giveUp) return { kind: "busy", holder: undefined };
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOOK_MS);
    }
  }
}

function openLock(path: string): number {
  const open = () => openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600);
  try {
    return open();
  } catch (error) {
    // A folder in its place holds nothing that a lock needs.
    if (errnoOf(error) !== "EISDIR" || !setAside(path)) throw error;
    return open();
  }
}

/** For people who wonder who it is; nothing reads it to decide. On a full disk the lock is held all the same. */
function sayWhoHolds(descriptor: number): void {
  try {
    ftruncateSync(descriptor);
    writeSync(descriptor, `${process.pid}\n`, 0);
  } catch {
    // The lock is what counts.
  }
}

function readHolder(path: string): string | undefined {
  try {
    const found = readBounded(path, 64);
    const holder = found.kind === "bytes" ? found.bytes.toString("latin1").trim() : "";
    return /^\d+$/.test(holder) ? holder : undefined;
  } catch {
    return undefined;
  }
}
