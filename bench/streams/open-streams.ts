import { connect, type Socket } from "node:net";
import { LOOK_PROTOCOL, LOOK_STREAM_PATH } from "../../protocol/push/look-message.ts";

/** Handshakes under way at a time. */
const AT_ONCE = 128;

const HEADERS = {
  sse: "Accept: text/event-stream",
  upgraded: [
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==",
    `Sec-WebSocket-Protocol: ${LOOK_PROTOCOL}`,
  ].join("\r\n"),
} as const;

export type StreamKind = keyof typeof HEADERS;

/** Streams of agents that do nothing but listen: bare sockets, so that many fit into one process. */
export class OpenStreams {
  private readonly sockets: Socket[] = [];
  private heard = 0;
  private onAllHeard: (() => void) | undefined;

  static async open(kind: StreamKind, port: number, count: number): Promise<OpenStreams> {
    const streams = new OpenStreams();
    const turns = Array.from({ length: count }).keys();
    const openSome = async (): Promise<void> => {
      for (const _ of turns) streams.sockets.push(await streams.openOne(kind, port));
    };
    await Promise.all(Array.from({ length: AT_ONCE }, openSome));
    return streams;
  }

  /** Resolves when each has heard something that was sent after this call. */
  allHear(): Promise<void> {
    this.heard = 0;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.onAllHeard = resolve;
    return promise;
  }

  close(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  private openOne(kind: StreamKind, port: number): Promise<Socket> {
    const { promise, resolve, reject } = Promise.withResolvers<Socket>();
    const socket = connect(port, "127.0.0.1");
    const early = (): void => reject(new Error("a stream of the bench was closed before it was open"));
    socket.once("error", reject);
    socket.once("close", early);
    socket.write(`GET ${LOOK_STREAM_PATH} HTTP/1.1\r\nHost: bench\r\n${HEADERS[kind]}\r\n\r\n`);
    socket.once("data", () => {
      socket.off("close", early);
      socket.on("data", () => this.hear());
      resolve(socket);
    });
    return promise;
  }

  private hear(): void {
    this.heard++;
    if (this.heard === this.sockets.length) this.onAllHeard?.();
  }
}
