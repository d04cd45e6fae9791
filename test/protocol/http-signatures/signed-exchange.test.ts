import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { openKey as openByNode } from "../../../agent/trust/open-key.ts";
import { openDeviceKey } from "../../../controller/fleet/open-device-key.ts";
import { openKey as openByNacl } from "../../../controller/trust/open-key.ts";
import { requireAnswer, signAnswer } from "../../../protocol/http-signatures/answer-signature.ts";
import { contentDigest } from "../../../protocol/http-signatures/content-digest.ts";
import { HttpSignatureError } from "../../../protocol/http-signatures/http-signature-error.ts";
import type { RequestMessage } from "../../../protocol/http-signatures/message.ts";
import {
  requireVerified,
  type SignatureParameters,
  signMessage,
} from "../../../protocol/http-signatures/message-signature.ts";
import { MAX_CLOCK_AHEAD, MAX_REQUEST_AGE } from "../../../protocol/http-signatures/profile.ts";
import {
  type ExpectedRequest,
  readRequestSignature,
  signRequest,
} from "../../../protocol/http-signatures/request-signature.ts";
import { component } from "../../../protocol/http-signatures/signature-base.ts";
import { ed25519Key } from "../../../protocol/tuf/identify-key.ts";
import type { OpenedKey } from "../../../protocol/tuf/require-threshold.ts";
import { makeKey, naclSign, nodeSign, type TestKey } from "./keys.ts";

const NOW = 1_800_000_000;
const REPOSITORY = "ab".repeat(32);
const NONCE = "bm9uY2Ugb2YgdGhpcyB0cnk";
const DEVICE = makeKey();
const ONLINE = makeKey();
const CONTENT = { type: "application/json", bytes: Buffer.from('{"sequence":7}') };
const EXPECTED: ExpectedRequest = { now: NOW, repository: REPOSITORY };

const opened = (
  open: (key: ReturnType<typeof ed25519Key>) => OpenedKey | undefined,
  key: TestKey,
): OpenedKey => {
  const found = open(ed25519Key(key.publicKey));
  assert.ok(found);
  return found;
};
const BY_NODE = opened(openByNode, DEVICE);
const BY_NACL = opened(openByNacl, DEVICE);

const request = {
  method: "POST",
  target: "/api/v1/check-in?full=1",
  content: CONTENT,
  repository: REPOSITORY,
};
const signed = (from: Partial<typeof request> = {}, parameters = {}) =>
  signRequest(
    { ...request, ...from },
    { created: NOW, keyid: "d-0123456789abcdef", nonce: NONCE, ...parameters },
    nodeSign(DEVICE),
  );

function verify(message: RequestMessage, content: Uint8Array, expected = EXPECTED, key = BY_NODE): void {
  requireVerified(readRequestSignature(message, content, expected).signature, key);
}

function refused(code: string, attempt: () => unknown): void {
  assert.throws(attempt, (error) => {
    assert.ok(error instanceof HttpSignatureError, String(error));
    assert.equal(error.code, code, error.message);
    return true;
  });
}

test("what either implementation of Ed25519 signs, both verify", () => {
  for (const sign of [nodeSign(DEVICE), naclSign(DEVICE)]) {
    const { message } = signRequest(request, { created: NOW, keyid: "d-1", nonce: NONCE }, sign);
    const third = openDeviceKey(DEVICE.publicKey.toString("hex"));
    assert.ok(third);
    for (const key of [BY_NODE, BY_NACL, third]) verify(message, CONTENT.bytes, EXPECTED, key);
    refused("signature/not-verified", () =>
      verify(message, CONTENT.bytes, EXPECTED, opened(openByNacl, ONLINE)),
    );
  }
});

/** `text` with one character replaced by another one. */
function change(text: string, at: number, by: number): string {
  const place = at % text.length;
  const old = text.charCodeAt(place);
  const printable = 0x20 + (by % 95);
  const other = printable === old ? 0x20 + ((by + 1) % 95) : printable;
  return text.slice(0, place) + String.fromCharCode(other) + text.slice(place + 1);
}

