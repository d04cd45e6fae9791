import assert from "node:assert/strict";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { unlock } from "../../controller/keys/file-signer.ts";
import { encodeKeyFile, openKeyFile, readKeyFile } from "../../controller/keys/key-file.ts";
import { readKeyFolder } from "../../controller/keys/key-folder.ts";
import { encodePublicHalf, readPublicHalf } from "../../controller/keys/public-key-file.ts";
import { verifySignature } from "../../controller/trust/open-key.ts";
import { SigningKey } from "../../controller/trust/signing-key.ts";
import { temporaryFolder } from "../publish/sample-publisher.ts";

const PASSPHRASE = "correct horse battery staple";
const MESSAGE = Buffer.from("what is signed");

/** Passphrases in the order in which they are tried. */
const trying = (...passphrases: string[]) => ({
  toOpen: async (_path: string, attempt: number) => passphrases[attempt],
  forNewKeys: async () => PASSPHRASE,
});

test("an encrypted key opens with its passphrase, signs as before, and shows nothing of its secret", async (t) => {
  const path = join(temporaryFolder(t), "root.json");
  const key = SigningKey.generate("root");
  writeFileSync(path, encodeKeyFile(key, PASSPHRASE), { mode: 0o600 });
  assert.equal(readFileSync(path, "utf8").includes(Buffer.from(key.seed()).toString("hex")), false);
  const file = openKeyFile(path);
  assert.deepEqual([file.role, file.publicKey.keyid, file.isEncrypted], ["root", key.keyid, true]);
  const opened = await unlock(file, trying("wrong", PASSPHRASE));
  assert.ok(verifySignature(key.key, MESSAGE, opened.signBytes(MESSAGE)));
  await assert.rejects(unlock(file, trying("wrong", "wrong again")), { code: "keys/wrong-passphrase" });
  await assert.rejects(unlock(file, trying()), { code: "keys/passphrase-needed", help: /--passphrase-fd/ });
  assert.throws(() => readKeyFile(path, "root"), { code: "keys/passphrase-needed" });
});

test("a passphrase opens however its letters were composed, and a short one is refused", async (t) => {
  const path = join(temporaryFolder(t), "root.json");
  const key = SigningKey.generate("root");
  writeFileSync(path, encodeKeyFile(key, "schl\u00fcssel f\u00fcr alle"), { mode: 0o600 });
  await unlock(openKeyFile(path), trying("schlu\u0308ssel fu\u0308r alle"));
  assert.throws(() => encodeKeyFile(key, "too short"), { code: "keys/weak-passphrase" });
});

test("a key file with anything changed does not open", async (t) => {
  const path = join(temporaryFolder(t), "root.json");
  const sound = JSON.parse(encodeKeyFile(SigningKey.generate("root"), PASSPHRASE));
  const flip = (hex: string): string => (hex.startsWith("0") ? "1" : "0") + hex.slice(1);
  const other = SigningKey.generate("root").key.keyval.public;
  const changes = {
    role: "targets",
    public: other,
    nonce: flip(sound.nonce),
    sealed: flip(sound.sealed),
    scrypt: { ...sound.scrypt, salt: flip(sound.scrypt.salt) },
  };
  for (const [name, value] of Object.entries(changes)) {
    writeFileSync(path, JSON.stringify({ ...sound, [name]: value }), { mode: 0o600 });
    await assert.rejects(
      unlock(openKeyFile(path), trying(PASSPHRASE)),
      { code: "keys/wrong-passphrase" },
      name,
    );
  }
  const greedy = [
    { ...sound.scrypt, n: 2 ** 29 },
    { ...sound.scrypt, p: 64 },
    { ...sound.scrypt, n: 3 },
    { ...sound.scrypt, n: 2 },
  ];
  for (const scrypt of greedy) {
    writeFileSync(path, JSON.stringify({ ...sound, scrypt }), { mode: 0o600 });
    assert.throws(() => openKeyFile(path), { code: "keys/unreadable" }, JSON.stringify(scrypt));
  }
});

test("plain key files of the first format stay readable", (t) => {
  const path = join(temporaryFolder(t), "online.json");
  const content = {
    format: "fairlead-key-1",
    role: "online",
    public: "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8",
    secret: "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
  };
  writeFileSync(path, `${JSON.stringify(content, undefined, 2)}\n`, { mode: 0o600 });
  assert.equal(readKeyFile(path, "online").key.keyval.public, content.public);
  assert.throws(() => readKeyFile(path, "root"), { code: "keys/wrong-role" });
  chmodSync(path, 0o644);
  assert.throws(() => readKeyFile(path, "online"), { code: "keys/too-open", help: /chmod 600/ });
});

test("no error message repeats what a damaged key file holds", (t) => {
  const path = join(temporaryFolder(t), "root.json");
  const secret = "5ec2e75ec2e75ec2e75ec2e75ec2e75ec2e75ec2e75ec2e75ec2e75ec2e75ec2";
  const texts = [
    `{"format":"fairlead-key-1","role":"root","public":"${"a".repeat(64)}","secret":"${secret}"}`,
    `{"format":"fairlead-key-1","role":"root","secret":"${secret}"}`,
    `{"format":"fairlead-key-1","secret":"${secret}"`,
    `{"format":"${secret}"}`,
    `${secret}`,
    `{"format":"fairlead-key-9","secret":"${secret}"}`,
  ];
  for (const text of texts) {
    writeFileSync(path, text, { mode: 0o600 });
    for (const read of [() => readKeyFile(path, "root"), () => readPublicHalf(path)]) {
      assert.throws(read, (error: Error & { code?: string; help?: string }) => {
        assert.equal(error.code, "keys/unreadable");
        assert.equal(`${error.message}${error.help}`.includes(secret), false, text);
        return true;
      });
    }
  }
});

test("a folder gives its private keys and passes over everything else", (t) => {
  const folder = temporaryFolder(t);
  const key = SigningKey.generate("targets");
  const write = (name: string, text: string): void =>
    writeFileSync(join(folder, name), text, { mode: 0o600 });
  write("targets.json", encodeKeyFile(key));
  write("targets.public.json", encodePublicHalf({ role: "targets", publicKey: key, holder: "ada" }));
  write("notes.txt", "x");
  write("request.json", "{}");
  write("large.json", " ".repeat(10_000));
  assert.deepEqual(
    readKeyFolder(folder).map(({ path, role }) => [path, role]),
    [[join(folder, "targets.json"), "targets"]],
  );
  assert.deepEqual(readKeyFolder(join(folder, "nothing")), []);
  assert.equal(readPublicHalf(join(folder, "targets.public.json")).holder, "ada");
  assert.throws(() => readPublicHalf(join(folder, "targets.json")), {
    code: "keys/unreadable",
    help: /public/,
  });
});
