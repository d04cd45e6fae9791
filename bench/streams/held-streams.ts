/**
 * A process that holds streams open and nothing else: `sse`, server-sent events by bare node:http, or `upgraded`, the
 * controller's own streams of agents without the question who asks. Its parent asks it for its memory and has it announce.
 */
import { createServer, type Server, type ServerResponse } from "node:http";
import { Metrics } from "../../controller/http/metrics.ts";
import { LookStreams } from "../../controller/http/push/look-streams.ts";
import { asksForLookStream, serveLookStreams } from "../../controller/http/push/upgrade.ts";
import { NOTHING_SERVED } from "../../controller/http/served-state.ts";

/** What the parent asks, and what it is answered. */
export type Asked = { readonly kind: "memory" } | { readonly kind: "announce"; readonly manifest: number };
export type Told =
  | { readonly kind: "listening"; readonly port: number }
  | { readonly kind: "memory"; readonly bytes: number; readonly streams: number };

const MOST = 20_000;

interface Holder {
  readonly server: Server;
  readonly announce: (manifest: number) => void;
  readonly streams: () => number;
}

function holdEvents(): Holder {
  const open = new Set<ServerResponse>();
  const server = createServer((_request, response) => {
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    response.write("retry: 1000\n\n");
    open.add(response);
    response.once("close", () => open.delete(response));
  });
  const announce = (manifest: number): void => {
    const event = `event: look\ndata: {"manifest":${manifest}}\n\n`;
    for (const response of open) response.write(event);
  };
  return { server, announce, streams: () => open.size };
}

function holdUpgraded(): Holder {
  const streams = new LookStreams(MOST);
  let count = 0;
  const push = {
    streams,
    identify: async () => ({ kind: "device", device: `d-${++count}` }) as const,
  };
  const server = createServer({ shouldUpgradeCallback: asksForLookStream });
  const now = (): number => Math.floor(Date.now() / 1000);
  const metrics = new Metrics(() => NOTHING_SERVED, now, "bench");
  serveLookStreams(server, { push, hosts: undefined, metrics });
  return { server, announce: (manifest) => streams.announce(manifest), streams: () => streams.size };
}

const { server, announce, streams } = process.argv[2] === "sse" ? holdEvents() : holdUpgraded();
const tell = (told: Told): void => void process.send?.(told);
process.on("message", (asked: Asked) => {
  switch (asked.kind) {
    case "announce":
      announce(asked.manifest);
      return;
    case "memory":
      globalThis.gc?.();
      tell({ kind: "memory", bytes: process.memoryUsage.rss(), streams: streams() });
  }
});
process.on("disconnect", () => process.exit());
server.listen(0, "127.0.0.1", 4_096, () => {
  const address = server.address();
  if (typeof address === "object" && address !== null) tell({ kind: "listening", port: address.port });
});
