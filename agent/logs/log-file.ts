import {
  closeSync,
  constants,
  fstatSync,
  mkdirSync,
  openSync,
  renameSync,
  statSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { errnoOf } from "../files/errno.ts";

/** A file is left for the next one once it is this long. */
const MOST_BYTES = 1024 * 1024;
/** How many older ones stay beside it. */
const KEPT_FILES = 3;
/** A longer line is cut: one message must not push out all the others. */
const MOST_LINE_BYTES = 16 * 1024;

const APPEND = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW;

/** The files of a log, oldest first; any of them may be absent. */
export function logFiles(path: string): readonly string[] {
  const older = Array.from({ length: KEPT_FILES }, (_, index) => `${path}.${KEPT_FILES - index}`);
  return [...older, path];
}

/**
 * Appends lines to a log of bounded length. The daemon and commands write to one file at a time: each line is one
 * `write` at the end, and who finds that another process has rotated goes on in the new file.
 *
 * Never throws: on a full disk a line is lost, and nothing else.
 */
export class LogFile {
  private readonly path: string;
  private readonly mostBytes: number;
  private descriptor: number | undefined;

  constructor(path: string, mostBytes = MOST_BYTES) {
    this.path = path;
    this.mostBytes = mostBytes;
  }

  /** @param line without its end */
  append(line: string): void {
    try {
      const bytes = Buffer.from(`${cut(line)}\n`);
      writeSync(this.open(bytes.length), bytes);
    } catch {
      // What happens on the machine counts for more than its log.
    }
  }

  close(): void {
    if (this.descriptor !== undefined) closeSync(this.descriptor);
    this.descriptor = undefined;
  }

  private open(more: number): number {
    if (this.descriptor !== undefined) {
      const ours = fstatSync(this.descriptor);
      const there = statSync(this.path, { throwIfNoEntry: false });
      if (there?.ino !== ours.ino || there.dev !== ours.dev) this.close();
    }
    let descriptor = this.descriptor ?? this.openPath();
    if (fstatSync(descriptor).size + more > this.mostBytes) {
      closeSync(descriptor);
      this.descriptor = undefined;
      this.rotate();
      descriptor = this.openPath();
    }
    this.descriptor = descriptor;
    return descriptor;
  }

  private openPath(): number {
    try {
      return openSync(this.path, APPEND, 0o600);
    } catch (error) {
      if (errnoOf(error) !== "ENOENT") throw error;
      mkdirSync(dirname(this.path), { mode: 0o700 });
      return openSync(this.path, APPEND, 0o600);
    }
  }

  private rotate(): void {
    const names = logFiles(this.path);
    for (const [index, older] of names.entries()) {
      const newer = names[index + 1];
      if (newer !== undefined && statSync(newer, { throwIfNoEntry: false }) !== undefined) {
        renameSync(newer, older);
      }
    }
  }
}

function cut(line: string): string {
  if (Buffer.byteLength(line) <= MOST_LINE_BYTES) return line;
  // Still one JSON object a line.
  return JSON.stringify({ cut: line.slice(0, MOST_LINE_BYTES / 4) });
}
