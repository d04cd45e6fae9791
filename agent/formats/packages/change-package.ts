import { closeSync, existsSync, fstatSync, fsyncSync, openSync, readSync, rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { syncFolder } from "../../files/replace-file.ts";
import { fromFileError, InstallError, type InstallErrorCode } from "../../installation/install-error.ts";
import { logTail } from "../../installation/log-tail.ts";
import type { StagingFolder } from "../../installation/staging-folder.ts";
import { holdLock } from "../../process/hold-lock.ts";
import { describeEnd, runBounded } from "../../process/run-bounded.ts";
import type { PackageFailure, PackageManager } from "./package-manager.ts";
import { runTool, TOOL_ENVIRONMENT } from "./run-tool.ts";

/** A package manager that is stopped half-way leaves more harm than one that takes long. */
const LONGEST_SECONDS = 3600;
const MAX_LOG_BYTES = 64 * 1024;
/** rpm names half-written files by the second of its start: in that one, another rpm fails over those of a killed one. */
const AFTER_CUT_OFF_MS = 1100;

/**
 * A file that is there from before a package is changed until that has ended well, and locked while the package manager
 * runs, whoever started it. A kill leaves the file: then nobody may take what is installed for whole.
 */
export function changeMark(staging: StagingFolder): string {
  return `${staging.directory}/package-change`;
}

/**
 * Whether a change of the package was begun and did not end. Waits for a package manager that has outlived the agent
 * that started it.
 *
 * @throws InstallError `install/packages-locked` where it does not end
 */
export function isChangeCutOff(staging: StagingFolder): boolean {
  const mark = changeMark(staging);
  if (!existsSync(mark)) return false;
  const lock = holdLock(mark, 60);
  switch (lock.kind) {
    case "held":
      lock.release();
      return true;
    case "busy":
      throw new InstallError(
        "install/packages-locked",
        "the package manager of an earlier update still runs",
        {
          help: "wait until it is done; look at what its scripts wait for if it never is",
        },
      );
    case "unavailable":
      return true;
  }
}

/** Says that the package is whole again. */
export function endChange(staging: StagingFolder): void {
  rmSync(changeMark(staging), { force: true });
  syncFolder(staging.directory);
}

/**
 * Runs the command that changes the package, to its end. Its output goes to a file and not through a pipe, its lock is
 * its own, and under systemd so is its control group: it goes on when the agent that started it is killed or restarted
 * by the package's own scripts.
 *
 * @throws InstallError what went wrong. The mark of a change then stays, unless nothing can have been changed.
 */
export async function changePackage(
  manager: PackageManager,
  staging: StagingFolder,
  command: readonly string[],
  what: string,
): Promise<void> {
  const wasCutOff = isChangeCutOff(staging);
  if (wasCutOff) await sleep(AFTER_CUT_OFF_MS);
  await waitForOthers(manager);
  const mark = changeMark(staging);
  try {
    const descriptor = openSync(mark, "a", 0o600);
    fsyncSync(descriptor);
    closeSync(descriptor);
    syncFolder(staging.directory);
  } catch (error) {
    throw fromFileError(error, "write", mark);
  }
  const log = `${staging.directory}/package-log`;
  const deadline = Date.now() + (await manager.patience()) * 1000;
  for (;;) {
    const failure = await runOnce(manager, mark, log, command);
    if (failure === undefined) return reloadServices();
    if (failure.kind === "packages-locked") {
      if (Date.now() < deadline) {
        await sleep(500);
        continue;
      }
      if (!wasCutOff) endChange(staging);
    }
    throw new InstallError(codeOf(failure.kind), `cannot ${what}`, {
      got: failure.end,
      log: logTail(failure.output),
    });
  }
}

interface RunFailure {
  readonly kind: PackageFailure;
  readonly end: string;
  readonly output: string;
}

async function runOnce(
  manager: PackageManager,
  mark: string,
  log: string,
  command: readonly string[],
): Promise<RunFailure | undefined> {
  rmSync(log, { force: true });
  // The scope outlives the agent's own service; the lock outlives the agent, and no daemon inherits it (-o).
  const scope = runsSystemd() ? ["systemd-run", "--scope", "--quiet", "--collect", "--"] : [];
  const locked = ["flock", "-o", "-E", "75", mark, ...command];
  const result = await runBounded({
    argv: ["sh", "-c", 'exec "$@" >"$0" 2>&1', log, ...scope, ...locked],
    seconds: LONGEST_SECONDS,
    maxOutputBytes: MAX_LOG_BYTES,
    // A package's scripts start its service.
    leftovers: "leave",
    environment: TOOL_ENVIRONMENT,
  });
  const output = readTail(log);
  const code = result.kind === "exited" ? result.code : null;
  const kind = manager.failure(output, code) ?? (code === 0 ? undefined : "package-manager-failed");
  if (kind === undefined) return undefined;
  const end = result.kind === "exited" ? describeEnd(result) : `no end within ${LONGEST_SECONDS} s`;
  return { kind, end, output };
}

function codeOf(failure: PackageFailure): InstallErrorCode {
  return `install/${failure}`;
}

/** @throws InstallError `install/packages-locked` */
export async function waitForOthers(manager: PackageManager): Promise<void> {
  const deadline = Date.now() + (await manager.patience()) * 1000;
  while (manager.isLocked()) {
    if (Date.now() >= deadline) {
      throw new InstallError(
        "install/packages-locked",
        "another program is at work with the package manager",
        {
          help: "wait until it is done (unattended upgrades take minutes); nothing was changed",
        },
      );
    }
    await sleep(500);
  }
}

/** `sd_booted(3)`. */
function runsSystemd(): boolean {
  return existsSync("/run/systemd/system");
}

/** The package may have brought units. That they cannot be read anew now is for the restart to find out. */
async function reloadServices(): Promise<void> {
  if (!runsSystemd()) return;
  try {
    await runTool(["systemctl", "daemon-reload"]);
  } catch {
    // The restart that follows fails where it matters, and says more.
  }
}

function readTail(path: string): string {
  try {
    const descriptor = openSync(path, "r");
    try {
      const { size } = fstatSync(descriptor);
      const bytes = Buffer.alloc(Math.min(size, MAX_LOG_BYTES));
      readSync(descriptor, bytes, 0, bytes.length, size - bytes.length);
      return bytes.toString("utf8");
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return "";
  }
}
