import assert from "node:assert/strict";
import { constants, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { test } from "node:test";
import { requireSigned } from "../../agent/trust/read-signed.ts";
import { keyId } from "../../protocol/tuf/identify-key.ts";
import type { Key } from "../../protocol/tuf/roles.ts";
import { withCode } from "./made-repository.ts";

const MESSAGE = Buffer.from("what is signed");

function pem(keytype: string, scheme: string, publicKey: KeyObject): Key {
  return {
    keytype,
    scheme,
    keyval: { public: publicKey.export({ format: "pem", type: "spki" }).toString() },
  };
}

function check(key: Key, signature: Buffer, message = MESSAGE): void {
  const id = keyId(key);
  const signatures = new Map([[id, signature]]);
  const document = { signedBytes: message, signatures };
  requireSigned("test", document, { [id]: key }, { keyids: [id], threshold: 1 });
}

const ecdsa = generateKeyPairSync("ec", { namedCurve: "P-256" });
const otherCurve = generateKeyPairSync("ec", { namedCurve: "P-384" });
const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const ed25519 = generateKeyPairSync("ed25519");
const pss = { key: rsa.privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };

const schemes = [
  { key: pem("ed25519", "ed25519", ed25519.publicKey), signature: sign(null, MESSAGE, ed25519.privateKey) },
  {
    key: pem("ecdsa", "ecdsa-sha2-nistp256", ecdsa.publicKey),
    signature: sign("sha256", MESSAGE, ecdsa.privateKey),
  },
  { key: pem("rsa", "rsassa-pss-sha256", rsa.publicKey), signature: sign("sha256", MESSAGE, pss) },
];

for (const { key, signature } of schemes) {
  test(`a ${key.scheme} signature holds, for its own message only`, () => {
    check(key, signature);
    assert.throws(() => check(key, signature, Buffer.from("other")), withCode("trust/signature-threshold"));
    assert.throws(() => check(key, Buffer.alloc(0)), withCode("trust/signature-threshold"));
  });

  test(`a ${key.scheme} key under the name of another scheme signs nothing`, () => {
    for (const { key: other } of schemes) {
      if (other.scheme === key.scheme) continue;
      assert.throws(
        () => check({ ...key, scheme: other.scheme }, signature),
        withCode("trust/signature-threshold"),
      );
    }
    assert.throws(() => check({ ...key, scheme: "none" }, signature), withCode("trust/signature-threshold"));
  });
}

test("a curve that the scheme does not name signs nothing", () => {
  const key = pem("ecdsa", "ecdsa-sha2-nistp256", otherCurve.publicKey);
  assert.throws(
    () => check(key, sign("sha256", MESSAGE, otherCurve.privateKey)),
    withCode("trust/signature-threshold"),
  );
});

test("a key that is no key signs nothing", () => {
  for (const text of ["", "zz", "-----BEGIN PUBLIC KEY-----\n\n-----END PUBLIC KEY-----", "0".repeat(64)]) {
    const key = { keytype: "ed25519", scheme: "ed25519", keyval: { public: text } };
    assert.throws(() => check(key, Buffer.alloc(64)), withCode("trust/signature-threshold"));
  }
});
