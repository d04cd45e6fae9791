import type { FetchBytes } from "../fetch/fetch-bytes.ts";
import { FetchError } from "../fetch/fetch-error.ts";
import { TrustError } from "./trust-error.ts";

/** One file of a repository, or why there is none. */
export type Fetched =
  | { readonly kind: "file"; readonly bytes: Buffer; readonly etag?: string }
  | { readonly kind: "unchanged" }
  | { readonly kind: "absent" };

/** A repository's files under one address. */
export class FileSource {
  private readonly base: URL;
  private readonly fetch: FetchBytes;

  constructor(base: URL, fetch: FetchBytes) {
    this.base = base.pathname.endsWith("/") ? base : new URL(`${base.href}/`);
    this.fetch = fetch;
  }

  /**
   * @param path relative to the repository's address, already percent-encoded
   * @throws FetchError, or TrustError `trust/length-exceeded`
   */
  async get(path: string, maxBytes: number, etag?: string): Promise<Fetched> {
    const url = new URL(this.base);
    url.pathname += path;
    const answer = await this.ask(url, path, maxBytes, etag);
    switch (answer.status) {
      case 200:
        return {
          kind: "file",
          bytes: answer.bytes,
          ...(answer.etag === undefined ? {} : { etag: answer.etag }),
        };
      case 304:
        if (etag !== undefined) return { kind: "unchanged" };
        break;
      case 403:
      case 404:
        return { kind: "absent" };
    }
    throw new FetchError("fetch/http-status", `${path}: expected status 200, got ${answer.status}`, {
      help: "the agent tries again by itself; if this stays, ask whoever runs the server",
      ...(answer.retryAfter === undefined ? {} : { retryAfter: answer.retryAfter }),
    });
  }

  /** @throws as `get`, and TrustError `trust/missing-file` */
  async require(path: string, maxBytes: number): Promise<{ bytes: Buffer; etag?: string }> {
    const fetched = await this.get(path, maxBytes);
    if (fetched.kind === "file") return fetched;
    throw new TrustError("trust/missing-file", `${path}: expected a file in the repository, got none`, {
      help: "check the repository's address; if it is right, the repository is incomplete",
    });
  }

  private async ask(url: URL, path: string, maxBytes: number, etag: string | undefined) {
    try {
      return await this.fetch(url, { maxBytes, ...(etag === undefined ? {} : { etag }) });
    } catch (error) {
      if (!(error instanceof FetchError) || error.code !== "fetch/too-large") throw error;
      throw new TrustError("trust/length-exceeded", `${path}: expected at most ${maxBytes} bytes, got more`, {
        cause: error,
        help: "the repository or something on the way sends other bytes than were signed",
      });
    }
  }
}
