import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";
import type { PrivateAuthority } from "../support/private-authority.ts";

/** One request as it came. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly range: string | undefined;
  readonly authorization: string | undefined;
}

/** A bucket: files by path, with HEAD, ranges and a strong entity tag, behind TLS of a private authority. */
export class HttpsFileServer {
  readonly files = new Map<string, Buffer>();
  readonly requests: SeenRequest[] = [];
  /** Of the next GET, after how many bytes the connection is cut. */
  cutAfter: number | undefined;
  url = "";
  /** Asked before the files. @returns whether it has answered */
  intercept: (request: IncomingMessage, response: ServerResponse) => boolean | Promise<boolean> = () => false;

  static async start(t: TestContext, { key, cert }: PrivateAuthority): Promise<HttpsFileServer> {
    const bucket = new HttpsFileServer();
    const server = createServer({ key, cert }, async (request, response) => {
      const { method = "", url: path = "", headers } = request;
      const { range, authorization } = headers;
      bucket.requests.push({ method, path, range, authorization });
      if (!(await bucket.intercept(request, response))) bucket.answer(path, method, range, response);
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    t.after(() => {
      server.closeAllConnections();
      server.close();
    });
    bucket.url = `https://localhost:${(server.address() as AddressInfo).port}`;
    return bucket;
  }

  private answer(path: string, method: string, range: string | undefined, response: ServerResponse): void {
    const bytes = this.files.get(path);
    if (bytes === undefined) {
      response.writeHead(404).end();
      return;
    }
    const from = Number(/^bytes=(\d+)-$/.exec(range ?? "")?.[1] ?? 0);
    const part = bytes.subarray(from);
    response.writeHead(from > 0 ? 206 : 200, {
      etag: '"of-the-bucket"',
      "content-length": part.length,
      ...(from > 0 ? { "content-range": `bytes ${from}-${bytes.length - 1}/${bytes.length}` } : {}),
    });
    if (method === "HEAD") response.end();
    else if (this.cutAfter === undefined) response.end(part);
    else {
      response.write(part.subarray(0, this.cutAfter), () => setTimeout(() => response.destroy(), 50));
      this.cutAfter = undefined;
    }
  }
}
