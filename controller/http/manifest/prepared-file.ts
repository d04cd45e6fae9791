import { promisify } from "node:util";
import { type BrotliOptions, brotliCompress, brotliCompressSync, constants, gzip, gzipSync } from "node:zlib";
import { sha256Hex } from "../../../protocol/digest.ts";
import { matchesEntityTag } from "./conditional.ts";

/** Files smaller than this gain nothing from being compressed. */
const MIN_COMPRESSED_BYTES = 256;

type Encoding = "identity" | "gzip" | "br";

/** One encoding of a file: bytes and all headers, made once and written as they are to every client. */
interface Representation {
  readonly etag: string;
  readonly bytes: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  /** For a 304: the same without what describes a body. */
  readonly unchangedHeaders: Readonly<Record<string, string>>;
}

/** A file of the manifest, ready to be served. */
export interface PreparedFile {
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

/** Compresses a file and writes its headers ahead. Each encoding has a strong entity tag of its own. */
export async function prepareFile(
  bytes: Buffer,
  contentType: string,
  cacheControl: string,
): Promise<PreparedFile> {
  const represent = representer(sha256Hex(bytes), contentType, cacheControl);
  const identity = represent("identity", bytes);
  if (bytes.length < MIN_COMPRESSED_BYTES) return { representations: { identity } };
  const [gzipped, brotli] = await Promise.all([
    promisify(gzip)(bytes, GZIP),
    promisify(brotliCompress)(bytes, brotliFor(bytes)),
  ]);
  return {
    representations: { identity, gzip: represent("gzip", gzipped), br: represent("br", brotli) },
  };
}

/** The same for a small file that hardly anybody asks for: each encoding is made when the first client wants it. */
export function prepareLazily(bytes: Buffer, contentType: string, cacheControl: string): PreparedFile {
  const represent = representer(sha256Hex(bytes), contentType, cacheControl);
  const identity = represent("identity", bytes);
  if (bytes.length < MIN_COMPRESSED_BYTES) return { representations: { identity } };
  let gzipped: Representation | undefined;
  let brotli: Representation | undefined;
  return {
    representations: {
      identity,
      get gzip() {
        gzipped ??= represent("gzip", gzipSync(bytes, GZIP));
        return gzipped;
      },
      get br() {
        brotli ??= represent("br", brotliCompressSync(bytes, brotliFor(bytes)));
        return brotli;
      },
    },
  };
}

const GZIP = { level: 9 } as const;

function brotliFor({ length }: Buffer): BrotliOptions {
  return {
    params: { [constants.BROTLI_PARAM_QUALITY]: 6, [constants.BROTLI_PARAM_SIZE_HINT]: length },
  };
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
