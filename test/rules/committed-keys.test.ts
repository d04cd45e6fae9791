import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { encodeKeyFile } from "../../controller/keys/key-file.ts";
import { findPrivateKey } from "../../controller/state/find-private-key.ts";
import { SigningKey } from "../../controller/trust/signing-key.ts";
import { fairlead, runOk } from "../support/run-command.ts";
import { StateRepository } from "../support/state-repository.ts";

const key = SigningKey.generate("root");
const id = key.keyid.slice(0, 16);

async function setUp(t: TestContext) {
  const state = await StateRepository.create(t);
  await state.addVersion("1.0.0");
  await state.point("stable", "1.0.0");
  const base = await state.commit("begin");
  const git = (...args: string[]): Promise<string> => runOk("git", args, { cwd: state.directory });
  const validate = (...args: string[]) => fairlead(["validate", ...args], { cwd: state.directory });
  const isFound = async (message: RegExp, ...args: string[]): Promise<void> => {
    const { code, stdout, stderr } = await validate(...args);
    assert.equal(code, 1, stdout + stderr);
    assert.match(stdout, message);
    assert.equal([...stdout.matchAll(/file\/private-key/g)].length, 1, stdout);
  };
  const isClean = async (...args: string[]): Promise<void> => {
    const { code, stdout, stderr } = await validate(...args);
    assert.equal(code, 0, stdout + stderr);
  };
  return { state, base, git, isFound, isClean };
}

test("a key that was committed anywhere in the tree is found, with what to do", async (t) => {
  const { state, git, isFound, isClean } = await setUp(t);
  await state.write("docs/old/backup.json.txt", `copied on Monday:\n${encodeKeyFile(key)}`);
  await git("add", "-A");
  await isFound(/docs\/old\/backup\.json\.txt/);
  await isFound(
    new RegExp(`the private key of root, ${id}, is about to be committed[\\s\\S]*git rm --cached`),
  );
  await git("rm", "-q", "--cached", "docs/old/backup.json.txt");
  await isClean();
  await state.commit("oh no");
  await isFound(new RegExp(`is in git[\\s\\S]*it is burnt[\\s\\S]*fairlead keys revoke ${id}`));
  await isFound(/is in git/, "--ref", "HEAD");
});

test("a key that came and went since the base is found in its commit, also on a branch that was merged", async (t) => {
  const { state, base, git, isFound, isClean } = await setUp(t);
  await git("switch", "-q", "-c", "side");
  await state.write("notes.md", encodeKeyFile(key, "correct horse battery staple"));
  const leak = await state.commit("notes");
  await git("rm", "-q", "notes.md");
  await state.commit("forget them");
  await git("switch", "-q", "main");
  await state.write("README.md", "# Fleet\n");
  await state.commit("meanwhile");
  await git("merge", "-q", "--no-ff", "-m", "merge side", "side");
  await isClean();
  await isFound(
    new RegExp(`the encrypted private key of root, ${id}, was in git, in commit ${leak.slice(0, 12)}`),
    "--base",
    base,
  );
});

test("findings outside of the state root are named from the top of the repository", async (t) => {
  const { state, isFound } = await setUp(t);
  await runOk("sh", ["-c", "mkdir releases && git mv fleet.yaml products tenants artifacts releases/"], {
    cwd: state.directory,
  });
  await state.write("deploy/online.json", encodeKeyFile(key));
  await state.commit("everything in its place");
  await isFound(/^::error file=deploy\/online\.json,/m, "--format", "github");
});

test("keys that git ignores, examples that everybody has and other files are no findings", async (t) => {
  const { state, isClean } = await setUp(t);
  await state.write(".gitignore", "/keys/\n");
  await state.write("keys/root-1.json", encodeKeyFile(key));
  const example = SigningKey.fromSeed(
    "root",
    Uint8Array.from({ length: 32 }, (_, index) => index),
  );
  await state.write("docs/example.md", encodeKeyFile(example));
  await state.write("docs/keys.md", 'a file with `"format": "fairlead-key-1"` and a `secret`');
  await state.write(
    "artifacts/large",
    Buffer.concat([Buffer.alloc(2 ** 20), Buffer.from(encodeKeyFile(key))]),
  );
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  await state.write("test/tls.pem", privateKey.export({ type: "pkcs8", format: "pem" }));
  await state.commit("nothing secret of ours");
  await isClean();
});

test("every form of a private key of ours is known, whatever stands around it", () => {
  const seed = Buffer.from(key.seed());
  const pkcs8 = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), seed]).toString(
    "base64",
  );
  const pem = `-----BEGIN PRIVATE KEY-----\n${pkcs8}\n-----END PRIVATE KEY-----\n`;
  const compact = JSON.stringify(JSON.parse(encodeKeyFile(key)));
  const texts = {
    [encodeKeyFile(key)]: `the private key of root`,
    [`key: '${compact}'\n`]: `the private key of root`,
    [`# PEM\n${pem}`]: "an Ed25519 private key",
  };
  for (const [text, what] of Object.entries(texts)) {
    assert.deepEqual(findPrivateKey(Buffer.from(text)), { what, keyid: key.keyid }, text);
  }
  const device = JSON.stringify({
    format: 1,
    type: "ed25519",
    privateKey: seed.toString("base64url"),
    publicKey: "x",
  });
  assert.equal(findPrivateKey(Buffer.from(device))?.what, "the private key of a device");
  assert.equal(findPrivateKey(Buffer.from(encodeKeyFile(key).replace("secret", "public"))), undefined);
});

test("a file name that steers the terminal is shown without its power", async (t) => {
  const { state, isFound } = await setUp(t);
  await state.write(join("docs", "\u001b[2Jkey"), encodeKeyFile(key));
  await state.commit("a strange name");
  await isFound(/docs\/\ufffd\[2Jkey/);
});
