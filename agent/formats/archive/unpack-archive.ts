import { createHash } from "node:crypto";
import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  symlinkSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { CREATE_EXCLUSIVELY, replaceFile, syncFolder, writeAll } from "../../files/replace-file.ts";
import { requireSpace } from "../../installation/check-space.ts";
import { InstallError } from "../../installation/install-error.ts";
import { type ArchiveEntry, type ArchiveLimits, badArchive } from "./archive-entry.ts";
import { EntryNames } from "./entry-names.ts";
import { openArchive } from "./open-archive.ts";
import { encodeNote, NOTE, type UnpackedFile, type UnpackedLink } from "./version-files.ts";

/** What file systems take for each entry besides its bytes, at most. */
const ENTRY_OVERHEAD = 8192;

export interface Unpacking {
  /** Made anew; on a kill it stays half-made, and its name says so. */
  readonly folder: string;
  /** The program, which an archive from a system without such bits does not call executable. */
  readonly executable: string;
  readonly limits: ArchiveLimits;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Unpacks an archive, and notes what came of it in the folder; all of it is then on disk for good. It is read twice: before
 * the first byte is written, every entry is known to be harmless, and that there is room for all of them.
 *
 * Files can be read and run by everybody and written by nobody: what a program writes belongs elsewhere, as its folder
 * goes when its version does.
 *
 * @throws InstallError `install/bad-archive`, `install/disk-full`, `install/aborted`; the file system's errors
 */
export async function unpackArchive(descriptor: number, unpacking: Unpacking): Promise<void> {
  const { folder, executable, limits, signal } = unpacking;
  const { bytes, entries } = await survey(descriptor, unpacking);
  requireSpace(dirname(folder), bytes + entries * ENTRY_OVERHEAD);
  makeFolder(folder);
  const files: UnpackedFile[] = [];
  const links: UnpackedLink[] = [];
  for await (const entry of checkedEntries(descriptor, limits, signal)) {
    const path = join(folder, entry.path);
    switch (entry.kind) {
      case "folder":
        makeFolder(path);
        break;
      case "file": {
        makeFolder(dirname(path));
        const mode = entry.executable || entry.path === executable ? 0o555 : 0o444;
        const sha256 = await writeFile(path, entry.content, mode, signal);
        files.push({ path: entry.path, size: entry.size, sha256 });
        break;
      }
      case "link":
        links.push({ path: entry.path, target: entry.target });
        break;
    }
  }
  // Last, so that nothing can have been written through one.
  for (const { path, target } of links) {
    makeFolder(dirname(join(folder, path)));
    symlinkSync(target, join(folder, path));
  }
  for (const { path } of files) syncFile(join(folder, path));
  replaceFile(join(folder, NOTE), encodeNote({ files, links }), 0o444);
  syncFolders(folder);
}

/** Reads the whole archive without writing anything. */
async function survey(
  descriptor: number,
  { executable, limits, signal }: Unpacking,
): Promise<{ readonly bytes: number; readonly entries: number }> {
  let bytes = 0;
  let entries = 0;
  let hasProgram = false;
  for await (const entry of checkedEntries(descriptor, limits, signal)) {
    entries++;
    if (entry.path === executable && entry.kind !== "folder") hasProgram = true;
    if (entry.kind !== "file") continue;
    bytes += entry.size;
    for await (const _ of entry.content) requireNotAborted(signal);
  }
  if (hasProgram) return { bytes, entries };
  throw badArchive("has no program where this machine expects it", { expected: `\`${executable}\`` });
}

/** Entries of an archive that is held to its limits, and in which each name stands for one thing. */
async function* checkedEntries(
  descriptor: number,
  limits: ArchiveLimits,
  signal: AbortSignal | undefined,
): AsyncGenerator<ArchiveEntry> {
  const names = new EntryNames(limits);
  const { size: archiveSize } = fstatSync(descriptor);
  const most = Math.min(limits.totalBytes, Math.max(limits.freeBytes, limits.ratio * archiveSize));
  let total = 0;
  for await (const entry of openArchive(descriptor, limits)) {
    requireNotAborted(signal);
    if (entry.path === NOTE) throw badArchive(`has a \`${NOTE}\`, which is the agent's own`);
    names.add(entry.path, entry.kind);
    if (entry.kind === "file") total += entry.size;
    if (total > most) {
      throw badArchive("is a bomb: it unpacks to far more than it is itself", {
        expected: `at most ${most} bytes from ${archiveSize}`,
        got: `at least ${total}`,
      });
    }
    yield entry;
  }
}

function requireNotAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new InstallError("install/aborted", "stopped while unpacking");
}

/** Also for who runs under a strict umask: whoever runs the program has to get there. */
function makeFolder(path: string): void {
  const made = mkdirSync(path, { recursive: true });
  if (made === undefined) return;
  for (let at = path; at.length >= made.length; at = dirname(at)) chmodSync(at, 0o755);
}

async function writeFile(
  path: string,
  content: AsyncIterable<Buffer>,
  mode: number,
  signal: AbortSignal | undefined,
): Promise<string> {
  const descriptor = openSync(path, CREATE_EXCLUSIVELY, 0o600);
  try {
    const hash = createHash("sha256");
    for await (const piece of content) {
      requireNotAborted(signal);
      hash.update(piece);
      writeAll(descriptor, piece);
    }
    fchmodSync(descriptor, mode);
    return hash.digest("hex");
  } finally {
    closeSync(descriptor);
  }
}

/** After all of them are written: the first of these calls takes most of the others' work along. */
function syncFile(path: string): void {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function syncFolders(folder: string): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (lstatSync(path).isDirectory()) syncFolders(path);
  }
  syncFolder(folder);
}
