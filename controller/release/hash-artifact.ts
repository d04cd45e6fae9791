import { createHash, randomBytes } from "node:crypto";
import { createReadStream, rmSync, type Stats, statSync } from "node:fs";
import { open } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { TEMPORARY_SUFFIX } from "../files/replace-file.ts";
import { ReleaseError } from "./release-error.ts";

export interface HashedFile {
  /** Bytes. */
  readonly size: number;
  readonly sha256: string;
}

/** How far the reading is, and whether it should stop. */
export interface Reading {
  /** Called with the number of bytes of each piece. */
  readonly onBytes: (count: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Size and SHA-256 of a file, read in pieces.
 *
 * @throws ReleaseError `release/bad-artifact`: not a regular file, or empty
 */
export async function hashArtifact(path: string, reading: Reading): Promise<HashedFile> {
  artifactSize(path);
  return readThrough(path, reading, async () => {});
}

/**
 * Copies a file to a temporary one beside `destination`, hashing what is written: the digest is that of the copy,
 * whatever happens to the original meanwhile.
 *
 * @throws ReleaseError `release/bad-artifact`; nothing is left behind
 */
export async function copyArtifact(
  path: string,
  destination: string,
  reading: Reading,
): Promise<HashedFile & { readonly temporary: string }> {
  artifactSize(path);
  const unique = randomBytes(6).toString("hex");
  const temporary = join(dirname(destination), `.${basename(destination)}.${unique}${TEMPORARY_SUFFIX}`);
  const handle = await open(temporary, "wx", statSync(path).mode & 0o777);
  try {
    const hashed = await readThrough(path, reading, async (chunk) => {
      await handle.writeFile(chunk);
    });
    await handle.sync();
    return { ...hashed, temporary };
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
}

async function readThrough(
  path: string,
  { onBytes, signal }: Reading,
  write: (chunk: Buffer) => Promise<void>,
): Promise<HashedFile> {
  const hash = createHash("sha256");
  let size = 0;
  for await (const chunk of createReadStream(path, signal === undefined ? {} : { signal })) {
    hash.update(chunk);
    await write(chunk);
    size += chunk.length;
    onBytes(chunk.length);
  }
  return { size, sha256: hash.digest("hex") };
}

/**
 * Bytes of a file that is to be released.
 *
 * @throws ReleaseError `release/bad-artifact`: not a regular file, or empty
 */
export function artifactSize(path: string): number {
  let stats: Stats;
  try {
    stats = statSync(path);
  } catch (cause) {
    throw new ReleaseError("release/bad-artifact", `\`${path}\` cannot be read`, { cause });
  }
  if (!stats.isFile()) throw new ReleaseError("release/bad-artifact", `\`${path}\` is not a file`);
  if (stats.size === 0) throw new ReleaseError("release/bad-artifact", `\`${path}\` is empty`);
  return stats.size;
}
