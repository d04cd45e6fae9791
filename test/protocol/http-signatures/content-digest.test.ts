import assert from "node:assert/strict";
import { test } from "node:test";
import { contentDigest, requireContentDigest } from "../../../protocol/http-signatures/content-digest.ts";
import { HttpSignatureError } from "../../../protocol/http-signatures/http-signature-error.ts";

// RFC 9530, appendix B.1: the content of its messages, with the line end that its digests have.
const CONTENT = Buffer.from('{"hello": "world"}\n');
const SHA_256 = "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:";
const SHA_512 =
  "sha-512=:YMAam51Jz/jOATT6/zvHrLVgOYTGFy1d6GJiOHTohq4yP+pgk4vf2aCsyRZOtw8MjkM7iw7yZ/WkppmM44T3qg==:";

const check = (field: string | readonly string[], content = CONTENT) =>
  requireContentDigest({ "content-digest": field }, content);
const refused = (code: string, field: string | readonly string[], content = CONTENT) =>
  assert.throws(
    () => check(field, content),
    (error) => error instanceof HttpSignatureError && error.code === code,
  );

test("content has the digests of RFC 9530", () => {
  assert.equal(contentDigest(CONTENT), SHA_256);
  for (const field of [SHA_256, SHA_512, `${SHA_256},${SHA_512}`, [SHA_512, SHA_256]]) check(field);
});

test("every digest that is known must be right, not only one of them", () => {
  refused("signature/bad-digest", SHA_256, CONTENT.subarray(1));
  refused("signature/bad-digest", `${SHA_256}, sha-512=:AAAA:`);
  refused("signature/bad-digest", `sha-256=:AAAA:, ${SHA_512}`);
  refused("signature/bad-digest", 'sha-256="RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg="');
});

test("a digest by an algorithm that collides proves nothing, and disturbs nothing", () => {
  const md5 = "md5=:Sd/dVLAcvNLSq16eXua5uQ==:";
  refused("signature/bad-digest", md5);
  check(`${md5}, ${SHA_256}`);
});

test("no digest, and what is none, are refused", () => {
  refused("signature/bad-digest", "");
  assert.throws(() => requireContentDigest({}, CONTENT), HttpSignatureError);
  refused("signature/malformed", `${SHA_256}, ${SHA_256}`);
  refused("signature/malformed", "sha-256=RK/0qy18");
});
