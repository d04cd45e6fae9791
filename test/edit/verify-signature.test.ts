import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { type GitRepository, openRepository } from "../../controller/source/git-repository.ts";
import { verifyCommitSignature } from "../../controller/source/verify-signature.ts";
import { lacks, run, runOk } from "../support/run-command.ts";

const needsSshKeygen = { skip: await lacks("ssh-keygen") };
const needsGpg = { skip: await lacks("gpg") };

/** A repository with one SSH key pair, and a way to commit with settings. */
async function prepare(t: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-signed-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const work = join(folder, "work");
  await runOk("git", ["init", "-q", "-b", "main", work]);
  const makeKey = async (name: string): Promise<string> => {
    const path = join(folder, name);
    await runOk("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", name, "-f", path]);
    return path;
  };
  const commit = async (
    settings: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<string> => {
    const config = settings.flatMap((setting) => ["-c", setting]);
    await runOk("git", [...config, "commit", "-q", "--allow-empty", "-m", "x"], { cwd: work, env });
    return (await runOk("git", ["rev-parse", "HEAD"], { cwd: work })).trim();
  };
  const repository: GitRepository = await openRepository(work);
  t.after(() => repository.close());
  return { folder, work, makeKey, commit, repository };
}

const signWith = (key: string): string[] => [
  "gpg.format=ssh",
  `user.signingKey=${key}`,
  "commit.gpgSign=true",
];

test("an SSH signature counts when the allowed-signers file lists its key", needsSshKeygen, async (t) => {
  const { folder, makeKey, commit, repository } = await prepare(t);
  const key = await makeKey("ada");
  const stranger = await makeKey("eve");
  const allowedSigners = join(folder, "allowed");
  await writeFile(allowedSigners, `ada@acme.example ${await readFile(`${key}.pub`, "utf8")}`);

  const good = await verifyCommitSignature(repository, await commit(signWith(key)), { allowedSigners });
  assert.equal(good.kind, "good");
  assert.equal(good.kind === "good" && good.signer, "ada@acme.example");

  const foreign = await commit(signWith(stranger));
  assert.equal((await verifyCommitSignature(repository, foreign, { allowedSigners })).kind, "untrusted");
  assert.equal((await verifyCommitSignature(repository, foreign, {})).kind, "untrusted");
});

test("a commit without a signature is unsigned, and a moved signature is bad", needsSshKeygen, async (t) => {
  const { folder, work, makeKey, commit, repository } = await prepare(t);
  const key = await makeKey("ada");
  const allowedSigners = join(folder, "allowed");
  await writeFile(allowedSigners, `ada@acme.example ${await readFile(`${key}.pub`, "utf8")}`);
  assert.equal(
    (await verifyCommitSignature(repository, await commit([]), { allowedSigners })).kind,
    "unsigned",
  );

  const signed = await runOk("git", ["cat-file", "commit", await commit(signWith(key))], { cwd: work });
  const forged = await runOk("git", ["hash-object", "-t", "commit", "-w", "--stdin"], {
    cwd: work,
    input: signed.replace("\n\nx\n", "\n\ny\n"),
  });
  assert.equal((await verifyCommitSignature(repository, forged.trim(), { allowedSigners })).kind, "bad");
});

test("the repository's own settings cannot name the program that verifies", needsSshKeygen, async (t) => {
  const { folder, work, makeKey, commit, repository } = await prepare(t);
  const key = await makeKey("eve");
  const liar = join(folder, "liar");
  await writeFile(
    liar,
    "#!/bin/sh\necho 'Good \"git\" signature for ada with ED25519 key SHA256:x'\nexit 0\n",
    {
      mode: 0o755,
    },
  );
  const id = await commit(signWith(key));
  await runOk("git", ["config", "gpg.ssh.program", liar], { cwd: work });
  await runOk("git", ["config", "gpg.program", liar], { cwd: work });
  assert.equal((await verifyCommitSignature(repository, id, {})).kind, "untrusted");
});

test("an OpenPGP signature counts when the keyring holds its key", needsGpg, async (t) => {
  const { folder, commit, repository } = await prepare(t);
  const home = join(folder, "gnupg");
  const empty = join(folder, "empty");
  for (const path of [home, empty]) await mkdir(path, { mode: 0o700 });
  const env = { GNUPGHOME: home };
  t.after(() =>
    Promise.all([home, empty].map((path) => run("gpgconf", ["--kill", "all"], { env: { GNUPGHOME: path } }))),
  );
  const made = [
    "--batch",
    "--passphrase",
    "",
    "--quick-gen-key",
    "Ada <ada@acme.example>",
    "ed25519",
    "sign",
  ];
  await runOk("gpg", made, { env });
  const id = await commit(["commit.gpgSign=true", "user.signingKey=ada@acme.example"], env);
  const good = await verifyCommitSignature(repository, id, { gnupgHome: home });
  assert.equal(good.kind === "good" && good.signer, "Ada <ada@acme.example>");
  assert.equal((await verifyCommitSignature(repository, id, { gnupgHome: empty })).kind, "untrusted");
  assert.equal((await verifyCommitSignature(repository, id, {})).kind, "untrusted");
});
