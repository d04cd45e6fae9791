/**
 * Frames of the WebSocket protocol (RFC 6455, section 5), as far as a stream needs them that only says "look again": whole
 * and short. Both sides have the same few lines, because an agent depends on no package for it, and 10,000 idle
 * streams cost a controller little when each is a socket and nothing more.
 */

/** RFC 6455, section 5.2. */
export const OPCODES = { text: 0x1, close: 0x8, ping: 0x9, pong: 0xa } as const;
export type Opcode = (typeof OPCODES)[keyof typeof OPCODES];

/** Most bytes of one frame's payload: what a control frame may have (section 5.5). Nothing that is said here is longer. */
export const MOST_PAYLOAD = 125;

export interface Frame {
  readonly opcode: Opcode;
  readonly payload: Uint8Array;
}

/** Why a connection is closed (section 7.4.1). */
export const CLOSE_CODES = {
  goingAway: 1001,
  protocolError: 1002,
  tooBig: 1009,
  tryAgainLater: 1013,
} as const;

/**
 * @param mask four random bytes: what a client sends is masked, what a server sends is not (section 5.1)
 * @throws RangeError for more than `MOST_PAYLOAD` bytes
 */
export function encodeFrame({ opcode, payload }: Frame, mask?: Uint8Array): Uint8Array {
  if (payload.length > MOST_PAYLOAD) throw new RangeError(`a frame of ${payload.length} bytes`);
  const head = mask === undefined ? 2 : 6;
  const bytes = new Uint8Array(head + payload.length);
  bytes[0] = 0x80 | opcode;
  bytes[1] = payload.length | (mask === undefined ? 0 : 0x80);
  if (mask !== undefined) bytes.set(mask.subarray(0, 4), 2);
  for (const [at, byte] of payload.entries()) bytes[head + at] = byte ^ (mask?.[at % 4] ?? 0);
  return bytes;
}

export function closeFrame(code: number): Frame {
  return { opcode: OPCODES.close, payload: Uint8Array.of(code >> 8, code & 0xff) };
}

/** What came of some bytes. `broken`: the connection is to be closed with that code. */
export type Decoded =
  | { readonly kind: "frames"; readonly frames: readonly Frame[] }
  | { readonly kind: "broken"; readonly code: number };

/** Takes frames out of a stream of bytes. It keeps at most one frame that is not whole yet. */
export class FrameDecoder {
  private readonly isFromClient: boolean;
  private rest: Uint8Array = new Uint8Array(0);

  constructor(from: "client" | "server") {
    this.isFromClient = from === "client";
  }

  push(bytes: Uint8Array): Decoded {
    const all = this.rest.length === 0 ? bytes : join(this.rest, bytes);
    const frames: Frame[] = [];
    let at = 0;
    for (;;) {
      const [first, second] = [all[at], all[at + 1]];
      if (first === undefined || second === undefined) break;
      const length = second & 0x7f;
      const isMasked = (second & 0x80) !== 0;
      const opcode = opcodeOf(first & 0x0f);
      // Pieces of a message, extensions, and a mask on the wrong side: nobody who speaks to us sends them.
      if ((first & 0xf0) !== 0x80 || opcode === undefined || isMasked !== this.isFromClient) {
        return { kind: "broken", code: CLOSE_CODES.protocolError };
      }
      if (length > MOST_PAYLOAD) return { kind: "broken", code: CLOSE_CODES.tooBig };
      const start = at + (isMasked ? 6 : 2);
      if (all.length < start + length) break;
      const payload = all.slice(start, start + length);
      if (isMasked) unmask(payload, all.subarray(start - 4, start));
      frames.push({ opcode, payload });
      at = start + length;
    }
    this.rest = all.slice(at);
    return { kind: "frames", frames };
  }
}

function opcodeOf(value: number): Opcode | undefined {
  return Object.values(OPCODES).find((opcode) => opcode === value);
}

function unmask(payload: Uint8Array, mask: Uint8Array): void {
  for (const [at, byte] of payload.entries()) payload[at] = byte ^ (mask[at % 4] ?? 0);
}

function join(first: Uint8Array, second: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(first.length + second.length);
  bytes.set(first);
  bytes.set(second, first.length);
  return bytes;
}
