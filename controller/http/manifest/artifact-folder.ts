import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, open, realpath } from "node:fs/promises";
import { join, sep } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { POINTER_BYTES, parseLfsPointer } from "../../artifacts/lfs-pointer.ts";
import type { PublishedArtifact } from "../../publish/published-manifest.ts";
import { HttpError } from "../http-error.ts";

/** A hosted file that is not what was signed. */
export interface DamagedArtifact {
  /** Its target path in the manifest. */
  readonly target: string;
  /** Below the artifact folder. */
  readonly path: string;
  /** What is wrong with it. */
  readonly problem: string;
}

/** What an artifact has to be, and where it lies below the folder. */
export interface WantedArtifact extends Pick<PublishedArtifact, "size" | "sha256"> {
  readonly target: string;
  readonly path: string;
}

/**
 * The hosted files of artifacts. A file is hashed when it is first asked for and whenever it has changed on disk since,
 * once however many ask meanwhile, and never on other requests. What is not the bytes that were signed is not served.
 */
export class ArtifactFolder {
  readonly kind = "here";
  private readonly folder: string;
  private readonly onChange: (damaged: readonly DamagedArtifact[]) => void;
  /** Digest of the file at a path, as long as its stamp stays the same. */
  private readonly digests = new Map<string, { readonly stamp: string; readonly sha256: string }>();
  /** Files that are being hashed, by path and stamp. */
  private readonly pending = new Map<string, Promise<string>>();
  private readonly damaged = new Map<string, DamagedArtifact>();

  /**
   * @param folder   absolute
   * @param onChange told all damaged artifacts whenever one is found, or found whole again
   */
  constructor(folder: string, onChange: (damaged: readonly DamagedArtifact[]) => void) {
    this.folder = folder;
    this.onChange = onChange;
  }

  /**
   * Opens an artifact whose bytes are those that were signed. Only what the manifest names gets here, and its file must
   * really lie in the folder: not by `..`, not through a link.
   *
   * @throws HttpError `http/artifact-missing`, `http/artifact-differs`
   */
  async open(wanted: WantedArtifact): Promise<FileHandle> {
    const handle = await openInside(this.folder, wanted.path);
    try {
      const problem = await this.problemOf(handle, wanted);
      this.record(wanted, problem);
      if (problem === undefined) return handle;
      throw new HttpError("http/artifact-differs", `the file of this artifact ${problem}`, {
        help: problem === UNFETCHED ? UNFETCHED_HELP : "put the released file back into the artifact folder",
      });
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  private async problemOf(handle: FileHandle, wanted: WantedArtifact): Promise<string | undefined> {
    const stamp = await settledStamp(handle);
    if (stamp.size !== BigInt(wanted.size)) {
      if (await isLfsPointer(handle, stamp.size)) return UNFETCHED;
      return `has ${stamp.size} bytes, and ${wanted.size} are signed`;
    }
    const sha256 = await this.digestOf(handle, wanted, stamp.text);
    return sha256 === wanted.sha256 ? undefined : "has another SHA-256 than was signed";
  }

  private async digestOf(handle: FileHandle, { path, size }: WantedArtifact, stamp: string): Promise<string> {
    const known = this.digests.get(path);
    if (known?.stamp === stamp) return known.sha256;
    const key = `${stamp} ${path}`;
    let pending = this.pending.get(key);
    if (pending === undefined) {
      pending = hashFile(handle, size).finally(() => this.pending.delete(key));
      this.pending.set(key, pending);
    }
    const sha256 = await pending;
    // One that was written to meanwhile is what it was hashed as by accident only: the next request looks again.
    if ((await stampOf(handle)).text === stamp) this.keep(path, stamp, sha256);
    return sha256;
  }

  private keep(path: string, stamp: string, sha256: string): void {
    this.digests.delete(path);
    this.digests.set(path, { stamp, sha256 });
    if (this.digests.size <= MOST_DIGESTS) return;
    const [oldest] = this.digests.keys();
    if (oldest !== undefined) this.digests.delete(oldest);
  }

  private record({ target, path }: WantedArtifact, problem: string | undefined): void {
    if (this.damaged.get(target)?.problem === problem) return;
    if (problem === undefined) this.damaged.delete(target);
    else this.damaged.set(target, { target, path, problem });
    this.onChange([...this.damaged.values()]);
  }
}

/** What a clone holds in the place of a file that Git LFS keeps, until somebody fetches it. */
const UNFETCHED = "is a Git LFS pointer: the file itself was not fetched";
const UNFETCHED_HELP =
  "run `git lfs pull` where the artifact folder is; of a remote, use `--artifacts git-lfs`";

async function isLfsPointer(handle: FileHandle, size: bigint): Promise<boolean> {
  if (size >= BigInt(POINTER_BYTES)) return false;
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(POINTER_BYTES), 0, POINTER_BYTES, 0);
  return parseLfsPointer(buffer.subarray(0, bytesRead)) !== undefined;
}

const MOST_DIGESTS = 100_000;

/** Small enough that other requests are answered between two pieces. */
const PIECE_BYTES = 256 * 1024;

async function hashFile(handle: FileHandle, size: number): Promise<string> {
  const hash = createHash("sha256");
  const piece = Buffer.allocUnsafe(Math.min(size, PIECE_BYTES));
  for (let at = 0; at < size; ) {
    const { bytesRead } = await handle.read(piece, 0, Math.min(piece.length, size - at), at);
    if (bytesRead === 0) break;
    hash.update(piece.subarray(0, bytesRead));
    at += bytesRead;
  }
  return hash.digest("hex");
}

interface Stamp {
  readonly size: bigint;
  /** Milliseconds since 1970. */
  readonly changedAt: number;
  /** Changes with the file. */
  readonly text: string;
}

async function stampOf(handle: FileHandle): Promise<Stamp> {
  const { dev, ino, size, mtimeNs, ctimeNs, ctimeMs } = await handle.stat({ bigint: true });
  return { size, changedAt: Number(ctimeMs), text: `${dev} ${ino} ${size} ${mtimeNs} ${ctimeNs}` };
}

/** The clock of a file system ticks up to 10 ms apart: two writes within a tick leave the same stamp. */
const TICK_MS = 20;

async function settledStamp(handle: FileHandle): Promise<Stamp> {
  const stamp = await stampOf(handle);
  const age = Date.now() - stamp.changedAt;
  if (age < 0 || age >= TICK_MS) return stamp;
  await sleep(TICK_MS);
  return stampOf(handle);
}

async function openInside(folder: string, path: string): Promise<FileHandle> {
  let handle: FileHandle;
  try {
    const root = await realpath(folder);
    const file = await realpath(join(root, path));
    if (!file.startsWith(root + sep)) throw missing(path);
    // Not to wait for a writer, should it be a pipe.
    handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    if (error instanceof HttpError) throw error;
    throw missing(path, error);
  }
  if ((await handle.stat()).isFile()) return handle;
  await handle.close();
  throw missing(path);
}

/** The path stays out of the answer: how an operator lays out the folder is not everybody's business. */
function missing(path: string, cause?: unknown): HttpError {
  return new HttpError(
    "http/artifact-missing",
    "this artifact is released, and its file is not hosted here",
    {
      help: "put it into the folder that `fairlead serve --artifacts` names",
      cause: cause ?? new Error(`nothing to serve at ${path}`),
    },
  );
}
