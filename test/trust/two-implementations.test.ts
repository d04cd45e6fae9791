/** What the controller signs and believes at each commit goes through node:crypto; here tweetnacl looks at the same. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import nacl from "tweetnacl";
import { readOnlineRoles } from "../../controller/publish/manifest-roles.ts";
import { areSound, BY_NODE, BY_TWEETNACL, type Ed25519 } from "../../controller/trust/ed25519.ts";
import { openKey, verifySignature } from "../../controller/trust/open-key.ts";
import { SigningKey } from "../../controller/trust/signing-key.ts";
import { ed25519Key } from "../../protocol/tuf/identify-key.ts";
import { SAMPLE, sampleModel } from "../publish/sample-model.ts";
import { SampleKeys, temporaryFolder } from "../publish/sample-publisher.ts";
import { fairlead } from "../support/run-command.ts";
import { StateRepository } from "../support/state-repository.ts";

const NOW = 1_800_000_000;
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });

test("every online role of a manifest verifies with tweetnacl, those of bins too", () => {
  const keys = new SampleKeys();
  const tenants = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`t-${index}`, {}]));
  const model = sampleModel({ ...SAMPLE, tenants });
  const { metadata } = keys.publish(model, keys.trust(model, NOW), NOW);
  const { timestamp, snapshot, policy, bins } = readOnlineRoles(metadata);
  const roles = [timestamp, snapshot, policy, ...bins.values()];
  assert.equal(roles.length, 3 + 16);
  const publicKey = Buffer.from(keys.online.key.keyval.public, "hex");
  for (const { signatures, signedBytes } of roles) {
    const [signature] = signatures.values();
    assert.ok(signature !== undefined && nacl.sign.detached.verify(signedBytes, signature, publicKey));
  }
});

test("an online key signs byte for byte as the same key does with tweetnacl", () => {
  const check = (seed: Uint8Array, message: Uint8Array): void => {
    const online = SigningKey.fromSeed("online", seed);
    const { secretKey } = nacl.sign.keyPair.fromSeed(seed);
    assert.deepEqual(
      Buffer.from(online.signBytes(message)),
      Buffer.from(nacl.sign.detached(message, secretKey)),
    );
    assert.deepEqual(Buffer.from(online.seed()), Buffer.from(seed));
  };
  fc.assert(fc.property(bytes(32), fc.uint8Array({ maxLength: 300 }), check), { numRuns: 60 });
});

test("signatures, and what somebody changed of them, are good for both implementations or for neither", () => {
  const seen = { good: 0, refused: 0 };
  const check = (seed: Uint8Array, message: Uint8Array, at: number, change: number): void => {
    const { publicKey, secretKey } = nacl.sign.keyPair.fromSeed(seed);
    const signed = Buffer.concat([publicKey, nacl.sign.detached(message, secretKey)]);
    signed[at] = (signed[at] ?? 0) ^ change;
    const [key, signature] = [ed25519Key(signed.subarray(0, 32)), signed.subarray(32)];
    const byNode = openKey(key)?.verifies(message, signature) ?? false;
    assert.equal(byNode, verifySignature(key, message, signature));
    assert.equal(byNode, change === 0);
    seen[byNode ? "good" : "refused"]++;
  };
  const changes = fc.oneof(
    { weight: 1, arbitrary: fc.constant(0) },
    { weight: 3, arbitrary: fc.integer({ min: 1, max: 255 }) },
  );
  const places = [bytes(32), fc.uint8Array({ maxLength: 80 }), fc.nat(95), changes] as const;
  fc.assert(fc.property(...places, check), { numRuns: 100 });
  assert.ok(seen.good > 5 && seen.refused > 40, JSON.stringify(seen));
});

test("an implementation that signs otherwise, takes anything, takes nothing or throws is not sound", () => {
  const without: Readonly<Record<string, Ed25519>> = {
    "signs otherwise": { ...BY_NODE, signer: () => () => randomBytes(64) },
    "takes anything": { ...BY_NODE, verifier: () => () => true },
    "takes nothing": { ...BY_NODE, verifier: () => () => false },
    throws: {
      ...BY_NODE,
      signer: () => {
        throw new Error("unsupported");
      },
    },
  };
  assert.ok(areSound());
  for (const [name, broken] of Object.entries(without)) {
    assert.ok(!areSound([broken, BY_TWEETNACL]), name);
    assert.ok(!areSound([BY_NODE, broken]), name);
  }
});

test("a controller whose node:crypto signs otherwise than tweetnacl does not start, and says so", async (t) => {
  const state = await StateRepository.create(t);
  await state.addVersion("1.0.0");
  await state.point("stable", "1.0.0");
  await state.commit("lantern");
  const folder = temporaryFolder(t);
  const broken = join(folder, "broken-crypto.mjs");
  writeFileSync(
    broken,
    `import crypto from "node:crypto";
import { syncBuiltinESMExports } from "node:module";
const { sign } = crypto;
crypto.sign = (...args) => { const made = sign(...args); made[0] ^= 1; return made; };
syncBuiltinESMExports();
`,
  );
  const where = ["--repo", state.directory, "--path", "", "--dev-keys"];
  const env = { NODE_OPTIONS: `--import ${broken}` };
  for (const command of ["serve", "export"]) {
    const rest = command === "serve" ? ["--port", "0"] : ["--out", join(folder, "out")];
    const args = [command, ...where, "--state-dir", join(folder, "state"), ...rest];
    const { code, stderr } = await fairlead(args, { env });
    assert.equal(code, 1, stderr);
    assert.match(stderr, /^error\[publish\/signing-unsound\]: .*\n(.*\n)*\s*= help: start it with the Node/m);
  }
});
