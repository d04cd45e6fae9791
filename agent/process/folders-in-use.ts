import { readdirSync, readFileSync, readlinkSync, realpathSync } from "node:fs";
import { join, sep } from "node:path";
import { runningProgram } from "./own-process.ts";

/**
 * Which of some folders a process runs from, as far as this machine lets the agent see: its executable, its working
 * folder, or a word of its command line lies there. Of this process it is known for sure; of others only where there is a
 * `/proc`, and their executables and folders only where this user may look.
 *
 * @param folders absolute, without links
 */
export function foldersInUse(folders: readonly string[]): ReadonlySet<string> {
  const inUse = new Set<string>();
  const note = (path: string | undefined): void => {
    if (path === undefined) return;
    for (const folder of folders) if (path === folder || path.startsWith(folder + sep)) inUse.add(folder);
  };
  for (const path of [process.execPath, runningProgram()]) note(resolved(path));
  for (const pid of processes()) {
    for (const name of ["exe", "cwd"]) note(attempt(() => readlinkSync(join("/proc", pid, name))));
    const words = attempt(() => readFileSync(join("/proc", pid, "cmdline"), "utf8"))?.split("\0") ?? [];
    for (const word of words) note(word.startsWith("/") ? word : undefined);
  }
  return inUse;
}

function processes(): readonly string[] {
  return (attempt(() => readdirSync("/proc")) ?? []).filter((name) => /^\d+$/.test(name));
}

function resolved(path: string | undefined): string | undefined {
  return path === undefined ? undefined : attempt(() => realpathSync(path));
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
