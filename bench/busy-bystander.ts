/**
 * What a thread that works all the time costs the answers of a server beside it on this machine: a bare `node:http`
 * server, which prints its port, and a thread at the priority of the controller's reconcile.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { isMainThread, Worker } from "node:worker_threads";
import { giveWay } from "../controller/serve/give-way.ts";

if (isMainThread) {
  const server = createServer((_, response) => response.writeHead(304, { etag: '"x"' }).end());
  server.listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port));
  // It stays quiet until it is told so.
  process.stdin.once("data", () => new Worker(new URL(import.meta.url)));
} else {
  giveWay();
  for (;;) {
    const made = Array.from({ length: 20_000 }, (_, index) => ({
      index,
      name: String(index),
      more: [index],
    }));
    JSON.parse(JSON.stringify(made));
  }
}
