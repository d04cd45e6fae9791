import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import { quote } from "../../protocol/printable.ts";
import { FetchError, timedOut } from "./fetch-error.ts";
import { limitPace } from "./limit-pace.ts";
import { sendRequest } from "./send-request.ts";

/** Limits of one GET. Times are in milliseconds. */
export interface HttpGetOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** Until the answer's head has come, redirects included. */
  readonly headTimeout?: number;
  /** Between two pieces of the body. */
  readonly idleTimeout?: number;
  /** For all of it, body included. Absent: as long as the body keeps its pace. */
  readonly totalTimeout?: number;
  /** Least bytes a second, over each `idleTimeout`; slower is an attack or as bad as one. */
  readonly minBytesPerSecond?: number;
  readonly signal?: AbortSignal;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Ends with a `FetchError` when a limit is passed. Must be read or destroyed. */
  readonly body: Readable;
  /** The address that answered, after redirects. */
  readonly url: URL;
}

const MAX_REDIRECTS = 5;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
export const HEAD_TIMEOUT = 15_000;
const IDLE_TIMEOUT = 30_000;
const MIN_BYTES_PER_SECOND = 100;

/**
 * GET over HTTP or HTTPS with a deadline for each step. Follows up to five redirects, and never one from https to
 * http. Whatever the status is, it is returned: what it means is for the caller to say.
 *
 * @throws FetchError (also on the body's stream)
 */
export async function httpGet(url: URL, options: HttpGetOptions = {}): Promise<HttpResponse> {
  const { headTimeout = HEAD_TIMEOUT, totalTimeout } = options;
  const abort = new AbortController();
  const expire = (milliseconds: number, what: string) =>
    setTimeout(() => abort.abort(timedOut(url.host, milliseconds, what)), milliseconds);
  const headTimer = expire(headTimeout, "an answer");
  const totalTimer = totalTimeout === undefined ? undefined : expire(totalTimeout, "the whole answer");
  const outer = options.signal;
  const stop = () => abort.abort(outer?.reason);
  if (outer?.aborted === true) stop();
  outer?.addEventListener("abort", stop, { once: true });
  const release = () => {
    clearTimeout(totalTimer);
    outer?.removeEventListener("abort", stop);
  };
  try {
    const { response, url: answered } = await follow(url, options, abort.signal);
    const body = limitPace(response, {
      host: answered.host,
      idleTimeout: options.idleTimeout ?? IDLE_TIMEOUT,
      minBytesPerSecond: options.minBytesPerSecond ?? MIN_BYTES_PER_SECOND,
      signal: abort.signal,
    });
    body.once("close", release);
    return { status: response.statusCode ?? 0, headers: response.headers, body, url: answered };
  } catch (error) {
    release();
    throw error;
  } finally {
    clearTimeout(headTimer);
  }
}

async function follow(
  start: URL,
  options: HttpGetOptions,
  signal: AbortSignal,
): Promise<{ response: IncomingMessage; url: URL }> {
  let url = start;
  for (let redirects = 0; ; redirects++) {
    const response = await get(url, options, signal);
    const location = response.headers.location;
    if (!REDIRECTS.has(response.statusCode ?? 0) || location === undefined) return { response, url };
    response.destroy();
    if (redirects === MAX_REDIRECTS) {
      throw new FetchError(
        "fetch/bad-redirect",
        `${start.host}: expected at most ${MAX_REDIRECTS} redirects, got more`,
        {
          help: "ask whoever runs the server: its redirects go in a circle",
        },
      );
    }
    url = redirectTarget(url, location);
  }
}

function redirectTarget(from: URL, location: string): URL {
  const to = URL.canParse(location, from) ? new URL(location, from) : undefined;
  if (to !== undefined && (to.protocol === "https:" || to.protocol === from.protocol)) return to;
  const scheme = from.protocol.slice(0, -1);
  throw new FetchError(
    "fetch/bad-redirect",
    `${from.host}: expected a redirect to ${scheme}, got ${quote(location)}`,
    {
      help: "a redirect may not leave https; ask whoever runs the server",
    },
  );
}

async function get(
  url: URL,
  { headers = {} }: HttpGetOptions,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const sent = { method: "GET", headers, signal } as const;
  const answered = await sendRequest(url, { ...sent, connection: "any" });
  // A server closes idle connections when it likes, also at the moment at which one is used again. Nothing was
  // answered then, so a GET may simply be sent once more (RFC 9110, section 9.2.2).
  if (answered !== "stale-connection") return answered;
  const again = await sendRequest(url, { ...sent, connection: "fresh" });
  if (again !== "stale-connection") return again;
  throw new FetchError("fetch/connection-failed", `${url.host}: the connection was closed`);
}
