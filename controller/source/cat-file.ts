import type { ChildProcess } from "node:child_process";
import { createHash, hash } from "node:crypto";
import { Socket } from "node:net";
import { spawnFailure, spawnGit } from "./git-process.ts";
import { killGroup } from "./process-group.ts";
import { SourceError } from "./source-error.ts";

export interface GitObject {
  /** Full object id. */
  readonly id: string;
  readonly type: string;
  /** Bytes that the object has. */
  readonly size: number;
  /** Absent when the object is larger than the caller's limit; it was skipped. */
  readonly bytes: Buffer | undefined;
}

interface Batch {
  readonly names: readonly string[];
  readonly maxBytes: number;
  readonly describe: (name: string) => string;
  readonly found: (GitObject | undefined)[];
  readonly resolve: (objects: (GitObject | undefined)[]) => void;
  readonly reject: (error: Error) => void;
}

/** Milliseconds without one byte from git before it is taken for hung. */
const STALL_MS = 30_000;
const MAX_HEADER = 8192;
const STARTS_WITH_ID = /^(?:[0-9a-f]{40}|[0-9a-f]{64})(?:[:~^]|$)/;
const NEWLINE = 0x0a;
const MOST_BYTES_COPIED = 64 * 1024;

/**
 * Reads objects through one `git cat-file --batch` process that stays open: a spawn for each file would cost a
 * hundred times as much. A process that died or hung is killed and the next read starts another.
 */
export class CatFile {
  private readonly gitDir: string;
  private child: ChildProcess | undefined;
  private queue: Batch[] = [];
  private parser = new ResponseParser();
  private stall: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(gitDir: string) {
    this.gitDir = gitDir;
  }

  /**
   * Reads objects by full id, also what one leads to (`<id>^{commit}`, `<commit>:<path>`); `undefined` stands for one
   * that does not exist. Objects above `maxBytes` are skipped and come without bytes. What comes is what its id says: git
   * itself does not look whether a file of its object store still holds what it was named after.
   *
   * @param describe what people call the object of a name; by its id when absent
   * @throws TypeError for anything that does not begin with a full id: git would guess what it means
   * @throws SourceError `source/git-missing`, `source/timeout`, `source/corrupt-repository`, `source/closed`
   */
  read(
    names: readonly string[],
    maxBytes: number,
    describe: (name: string) => string = (name) => `the object ${name}`,
  ): Promise<(GitObject | undefined)[]> {
    if (names.length === 0) return Promise.resolve([]);
    if (this.closed) return Promise.reject(new SourceError("source/closed", "the repository was closed"));
    return new Promise((resolve, reject) => {
      if (names.some((name) => name.includes("\n"))) {
        reject(new SourceError("source/path-not-found", "an object name cannot hold a line break"));
        return;
      }
      const short = names.find((name) => !STARTS_WITH_ID.test(name));
      if (short !== undefined) {
        reject(new TypeError(`\`${short}\` was to be read, which is no full object id`));
        return;
      }
      this.queue.push({ names, maxBytes, describe, found: [], resolve, reject });
      const child = this.child ?? this.start();
      child.stdin?.write(`${names.join("\n")}\n`);
      setReferenced(child, true);
      if (this.stall === undefined) this.watchStall();
    });
  }

  /** Ends the process; reads under way fail with `source/closed`. */
  close(): void {
    this.closed = true;
    this.fail(new SourceError("source/closed", "the repository was closed"));
  }

  private start(): ChildProcess {
    const child = spawnGit({ gitDir: this.gitDir, args: ["cat-file", "--batch"] }, "pipe");
    this.child = child;
    this.parser = new ResponseParser();
    let stderr = "";
    child.stderr?.on("data", (chunk: Buffer) => {
      if (stderr.length < MAX_HEADER) stderr += chunk.toString();
    });
    child.stdin?.on("error", () => {}); // EPIPE: `close` tells why
    child.stdout?.on("data", (chunk: Buffer) => {
      if (this.child === child) this.receive(chunk);
    });
    child.once("error", (cause: NodeJS.ErrnoException) => {
      if (this.child === child) this.fail(spawnFailure(cause));
    });
    child.once("close", () => {
      if (this.child !== child) return;
      const reason = stderr.trim().split("\n")[0] ?? "";
      this.fail(
        new SourceError("source/corrupt-repository", `git cat-file ended: ${reason || "no reason given"}`),
      );
    });
    return child;
  }

  private receive(chunk: Buffer): void {
    this.stall?.refresh();
    try {
      this.parser.push(chunk);
      for (let batch = this.queue[0]; batch !== undefined; batch = this.queue[0]) {
        if (!this.parser.fill(batch)) return;
        this.queue.shift();
        settle(batch);
      }
      this.clearStall();
      if (this.child !== undefined) setReferenced(this.child, false);
    } catch (error) {
      this.fail(error instanceof Error ? error : new SourceError("source/corrupt-repository", String(error)));
    }
  }

