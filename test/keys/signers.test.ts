import assert from "node:assert/strict";
import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { CommandSigner } from "../../controller/keys/command-signer.ts";
import { publicKeyOf } from "../../controller/keys/public-key-file.ts";
import type { PublicKey } from "../../controller/trust/build-trust.ts";
import { verifySignature } from "../../controller/trust/signing-key.ts";
import { temporaryFolder } from "../publish/sample-publisher.ts";

const MESSAGE = Buffer.from("the bytes of a role");

/** A key that no file of ours holds, and a program that signs with it: what an HSM with its tool is. */
function makeDevice(
  t: TestContext,
  encode = 'out.toString("hex")',
): { key: PublicKey; command: string; log: string } {
  const folder = temporaryFolder(t);
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  writeFileSync(join(folder, "key.pem"), privateKey.export({ type: "pkcs8", format: "pem" }));
  const log = join(folder, "log");
  writeFileSync(
    join(folder, "sign.mjs"),
    `import { sign } from "node:crypto";
import { appendFileSync, readFileSync } from "node:fs";
const message = readFileSync(0);
appendFileSync(${JSON.stringify(log)}, message.toString("hex") + "\\n");
const out = sign(null, message, readFileSync(${JSON.stringify(join(folder, "key.pem"))}));
process.stdout.write(${encode} + "\\n");
`,
  );
  return {
    key: publicKeyOf(rawPublic(publicKey)),
    command: `'${process.execPath}' '${folder}/sign.mjs'`,
    log,
  };
}

function rawPublic(key: KeyObject): string {
  return key.export({ type: "spki", format: "der" }).subarray(-32).toString("hex");
}

const stranger = publicKeyOf(rawPublic(generateKeyPairSync("ed25519").publicKey));

const ENCODINGS = {
  hexadecimal: 'out.toString("hex")',
  "upper-case hexadecimal": 'out.toString("hex").toUpperCase()',
  base64: 'out.toString("base64")',
  base64url: 'out.toString("base64url")',
};
for (const [name, encode] of Object.entries(ENCODINGS)) {
  test(`a program gets exactly the bytes and may answer in ${name}`, async (t) => {
    const { key, command, log } = makeDevice(t, encode);
    const signature = await new CommandSigner(command, [stranger, key]).sign(MESSAGE, [stranger, key]);
    assert.equal(signature?.keyid, key.keyid);
    assert.match(signature?.sig ?? "", /^[0-9a-f]{128}$/);
    assert.ok(verifySignature(key.key, MESSAGE, Buffer.from(signature?.sig ?? "", "hex")));
    assert.equal(readFileSync(log, "utf8"), `${MESSAGE.toString("hex")}\n`);
  });
}

test("a program is asked no more once its key is known not to count, and its other answers are dropped", async (t) => {
  const { key, command, log } = makeDevice(t);
  const signer = new CommandSigner(command, [stranger, key]);
  assert.equal(await signer.sign(MESSAGE, [stranger]), undefined);
  assert.equal(await signer.sign(MESSAGE, [stranger]), undefined);
  assert.equal(readFileSync(log, "utf8").trim().split("\n").length, 1);
  assert.ok(await signer.sign(MESSAGE, [key]));
});

test("a signature that no public key confirms is never taken", async (t) => {
  const { key, command } = makeDevice(t);
  await assert.rejects(new CommandSigner(command, [stranger]).sign(MESSAGE, [stranger]), {
    code: "keys/bad-signature",
  });
  const wrong = makeDevice(t, '(out[0] ^= 1, out.toString("hex"))');
  await assert.rejects(new CommandSigner(wrong.command, [wrong.key, key]).sign(MESSAGE, [wrong.key]), {
    code: "keys/bad-signature",
  });
});

test("a program that signed well once is checked every time", async (t) => {
  const { key, command } = makeDevice(t, '(message.length > 20 && (out[0] ^= 1), out.toString("hex"))');
  const signer = new CommandSigner(command, [key]);
  assert.ok(await signer.sign(MESSAGE, [key]));
  await assert.rejects(signer.sign(Buffer.alloc(100), [key]), { code: "keys/bad-signature" });
});

test("a program that fails, hangs, talks too much or says nothing is refused with the reason", async () => {
  const refused = (command: string, message: RegExp, deadlineMs?: number): Promise<void> =>
    assert.rejects(new CommandSigner(command, [stranger], deadlineMs).sign(MESSAGE, [stranger]), {
      code: "keys/signer-failed",
      message,
    });
  await refused("sh -c 'cat > /dev/null; exit 3'", /ended with 3/);
  await refused("true", /printed no signature/);
  await refused("echo no signature", /printed no signature/);
  await refused("yes", /more than 4096 bytes/);
  await refused("sleep 600", /no answer within 0\.2 s/, 200);
  await refused("sh -c 'kill -9 $$'", /ended with SIGKILL/);
  await refused("2>/dev/null /nowhere/signs", /ended with 127/);
});

test("a program is not run where there is nothing for it to sign", async (t) => {
  const { key, command, log } = makeDevice(t);
  assert.equal(await new CommandSigner(command, [key]).sign(MESSAGE, []), undefined);
  assert.equal(existsSync(log), false);
});
