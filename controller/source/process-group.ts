import type { ChildProcess } from "node:child_process";

/** Those that this thread has started and that have not ended. */
const live = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of live) killGroup(child);
});

let watcher: ((pid: number, isRunning: boolean) => void) | undefined;

/**
 * Has `listener` told of every process group that starts and ends from now on, so that somebody else can end those that
 * are left behind when this thread is stopped in the middle.
 */
export function watchProcessGroups(listener: (pid: number, isRunning: boolean) => void): void {
  watcher = listener;
}

/** Sees to it that a process that was started in a group of its own (`detached`) does not outlive this thread. */
export function keepGroup(child: ChildProcess): void {
  const { pid } = child;
  live.add(child);
  if (pid !== undefined) watcher?.(pid, true);
  const ended = (): void => {
    if (live.delete(child) && pid !== undefined) watcher?.(pid, false);
  };
  child.once("close", ended);
  child.once("error", ended);
}

/** Kills the process and everything it started. */
export function killGroup(child: ChildProcess): void {
  if (child.pid !== undefined && !killProcessGroup(child.pid)) child.kill("SIGKILL");
}

/** The same of a process that another thread has started. @returns whether there was one */
export function killProcessGroup(pid: number): boolean {
  try {
    return process.kill(-pid, "SIGKILL");
  } catch {
    return false;
  }
}
