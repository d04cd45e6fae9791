import type { IncomingMessage } from "node:http";
import { FetchError } from "./fetch-error.ts";
import { limitPace } from "./limit-pace.ts";
import { parseRetryAfter } from "./retry-after.ts";
import { sendRequest } from "./send-request.ts";

/** Limits of one POST. */
export interface HttpPostOptions {
  /** Milliseconds for all of it, both bodies included. */
  readonly timeout: number;
  /** Most bytes of the answer's body. */
  readonly maxBytes: number;
  readonly signal?: AbortSignal | undefined;
}

/** What is sent; made anew for each try, since a signature is good once. */
export interface PostMessage {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface PostAnswer<Message extends PostMessage> {
  /** The try that was answered. */
  readonly sent: Message;
  readonly status: number;
  /** Header fields by their names in lower case, each line as one value. */
  readonly fields: Readonly<Record<string, readonly string[] | undefined>>;
  /** As they came: nothing is decompressed. */
  readonly bytes: Buffer;
  /** Seconds that the server asks to wait. */
  readonly retryAfter?: number;
}

const MIN_BYTES_PER_SECOND = 100;

/**
 * POST over HTTP or HTTPS with one deadline for all of it. Follows no redirect. Whatever the status is, it is returned.
 *
 * @throws FetchError
 */
export async function httpPost<Message extends PostMessage>(
  url: URL,
  prepare: () => Message,
  { timeout, maxBytes, signal: outer }: HttpPostOptions,
): Promise<PostAnswer<Message>> {
  const abort = new AbortController();
  const timer = setTimeout(() => {
    const message = `${url.host}: expected an answer in ${timeout} ms, got none`;
    const help = "check the network between this machine and the server";
    abort.abort(new FetchError("fetch/timed-out", message, { help }));
  }, timeout);
  const stop = () => abort.abort(outer?.reason);
  outer?.addEventListener("abort", stop, { once: true });
  if (outer?.aborted === true) stop();
  try {
    const { response, sent } = await post(url, prepare, abort.signal);
    const bytes = await readBody(response, url, maxBytes, timeout, abort.signal);
    const retryAfter = parseRetryAfter(response.headers["retry-after"], Date.now() / 1000);
    return {
      ...{ sent, status: response.statusCode ?? 0, fields: response.headersDistinct, bytes },
      ...(retryAfter === undefined ? {} : { retryAfter }),
    };
  } finally {
    clearTimeout(timer);
    outer?.removeEventListener("abort", stop);
  }
}

async function post<Message extends PostMessage>(
  url: URL,
  prepare: () => Message,
  signal: AbortSignal,
): Promise<{ response: IncomingMessage; sent: Message }> {
  for (const connection of ["any", "fresh"] as const) {
    const sent = prepare();
    const headers = {
      ...sent.headers,
      "content-length": String(sent.body.length),
      "accept-encoding": "identity",
    };
    const response = await sendRequest(url, { method: "POST", headers, body: sent.body, signal, connection });
    if (response !== "stale-connection") return { response, sent };
  }
  throw new FetchError("fetch/connection-failed", `${url.host}: the connection was closed`);
}

async function readBody(
  response: IncomingMessage,
  url: URL,
  maxBytes: number,
  idleTimeout: number,
  signal: AbortSignal,
): Promise<Buffer> {
  const pace = { host: url.host, idleTimeout, minBytesPerSecond: MIN_BYTES_PER_SECOND, signal };
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of limitPace(response, pace) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) {
      throw new FetchError("fetch/too-large", `${url.host}: expected at most ${maxBytes} bytes, got more`, {
        help: "check that the address is right; a controller never answers with so much",
      });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}