test("a request with any one byte changed is refused", () => {
  const targets = fc
    .tuple(fc.stringMatching(/^\/[a-z0-9/%._-]{0,20}$/), fc.option(fc.stringMatching(/^[a-z0-9=&%+]{0,20}$/)))
    .map(([path, query]) => (query === null ? path : `${path}?${query}`));
  const contents = fc.uint8Array({ minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(targets, contents, fc.nat(), fc.nat(), (target, bytes, at, by) => {
      const { message } = signed({
        target,
        content: { type: "application/json", bytes: Buffer.from(bytes) },
      });
      verify(message, bytes);
      const fails = (changed: Partial<RequestMessage>, content: Uint8Array = bytes) =>
        assert.throws(() => verify({ ...message, ...changed }, content), HttpSignatureError);
      fails({ method: change(message.method, at, by) });
      fails({ target: change(target, at, by) });
      for (const [name, value] of Object.entries(message.fields)) {
        assert.ok(typeof value === "string");
        fails({ fields: { ...message.fields, [name]: change(value, at, by) } });
        const { [name]: _, ...without } = message.fields;
        fails({ fields: without });
      }
      const other = Uint8Array.from(bytes);
      other[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ (1 + (by % 255));
      fails({}, other);
      fails({}, bytes.subarray(1));
      fails({}, new Uint8Array());
    }),
    { numRuns: 60 },
  );
});

test("an answer with any one byte changed is refused, and so is one to another request", () => {
  const { message, nonce, keyid } = signed();
  const content = { type: "application/json", bytes: Buffer.from('{"requests":["update"]}') };
  const answer = { status: 200, content, request: message, nonce, device: keyid };
  const fields = signAnswer(answer, { created: 5, keyid: "online" }, naclSign(ONLINE));
  const online = opened(openByNode, ONLINE);
  const openKey = (id: string) => (id === "online" ? online : undefined);
  const expected = { request: message, nonce, device: keyid, openKey };
  const believe = (changes: object = {}, bytes: Uint8Array = content.bytes, by: object = {}) =>
    requireAnswer({ status: 200, fields, ...changes }, bytes, { ...expected, ...by });
  believe();
  refused("signature/not-verified", () => believe({ status: 201 }));
  refused("signature/other-message", () => believe({}, content.bytes, { nonce: `${NONCE}x` }));
  refused("signature/other-message", () => believe({}, content.bytes, { device: "d-another" }));
  refused("signature/unknown-key", () => believe({}, content.bytes, { openKey: () => undefined }));
  refused("signature/not-verified", () => believe({}, content.bytes, { openKey: () => BY_NODE }));
  refused("signature/uncovered", () => believe({ fields: { ...fields, "content-encoding": "gzip" } }));
  fc.assert(
    fc.property(fc.nat(), fc.nat(), (at, by) => {
      for (const [name, value] of Object.entries(fields)) {
        const changed = { ...fields, [name]: change(value, at, by) };
        assert.throws(() => believe({ fields: changed }), HttpSignatureError, name);
      }
      const other = Buffer.from(content.bytes);
      other[at % other.length] = (other[at % other.length] ?? 0) ^ (1 + (by % 255));
      assert.throws(() => believe({}, other), HttpSignatureError);
      const sent = { ...message, target: change(message.target, at, by) };
      assert.throws(() => believe({}, content.bytes, { request: sent }), HttpSignatureError);
    }),
    { numRuns: 60 },
  );
});

test("what one device is answered is nothing to another that asked the same with the same nonce", () => {
  const [mine, theirs] = [signed({}, { keyid: "d-mine" }), signed({}, { keyid: "d-theirs" })];
  const answer = { status: 200, content: CONTENT, request: theirs.message, nonce: NONCE, device: "d-theirs" };
  const fields = signAnswer(answer, { created: NOW, keyid: "online" }, naclSign(ONLINE));
  const openKey = () => opened(openByNode, ONLINE);
  refused("signature/other-message", () =>
    requireAnswer({ status: 200, fields }, CONTENT.bytes, {
      request: mine.message,
      nonce: NONCE,
      device: "d-mine",
      openKey,
    }),
  );
});

test("an answer is no request, and a request no answer", () => {
  const { message, nonce, keyid } = signed();
  const answer = { status: 200, content: CONTENT, request: message, nonce, device: keyid };
  const fields = signAnswer(answer, { created: NOW, keyid }, nodeSign(DEVICE));
  refused("signature/unsupported-component", () => verify({ ...message, fields }, CONTENT.bytes));
  refused("signature/unsupported-component", () =>
    requireAnswer({ status: 200, fields: message.fields }, CONTENT.bytes, {
      request: message,
      nonce,
      device: keyid,
      openKey: () => BY_NODE,
    }),
  );
});

test("a request is good from five minutes before its time to five minutes after", () => {
  for (const created of [NOW - MAX_REQUEST_AGE, NOW, NOW + MAX_CLOCK_AHEAD]) {
    verify(signed({}, { created }).message, CONTENT.bytes);
  }
  const at = (created: number) => () => verify(signed({}, { created }).message, CONTENT.bytes);
  refused("signature/stale", at(NOW - MAX_REQUEST_AGE - 1));
  refused("signature/created-ahead", at(NOW + MAX_CLOCK_AHEAD + 1));
});

test("a request for the controller of another manifest is refused, and one that names none but for enrolment", () => {
  const other = { now: NOW, repository: "cd".repeat(32) };
  refused("signature/other-message", () => verify(signed().message, CONTENT.bytes, other));
  const { repository: _, ...unnamed } = request;
  const { message } = signRequest(unnamed, { created: NOW, keyid: "d-1", nonce: NONCE }, nodeSign(DEVICE));
  refused("signature/other-message", () => verify(message, CONTENT.bytes));
  verify(message, CONTENT.bytes, { now: NOW, repository: undefined });
});

test("a request without content is signed too, and none can be given to it", () => {
  const { content: _, ...bare } = { ...request, method: "GET" };
  const { message } = signRequest(bare, { created: NOW, keyid: "d-1", nonce: NONCE }, nodeSign(DEVICE));
  verify(message, new Uint8Array());
  refused("signature/uncovered", () => verify(message, CONTENT.bytes));
  const digested = { ...message.fields, "content-digest": contentDigest(CONTENT.bytes) };
  refused("signature/uncovered", () => verify({ ...message, fields: digested }, CONTENT.bytes));
});

/** A request signed by hand, where `signRequest` would not sign it so. */
function signedAs(parameters: SignatureParameters, left?: string, label = "fairlead"): RequestMessage {
  const { message } = signed();
  const { signature: _, "signature-input": __, ...fields } = message.fields;
  const names = ["@method", "@path", "@query", "content-type", "content-digest", "fairlead-repository"];
  const covered = names.filter((name) => name !== left).map((name) => component(name));
  const bare = { ...message, fields };
  return {
    ...bare,
    fields: { ...fields, ...signMessage(bare, label, covered, parameters, nodeSign(DEVICE)) },
  };
}
const SOUND = { created: NOW, keyid: "d-1", nonce: NONCE, tag: "fairlead" };

test("a signature by hand is taken with its parameters in any order, an expiry and its algorithm", () => {
  const { created, ...others } = SOUND;
  verify(signedAs({ ...others, alg: "ed25519", expires: NOW + 1, created }), CONTENT.bytes);
});

for (const name of [
  "@method",
  "@path",
  "@query",
  "content-type",
  "content-digest",
  "fairlead-repository",
] as const) {
  test(`a signature that does not cover \`${name}\` is refused`, () => {
    refused("signature/uncovered", () => verify(signedAs(SOUND, name), CONTENT.bytes));
  });
}

for (const [what, parameters, code] of [
  ["no tag", { tag: undefined }, "bad-parameters"],
  ["another tag", { tag: "another" }, "bad-parameters"],
  ["another algorithm", { alg: "hmac-sha256" }, "bad-parameters"],
  ["no time", { created: undefined }, "bad-parameters"],
  ["a time before 1970", { created: -1 }, "bad-parameters"],
  ["no key id", { keyid: undefined }, "bad-parameters"],
  ["a key id that is none", { keyid: "../d-1" }, "bad-parameters"],
  ["no nonce", { nonce: undefined }, "bad-parameters"],
  ["a nonce of 15 characters", { nonce: "x".repeat(15) }, "bad-parameters"],
  ["a nonce of 65 characters", { nonce: "x".repeat(65) }, "bad-parameters"],
  ["a nonce with other characters", { nonce: "0123456789abcdef " }, "bad-parameters"],
  ["an expiry that has passed", { expires: NOW }, "stale"],
  ["a parameter that nobody knows", { only: "today" }, "bad-parameters"],
] as const) {
  test(`a signature with ${what} is refused`, () => {
    const all = Object.entries({ ...SOUND, ...parameters }).filter(([, value]) => value !== undefined);
    refused(`signature/${code}`, () => verify(signedAs(Object.fromEntries(all)), CONTENT.bytes));
  });
}

test("a signature with another label beside ours is passed over, and ours twice is refused", () => {
  const { message } = signed();
  const proxy = signedAs({ created: 1, keyid: "proxy" }, undefined, "proxy").fields;
  const joined = (other: RequestMessage["fields"]) => ({
    ...message.fields,
    "signature-input": [String(other["signature-input"]), String(message.fields["signature-input"])],
    signature: [String(other.signature), String(message.fields.signature)],
  });
  verify({ ...message, fields: joined(proxy) }, CONTENT.bytes);
  refused("signature/malformed", () => verify({ ...message, fields: joined(message.fields) }, CONTENT.bytes));
  refused("signature/missing", () =>
    verify({ ...message, fields: { ...message.fields, ...proxy } }, CONTENT.bytes),
  );
});

test("header fields of any text are taken or refused, and nothing else happens", () => {
  const { message } = signed();
  const texts = fc.oneof(
    fc.string({ unit: "binary", maxLength: 80 }),
    fc
      .array(
        fc.constantFrom(
          "fairlead=",
          '("@method" "@path")',
          ";created=1",
          ";req",
          ';nonce="x"',
          ":AAAA:",
          ",",
          " ",
          "(",
          '"',
        ),
        { maxLength: 12 },
      )
      .map((parts) => parts.join("")),
  );
  const names = fc.constantFrom(
    "signature",
    "signature-input",
    "content-digest",
    "content-type",
    "fairlead-repository",
  );
  fc.assert(
    fc.property(names, fc.oneof(texts, fc.array(texts, { maxLength: 3 })), (name, value) => {
      const fields = { ...message.fields, [name]: value };
      try {
        verify({ ...message, fields }, CONTENT.bytes);
      } catch (error) {
        assert.ok(error instanceof HttpSignatureError, String(error));
      }
    }),
    { numRuns: 1500 },
  );
});
