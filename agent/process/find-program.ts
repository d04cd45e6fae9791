import { readdirSync, readFileSync, readlinkSync, realpathSync } from "node:fs";
import { identityOf, isOlder, type ProcessIdentity, type Uptime } from "./process-identity.ts";

/**
 * The oldest process that runs a program: its executable, or the script that an interpreter was started with. What this
 * process itself started is left out, such as a self-test of the same file.
 *
 * @param path absolute; may lead over links
 * @param startedAfter a process from before is the version before, which may take its time to end
 * @returns `undefined` where none runs, or the system does not tell (anything but Linux)
 */
export function findProgram(path: string, startedAfter?: Uptime): ProcessIdentity | undefined {
  const paths = new Set([path, resolved(path)]);
  const found = processNumbers()
    .filter((pid) => runs(pid, paths) && !isOurs(pid))
    .flatMap((pid) => identityOf(pid) ?? [])
    .filter((identity) => startedAfter === undefined || !isOlder(identity, startedAfter));
  return found.toSorted((a, b) => Number(a.started) - Number(b.started))[0];
}

function runs(pid: number, paths: ReadonlySet<string>): boolean {
  try {
    // Of a file that was replaced the link ends in " (deleted)": the version before is not taken for this one.
    if (paths.has(readlinkSync(`/proc/${pid}/exe`))) return true;
  } catch {
    // A thread of the kernel, somebody else's process, or one that has ended.
  }
  const words = read(`/proc/${pid}/cmdline`).split("\0");
  return words.slice(0, 2).some((word) => paths.has(word));
}

/** Whether this process is among its parents. */
function isOurs(pid: number): boolean {
  for (let at = pid; at > 1; ) {
    if (at === process.pid) return true;
    const stat = read(`/proc/${at}/stat`);
    at = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1] ?? 0);
  }
  return false;
}

function processNumbers(): readonly number[] {
  try {
    return readdirSync("/proc").map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}

function resolved(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
