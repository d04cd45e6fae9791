import { readFileSync } from "node:fs";

/** One process among all that ever ran on this machine: a number alone is given out again. */
export interface ProcessIdentity {
  /** Of the system's start, from /proc/sys/kernel/random/boot_id. */
  readonly boot: string;
  readonly pid: number;
  /** Ticks from the system's start to the process's, field 22 of /proc/PID/stat. It outlives execve(2). */
  readonly started: string;
}

/** A moment by a clock that nobody sets: how long the system has been up. */
export interface Uptime {
  readonly boot: string;
  /** Whole seconds from the system's start. */
  readonly seconds: number;
}

/** Of the start times in /proc: Linux has counted them in hundredths of a second everywhere for decades. */
const TICKS_PER_SECOND = 100;

/** @returns `undefined` where the system does not tell (anything but Linux) */
export function uptime(): Uptime | undefined {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim();
    const seconds = Math.floor(Number.parseFloat(readFileSync("/proc/uptime", "latin1")));
    return Number.isNaN(seconds) ? undefined : { boot, seconds };
  } catch {
    return undefined;
  }
}

/** Seconds since then; `undefined` where the system was started anew, or does not tell. */
export function secondsSince(then: Uptime): number | undefined {
  const now = uptime();
  return now === undefined || now.boot !== then.boot ? undefined : now.seconds - then.seconds;
}

/** Whether a process was started before that moment. */
export function isOlder({ boot, started }: ProcessIdentity, than: Uptime): boolean {
  return boot === than.boot && Number(started) < than.seconds * TICKS_PER_SECOND;
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
