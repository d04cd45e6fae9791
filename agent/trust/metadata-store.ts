import { randomBytes } from "node:crypto";
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { printable } from "../../protocol/printable.ts";
import { TrustError } from "./trust-error.ts";

const TEMPORARY = ".tmp-";
const STALE_AFTER_MS = 3_600_000;

/**
 * Verified files in a directory of the agent's own: `root.json`, `timestamp.json`, ... byte for byte as received. A
 * file is old or new, never partial, whenever the process or the power ends: written aside, synced, renamed, and the
 * directory synced.
 */
export class MetadataStore {
  private readonly directory: string;

  /** @throws TrustError `trust/store-unusable` */
  constructor(directory: string) {
    this.directory = directory;
    this.attempt("opened", () => {
      makeFolder(directory);
      this.sweep();
    });
  }

  /** The bytes of a file; `undefined` where there is none or it is larger than any that we would have written. */
  read(name: string, maxBytes: number): Buffer | undefined {
    return this.attempt("read", () => {
      let descriptor: number;
      try {
        descriptor = openSync(join(this.directory, name), constants.O_RDONLY | constants.O_NOFOLLOW);
      } catch (error) {
        if (errorCode(error) === "ENOENT") return undefined;
        throw error;
      }
      try {
        return fstatSync(descriptor).size > maxBytes ? undefined : readFileSync(descriptor);
      } finally {
        closeSync(descriptor);
      }
    });
  }

  write(name: string, bytes: Uint8Array): void {
    this.attempt("written", () => {
      const path = join(this.directory, name);
      const temporary = join(dirname(path), `${TEMPORARY}${randomBytes(8).toString("hex")}`);
      try {
        writeSynced(temporary, bytes);
        renameSync(temporary, path);
      } catch (error) {
        rmSync(temporary, { force: true });
        throw error;
      }
      syncDirectory(dirname(path));
    });
  }

  remove(name: string): void {
    this.attempt("written", () => {
      rmSync(join(this.directory, name), { force: true });
      syncDirectory(this.directory);
    });
  }

  /** Removes the files that are not wanted; what another process is writing is not asked about. */
  keep(isWanted: (name: string) => boolean): void {
    this.attempt("written", () => {
      const unwanted = readdirSync(this.directory).filter(
        (name) => !name.startsWith(TEMPORARY) && !isWanted(name),
      );
      for (const name of unwanted) rmSync(join(this.directory, name), { force: true });
      if (unwanted.length > 0) syncDirectory(this.directory);
    });
  }

  /** Takes away what a killed process left half-written; a younger file may be another process at work. */
  private sweep(): void {
    for (const name of readdirSync(this.directory)) {
      if (!name.startsWith(TEMPORARY)) continue;
      const path = join(this.directory, name);
      const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0);
      if (age > STALE_AFTER_MS) rmSync(path, { force: true });
    }
  }

  private attempt<T>(what: string, action: () => T): T {
    try {
      return action();
    } catch (cause) {
      const message = cause instanceof Error ? cause.message : String(cause);
      throw new TrustError(
        "trust/store-unusable",
        `the metadata store ${this.directory} cannot be ${what}: ${printable(message)}`,
        { cause, help: remedyFor(errorCode(cause), this.directory) },
      );
    }
  }
}

function makeFolder(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  } catch (error) {
    // Node's recursive mkdir says ENOENT on a read-only disk; a plain one of the first missing folder says why.
    let missing = directory;
    while (!existsSync(dirname(missing)) && dirname(missing) !== missing) missing = dirname(missing);
    mkdirSync(missing, { mode: 0o700 });
    throw error;
  }
}

function remedyFor(code: unknown, directory: string): string {
  switch (code) {
    case "ENOSPC":
    case "EDQUOT":
      return `make room on the disk of ${directory}; the agent tries again by itself`;
    case "EROFS":
      return `the disk of ${directory} is mounted read-only: mount it writable, or look why the system did not`;
    case "EACCES":
    case "EPERM":
      return `give ${directory} to the user that the agent runs as`;
    case "EIO":
      return `the disk of ${directory} fails: check it`;
    default:
      return `check the free space and the rights of ${directory}`;
  }
}

function writeSynced(path: string, bytes: Uint8Array): void {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
  const descriptor = openSync(path, flags, 0o600);
  try {
    writeFileSync(descriptor, bytes);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** A directory cannot be opened for this on Windows, where the rename is durable without. */
function syncDirectory(path: string): void {
  if (process.platform === "win32") return;
  const descriptor = openSync(path, constants.O_RDONLY);
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function errorCode(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
