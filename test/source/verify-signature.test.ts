import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { type GitRepository, openRepository } from "../../controller/source/git-repository.ts";
import { digestSigners, verifyCommitSignature } from "../../controller/source/verify-signature.ts";
import { lacks, run, runOk } from "../support/run-command.ts";

const NOW = Math.floor(Date.now() / 1000);
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

  const good = await verifyCommitSignature(repository, await commit(signWith(key)), { allowedSigners }, NOW);
  assert.equal(good.kind, "good");
  assert.equal(good.kind === "good" && good.signer, "ada@acme.example");

  const foreign = await commit(signWith(stranger));
  assert.equal((await verifyCommitSignature(repository, foreign, { allowedSigners }, NOW)).kind, "untrusted");
  assert.equal((await verifyCommitSignature(repository, foreign, {}, NOW)).kind, "untrusted");
});

test("a commit without a signature is unsigned, and a moved signature is bad", needsSshKeygen, async (t) => {
  const { folder, work, makeKey, commit, repository } = await prepare(t);
  const key = await makeKey("ada");
  const allowedSigners = join(folder, "allowed");
  await writeFile(allowedSigners, `ada@acme.example ${await readFile(`${key}.pub`, "utf8")}`);
  assert.equal(
    (await verifyCommitSignature(repository, await commit([]), { allowedSigners }, NOW)).kind,
    "unsigned",
  );

  const signed = await runOk("git", ["cat-file", "commit", await commit(signWith(key))], { cwd: work });
  const forged = await runOk("git", ["hash-object", "-t", "commit", "-w", "--stdin"], {
    cwd: work,
    input: signed.replace("\n\nx\n", "\n\ny\n"),
  });
  assert.equal((await verifyCommitSignature(repository, forged.trim(), { allowedSigners }, NOW)).kind, "bad");
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
  assert.equal((await verifyCommitSignature(repository, id, {}, NOW)).kind, "untrusted");
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
  const good = await verifyCommitSignature(repository, id, { gnupgHome: home }, NOW);
  assert.equal(good.kind === "good" && good.signer, "Ada <ada@acme.example>");
  assert.equal((await verifyCommitSignature(repository, id, { gnupgHome: empty }, NOW)).kind, "untrusted");
  assert.equal((await verifyCommitSignature(repository, id, {}, NOW)).kind, "untrusted");
});

const at = (time: string): number => Date.parse(time) / 1000;

test(
  "a signer is judged at the time that is asked for, and never at the commit's own date",
  needsSshKeygen,
  async (t) => {
    const { folder, makeKey, commit, repository } = await prepare(t);
    const key = await makeKey("ada");
    const allowedSigners = join(folder, "allowed");
    const validity = 'valid-after="20240101",valid-before="20250101"';
    await writeFile(allowedSigners, `ada@acme.example ${validity} ${await readFile(`${key}.pub`, "utf8")}`);
    for (const date of ["2023-06-01T12:00:00Z", "2024-06-01T12:00:00Z", "2026-06-01T12:00:00Z"]) {
      const id = await commit(signWith(key), { GIT_COMMITTER_DATE: date, GIT_AUTHOR_DATE: date });
      const verify = (time: string) => verifyCommitSignature(repository, id, { allowedSigners }, at(time));
      assert.equal((await verify("2024-06-02T12:00:00Z")).kind, "good");
      for (const [time, why] of [
        ["2023-06-02T12:00:00Z", /was not valid yet when the commit was first seen, at 2023-06-02T12:00:00Z/],
        ["2025-06-02T12:00:00Z", /had expired when the commit was first seen, at 2025-06-02T12:00:00Z/],
      ] as const) {
        const verdict = await verify(time);
        assert.ok(verdict.kind === "untrusted");
        assert.match(verdict.reason, why);
      }
    }
  },
);

