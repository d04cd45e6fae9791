import { closeSync, constants, fstatSync, openSync, readSync, statSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { errnoOf } from "../files/errno.ts";
import { homeError } from "../home/home-error.ts";
import { logFiles } from "./log-file.ts";

const READ_BYTES = 64 * 1024;
const MOST_LINE_BYTES = 64 * 1024;
/** Milliseconds between two looks while following. */
const LOOK_EVERY = 200;

/**
 * The lines of a log, oldest first, through its rotated files.
 *
 * @param caughtUp called once all that was there has been given
 * @param follow goes on with what is written later, through rotations, until it ends
 * @throws HomeError where the log is there and cannot be read
 */
export async function* readLog(
  path: string,
  caughtUp: () => void,
  follow?: AbortSignal,
): AsyncGenerator<string> {
  for (const older of logFiles(path).slice(0, -1)) yield* linesOf(older);
  let tail = Tail.open(path);
  try {
    yield* tail?.read() ?? [];
    caughtUp();
    for (;;) {
      yield* tail?.read() ?? [];
      if (follow === undefined || follow.aborted) return;
      if (tail === undefined || tail.isLeft(path)) {
        // What was written between the last read and the rotation.
        yield* tail?.read() ?? [];
        tail?.close();
        tail = Tail.open(path);
        if (tail !== undefined) continue;
      }
      await sleep(LOOK_EVERY, undefined, { signal: follow }).catch(() => undefined);
    }
  } finally {
    tail?.close();
  }
}

function linesOf(path: string): readonly string[] {
  const tail = Tail.open(path);
  if (tail === undefined) return [];
  try {
    return [...tail.read()];
  } finally {
    tail.close();
  }
}

/** An open file whose end moves. */
class Tail {
  private readonly descriptor: number;
  private readonly path: string;
  private offset = 0;
  private begun = Buffer.alloc(0);

  private constructor(descriptor: number, path: string) {
    this.descriptor = descriptor;
    this.path = path;
  }

  /** @returns `undefined` where there is no such file */
  static open(path: string): Tail | undefined {
    try {
      return new Tail(openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW), path);
    } catch (error) {
      if (errnoOf(error) === "ENOENT") return undefined;
      throw homeError(error, "read", path);
    }
  }

  close(): void {
    closeSync(this.descriptor);
  }

  /** Whether another file stands at the path now. */
  isLeft(path: string): boolean {
    const ours = fstatSync(this.descriptor);
    const there = statSync(path, { throwIfNoEntry: false });
    return there === undefined || there.ino !== ours.ino || there.dev !== ours.dev;
  }

  /** The whole lines that have come since the last call. */
  *read(): Generator<string> {
    const buffer = Buffer.alloc(READ_BYTES);
    for (;;) {
      const count = this.readInto(buffer);
      if (count === 0) return;
      this.offset += count;
      let bytes = Buffer.concat([this.begun, buffer.subarray(0, count)]);
      for (let end = bytes.indexOf(0x0a); end !== -1; end = bytes.indexOf(0x0a)) {
        yield bytes.subarray(0, end).toString("utf8");
        bytes = bytes.subarray(end + 1);
      }
      this.begun = bytes.length > MOST_LINE_BYTES ? Buffer.alloc(0) : bytes;
    }
  }

  private readInto(buffer: Buffer): number {
    try {
      return readSync(this.descriptor, buffer, 0, buffer.length, this.offset);
    } catch (error) {
      throw homeError(error, "read", this.path);
    }
  }
}
