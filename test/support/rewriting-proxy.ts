import { createServer, request as httpRequest, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";

/** The answer to a POST, on its way through a proxy. */
export interface PassingAnswer {
  readonly path: string;
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** Something between an agent and its controller that passes on every request, and may change the answers to POSTs. */
export class RewritingProxy {
  /** Changes what it is given, or leaves it. */
  rewrite: (answer: PassingAnswer) => void = () => undefined;
  url = "";

  /** @param to ends in `/` */
  static async start(t: TestContext, to: string): Promise<RewritingProxy> {
    const proxy = new RewritingProxy();
    const server = createServer((incoming, outgoing) => {
      const target = new URL(incoming.url ?? "/", to);
      const { method = "GET", headers } = incoming;
      const onward = httpRequest(target, { method, headers, agent: false }, async (answer) => {
        const chunks: Buffer[] = [];
        for await (const chunk of answer as AsyncIterable<Buffer>) chunks.push(chunk);
        const { "transfer-encoding": _, "content-length": __, connection: ___, ...kept } = answer.headers;
        const passing = {
          ...{ path: target.pathname, status: answer.statusCode ?? 0 },
          ...{ headers: kept, body: Buffer.concat(chunks) },
        };
        if (method === "POST") proxy.rewrite(passing);
        outgoing.writeHead(passing.status, passing.headers).end(passing.body);
      });
      onward.on("error", () => outgoing.destroy());
      incoming.pipe(onward);
    });
    const { promise, resolve } = Promise.withResolvers<void>();
    server.listen(0, "127.0.0.1", resolve);
    await promise;
    t.after(() => {
      server.closeAllConnections();
      server.close();
    });
    proxy.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    return proxy;
  }
}
