import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { CommandSigner } from "../../controller/keys/command-signer.ts";
import { publicKeyOf } from "../../controller/keys/public-key-file.ts";
import { verifySignature } from "../../controller/trust/open-key.ts";
import { makeDevice, randomPublicKey } from "./signing-device.ts";

const MESSAGE = Buffer.from("the bytes of a role");

const stranger = publicKeyOf(randomPublicKey());

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
