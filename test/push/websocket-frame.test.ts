import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { encodeFrame, FrameDecoder, MOST_PAYLOAD, OPCODES } from "../../protocol/push/websocket-frame.ts";

const frames = fc.array(
  fc.record({
    opcode: fc.constantFrom(...Object.values(OPCODES)),
    payload: fc.uint8Array({ maxLength: MOST_PAYLOAD }),
  }),
  { maxLength: 8 },
);

test("frames come out as they went in, however the bytes are cut", () => {
  fc.assert(
    fc.property(
      frames,
      fc.constantFrom("client" as const, "server" as const),
      fc.uint8Array({ minLength: 4, maxLength: 4 }),
      fc.array(fc.nat(40), { maxLength: 40 }),
      (sent, from, mask, cuts) => {
        const bytes = Buffer.concat(
          sent.map((one) => encodeFrame(one, from === "client" ? mask : undefined)),
        );
        const decoder = new FrameDecoder(from);
        const got = [];
        let at = 0;
        for (const cut of [...cuts, bytes.length]) {
          const decoded = decoder.push(bytes.subarray(at, at + cut));
          assert.equal(decoded.kind, "frames");
          if (decoded.kind === "frames") got.push(...decoded.frames);
          at = Math.min(bytes.length, at + cut);
        }
        assert.deepEqual(
          got.map(({ opcode, payload }) => [opcode, [...payload]]),
          sent.map(({ opcode, payload }) => [opcode, [...payload]]),
        );
      },
    ),
  );
});

test("no bytes make a decoder fail or keep more than one frame", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 10 }), (pieces) => {
      const decoder = new FrameDecoder("client");
      for (const piece of pieces) {
        const decoded = decoder.push(piece);
        if (decoded.kind === "broken") return;
        for (const { payload } of decoded.frames) assert.ok(payload.length <= MOST_PAYLOAD);
      }
    }),
  );
});

test("a masked frame of a server, a piece of a message and a long one are refused by their codes", () => {
  const masked = encodeFrame({ opcode: OPCODES.ping, payload: new Uint8Array(1) }, new Uint8Array(4));
  assert.deepEqual(new FrameDecoder("server").push(masked), { kind: "broken", code: 1002 });
  assert.deepEqual(new FrameDecoder("server").push(Uint8Array.of(0x01, 0)), { kind: "broken", code: 1002 });
  assert.deepEqual(new FrameDecoder("server").push(Uint8Array.of(0x81, 126, 0, 200)), {
    kind: "broken",
    code: 1009,
  });
});
