import { createHash } from "node:crypto";
import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { integer, list, object, oneOf, parseJson, type Reader, text } from "../../../protocol/read-json.ts";
import { hashDescriptor } from "../../files/hash-file.ts";

/** What an archive was unpacked to. */
export interface VersionFiles {
  readonly files: readonly UnpackedFile[];
  readonly links: readonly UnpackedLink[];
}

export interface UnpackedFile {
  /** Relative to the version's folder, with `/`. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  readonly sha256: string;
}

export interface UnpackedLink {
  readonly path: string;
  readonly target: string;
}

/** In each version's folder: what the agent unpacked there. No archive may have a file of this name. */
export const NOTE = ".fairlead-files.json";

const FORMAT_VERSION = 1;
const MOST_BYTES = 64 * 1024 * 1024;
const MOST_ENTRIES = 200_000;

const path = text({ max: 4096 });
const readNoteFields = object(
  {
    formatVersion: oneOf(FORMAT_VERSION),
    files: list(
      object({
        path,
        size: integer(0),
        sha256: text({ max: 64, form: /^[0-9a-f]{64}$/, what: "a SHA-256" }),
      }),
      MOST_ENTRIES,
    ),
    links: list(object({ path, target: path }), MOST_ENTRIES),
  },
  "ignore",
);
const readNote: Reader<VersionFiles> = (value, at) => readNoteFields(value, at);

export function encodeNote(unpacked: VersionFiles): string {
  return JSON.stringify({ formatVersion: FORMAT_VERSION, ...unpacked });
}

/**
 * Whether every file that was unpacked into a version's folder is still there as it was. Files that have come since are
 * the program's own, and not looked at.
 *
 * @returns what is wrong with it; `undefined`: nothing
 */
export function findDamage(folder: string): string | undefined {
  let note: VersionFiles;
  try {
    const file = join(folder, NOTE);
    if (lstatSync(file).size > MOST_BYTES) return "its list of files is too long";
    note = readNote(parseJson(readFileSync(file), MOST_BYTES), "");
  } catch {
    return "its list of files cannot be read";
  }
  for (const file of note.files) {
    if (!isAsUnpacked(join(folder, file.path), file)) return `\`${file.path}\` is not as it was unpacked`;
  }
  for (const { path, target } of note.links) {
    if (linkTarget(join(folder, path)) !== target) return `\`${path}\` is not as it was unpacked`;
  }
  return undefined;
}

function isAsUnpacked(path: string, { size, sha256 }: UnpackedFile): boolean {
  try {
    const descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const found = fstatSync(descriptor);
      if (!found.isFile() || found.size !== size) return false;
      const hash = createHash("sha256");
      hashDescriptor(descriptor, hash, size);
      return hash.digest("hex") === sha256;
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return false;
  }
}

function linkTarget(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
