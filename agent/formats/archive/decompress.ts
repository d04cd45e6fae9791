import { fstatSync, readSync } from "node:fs";
import { Readable, type Transform } from "node:stream";
import { constants, createGunzip, createInflateRaw, createZstdDecompress } from "node:zlib";
import { errnoOf } from "../../files/errno.ts";
import { InstallError } from "../../installation/install-error.ts";
import { badArchive } from "./archive-entry.ts";

const PIECE_BYTES = 256 * 1024;
/** 128 MiB, what the zstd program decompresses without being told that it may: the memory that an archive can ask for. */
const WINDOW_LOG = 27;

export type Compression = "stored" | "deflate" | "gzip" | "zstd";

/**
 * Part of an open file, decompressed in pieces.
 *
 * @param start,end bytes of the file
 * @throws InstallError `install/bad-archive`, on the iterator, for what cannot be decompressed; the file system's errors
 */
export async function* decompress(
  descriptor: number,
  compression: Compression,
  start = 0,
  end = fstatSync(descriptor).size,
): AsyncGenerator<Buffer> {
  const decoder = decoderOf(compression);
  if (decoder === undefined) {
    yield* readPieces(descriptor, start, end);
    return;
  }
  const source = Readable.from(readPieces(descriptor, start, end), { objectMode: false });
  source.once("error", (error) => decoder.destroy(error));
  try {
    yield* source.pipe(decoder);
  } catch (error) {
    throw errnoOf(error) === undefined ? asInstallError(error) : error;
  } finally {
    source.destroy();
    decoder.destroy();
  }
}

function decoderOf(compression: Compression): Transform | undefined {
  switch (compression) {
    case "stored":
      return undefined;
    case "deflate":
      return createInflateRaw({ chunkSize: PIECE_BYTES });
    case "gzip":
      return createGunzip({ chunkSize: PIECE_BYTES });
    case "zstd":
      return createZstdDecompress({
        chunkSize: PIECE_BYTES,
        params: { [constants.ZSTD_d_windowLogMax]: WINDOW_LOG },
      });
  }
}

function* readPieces(descriptor: number, start: number, end: number): Generator<Buffer> {
  for (let at = start; at < end; ) {
    const piece = Buffer.allocUnsafe(Math.min(PIECE_BYTES, end - at));
    const count = readSync(descriptor, piece, 0, piece.length, at);
    if (count === 0) return;
    at += count;
    yield piece.subarray(0, count);
  }
}

/** A machine that is short of memory is nothing that speaks against the archive. */
function asInstallError(error: unknown): InstallError {
  if (error instanceof InstallError) return error;
  const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
  if (!/MEM|memory_allocation|INITIALIZATION/.test(code)) {
    return badArchive("cannot be decompressed", { got: code });
  }
  return new InstallError("install/io-error", `this machine has too little memory to unpack (${code})`, {
    help: "free memory; the agent tries again at its next check",
    cause: error,
  });
}
