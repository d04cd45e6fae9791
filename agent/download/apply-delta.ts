import { createHash } from "node:crypto";
import { closeSync, constants, createReadStream, fstatSync, openSync, readSync, rmSync } from "node:fs";
import { createZstdDecompress, constants as zlib } from "node:zlib";
import { CREATE_EXCLUSIVELY, writeAll } from "../files/replace-file.ts";

const PIECE_BYTES = 256 * 1024;
/** Of files: what is larger is downloaded whole. The older file, zstd's copy of it and its window are in memory. */
const LARGEST = 1024 ** 3;
const LEAST_WINDOW_LOG = 10;

/** A file as signed. */
export interface SignedFile {
  readonly size: number;
  readonly sha256: string;
}

/**
 * Whether this machine has the memory to make a file of `size` bytes out of one of `oldSize`.
 *
 * @param available bytes that the process may still take
 */
export function fitsInMemory(oldSize: number, size: number, available: number): boolean {
  if (oldSize > LARGEST || size > LARGEST) return false;
  // As much again would be taken from the product that runs beside.
  return 2 * (2 * oldSize + 2 ** windowLog(oldSize, size)) <= available;
}

function windowLog(oldSize: number, size: number): number {
  return Math.max(LEAST_WINDOW_LOG, Math.ceil(Math.log2(Math.max(oldSize, size, 2))));
}

/** An older file in memory, if it is the one that a delta was made from. */
export function readOldFile(path: string, sha256: string): Buffer | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
  try {
    const found = fstatSync(descriptor);
    if (!found.isFile() || !fitsInMemory(found.size, 0, process.availableMemory())) return undefined;
    const bytes = Buffer.allocUnsafe(found.size);
    for (let got = 0; got < bytes.length; ) {
      const count = readSync(descriptor, bytes, got, Math.min(PIECE_BYTES, bytes.length - got), got);
      if (count === 0) return undefined;
      got += count;
    }
    return createHash("sha256").update(bytes).digest("hex") === sha256 ? bytes : undefined;
  } catch {
    return undefined;
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Makes a file out of an older one and a delta (zstd with the older file as dictionary), in pieces.
 *
 * @param into made anew; what stands there gives way
 * @returns what is wrong with what came out, which is then not there; `undefined`: it is the signed file
 * @throws the file system's errors, and those of the signal
 */
export async function applyDelta(
  old: Buffer,
  delta: string,
  into: string,
  { size, sha256 }: SignedFile,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  rmSync(into, { force: true });
  const target = openSync(into, CREATE_EXCLUSIVELY, 0o600);
  let problem: string | undefined = "it was not finished";
  try {
    problem = await write(old, delta, target, { size, sha256 }, signal);
  } finally {
    closeSync(target);
    if (problem !== undefined) rmSync(into, { force: true });
  }
  return problem;
}

async function write(
  old: Buffer,
  delta: string,
  target: number,
  { size, sha256 }: SignedFile,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const source = createReadStream(delta);
  const decoder = createZstdDecompress({
    dictionary: old,
    chunkSize: PIECE_BYTES,
    params: { [zlib.ZSTD_d_windowLogMax]: windowLog(old.length, size) },
  });
  source.once("error", (error) => decoder.destroy(error));
  const hash = createHash("sha256");
  let got = 0;
  try {
    for await (const piece of source.pipe(decoder) as AsyncIterable<Buffer>) {
      signal?.throwIfAborted();
      got += piece.length;
      if (got > size) return `more than ${size} bytes come out`;
      hash.update(piece);
      writeAll(target, piece);
    }
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (/^(ZSTD_|Z_|ERR_ZLIB)/.test(code)) return `zstd refuses it (${code})`;
    throw error;
  } finally {
    source.destroy();
    decoder.destroy();
  }
  if (got !== size) return `${got} bytes come out, and ${size} are signed`;
  const digest = hash.digest("hex");
  return digest === sha256 ? undefined : `sha256 ${digest} comes out`;
}
