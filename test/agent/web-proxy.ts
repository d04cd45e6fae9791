import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { connect, type Socket } from "node:net";
import type { TestContext } from "node:test";
import type { PrivateAuthority } from "../support/private-authority.ts";

/** A proxy as companies have them: CONNECT for https, requests in absolute form for http, a password where it is told. */
export class WebProxy {
  /** `CONNECT host:port`, or the method and the address of a request. */
  readonly seen: string[] = [];
  /** `name:password` that it asks for. */
  account: string | undefined;
  /** Where it reads TLS: the port of a server with a certificate of its own. */
  interceptor: number | undefined;
  port = 0;

  static async start(t: TestContext): Promise<WebProxy> {
    const proxy = new WebProxy();
    const server = createServer((incoming, outgoing) => proxy.passOn(incoming, outgoing));
    const sockets = new Set<Socket>();
    server.on("connection", (socket) => sockets.add(socket));
    server.on("connect", (incoming: IncomingMessage, near: Socket) => {
      sockets.add(near);
      proxy.tunnel(incoming, near);
    });
    proxy.port = await listening(server);
    t.after(() => {
      server.close();
      for (const socket of sockets) socket.destroy();
    });
    return proxy;
  }

  get url(): string {
    const account = this.account === undefined ? "" : `${this.account}@`;
    return `http://${account}127.0.0.1:${this.port}`;
  }

  private lets({ headers }: IncomingMessage): boolean {
    if (this.account === undefined) return true;
    const expected = `Basic ${Buffer.from(this.account).toString("base64")}`;
    return headers["proxy-authorization"] === expected;
  }

  private passOn(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const { method = "GET", url = "", headers } = incoming;
    this.seen.push(`${method} ${url}`);
    if (!this.lets(incoming) || !URL.canParse(url)) {
      outgoing.writeHead(this.lets(incoming) ? 400 : 407, { "proxy-authenticate": "Basic" }).end();
      return;
    }
    const onward = request(new URL(url), { method, headers, agent: false }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on("error", () => outgoing.destroy());
    incoming.pipe(onward);
  }

  private tunnel(incoming: IncomingMessage, near: Socket): void {
    this.seen.push(`CONNECT ${incoming.url}`);
    near.on("error", () => undefined);
    if (!this.lets(incoming)) {
      near.end("HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Basic\r\n\r\n");
      return;
    }
    const [, port] = /:(\d+)$/.exec(incoming.url ?? "") ?? [];
    const far = connect(this.interceptor ?? Number(port), "127.0.0.1", () => {
      near.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      near.pipe(far).pipe(near);
    });
    far.on("error", () => near.destroy());
    near.on("close", () => far.destroy());
  }
}

/**
 * Puts TLS before a server that has none, as a load balancer does.
 *
 * @param whereTo asked for each connection: the server may come up later
 * @returns its port
 */
export async function tlsBefore(
  t: TestContext,
  whereTo: () => string,
  { key, cert }: PrivateAuthority,
): Promise<number> {
  const server = createTlsServer({ key, cert }, (incoming, outgoing) => {
    const { method = "GET", headers } = incoming;
    const onward = request(
      new URL(incoming.url ?? "/", whereTo()),
      { method, headers, agent: false },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    onward.on("error", () => outgoing.destroy());
    incoming.pipe(onward);
  });
  server.on("upgrade", (incoming, near: Socket, head) => {
    const far = connect(Number(new URL(whereTo()).port), "127.0.0.1", () => {
      const lines = [`GET ${incoming.url} HTTP/1.1`];
      for (let at = 0; at < incoming.rawHeaders.length; at += 2) {
        lines.push(`${incoming.rawHeaders[at]}: ${incoming.rawHeaders[at + 1]}`);
      }
      far.write(`${lines.join("\r\n")}\r\n\r\n`);
      far.write(head);
      near.pipe(far).pipe(near);
    });
    far.on("error", () => near.destroy());
    near.on("error", () => far.destroy());
  });
  const port = await listening(server);
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return port;
}

async function listening(
  server: ReturnType<typeof createServer> | ReturnType<typeof createTlsServer>,
): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return address.port;
}
