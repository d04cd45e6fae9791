import { readFileSync, statSync } from "node:fs";

/**
 * Whether a process holds a record lock (fcntl(2)) on a file, as package managers do. Linux tells in /proc/locks; where
 * it does not, nobody is known to.
 */
export function isRecordLocked(path: string): boolean {
  try {
    const { dev, ino } = statSync(path, { bigint: true });
    const major = ((dev >> 8n) & 0xfffn) | ((dev >> 32n) & ~0xfffn);
    const minor = (dev & 0xffn) | ((dev >> 12n) & ~0xffn);
    const hex = (part: bigint): string => part.toString(16).padStart(2, "0");
    const device = `${hex(major)}:${hex(minor)}:${ino}`;
    return readFileSync("/proc/locks", "utf8")
      .split("\n")
      .some((line) => / (?:POSIX|OFDLCK) /.test(line) && line.includes(` ${device} `));
  } catch {
    return false;
  }
}