test(
  "an OpenPGP key that had expired when it is judged does not count, however old the commit looks",
  needsGpg,
  async (t) => {
    const { folder, commit, repository } = await prepare(t);
    const home = join(folder, "gnupg");
    await mkdir(home, { mode: 0o700 });
    const env = { GNUPGHOME: home };
    t.after(() => run("gpgconf", ["--kill", "all"], { env }));
    const then = "20240601T120000";
    const made = [
      "--batch",
      "--passphrase",
      "",
      "--quick-gen-key",
      "Ada <ada@acme.example>",
      "ed25519",
      "sign",
      "1y",
    ];
    await runOk("gpg", [`--faked-system-time=${then}`, ...made], { env });
    const liar = join(folder, "signs-in-the-past");
    await writeFile(liar, `#!/bin/sh\nexec gpg --faked-system-time=${then} "$@"\n`, { mode: 0o755 });
    const dated = { GIT_COMMITTER_DATE: "2024-06-01T12:00:00Z", ...env };
    const id = await commit(
      [`gpg.program=${liar}`, "commit.gpgSign=true", "user.signingKey=ada@acme.example"],
      dated,
    );
    const verify = (time: string) => verifyCommitSignature(repository, id, { gnupgHome: home }, at(time));
    assert.equal((await verify("2024-07-01T12:00:00Z")).kind, "good");
    const later = await verify("2026-07-01T12:00:00Z");
    assert.match(later.kind === "good" ? "" : later.reason, /OpenPGP key [0-9A-F]+ had expired when/);
  },
);

test("a commit with two signatures, or a signature of another kind, is bad", needsSshKeygen, async (t) => {
  const { folder, work, makeKey, commit, repository } = await prepare(t);
  const key = await makeKey("ada");
  const allowedSigners = join(folder, "allowed");
  await writeFile(allowedSigners, `ada@acme.example ${await readFile(`${key}.pub`, "utf8")}`);
  const signed = await runOk("git", ["cat-file", "commit", await commit(signWith(key))], { cwd: work });
  const header = /^gpgsig .*\n(?: .*\n)+/m.exec(signed)?.[0] ?? assert.fail("no signature");
  const write = async (text: string): Promise<string> => {
    const args = ["hash-object", "-t", "commit", "-w", "--stdin"];
    return (await runOk("git", args, { cwd: work, input: text })).trim();
  };
  for (const changed of [
    signed.replace(header, header + header),
    signed.replace(header, header.replaceAll("SSH SIGNATURE", "SIGNED MESSAGE")),
    signed.replace(header, "gpgsig \n"),
    signed.replace("\n\nx\n", "\n\nx"),
    signed.replace(header, `${header}encoding ISO-8859-1\n`),
  ]) {
    assert.notEqual(changed, signed);
    const verdict = await verifyCommitSignature(repository, await write(changed), { allowedSigners }, NOW);
    assert.equal(verdict.kind, "bad");
  }
  // Git strips the signature of the other hash as well, which no signature is over.
  const other = signed.replace(header, `${header}gpgsig-sha256 -----BEGIN SSH SIGNATURE-----\n x\n`);
  const verdict = await verifyCommitSignature(repository, await write(other), { allowedSigners }, NOW);
  assert.equal(verdict.kind, "good");
});

test("who may sign has a digest that changes with the list and with the keyring", needsGpg, async (t) => {
  const { folder } = await prepare(t);
  const [allowedSigners, home] = [join(folder, "allowed"), join(folder, "gnupg")];
  await writeFile(allowedSigners, "");
  await mkdir(home, { mode: 0o700 });
  const env = { GNUPGHOME: home };
  t.after(() => run("gpgconf", ["--kill", "all"], { env }));
  const seen: string[] = [];
  const look = async () => seen.push(await digestSigners({ allowedSigners, gnupgHome: home }));
  await look();
  await look();
  await writeFile(allowedSigners, "ada@acme.example ssh-ed25519 AAAA\n");
  await look();
  await runOk(
    "gpg",
    ["--batch", "--passphrase", "", "--quick-gen-key", "Ada <a@b.example>", "ed25519", "sign"],
    { env },
  );
  await look();
  assert.equal(seen[0], seen[1]);
  assert.equal(new Set(seen).size, 3);
});
