import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { signAnswer } from "../../../protocol/http-signatures/answer-signature.ts";
import type { Message } from "../../../protocol/http-signatures/message.ts";
import { readSignature } from "../../../protocol/http-signatures/message-signature.ts";
import { signRequest } from "../../../protocol/http-signatures/request-signature.ts";
import { ed25519Key, keyId } from "../../../protocol/tuf/identify-key.ts";
import { TOP } from "../../support/run-command.ts";
import { ED25519, naclSign, nodeSign, nodeVerifies, type TestKey } from "./keys.ts";

const PAGE = join(TOP, "docs", "check-in.md");
const BEGIN = "<!-- example: written by test/protocol/http-signatures/worked-example.test.ts -->\n";
const END = "<!-- end of example -->\n";

/** The key of RFC 8032, section 7.1, TEST 1. */
const ONLINE: TestKey = {
  seed: Buffer.from("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", "hex"),
  publicKey: Buffer.from("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "hex"),
};
const ONLINE_ID = keyId(ed25519Key(ONLINE.publicKey));

const json = (text: string) => ({ type: "application/json", bytes: Buffer.from(text) });
const QUESTION = json('{"sequence":41}');
const ANSWER = json('{"requests":[]}');

function example(): string {
  const device = `d-${createHash("sha256").update(ED25519.publicKey).digest("hex").slice(0, 16)}`;
  const repository = createHash("sha256").update("the bytes of 1.root.json").digest("hex");
  const sent = signRequest(
    { method: "POST", target: "/api/v1/check-in", content: QUESTION, repository },
    { created: 1798761600, keyid: device, nonce: "TNtXLTgKa7oAEm0gCTsAtMPF" },
    nodeSign(ED25519),
  );
  const fields = signAnswer(
    { status: 200, content: ANSWER, request: sent.message, nonce: sent.nonce, device },
    { created: 1798761601, keyid: ONLINE_ID },
    naclSign(ONLINE),
  );
  const answer: Message = { kind: "response", status: 200, fields, request: sent.message };
  return [
    `The device has the key of RFC 9421, appendix B.1.4: public \`${ED25519.publicKey.toString("hex")}\`, so that its id\n`,
    `is \`${device}\`. It sends this:\n\n`,
    block(
      "http",
      `POST /api/v1/check-in HTTP/1.1\nhost: updates.example\n${lines(sent.fields)}\n\n${QUESTION.bytes}`,
    ),
    "What it signed, without a line end after the last line:\n\n",
    block("text", baseOf(sent.message)),
    `The online key, that of RFC 8032, section 7.1, TEST 1, is public\n`,
    `\`${ONLINE.publicKey.toString("hex")}\`. The controller answers:\n\n`,
    block("http", `HTTP/1.1 200 OK\n${lines(fields)}\n\n${ANSWER.bytes}`),
    "and has signed:\n\n",
    block("text", baseOf(answer)),
  ].join("");
}

const block = (kind: string, text: string): string => `\`\`\`${kind}\n${text}\n\`\`\`\n\n`;
const lines = (fields: Readonly<Record<string, string>>): string =>
  Object.entries(fields)
    .map(([name, value]) => `${name}: ${value}`)
    .join("\n");
const baseOf = (message: Message): string =>
  Buffer.from(readSignature(message, "fairlead").base).toString("ascii");

test("the worked example in docs/check-in.md is what the code makes of it", () => {
  const page = readFileSync(PAGE, "utf8");
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  assert.ok(begin !== -1 && end > begin, "the page has a place for it");
  const expected = `${page.slice(0, begin + BEGIN.length)}\n${example()}${page.slice(end)}`;
  if (process.env.UPDATE_GOLDEN === "1") writeFileSync(PAGE, expected);
  else assert.equal(page, expected);
});

test("who reads the page alone can check the example: the printed base, signature and public key fit together", () => {
  const page = readFileSync(PAGE, "utf8");
  const bases = [...page.matchAll(/```text\n("@(?:method|status)".*?)\n```/gs)].map(([, base = ""]) => base);
  const signatures = [...page.matchAll(/^signature: fairlead=:(.*):$/gm)].map(([, text = ""]) => text);
  assert.equal(bases.length, 2);
  assert.equal(signatures.length, 2);
  for (const [index, key] of [ED25519, ONLINE].entries()) {
    const base = Buffer.from(bases[index] ?? "");
    assert.ok(nodeVerifies(key)(base, Buffer.from(signatures[index] ?? "", "base64")), `number ${index}`);
  }
});
