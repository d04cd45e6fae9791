import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { TestContext } from "node:test";

/** A folder over real HTTP. */
export class FileServer {
  url = "";
  /** Paths that were asked for. */
  readonly asked: string[] = [];
  /** Answers 503 to everything. */
  isDown = false;
  /** Waited for before a path is answered. */
  onAsked: (path: string) => Promise<void> = async () => undefined;

  static async start(t: TestContext, folder: string): Promise<FileServer> {
    const made = new FileServer();
    const server = createServer(async (request, response) => {
      const path = decodeURIComponent((request.url ?? "/").split("?", 1)[0] ?? "");
      made.asked.push(path);
      await made.onAsked(path);
      const file = join(folder, path);
      if (made.isDown) response.writeHead(503).end();
      else if (path.includes("..") || path.endsWith("/") || !existsSync(file)) response.writeHead(404).end();
      else response.end(readFileSync(file));
    });
    const { promise, resolve } = Promise.withResolvers<void>();
    server.listen(0, "127.0.0.1", resolve);
    await promise;
    t.after(() => {
      server.closeAllConnections();
      server.close();
    });
    made.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    return made;
  }
}
