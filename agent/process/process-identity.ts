import { readFileSync } from "node:fs";

/** One process among all that ever ran on this machine: a number alone is given out again. */
export interface ProcessIdentity {
  /** Of the system's start, from /proc/sys/kernel/random/boot_id. */
  readonly boot: string;
  readonly pid: number;
  /** Ticks from the system's start to the process's, field 22 of /proc/PID/stat. It outlives execve(2). */
  readonly started: string;
}

/** What became of a process. */
export type ProcessFate =
  /** It is the one that asks. */
  | "this"
  | "running"
  | "ended"
  /** The system was started anew since then, which says nothing about the process. */
  | "rebooted";

/** @returns `undefined` where the system does not tell (anything but Linux) */
export function identityOf(pid: number): ProcessIdentity | undefined {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim();
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The name in brackets may hold spaces and brackets itself; the state is field 3, the start field 22.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const started = fields[19];
    return started === undefined || fields[0] === "Z" ? undefined : { boot, pid, started };
  } catch {
    return undefined;
  }
}

/** @returns `undefined` where the system does not tell */
export function fateOf(program: ProcessIdentity): ProcessFate | undefined {
  const self = identityOf(process.pid);
  if (self === undefined) return undefined;
  if (self.boot !== program.boot) return "rebooted";
  if (program.pid === self.pid && program.started === self.started) return "this";
  return identityOf(program.pid)?.started === program.started ? "running" : "ended";
}
