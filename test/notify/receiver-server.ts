import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Cleanups } from "../support/cleanups.ts";
import { waitUntil } from "../support/wait-until.ts";

/** A request that a receiver got. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A real HTTP server that keeps what it is sent, and answers as the test says. */
export class ReceiverServer {
  readonly url: string;
  readonly got: Received[] = [];
  /** How it answers from now on. */
  answer: (received: Received, response: ServerResponse) => void = (_, response) => response.end();

  private constructor(port: number) {
    this.url = `http://127.0.0.1:${port}`;
  }

  static async start(t: Cleanups): Promise<ReceiverServer> {
    let receiver: ReceiverServer | undefined;
    const server = createServer((request, response) => {
      let body = "";
      request.setEncoding("utf8").on("data", (text: string) => {
        body += text;
      });
      request.on("end", () => {
        const { method = "", url: path = "", headers } = request;
        const received = { method, path, headers, body };
        receiver?.got.push(received);
        receiver?.answer(received, response);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    t.after(() => {
      server.closeAllConnections();
      server.close();
    });
    receiver = new ReceiverServer((server.address() as AddressInfo).port);
    return receiver;
  }

  /** What came as JSON. */
  get events(): Record<string, unknown>[] {
    return this.got.map(({ body }) => JSON.parse(body) as Record<string, unknown>);
  }

  /** Waits for an event of this type. */
  async hears(type: string, times = 1): Promise<Record<string, unknown>> {
    return waitUntil(`${times} of ${type}, and got ${this.events.map((one) => one.type).join(", ")}`, () => {
      const heard = this.events.filter((event) => event.type === type);
      return heard.length >= times ? heard[times - 1] : undefined;
    });
  }
}
