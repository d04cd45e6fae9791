import type { Duplex } from "node:stream";
import { encodeLook, SIGN_OF_LIFE_SECONDS } from "../../../protocol/push/look-message.ts";
import {
  CLOSE_CODES,
  closeFrame,
  encodeFrame,
  type Frame,
  FrameDecoder,
  OPCODES,
} from "../../../protocol/push/websocket-frame.ts";
import { spreadOver } from "./look-spread.ts";

/** Milliseconds in which an agent answers that the stream ends. */
const FAREWELL_MS = 1_000;

interface LookStream {
  readonly device: string;
  readonly socket: Duplex;
  /** Where it stands in `order`. */
  place: number;
  /** Something came from it since the last sign of life. */
  isAlive: boolean;
}

/**
 * The open streams of agents, which are only ever told to look again. What is said is no news that could be lost: an
 * agent that reconnects says which manifest it knows, and is told at once where that is an old one.
 */
export class LookStreams {
  private readonly streams = new Map<string, LookStream>();
  private readonly order: LookStream[] = [];
  private readonly timer: NodeJS.Timeout;
  private readonly most: number;
  private next = 0;
  private isClosed = false;
  private manifest: number | undefined;

  /** @param most streams at a time */
  constructor(most: number) {
    this.most = most;
    // A slice of them each second, so that 10,000 signs of life never go out in one go.
    this.timer = setInterval(() => this.giveSigns(), 1_000).unref();
  }

  get size(): number {
    return this.streams.size;
  }

  get isFull(): boolean {
    return this.streams.size >= this.most;
  }

  /**
   * Takes over a socket whose upgrade was answered. A second stream of the same device ends the first: it reconnected
   * before anybody noticed that the old connection was dead.
   *
   * @param known version of the manifest that the device has; absent: none
   */
  add(device: string, socket: Duplex, known: number | undefined): void {
    this.streams.get(device)?.socket.destroy();
    const stream: LookStream = { device, socket, place: this.order.length, isAlive: true };
    this.streams.set(device, stream);
    this.order.push(stream);
    const decoder = new FrameDecoder("client");
    socket.on("data", (bytes: Buffer) => this.receive(stream, decoder, bytes));
    socket.on("error", () => {});
    socket.on("end", () => socket.end());
    socket.on("close", () => this.forget(stream));
    if (this.isClosed) {
      dismiss(stream);
      return;
    }
    if (this.manifest !== undefined && (known ?? 0) < this.manifest) {
      send(stream, lookAt(this.manifest, spreadOver(1)));
    }
  }

  /** A manifest is served: everybody who waits is told, once for each version. */
  announce(manifest: number): void {
    if (this.manifest === manifest) return;
    this.manifest = manifest;
    const frame = lookAt(manifest, spreadOver(this.streams.size));
    for (const stream of this.streams.values()) send(stream, frame);
  }

  /** Something waits for this device. @returns whether it is on a stream, and so hears of it now */
  tell(device: string): boolean {
    const stream = this.streams.get(device);
    if (stream === undefined) return false;
    send(stream, { opcode: OPCODES.text, payload: encodeLook({ within: 0 }) });
    return true;
  }

  /** Ends all streams, and those that come yet: each agent reconnects at a time of its own. */
  close(): void {
    this.isClosed = true;
    clearInterval(this.timer);
    for (const stream of this.streams.values()) dismiss(stream);
  }

  private forget(stream: LookStream): void {
    if (this.streams.get(stream.device) === stream) this.streams.delete(stream.device);
    const last = this.order.pop();
    if (last === undefined || last === stream) return;
    this.order[stream.place] = last;
    last.place = stream.place;
  }

  private receive(stream: LookStream, decoder: FrameDecoder, bytes: Uint8Array): void {
    stream.isAlive = true;
    const decoded = decoder.push(bytes);
    if (decoded.kind === "broken") {
      end(stream, decoded.code);
      return;
    }
    for (const { opcode, payload } of decoded.frames) {
      switch (opcode) {
        case OPCODES.ping:
          send(stream, { opcode: OPCODES.pong, payload });
          break;
        case OPCODES.pong:
          break;
        case OPCODES.close:
          stream.socket.end(encodeFrame({ opcode, payload }));
          return;
        case OPCODES.text:
          // An agent has nothing to say here: it checks in instead.
          end(stream, CLOSE_CODES.protocolError);
          return;
      }
    }
  }

  private giveSigns(): void {
    const count = Math.ceil(this.order.length / SIGN_OF_LIFE_SECONDS);
    for (let done = 0; done < count; done++) {
      if (this.next >= this.order.length) this.next = 0;
      const stream = this.order[this.next++];
      if (stream === undefined) return;
      if (!stream.isAlive) {
        stream.socket.destroy();
        continue;
      }
      stream.isAlive = false;
      send(stream, { opcode: OPCODES.ping, payload: new Uint8Array(0) });
    }
  }
}

function lookAt(manifest: number, within: number): Frame {
  return { opcode: OPCODES.text, payload: encodeLook({ manifest, within }) };
}

/** A server that closes waits for its sockets, and not every agent answers. */
function dismiss(stream: LookStream): void {
  end(stream, CLOSE_CODES.goingAway);
  setTimeout(() => stream.socket.destroy(), FAREWELL_MS).unref();
}

function end(stream: LookStream, code: number): void {
  send(stream, closeFrame(code));
  stream.socket.end();
}

/** Whoever does not read what is written gets nothing more: at most a few frames ever wait in a socket. */
function send({ socket }: LookStream, frame: Frame): void {
  if (!socket.writable) return;
  if (socket.writableLength > 4_096) socket.destroy();
  else socket.write(encodeFrame(frame));
}
