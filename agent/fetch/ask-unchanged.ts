import type { Socket } from "node:net";
import { timedOut } from "./fetch-error.ts";
import { asFetchError, USER_AGENT } from "./send-request.ts";

/** What an answer without a body of interest says. */
export interface BareAnswer {
  /** 304, or what speaks of trouble: 400 to 599. */
  readonly status: number;
  readonly etag?: string | undefined;
  readonly retryAfter?: string | undefined;
}

export interface AskUnchangedOptions {
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds until the head has come. */
  readonly headTimeout: number;
  readonly signal?: AbortSignal | undefined;
}

/** As node:http has it for this agent. */
const MOST_HEAD_BYTES = 16_384;
const HEAD_END = "\r\n\r\n";
/** RFC 9112, section 4. */
const STATUS_LINE = /^HTTP\/1\.1 ([1-5]\d\d)(?: [\t\x20-\x7e\x80-\xff]*)?$/;
/** RFC 9110, section 5. A line that goes on on the next one is none. */
const FIELD =
  /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[\t ]*((?:[\x21-\x7e\x80-\xff](?:[\t\x20-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?)?)[\t ]*$/;
const SENDABLE = /^[\x20-\x7e]*$/;

/**
 * One conditional GET over a connection of its own, of whose answer only the head is read: nearly all looks of a fleet
 * end with "unchanged", and node:http, whose code is a quarter of what such a look costs, is not needed to be told so.
 *
 * @returns `undefined` for everything that is not plainly 304, or a refusal: a body, a redirect, a head of another form.
 *   Then it is for node:http to ask again, and to say what is wrong
 * @throws FetchError where the network or the certificate stands in the way; the signal's reason
 */
export async function askUnchanged(url: URL, options: AskUnchangedOptions): Promise<BareAnswer | undefined> {
  const fields = Object.entries({ "user-agent": USER_AGENT, ...options.headers });
  const isSendable = fields.every(([, value]) => SENDABLE.test(value));
  const isPlain = url.username === "" && url.password === "" && /^https?:$/.test(url.protocol);
  if (!isSendable || !isPlain) return undefined;
  const lines = [["host", url.host], ["connection", "close"], ...fields].map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  const request = `GET ${url.pathname}${url.search} HTTP/1.1\r\n${lines.join("")}\r\n`;
  const deadline = new AbortController();
  const outer = options.signal;
  const stop = (): void => deadline.abort(outer?.reason);
  if (outer?.aborted === true) stop();
  outer?.addEventListener("abort", stop, { once: true });
  const { headTimeout } = options;
  const timer = setTimeout(() => deadline.abort(timedOut(url.host, headTimeout, "an answer")), headTimeout);
  try {
    const received = await exchange(url, request, deadline.signal);
    return received === undefined ? undefined : readBareAnswer(received);
  } finally {
    clearTimeout(timer);
    outer?.removeEventListener("abort", stop);
  }
}

/** @returns what came until the head was whole, as one character a byte; `undefined` where it never was */
function exchange(url: URL, request: string, signal: AbortSignal): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason);
      return;
    }
    const socket = connect(url, () => socket.write(request, "latin1"));
    let received = "";
    const settle = (end: () => void): void => {
      signal.removeEventListener("abort", stop);
      socket.destroy();
      end();
    };
    const stop = (): void => settle(() => reject(signal.reason));
    signal.addEventListener("abort", stop, { once: true });
    socket.on("data", (chunk: Buffer) => {
      received += chunk.toString("latin1");
      if (received.includes(HEAD_END)) settle(() => resolve(received));
      else if (received.length > MOST_HEAD_BYTES) settle(() => resolve(undefined));
    });
    socket.on("error", (error) => settle(() => reject(asFetchError(error, url, signal))));
    socket.on("close", () => settle(() => resolve(undefined)));
  });
}

/** @param then when it may be written to: with TLS, once the server has proven who it is */
function connect(url: URL, then: () => void): Socket {
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  const { connect, isIP } = process.getBuiltinModule("node:net");
  if (url.protocol === "http:") return connect({ host, port: Number(url.port || 80) }, then);
  const tls = process.getBuiltinModule("node:tls");
  const name = isIP(host) === 0 ? { servername: host } : {};
  return tls.connect({ host, port: Number(url.port || 443), ALPNProtocols: ["http/1.1"], ...name }, then);
}

/**
 * The head of an answer with which a look is over. Pure.
 *
 * @param received what came, as one character a byte
 * @returns `undefined` for all else
 */
export function readBareAnswer(received: string): BareAnswer | undefined {
  const end = received.indexOf(HEAD_END);
  const [first = "", ...lines] = received.slice(0, end).split("\r\n");
  const status = Number(STATUS_LINE.exec(first)?.[1] ?? 0);
  // 407 is a proxy's word. After a 304 nothing comes (RFC 9110, section 15.4.5).
  const isOver = status === 304 ? end + HEAD_END.length === received.length : status >= 400 && status !== 407;
  if (end < 0 || end > MOST_HEAD_BYTES || !isOver) return undefined;
  const fields = new Map<string, string>();
  for (const line of lines) {
    const [, name, value] = FIELD.exec(line) ?? [];
    if (name === undefined || value === undefined) return undefined;
    const key = name.toLowerCase();
    if (key === "transfer-encoding" || key === "upgrade") return undefined;
    // The body is not read; but a head that says two things of it is not plain.
    if (key === "content-length" && (fields.has(key) || !/^\d{1,9}$/.test(value))) return undefined;
    if (!fields.has(key)) fields.set(key, value);
  }
  return { status, etag: fields.get("etag"), retryAfter: fields.get("retry-after") };
}
