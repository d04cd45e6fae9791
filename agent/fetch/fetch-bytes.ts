import type { Readable } from "node:stream";
import { quote } from "../../protocol/printable.ts";
import { askUnchanged, type BareAnswer } from "./ask-unchanged.ts";
import { FetchError } from "./fetch-error.ts";
import { HEAD_TIMEOUT, type HttpGetOptions, httpGet } from "./http-get.ts";
import { mayBeProxied } from "./proxy.ts";
import { parseRetryAfter } from "./retry-after.ts";
import { usesNodeHttp } from "./send-request.ts";

export interface FetchBytesOptions extends HttpGetOptions {
  /** Most bytes of the body, after decompression. */
  readonly maxBytes: number;
  /** Makes the GET conditional (RFC 9110, section 13.1.2). */
  readonly etag?: string;
}

export interface FetchedBytes {
  readonly status: number;
  readonly etag?: string;
  /** The body of a 200; empty for every other status. */
  readonly bytes: Buffer;
  /** Seconds that the server asks to wait. */
  readonly retryAfter?: number;
}

const TOTAL_TIMEOUT = 60_000;
const MAX_DISCARDED_BYTES = 16 * 1024;

/** What `fetchBytes` is, for those that take it as an argument. */
export type FetchBytes = (url: URL, options: FetchBytesOptions) => Promise<FetchedBytes>;

/**
 * A small file, whole in memory, compressed on the way where the server can.
 *
 * @throws FetchError `fetch/too-large` for one byte more than `maxBytes`, and what `httpGet` throws
 */
export async function fetchBytes(url: URL, options: FetchBytesOptions): Promise<FetchedBytes> {
  const headers = {
    "accept-encoding": "br, gzip",
    ...(options.etag === undefined ? {} : { "if-none-match": options.etag }),
    ...options.headers,
  };
  const bare = await askBarely(url, headers, options);
  if (bare !== undefined) return bare;
  const response = await httpGet(url, { totalTimeout: TOTAL_TIMEOUT, ...options, headers });
  const { etag, "retry-after": retryAfter } = response.headers;
  const head = headOf({ status: response.status, etag, retryAfter });
  if (response.status !== 200) {
    await discard(response.body);
    return { ...head, bytes: Buffer.alloc(0) };
  }
  const encoding = response.headers["content-encoding"];
  return { ...head, bytes: await readDecoded(response.body, encoding, options.maxBytes, url.host) };
}

/** A conditional GET by a process that has needed node:http for nothing yet, and mostly will not. */
async function askBarely(
  url: URL,
  headers: Readonly<Record<string, string>>,
  { etag, headTimeout = HEAD_TIMEOUT, signal }: FetchBytesOptions,
): Promise<FetchedBytes | undefined> {
  if (etag === undefined || usesNodeHttp() || mayBeProxied()) return undefined;
  const answer = await askUnchanged(url, { headers, headTimeout, signal });
  return answer === undefined ? undefined : { ...headOf(answer), bytes: Buffer.alloc(0) };
}

/** What an answer says before its body. */
function headOf(answer: BareAnswer): Omit<FetchedBytes, "bytes"> {
  const { status, etag } = answer;
  const retryAfter = parseRetryAfter(answer.retryAfter, Date.now() / 1000);
  return {
    status,
    ...(etag === undefined ? {} : { etag }),
    ...(retryAfter === undefined ? {} : { retryAfter }),
  };
}

/** Reads a short body to its end, so that the connection serves the next request; a long one is cut off. */
async function discard(body: Readable): Promise<void> {
  let size = 0;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > MAX_DISCARDED_BYTES) return;
    }
  } catch (error) {
    // The status is known already; how its body ends changes nothing.
    if (!(error instanceof FetchError)) throw error;
  }
}

async function readDecoded(
  body: Readable,
  encoding: string | undefined,
  maxBytes: number,
  host: string,
): Promise<Buffer> {
  try {
    const decoder = decoderOf(encoding, host);
    if (decoder === undefined) return await readBounded(body, maxBytes, host);
    body.once("error", (error) => decoder.destroy(error));
    return await readBounded(body.pipe(decoder), maxBytes, host);
  } catch (error) {
    if (error instanceof FetchError) throw error;
    throw new FetchError("fetch/bad-encoding", `${host}: the ${quote(encoding ?? "")} body is damaged`, {
      cause: error,
      help: "a proxy on the way may rewrite answers; compare with another network",
    });
  } finally {
    body.destroy();
  }
}

/** Loaded where an answer is compressed: a quiet poll, whose answer is empty, does without. */
const zlib = () => process.getBuiltinModule("node:zlib");

function decoderOf(encoding: string | undefined, host: string) {
  switch (encoding) {
    case undefined:
    case "identity":
      return undefined;
    case "gzip":
      return zlib().createGunzip();
    case "br":
      return zlib().createBrotliDecompress();
    default:
      throw new FetchError(
        "fetch/bad-encoding",
        `${host}: expected br, gzip or no encoding, got ${quote(encoding)}`,
        {
          help: "a proxy on the way may rewrite answers; compare with another network",
        },
      );
  }
}

async function readBounded(body: Readable, maxBytes: number, host: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) {
      throw new FetchError("fetch/too-large", `${host}: expected at most ${maxBytes} bytes, got more`, {
        help: "check that the address is right; a repository never sends files of this size",
      });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}
