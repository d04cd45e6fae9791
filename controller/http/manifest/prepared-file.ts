import { type BrotliOptions, brotliCompressSync, constants, gzipSync } from "node:zlib";
import { matchesEntityTag } from "./conditional.ts";

/** Files smaller than this gain nothing from being compressed. */
const MIN_COMPRESSED_BYTES = 256;

type Encoding = "identity" | "gzip" | "br";

/** The bytes of a file in each encoding that there is. */
export interface EncodedFile {
  readonly sha256: string;
  readonly identity: Buffer;
  readonly gzip?: Buffer;
  readonly br?: Buffer;
}

/** One encoding of a file: bytes and all headers, made once and written as they are to every client. */
interface Representation {
  readonly etag: string;
  readonly bytes: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  /** For a 304: the same without what describes a body. */
  readonly unchangedHeaders: Readonly<Record<string, string>>;
}

/** A file, ready to be served. */
export interface PreparedFile {
  readonly sha256: string;
  readonly representations: Readonly<Partial<Record<Encoding, Representation>>> & {
    readonly identity: Representation;
  };
}

/** What to write for one request. */
export interface PreparedAnswer {
  readonly status: 200 | 304;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | undefined;
}

/**
 * Compresses a file. It computes as long as that takes, and on no other thread: where it is called nobody waits for an
 * answer.
 */
export function encodeFile(identity: Buffer, sha256: string): EncodedFile {
  if (identity.length < MIN_COMPRESSED_BYTES) return { sha256, identity };
  return { sha256, identity, gzip: compressGzip(identity), br: compressBrotli(identity) };
}

/** Writes the headers of a file ahead. Each encoding has a strong entity tag of its own. */
export function prepareFile(
  { sha256, identity, gzip, br }: EncodedFile,
  cacheControl: string,
  contentType = "application/json",
): PreparedFile {
  const represent = representer(sha256, contentType, cacheControl);
  return {
    sha256,
    representations: {
      identity: represent("identity", identity),
      ...(gzip === undefined ? {} : { gzip: represent("gzip", gzip) }),
      ...(br === undefined ? {} : { br: represent("br", br) }),
    },
  };
}

/** The same for a small file that hardly anybody asks for: each encoding is made when the first client wants it. */
export function prepareLazily({ sha256, identity }: EncodedFile, cacheControl: string): PreparedFile {
  const represent = representer(sha256, "application/json", cacheControl);
  const plain = represent("identity", identity);
  if (identity.length < MIN_COMPRESSED_BYTES) return { sha256, representations: { identity: plain } };
  let gzipped: Representation | undefined;
  let brotli: Representation | undefined;
  return {
    sha256,
    representations: {
      identity: plain,
      get gzip() {
        gzipped ??= represent("gzip", compressGzip(identity));
        return gzipped;
      },
      get br() {
        brotli ??= represent("br", compressBrotli(identity));
        return brotli;
      },
    },
  };
}

function compressGzip(bytes: Buffer): Buffer {
  return gzipSync(bytes, { level: 9 });
}

function compressBrotli(bytes: Buffer): Buffer {
  const { length } = bytes;
  const options: BrotliOptions = {
    params: { [constants.BROTLI_PARAM_QUALITY]: 6, [constants.BROTLI_PARAM_SIZE_HINT]: length },
  };
  return brotliCompressSync(bytes, options);
}

function representer(sha256: string, contentType: string, cacheControl: string) {
  return (encoding: Encoding, encoded: Buffer): Representation => {
    const etag = `"${sha256.slice(0, 32)}${encoding === "identity" ? "" : `-${encoding}`}"`;
    const unchangedHeaders = { etag, "cache-control": cacheControl, vary: "Accept-Encoding" };
    const headers: Record<string, string> = {
      ...unchangedHeaders,
      "content-type": contentType,
      "content-length": String(encoded.length),
      "x-content-type-options": "nosniff",
    };
    if (encoding !== "identity") headers["content-encoding"] = encoding;
    return { etag, bytes: encoded, headers, unchangedHeaders };
  };
}

/** Chooses the encoding, and 304 where the client has it already. */
export function answerFor(
  file: PreparedFile,
  acceptEncoding: string | undefined,
  ifNoneMatch: string | undefined,
): PreparedAnswer {
  const { representations } = file;
  const chosen =
    (accepts(acceptEncoding, "br") && representations.br) ||
    (accepts(acceptEncoding, "gzip") && representations.gzip) ||
    representations.identity;
  if (matchesEntityTag(ifNoneMatch, chosen.etag)) {
    return { status: 304, headers: chosen.unchangedHeaders, body: undefined };
  }
  return { status: 200, headers: chosen.headers, body: chosen.bytes };
}

/** Whether `Accept-Encoding` names a coding and does not forbid it with `q=0` (RFC 9110, section 12.5.3). */
function accepts(header: string | undefined, coding: string): boolean {
  if (header === undefined || !header.includes(coding)) return false;
  return header.split(",").some((part) => {
    const [name = "", ...parameters] = part.split(";");
    if (name.trim().toLowerCase() !== coding) return false;
    return !parameters.some((parameter) => /^\s*q\s*=\s*0(\.0{0,3})?\s*$/i.test(parameter));
  });
}
