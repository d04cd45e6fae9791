import { once } from "node:events";
import type { Socket } from "node:net";
import { ProtocolError } from "../../protocol/protocol-error.ts";
import { parseJson, type Reader } from "../../protocol/read-json.ts";
import { HelperError } from "./helper-error.ts";

/** Longest message, in bytes of JSON. */
const MAX_MESSAGE = 16 * 1024;
const PIECE = 64 * 1024;

export interface LinkLimits {
  /** Seconds without a byte. */
  readonly idle: number;
  /** Seconds from the connection's start. */
  readonly total: number;
}

/**
 * One connection between agent and helper: messages of JSON, each after its length in four bytes, and between them the
 * bytes that a message announced. Nothing is read that no one waits for, so that the other side cannot fill memory.
 *
 * Everything throws `HelperError`: `helper/bad-message`, `helper/broken-off`, `helper/too-slow`.
 */
export class Link {
  private readonly socket: Socket;
  private readonly end: NodeJS.Timeout;
  private late = false;
  /** Came with what was asked for, and is asked for next. */
  private rest: Buffer = Buffer.alloc(0);
  private wake: () => void = () => undefined;

  constructor(socket: Socket, { idle, total }: LinkLimits) {
    this.socket = socket;
    const giveUp = (): void => {
      this.late = true;
      socket.destroy();
    };
    socket.setTimeout(idle * 1000, giveUp);
    this.end = setTimeout(giveUp, total * 1000);
    this.end.unref();
    // What went wrong is told by whoever reads or writes next.
    socket.on("error", () => undefined);
    // For good: each new listener of `readable` is called at once for what lies there, and nothing else would ever come.
    for (const event of ["readable", "end", "close"] as const) socket.on(event, () => this.wake());
  }

  /** From here on the other side only waits: silence is no fault any more. */
  unhurried(): void {
    clearTimeout(this.end);
    this.socket.setTimeout(0);
  }

  async hear<T>(read: Reader<T>): Promise<T> {
    const length = (await this.take(4)).readUInt32BE();
    if (length > MAX_MESSAGE) throw badMessage(`expected at most ${MAX_MESSAGE} bytes, got ${length}`);
    const bytes = await this.take(length);
    try {
      return read(parseJson(bytes, MAX_MESSAGE), "");
    } catch (error) {
      if (error instanceof ProtocolError) throw badMessage(error.message);
      throw error;
    }
  }

  say(message: object): Promise<void> {
    const text = Buffer.from(JSON.stringify(message));
    const length = Buffer.alloc(4);
    length.writeUInt32BE(text.length);
    return this.send(Buffer.concat([length, text]));
  }

  async send(bytes: Uint8Array): Promise<void> {
    const { socket } = this;
    if (socket.destroyed || !socket.writable) throw this.brokenOff();
    if (socket.write(bytes)) return;
    const gone = new AbortController();
    const onClose = (): void => gone.abort();
    socket.once("close", onClose);
    try {
      await once(socket, "drain", { signal: gone.signal });
    } catch {
      throw this.brokenOff();
    } finally {
      socket.off("close", onClose);
    }
  }

  /** The next bytes, in pieces of at most 64 KiB. */
  async *bytes(count: number): AsyncGenerator<Buffer> {
    for (let left = count; left > 0; ) {
      const piece = await this.take(Math.min(PIECE, left));
      left -= piece.length;
      yield piece;
    }
  }

  /** The same in one piece; `count` is what memory is given to. */
  async wholeBytes(count: number): Promise<Buffer> {
    const pieces: Buffer[] = [];
    for await (const piece of this.bytes(count)) pieces.push(piece);
    return Buffer.concat(pieces);
  }

  /** Sends what is still to be sent, then lets go. */
  close(): void {
    clearTimeout(this.end);
    this.socket.end();
    // A peer that never closes its side gets a second, and no more.
    setTimeout(() => this.socket.destroy(), 1000).unref();
  }

  private async take(count: number): Promise<Buffer> {
    const { socket } = this;
    const pieces = [this.rest];
    let length = this.rest.length;
    while (length < count) {
      const piece: Buffer | null = socket.read();
      if (piece !== null) {
        pieces.push(piece);
        length += piece.length;
      } else if (socket.destroyed || socket.readableEnded) {
        throw this.brokenOff();
      } else {
        await new Promise<void>((resolve) => {
          this.wake = resolve;
        });
      }
    }
    const bytes = Buffer.concat(pieces, length);
    this.rest = bytes.subarray(count);
    return bytes.subarray(0, count);
  }

  private brokenOff(): HelperError {
    return this.late
      ? new HelperError("helper/too-slow", "the other side of the helper's socket took too long")
      : new HelperError("helper/broken-off", "the connection ended in the middle of what was said");
  }
}

function badMessage(what: string): HelperError {
  return new HelperError("helper/bad-message", `a message cannot be understood: ${what}`, {
    help: "update agent and helper together",
  });
}
