import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { opendir, readFile, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import { POINTER_BYTES, parseLfsPointer } from "../artifacts/lfs-pointer.ts";
import { explainFileError } from "../files/system-error.ts";
import { SourceError } from "../source/source-error.ts";
import type { ArtifactListing, ListedArtifact } from "../state/artifact-listing.ts";

/** Files that are looked at; a folder with more is no artifact folder. */
const MOST_FILES = 200_000;

export interface ListOptions {
  /** Read every file for its hash; otherwise sizes alone are looked at. */
  readonly hash: boolean;
  /** Called with how many files are done. */
  readonly onProgress?: (done: number) => void;
}

/**
 * The files of an artifact folder.
 *
 * @throws SystemError where it cannot be read
 * @throws SourceError `source/limit-exceeded` where it has too many files
 */
export async function listArtifacts(
  folder: string,
  { hash, onProgress }: ListOptions,
): Promise<ArtifactListing> {
  const listing = new Map<string, ListedArtifact>();
  try {
    for await (const entry of await opendir(folder, { recursive: true })) {
      if (entry.isDirectory()) continue;
      if (listing.size >= MOST_FILES) throw tooMany(folder);
      const path = join(entry.parentPath, entry.name);
      const found = await lookAt(path, hash);
      if (found !== undefined) listing.set(relative(folder, path).replaceAll(sep, "/"), found);
      onProgress?.(listing.size);
    }
  } catch (error) {
    throw explainFileError(error, folder, "read");
  }
  return listing;
}

function tooMany(folder: string): SourceError {
  return new SourceError("source/limit-exceeded", `\`${folder}\` has more than ${MOST_FILES} files`, {
    help: "name the artifact folder itself with --artifacts",
  });
}

/** `undefined` for what is no file, a link that leads nowhere among them. */
async function lookAt(path: string, hash: boolean): Promise<ListedArtifact | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile() !== true) return undefined;
  const { size } = found;
  const pointer = size < POINTER_BYTES ? parseLfsPointer(await readFile(path)) : undefined;
  if (pointer !== undefined) return { size: pointer.size, sha256: pointer.oid };
  if (!hash) return { size };
  const digest = createHash("sha256");
  await pipeline(createReadStream(path), digest);
  return { size, sha256: digest.digest("hex") };
}
