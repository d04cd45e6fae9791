import { lookup } from "node:dns";
import { readFileSync } from "node:fs";
import { Agent as HttpAgent, type IncomingMessage, request } from "node:http";
import { Agent as HttpsAgent, request as requestTls } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { getCACertificates } from "node:tls";
import { printable } from "../../protocol/printable.ts";
import { isPrivateAddress } from "./private-address.ts";

export interface Post {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The host may be at an address of this machine's own network. */
  readonly allowPrivate: boolean;
}

/** What came back. The text is the beginning of what was answered, and from a stranger. */
export type PostAnswer =
  | {
      readonly kind: "answered";
      readonly status: number;
      readonly retryAfter: string | undefined;
      readonly text: string;
    }
  /** `why` names the host and nothing else of the address, which may be a secret. */
  | { readonly kind: "unreachable"; readonly why: string };

/** Milliseconds for a question with its answer. */
const TIME_LIMIT_MS = 10_000;
/** Bytes of an answer that are kept; after as many more, the connection is cut. */
const KEPT_BYTES = 4096;
const MOST_BYTES = 64 * 1024;

/**
 * Sends JSON to hosts that somebody else runs, and is held up by none: one time limit over all, answers bounded, no redirect
 * is followed, and a name that leads to a private address is not connected to unless that is allowed. What the
 * environment names as a proxy is used; the proxy then says where it connects to.
 */
export class PostClient {
  private readonly http: HttpAgent;
  private readonly https: HttpsAgent;
  private readonly timeLimitMs: number;

  /** @param caFile PEM file of authorities that count beside the system's */
  constructor(caFile: string | undefined, timeLimitMs = TIME_LIMIT_MS) {
    const options = { keepAlive: false, maxSockets: 4, proxyEnv: process.env };
    this.http = new HttpAgent(options);
    const ca = caFile === undefined ? {} : { ca: [...getCACertificates(), readFileSync(caFile, "utf8")] };
    this.https = new HttpsAgent({ ...options, ...ca });
    this.timeLimitMs = timeLimitMs;
  }

  /** Never rejects. @param stop ends it early */
  async post(post: Post, stop?: AbortSignal): Promise<PostAnswer> {
    const limit = AbortSignal.timeout(this.timeLimitMs);
    const signal = stop === undefined ? limit : AbortSignal.any([limit, stop]);
    try {
      const answer = await this.send(post, signal);
      const { statusCode: status = 0, headers } = answer;
      // With the status the receiver has said all that counts; what it does not finish saying is let go.
      const text = await beginningOf(answer).catch(() => "");
      return { kind: "answered", status, retryAfter: headers["retry-after"], text };
    } catch (error) {
      const why = limit.aborted
        ? `no answer within ${this.timeLimitMs / 1000} s`
        : printable(error instanceof Error ? error.message || error.name : String(error), 200);
      return { kind: "unreachable", why: `\`${post.url.host}\` cannot be reached: ${why}` };
    }
  }

  close(): void {
    this.http.destroy();
    this.https.destroy();
  }

  private send({ url, headers, body, allowPrivate }: Post, signal: AbortSignal): Promise<IncomingMessage> {
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const host = url.hostname.replace(/^\[|\]$/g, "");
    if (!allowPrivate && isIP(host) !== 0 && isPrivateAddress(host)) throw privateAddress();
    const options = {
      method: "POST",
      headers: { ...headers, "content-length": String(Buffer.byteLength(body)) },
      signal,
      maxHeaderSize: 16_384,
      ...(allowPrivate ? {} : { lookup: publicLookup(host) }),
    };
    const asked =
      url.protocol === "https:"
        ? requestTls(url, { ...options, agent: this.https }, resolve)
        : request(url, { ...options, agent: this.http }, resolve);
    // `on`: a connection may fail again after its answer came.
    asked.on("error", reject);
    asked.end(body);
    return promise;
  }
}

/**
 * Looks `host` up and gives only public addresses; whatever else is looked up is a proxy. The address that is judged is the
 * one that is connected to, so that a name cannot change its mind in between.
 */
function publicLookup(host: string): LookupFunction {
  return (name, options, callback) => {
    lookup(name, { ...options, all: true }, (error, addresses) => {
      if (error !== null) {
        callback(error, []);
        return;
      }
      const found = name === host ? addresses.filter(({ address }) => !isPrivateAddress(address)) : addresses;
      const [first] = found;
      if (first === undefined) callback(privateAddress(), []);
      else if (options.all === true) callback(null, found);
      else callback(null, first.address, first.family);
    });
  };
}

function privateAddress(): Error {
  return new Error("its address is a private one, which `privateAddress: allow` has to allow");
}

async function beginningOf(answer: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let kept = 0;
  let read = 0;
  for await (const piece of answer) {
    const bytes = Buffer.from(piece);
    read += bytes.length;
    if (kept < KEPT_BYTES) {
      pieces.push(bytes);
      kept += bytes.length;
    }
    if (read > MOST_BYTES) {
      answer.destroy();
      break;
    }
  }
  return Buffer.concat(pieces).subarray(0, KEPT_BYTES).toString("utf8");
}
