import { readFileSync } from "node:fs";
import { Agent as HttpAgent, type IncomingMessage, type RequestOptions, request } from "node:http";
import { Agent as HttpsAgent, request as requestTls } from "node:https";
import { getCACertificates } from "node:tls";
import { printable } from "../../protocol/printable.ts";
import { ArtifactError } from "./artifact-error.ts";

export interface WebRequest {
  readonly method: "GET" | "HEAD" | "POST";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Take a redirect for the answer. */
  readonly stay?: boolean;
  readonly signal: AbortSignal;
}

/** Milliseconds without a byte. */
const IDLE_MS = 30_000;
const MOST_REDIRECTS = 5;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** Headers that are for one server and not for where it sends us. */
const PRIVATE_HEADERS = ["authorization", "cookie"];

/** Asks the servers that artifacts come from, through the proxies that the environment names. */
export class WebClient {
  private readonly http: HttpAgent;
  private readonly https: HttpsAgent;

  /** @param caFile PEM file of authorities that count beside the system's: a bucket may have a public certificate */
  constructor(caFile: string | undefined) {
    const options = { keepAlive: true, maxSockets: 8, proxyEnv: process.env };
    this.http = new HttpAgent(options);
    const ca = caFile === undefined ? {} : { ca: [...getCACertificates(), readFileSync(caFile, "utf8")] };
    this.https = new HttpsAgent({ ...options, ...ca });
  }

  /**
   * Follows redirects of GET and HEAD, never one from https to http.
   *
   * @returns the answer, whatever its status; its body must be read or destroyed
   * @throws ArtifactError `artifact/unreachable`, `artifact/bad-answer`
   */
  async send(address: URL, wanted: WebRequest): Promise<IncomingMessage> {
    let url = address;
    let { headers = {} } = wanted;
    for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
      const answer = await this.ask(url, { ...wanted, headers });
      const { location } = answer.headers;
      const isFinal = wanted.method === "POST" || wanted.stay === true;
      if (isFinal || location === undefined || !REDIRECTS.has(answer.statusCode ?? 0)) {
        return answer;
      }
      answer.destroy();
      const next = URL.canParse(location, url) ? new URL(location, url) : undefined;
      const isSafe = next?.protocol === "https:" || (next?.protocol === "http:" && url.protocol === "http:");
      if (next === undefined || !isSafe) {
        throw new ArtifactError("artifact/bad-answer", `\`${url.host}\` sends elsewhere than to https`);
      }
      if (next.origin !== url.origin) headers = withoutPrivate(headers);
      url = next;
    }
    throw new ArtifactError(
      "artifact/bad-answer",
      `\`${address.host}\` sends on more than ${MOST_REDIRECTS} times`,
    );
  }

  close(): void {
    this.http.destroy();
    this.https.destroy();
  }

  private ask(url: URL, { method, headers, body, signal }: WebRequest): Promise<IncomingMessage> {
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const options: RequestOptions = { method, headers: { ...headers }, signal, maxHeaderSize: 32_768 };
    const isTls = url.protocol === "https:";
    const asked = isTls
      ? requestTls(url, { ...options, agent: this.https }, resolve)
      : request(url, { ...options, agent: this.http }, resolve);
    asked.setTimeout(IDLE_MS, () => asked.destroy(new Error(`nothing came for ${IDLE_MS / 1000} s`)));
    // `on`: a connection may fail again after its answer came; the body tells of that.
    asked.on("error", (error) => reject(unreachable(url, error)));
    asked.end(body);
    return promise;
  }
}

export function unreachable(url: URL, error: unknown): ArtifactError {
  const why = error instanceof Error ? error.message || error.name : String(error);
  return new ArtifactError(
    "artifact/unreachable",
    `\`${url.host}\` cannot be reached: ${printable(why, 300)}`,
    {
      help: "check the network, the proxy and, for a private authority, --git-ca",
      cause: error,
    },
  );
}

function withoutPrivate(headers: Readonly<Record<string, string>>): Record<string, string> {
  const kept = Object.entries(headers).filter(([name]) => !PRIVATE_HEADERS.includes(name.toLowerCase()));
  return Object.fromEntries(kept);
}
