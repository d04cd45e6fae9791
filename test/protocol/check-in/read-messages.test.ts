import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { readCheckIn } from "../../../protocol/check-in/read-check-in.ts";
import { readCheckInAnswer } from "../../../protocol/check-in/read-check-in-answer.ts";
import {
  readEnrolmentAnswer,
  readEnrolmentRequest,
  readNewKeyRequest,
} from "../../../protocol/check-in/read-enrolment.ts";
import { ProtocolError } from "../../../protocol/protocol-error.ts";
import { answers, checkIns, enrolmentAnswers, enrolments, newKeys } from "./arbitrary-messages.ts";

const MESSAGES: readonly {
  readonly name: string;
  readonly sound: fc.Arbitrary<object>;
  readonly read: (content: Uint8Array) => object;
}[] = [
  { name: "a check-in", sound: checkIns, read: readCheckIn },
  { name: "the answer to a check-in", sound: answers, read: readCheckInAnswer },
  { name: "an enrolment", sound: enrolments, read: readEnrolmentRequest },
  { name: "the answer to an enrolment", sound: enrolmentAnswers, read: readEnrolmentAnswer },
  { name: "a new key", sound: newKeys, read: readNewKeyRequest },
];

function bytesOf(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

/** A sound message with one member, at any depth, in the place of which stands something else. */
function spoiled(sound: fc.Arbitrary<object>): fc.Arbitrary<unknown> {
  return fc.tuple(sound, fc.jsonValue(), fc.nat()).map(([message, other, seed]) => {
    const copy: unknown = JSON.parse(JSON.stringify(message));
    let at: unknown = copy;
    for (let left = seed; ; left = Math.floor(left / 7)) {
      if (typeof at !== "object" || at === null) return copy;
      const keys = Object.keys(at);
      const key = keys[left % Math.max(keys.length, 1)];
      if (key === undefined) return copy;
      const member: unknown = Reflect.get(at, key);
      if (left % 3 === 0 || typeof member !== "object" || member === null) {
        Reflect.set(at, key, other);
        return copy;
      }
      at = member;
    }
  });
}

function assertReadable(read: (content: Uint8Array) => object, content: Uint8Array): void {
  try {
    read(content);
  } catch (error) {
    assert.ok(error instanceof ProtocolError, String(error));
    assert.equal(error.code, "protocol/bad-document");
  }
}

for (const { name, sound, read } of MESSAGES) {
  test(`${name} is read as it was written`, () => {
    fc.assert(
      fc.property(sound, (message) => {
        assert.deepEqual(
          JSON.parse(JSON.stringify(read(bytesOf(message)))),
          JSON.parse(JSON.stringify(message)),
        );
      }),
    );
  });

  test(`whatever comes in the place of ${name} is read or is a bad document, and nothing else`, () => {
    const anything = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.jsonValue().map(bytesOf),
      spoiled(sound).map(bytesOf),
    );
    fc.assert(
      fc.property(anything, (content) => assertReadable(read, content)),
      { numRuns: 1000 },
    );
  });

  test(`members that nobody knows yet are passed over in ${name}`, () => {
    fc.assert(
      fc.property(sound, (message) => {
        assert.deepEqual(read(bytesOf({ ...message, ofTomorrow: { deep: [1] } })), read(bytesOf(message)));
      }),
    );
  });
}

const CHECK_IN = {
  schemaVersion: 1,
  sequence: 1,
  clock: 1,
  agentVersion: "1",
  platform: "linux-x64",
  products: [],
  attempts: [],
  handled: [],
};
const ATTEMPT = {
  id: "a".repeat(32),
  product: "lantern",
  kind: "update",
  from: null,
  to: "1.1.0",
  toDigest: "x",
  startedAt: 1,
  endedAt: 2,
  step: "confirming",
  outcome: "rolled-back",
};

test("a cause, a kind of request and an action of tomorrow are passed over", () => {
  const failed = readCheckIn(bytesOf({ ...CHECK_IN, attempts: [{ ...ATTEMPT, cause: "gremlins" }] }));
  assert.equal(failed.attempts[0]?.cause, undefined);
  assert.equal(failed.attempts[0]?.outcome, "rolled-back");
  const asked = { id: "b".repeat(32), askedAt: 1, expiresAt: 2 };
  const requests = [
    { ...asked, kind: "dance" },
    { ...asked, kind: "look" },
  ];
  const answer = readCheckInAnswer(bytesOf({ schemaVersion: 1, acknowledged: [], requests }));
  assert.deepEqual(answer.requests, [{ ...asked, kind: "look" }]);
  const product = { product: "lantern", format: "binary", installed: null, journal: "idle", blocked: [] };
  const decided = readCheckIn(
    bytesOf({ ...CHECK_IN, products: [{ ...product, decision: { action: "ponder" } }] }),
  );
  assert.equal(decided.products[0]?.decision, undefined);
});

test("words for people are shown on one line, a log on its lines, and both are cut to their length", () => {
  const attempt = {
    ...ATTEMPT,
    message: `\u001b[31m${"m".repeat(2000)}`,
    log: `${"l".repeat(9000)}\n\u0007end`,
  };
  const [read] = readCheckIn(bytesOf({ ...CHECK_IN, attempts: [attempt] })).attempts;
  assert.equal(read?.message, `?[31m${"m".repeat(995)}`);
  assert.equal(read?.log?.length, 8000);
  assert.ok(read?.log?.endsWith("l\n?end"));
});

test("half a character is no reason to refuse a report, and does not get further", () => {
  const content = Buffer.from(JSON.stringify({ ...CHECK_IN, attempts: [{ ...ATTEMPT, message: "MARK" }] }));
  const halved = Buffer.from(content.toString("utf8").replace("MARK", "\\ud83d"));
  assert.equal(readCheckIn(halved).attempts[0]?.message, "\ufffd");
});

test("one product, one attempt and one request are reported once in a check-in", () => {
  assert.throws(
    () => readCheckIn(bytesOf({ ...CHECK_IN, attempts: [ATTEMPT, ATTEMPT] })),
    /attempts\/1: expected each once/,
  );
  const product = { product: "lantern", format: "binary", installed: null, journal: "idle", blocked: [] };
  assert.throws(() => readCheckIn(bytesOf({ ...CHECK_IN, products: [product, product] })), /products\/1/);
});

test("a check-in of more bytes than a controller reads is refused", () => {
  const large = bytesOf({ ...CHECK_IN, padding: "x".repeat(256 * 1024) });
  assert.throws(() => readCheckIn(large), /expected at most 262144 bytes/);
});