  private watchStall(): void {
    this.stall = setTimeout(() => {
      this.fail(new SourceError("source/timeout", `git cat-file gave nothing for ${STALL_MS} ms`));
    }, STALL_MS);
  }

  private clearStall(): void {
    clearTimeout(this.stall);
    this.stall = undefined;
  }

  private fail(error: Error): void {
    this.clearStall();
    const child = this.child;
    const queue = this.queue;
    this.child = undefined;
    this.queue = [];
    if (child !== undefined) killGroup(child);
    for (const batch of queue) batch.reject(error);
  }
}

/** Hands a batch back that is complete, unless one of its objects is not what its id says. */
function settle({ names, found, describe, resolve, reject }: Batch): void {
  const at = found.findIndex((object) => object !== undefined && !isSound(object));
  const damaged = found[at];
  if (damaged === undefined) {
    resolve(found);
    return;
  }
  const { id } = damaged;
  const what = describe(names[at] ?? id);
  reject(
    new SourceError(
      "source/corrupt-repository",
      `${what} is damaged in the repository: it is not what ${id} names`,
      {
        help: "`git fsck` lists what is damaged: fetch it again from a sound clone; of a mirror, delete its folder",
      },
    ),
  );
}

/** Whether the bytes have the object's id as their hash; also where they were skipped. */
function isSound({ id, type, bytes }: GitObject): boolean {
  if (bytes === undefined) return true;
  const algorithm = id.length === 64 ? "sha256" : "sha1";
  const header = Buffer.from(`${type} ${bytes.length}\0`, "latin1");
  // For a small object one call costs less; a folder of thousands is better not copied.
  return bytes.length > MOST_BYTES_COPIED
    ? createHash(algorithm).update(header).update(bytes).digest("hex") === id
    : hash(algorithm, Buffer.concat([header, bytes])) === id;
}

/** Lets node exit while git is idle, so that a finished command does not hang. Git then ends with its input. */
function setReferenced(child: ChildProcess, referenced: boolean): void {
  const verb = referenced ? "ref" : "unref";
  child[verb]();
  for (const stream of [child.stdin, child.stdout, child.stderr]) {
    if (stream instanceof Socket) stream[verb]();
  }
}

/** Cuts the answer stream (`<id> <type> <size>\n<bytes>\n`, or `<name> missing\n`) into objects. */
class ResponseParser {
  private pending: Buffer = Buffer.alloc(0);
  private header: { id: string; type: string; size: number } | undefined;
  private body: Buffer | undefined;
  private received = 0;

  push(chunk: Buffer): void {
    this.pending = this.pending.length === 0 ? chunk : Buffer.concat([this.pending, chunk]);
  }

  /** Adds what has arrived to the batch; true when the batch is complete. */
  fill(batch: Batch): boolean {
    let at = 0;
    while (batch.found.length < batch.names.length) {
      if (this.header === undefined) {
        const end = this.pending.indexOf(NEWLINE, at);
        if (end === -1) {
          if (this.pending.length - at > MAX_HEADER) throw unexpected("an endless header");
          break;
        }
        const line = this.pending.toString("latin1", at, end);
        at = end + 1;
        const header = parseHeader(line);
        if (header === undefined) {
          batch.found.push(undefined);
          continue;
        }
        this.header = header;
        this.body = this.header.size <= batch.maxBytes ? Buffer.allocUnsafe(this.header.size) : undefined;
        this.received = 0;
      }
      const { size } = this.header;
      const take = Math.min(size - this.received, this.pending.length - at);
      if (this.body !== undefined) this.pending.copy(this.body, this.received, at, at + take);
      this.received += take;
      at += take;
      if (this.received < size || at >= this.pending.length) break;
      at += 1; // the line feed after each body
      batch.found.push({ ...this.header, bytes: this.body });
      this.header = undefined;
      this.body = undefined;
    }
    this.pending = this.pending.subarray(at);
    return batch.found.length === batch.names.length;
  }
}

/** Undefined for an object that does not exist. Runs for each file of a snapshot, hence no regular expression. */
function parseHeader(line: string): { id: string; type: string; size: number } | undefined {
  if (line.endsWith(" missing") || line.endsWith(" ambiguous")) return undefined;
  const first = line.indexOf(" ");
  const second = line.indexOf(" ", first + 1);
  const size = Number(line.slice(second + 1));
  if (first < 40 || second === -1 || !Number.isSafeInteger(size)) throw unexpected(line.slice(0, 200));
  return { id: line.slice(0, first), type: line.slice(first + 1, second), size };
}

function unexpected(line: string): SourceError {
  return new SourceError("source/corrupt-repository", `git cat-file answered \`${line}\``);
}
