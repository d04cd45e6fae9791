import { closeSync, constants, type Dirent, fstatSync, openSync, readdirSync, readSync } from "node:fs";
import { join } from "node:path";
import { blobId } from "./blob-id.ts";
import type { IrregularEntry, Snapshot, SnapshotFile } from "./snapshot.ts";
import { SourceError } from "./source-error.ts";
import {
  byPath,
  isBadName,
  isNamedAsState,
  limitFor,
  SNAPSHOT_LIMITS,
  type SnapshotLimits,
} from "./state-file.ts";

/** Folders that are never part of the state, whatever git knows of them. */
const PASSED_OVER = new Set(["node_modules", "artifacts"]);

/**
 * Reads the state root as it lies on disk, saved or not committed: the editing mode. The shape and the limits are
 * those of a commit; `committedAt` is `now`, in seconds since 1970.
 *
 * @throws SourceError `source/path-not-found`
 */
export async function readWorktreeSnapshot(
  root: string,
  now: number,
  limits: SnapshotLimits = SNAPSHOT_LIMITS,
): Promise<Snapshot> {
  const paths: string[] = [];
  const irregular: IrregularEntry[] = [];
  collect(root, "", paths, irregular, limits.files);
  const files: SnapshotFile[] = [];
  const small = new SmallFiles();
  if (paths.length > limits.files) {
    irregular.push({ path: "", kind: "too-many", size: paths.length, limit: limits.files });
  } else {
    for (const path of paths) {
      const entry = readEntry(root, path, limitFor(path, limits), small);
      if (entry === undefined) continue;
      if ("kind" in entry) irregular.push(entry);
      else files.push(entry);
    }
  }
  files.sort(byPath);
  irregular.sort(byPath);
  return { commit: "worktree", committedAt: now, files, irregular };
}

/** Synchronous for the reason that {@link readEntry} has. */
function collect(
  root: string,
  folder: string,
  paths: string[],
  irregular: IrregularEntry[],
  maxFiles: number,
): void {
  for (const entry of entriesOf(join(root, folder))) {
    if (paths.length > maxFiles) return;
    if (entry.name.startsWith(".") || (entry.isDirectory() && PASSED_OVER.has(entry.name))) continue;
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (isBadName(entry.name)) irregular.push({ path, kind: "bad-name" });
    else if (entry.isSymbolicLink()) irregular.push({ path, kind: "symlink" });
    else if (entry.isDirectory()) collect(root, path, paths, irregular, maxFiles);
    else if (entry.isFile() && isNamedAsState(path)) paths.push(path);
  }
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (cause) {
    throw new SourceError("source/path-not-found", `\`${folder}\` cannot be listed`, { cause });
  }
}

/**
 * Undefined for a file that went away meanwhile, as editors do while they save. Synchronous on purpose: for thousands
 * of small files a round through the thread pool costs several times the read itself.
 */
function readEntry(
  root: string,
  path: string,
  limit: number,
  small: SmallFiles,
): SnapshotFile | IrregularEntry | undefined {
  let file: number;
  try {
    file = openSync(`${root}/${path}`, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
    if (code === "ENOENT") return undefined;
    if (code === "ELOOP") return { path, kind: "symlink" };
    throw new SourceError("source/path-not-found", `\`${path}\` cannot be read`, { cause });
  }
  try {
    const latin1 = small.read(file);
    if (latin1 !== undefined && latin1.length <= limit) return new SmallFile(path, latin1);
    const { size } = fstatSync(file);
    if (size > limit) return { path, kind: "too-large", size, limit };
    // One byte more than allowed, so that a file that grows while it is read is noticed.
    const buffer = Buffer.allocUnsafe(Math.min(limit, size) + 1);
    let length = 0;
    while (length < buffer.length) {
      const bytesRead = readSync(file, buffer, length, buffer.length - length, length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    const bytes = Buffer.from(buffer.subarray(0, Math.min(length, size)));
    return { path, blob: blobId(bytes), bytes };
  } finally {
    closeSync(file);
  }
}

/** Bytes that a file has at most to be read at once. */
const SMALL_FILE_BYTES = 16 * 1024;

/**
 * Reads files that are small, as nearly all are, into the same piece of memory, and keeps their text: of 10,000 files,
 * asking for the length of each, memory for each and a copy of it cost as much as reading them.
 */
class SmallFiles {
  private readonly buffer = Buffer.allocUnsafeSlow(SMALL_FILE_BYTES);

  /** @returns the file as Latin-1; undefined for one that is not small */
  read(file: number): string | undefined {
    // A regular file gives all that it has, unless it has more.
    const length = readSync(file, this.buffer, 0, SMALL_FILE_BYTES, 0);
    return length === SMALL_FILE_BYTES ? undefined : this.buffer.toString("latin1", 0, length);
  }
}

/** A file whose bytes and id are made when somebody asks: of most, checking them takes the text alone. */
class SmallFile implements SnapshotFile {
  readonly path: string;
  readonly latin1: string;
  private knownBytes: Buffer | undefined;
  private knownBlob: string | undefined;

  constructor(path: string, latin1: string) {
    this.path = path;
    this.latin1 = latin1;
  }

  get bytes(): Buffer {
    this.knownBytes ??= Buffer.from(this.latin1, "latin1");
    return this.knownBytes;
  }

  get blob(): string {
    this.knownBlob ??= blobId(this.bytes);
    return this.knownBlob;
  }
}
