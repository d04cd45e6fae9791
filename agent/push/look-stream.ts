import { createHash, randomBytes } from "node:crypto";
import type { ClientRequest, IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import {
  LOOK_PROTOCOL,
  LOOK_STREAM_PATH,
  type LookMessage,
  readLook,
  SIGN_OF_LIFE_SECONDS,
} from "../../protocol/push/look-message.ts";
import {
  CLOSE_CODES,
  closeFrame,
  encodeFrame,
  type Frame,
  FrameDecoder,
  OPCODES,
} from "../../protocol/push/websocket-frame.ts";
import { AGENT_VERSION } from "../agent-version.ts";
import { backoffDelay } from "../fetch/backoff.ts";
import { connectionsFor } from "../fetch/proxy.ts";
import { parseRetryAfter } from "../fetch/retry-after.ts";

/** RFC 6455, section 1.3. */
const HANDSHAKE_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
/** Seconds; also the first wait after an end is long, so that a controller that restarts finds its agents coming back one by one. */
const RECONNECT = { first: 5, base: 60, cap: 1_800 } as const;
const HANDSHAKE_MILLISECONDS = 15_000;
/** After two signs of life that did not come, the connection is dead. */
const SILENCE_MILLISECONDS = (2 * SIGN_OF_LIFE_SECONDS + 30) * 1_000;

export interface LookStreamOptions {
  /** Below it are tuf/ and api/. */
  readonly server: string;
  /** Headers that show who asks: the device's signature over a GET of this address. */
  readonly sign: (url: URL) => Readonly<Record<string, string>>;
  /** Version of the manifest that was last verified. */
  readonly known: () => number | undefined;
  readonly onLook: (message: LookMessage) => void;
  /** Seconds since 1970. */
  readonly now: () => number;
  readonly random: () => number;
  readonly signal: AbortSignal;
  /** Seconds before the very first try, and between later ones, at most; absent: as a fleet needs it. */
  readonly reconnect?: { readonly first: number; readonly base: number; readonly cap: number };
}

/**
 * Keeps one connection open on which the controller says "look again", and reconnects for as long as the signal lets it.
 * Nothing depends on it: an agent without it polls, and so does one whose proxy does not let it through.
 */
export class LookStream {
  private readonly options: LookStreamOptions;
  private failures = 0;
  private socket: Duplex | undefined;
  private timer: NodeJS.Timeout | undefined;
  private silence: NodeJS.Timeout | undefined;

  constructor(options: LookStreamOptions) {
    this.options = options;
    const { signal } = options;
    if (signal.aborted) return;
    signal.addEventListener("abort", () => this.stop(), { once: true });
    const { random, reconnect = RECONNECT } = options;
    this.timer = setTimeout(() => this.connect(), random() * reconnect.first * 1_000);
  }

  get isOpen(): boolean {
    return this.socket !== undefined;
  }

  private stop(): void {
    clearTimeout(this.timer);
    clearTimeout(this.silence);
    this.socket?.end(encodeFrame(closeFrame(CLOSE_CODES.goingAway), randomBytes(4)));
    this.socket?.destroy();
    this.socket = undefined;
  }

  private connectLater(retryAfter?: number): void {
    if (this.options.signal.aborted) return;
    this.failures++;
    const { random, reconnect = RECONNECT } = this.options;
    const delay = backoffDelay(reconnect, this.failures, random(), retryAfter);
    this.timer = setTimeout(() => this.connect(), delay * 1_000);
  }

  private connect(): void {
    const { server, sign, known, signal, now } = this.options;
    const url = new URL(LOOK_STREAM_PATH.slice(1), server);
    const manifest = known();
    if (manifest !== undefined) url.searchParams.set("manifest", String(manifest));
    const key = randomBytes(16).toString("base64");
    let request: ClientRequest;
    try {
      request = requestFor(url)(url, {
        method: "GET",
        // A connection of its own: it never comes back to a pool.
        agent: connectionsFor(url, "fresh"),
        signal,
        headers: {
          "user-agent": `fairlead-agent/${AGENT_VERSION}`,
          ...sign(url),
          connection: "Upgrade",
          upgrade: "websocket",
          "sec-websocket-version": "13",
          "sec-websocket-key": key,
          "sec-websocket-protocol": LOOK_PROTOCOL,
        },
      });
    } catch {
      this.connectLater();
      return;
    }
    const expiry = setTimeout(() => request.destroy(), HANDSHAKE_MILLISECONDS);
    let isSettled = false;
    const settle = (retryAfter?: number): void => {
      clearTimeout(expiry);
      if (isSettled) return;
      isSettled = true;
      this.connectLater(retryAfter);
    };
    request.on("error", () => settle());
    request.once("response", (response: IncomingMessage) => {
      response.destroy();
      settle(parseRetryAfter(response.headers["retry-after"], now()));
    });
    request.once("upgrade", (response: IncomingMessage, socket: Duplex, head: Buffer) => {
      clearTimeout(expiry);
      isSettled = true;
      if (isAnswerTo(key, response)) {
        this.follow(socket, head);
        return;
      }
      socket.destroy();
      this.connectLater();
    });
    request.end();
  }

  private follow(socket: Duplex, head: Buffer): void {
    if (this.options.signal.aborted) {
      socket.destroy();
      return;
    }
    this.socket = socket;
    this.failures = 0;
    const decoder = new FrameDecoder("server");
    this.expectLife(socket);
    socket.on("error", () => {});
    socket.on("data", (bytes: Buffer) => this.receive(socket, decoder, bytes));
    socket.once("close", () => {
      clearTimeout(this.silence);
      this.socket = undefined;
      this.connectLater();
    });
    if (head.length > 0) this.receive(socket, decoder, head);
  }

  private expectLife(socket: Duplex): void {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => socket.destroy(), SILENCE_MILLISECONDS);
  }

  private receive(socket: Duplex, decoder: FrameDecoder, bytes: Uint8Array): void {
    this.expectLife(socket);
    const decoded = decoder.push(bytes);
    if (decoded.kind === "broken") {
      socket.destroy();
      return;
    }
    for (const frame of decoded.frames) this.obey(socket, frame);
  }

  private obey(socket: Duplex, { opcode, payload }: Frame): void {
    switch (opcode) {
      case OPCODES.text:
        try {
          this.options.onLook(readLook(payload));
        } catch {
          // Words of a newer controller: the poll says it all.
        }
        break;
      case OPCODES.ping:
        socket.write(encodeFrame({ opcode: OPCODES.pong, payload }, randomBytes(4)));
        break;
      case OPCODES.pong:
        break;
      case OPCODES.close:
        socket.end(encodeFrame({ opcode, payload }, randomBytes(4)));
        break;
    }
  }
}

function isAnswerTo(key: string, { headers }: IncomingMessage): boolean {
  const accept = createHash("sha1").update(`${key}${HANDSHAKE_GUID}`).digest("base64");
  return headers["sec-websocket-accept"] === accept && headers["sec-websocket-protocol"] === LOOK_PROTOCOL;
}

// As in fetch/http-get.ts: an `import` of node:http would load much that no agent needs.
function requestFor({ protocol }: URL): typeof import("node:http").request {
  return protocol === "https:"
    ? process.getBuiltinModule("node:https").request
    : process.getBuiltinModule("node:http").request;
}
