import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { artifactPlaceOf } from "../../controller/serve/artifact-options.ts";
import { type RemoteAccessOptions, remoteAccessOf } from "../../controller/serve/remote-access-options.ts";
import { ServeError, type ServeErrorCode } from "../../controller/serve/serve-error.ts";
import { parseSourceLocation } from "../../controller/source/source-location.ts";
import { scratchFolder } from "../source/scratch-repository.ts";
import { makePrivateAuthority } from "../support/private-authority.ts";
import { fairlead, lacks } from "../support/run-command.ts";
import { ServeProcess, temporaryFolder } from "./serve-process.ts";

const needsOpenssl = await lacks("openssl");
const needsKeygen = await lacks("ssh-keygen");

const HTTPS = "https://git.acme.example/fleet/state.git";
const SSH = "git@git.acme.example:fleet/state.git";

function refuses(options: RemoteAccessOptions, repo: string, code: ServeErrorCode, words: RegExp): void {
  assert.throws(
    () => remoteAccessOf(options, parseSourceLocation(repo)),
    (error) => {
      assert.ok(error instanceof ServeError, String(error));
      assert.equal(error.code, code);
      assert.match(`${error.message}\n${error.help}`, words);
      return true;
    },
  );
}

function fileIn(t: TestContext, text: string, mode = 0o600): string {
  const file = join(scratchFolder(t), "file");
  writeFileSync(file, text);
  chmodSync(file, mode);
  return file;
}

test("a credentials file is there, for this host, and not for everybody to read", (t) => {
  const good = "# ours\nhttps://fleet:t0ken@git.acme.example\n";
  for (const mode of [0o600, 0o400, 0o440, 0o640]) {
    const gitCredentials = fileIn(t, good, mode);
    const access = remoteAccessOf({ gitCredentials }, parseSourceLocation(HTTPS));
    assert.deepEqual(access, { credentialsFile: gitCredentials });
  }
  const refused = (text: string, mode: number, code: ServeErrorCode, words: RegExp) =>
    refuses({ gitCredentials: fileIn(t, text, mode) }, HTTPS, code, words);
  refused(good, 0o644, "serve/exposed-secret", /mode 0644[\s\S]*chmod o-rwx/);
  refused("t0ken\n", 0o600, "serve/bad-file", /no credentials[\s\S]*https:\/\/name:token@/);
  refused(good.replace("git.", "www."), 0o600, "serve/bad-file", /nothing for https:\/\/git\.acme\.example/);
  refused(good.replace("example", "example:8443"), 0o600, "serve/bad-file", /host and port must be/);
  refuses(
    { gitCredentials: "/nonexistent" },
    HTTPS,
    "serve/bad-file",
    /ENOENT[\s\S]*--git-credentials takes/,
  );
  refuses({ gitCredentials: scratchFolder(t) }, HTTPS, "serve/bad-file", /is not a file/);
});

test("an authority is a certificate, and known hosts are host keys that nobody else can change", {
  skip: needsOpenssl,
}, (t) => {
  const { caFile, keyFile } = makePrivateAuthority(scratchFolder(t));
  assert.deepEqual(remoteAccessOf({ gitCa: caFile }, parseSourceLocation(HTTPS)), { caFile });
  refuses({ gitCa: keyFile }, HTTPS, "serve/bad-file", /no certificates[\s\S]*PEM file/);
  chmodSync(caFile, 0o666);
  refuses({ gitCa: caFile }, HTTPS, "serve/exposed-secret", /may change/);

  const sshKnownHosts = fileIn(t, "git.acme.example ssh-ed25519 AAAAC3Nz\n", 0o644);
  assert.deepEqual(remoteAccessOf({ sshKnownHosts }, parseSourceLocation(SSH)), { sshKnownHosts });
  refuses({ sshKnownHosts: fileIn(t, "# none\n") }, SSH, "serve/bad-file", /no host keys/);
});

test("an ssh key is one that ssh takes when nobody is there: no passphrase, and for its user alone", {
  skip: needsKeygen,
}, (t) => {
  const folder = scratchFolder(t);
  const make = (name: string, ...more: string[]): string => {
    const file = join(folder, name);
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", file, ...more]);
    return file;
  };
  const sshKey = make("plain");
  assert.deepEqual(remoteAccessOf({ sshKey }, parseSourceLocation(SSH)), { sshKey });
  const locked = join(folder, "locked");
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "secret words", "-f", locked]);
  refuses({ sshKey: locked }, SSH, "serve/bad-file", /has a passphrase/);
  const pem = join(folder, "pem");
  execFileSync("ssh-keygen", ["-q", "-t", "rsa", "-m", "PEM", "-N", "secret words", "-f", pem]);
  refuses({ sshKey: pem }, SSH, "serve/bad-file", /has a passphrase/);
  refuses({ sshKey: `${sshKey}.pub` }, SSH, "serve/exposed-secret", /may read/);
  chmodSync(`${sshKey}.pub`, 0o600);
  refuses({ sshKey: `${sshKey}.pub` }, SSH, "serve/bad-file", /no private key/);
  chmodSync(sshKey, 0o640);
  refuses({ sshKey }, SSH, "serve/exposed-secret", /chmod 600/);
});

test("what would have no effect is refused", (t) => {
  const file = fileIn(t, "");
  refuses({ sshKey: file }, HTTPS, "serve/bad-option", /--ssh-key has no effect.*https/);
  refuses({ sshKnownHosts: file }, HTTPS, "serve/bad-option", /--ssh-known-hosts has no effect/);
  refuses({ gitCa: file }, "/srv/state", "serve/bad-option", /--git-ca has no effect.*a folder/);
  refuses({ gitCredentialHelper: file }, HTTPS, "serve/bad-file", /no program/);
  const surroundings = {
    location: parseSourceLocation(SSH),
    root: undefined,
    stateFolder: "/var/lib/fairlead",
  };
  const place = (artifacts?: string, lfsUrl?: string) => () =>
    artifactPlaceOf({ artifacts, lfsUrl }, surroundings);
  assert.deepEqual(place()(), { kind: "folder", folder: "/var/lib/fairlead/artifacts" });
  assert.deepEqual(place("https://b.example/x")(), { kind: "origin", prefix: "https://b.example/x/" });
  assert.deepEqual(place("git-lfs", "https://g.example/x/info/lfs/")(), {
    kind: "git-lfs",
    folder: "/var/lib/fairlead/lfs",
    endpoint: "https://g.example/x/info/lfs",
  });
  assert.deepEqual(
    artifactPlaceOf(
      { artifacts: "git-lfs" },
      { ...surroundings, location: parseSourceLocation(HTTPS.replace("//", "//a:b@")) },
    ),
    {
      kind: "git-lfs",
      folder: "/var/lib/fairlead/lfs",
      endpoint: `${HTTPS}/info/lfs`,
    },
  );
  assert.throws(place("git-lfs"), /cannot be told from an address of ssh/);
  assert.throws(place(undefined, "https://g.example"), /artifacts come from elsewhere/);
  assert.throws(place("s3://bucket/x"), /cannot be the prefix/);
  assert.throws(place("https://key:hunter2@b.example/"), (error) => !String(error).includes("hunter2"));
  assert.throws(place("https://b.example/?signature=1"), /`\?`/);
});

test("serve and export take the same flags, and show them with an example for a private forge", async () => {
  for (const command of ["serve", "export"]) {
    const { stdout } = await fairlead([command, "--help"]);
    for (const flag of ["--git-ca", "--git-credentials", "--git-credential-helper", "--ssh-known-hosts"]) {
      assert.ok(stdout.includes(`${flag} <`), `${command} ${flag}`);
    }
    assert.match(stdout, /--ssh-key <file>/);
    assert.match(stdout, /--fetch-timeout <time>/);
    assert.match(stdout, new RegExp(`fairlead ${command}.* --repo https://git.acme.example/fleet/state.git`));
  }
});

test("a password in the address is warned of once, and not repeated", async (t) => {
  const repo = "https://fleet:hunter2@127.0.0.1:1/state.git";
  const serve = new ServeProcess(t, ["--dev-keys", "--repo", repo, "--state-dir", await temporaryFolder(t)]);
  await serve.listening();
  assert.equal(serve.output.match(/start\.exposed-secret/g)?.length, 1);
  assert.match(serve.output, /list with `ps`.*--git-credentials/);
  assert.ok(!serve.output.includes("hunter2"), serve.output);
  const folder = join(await temporaryFolder(t), "out");
  mkdirSync(folder);
  const exported = await fairlead([
    "export",
    "--dev-keys",
    "--repo",
    repo,
    "--out",
    folder,
    "--state-dir",
    folder,
  ]);
  assert.match(exported.stderr, /^warning: the address of --repo carries/);
  assert.ok(!exported.stderr.includes("hunter2"));
  const secure = [
    "--public-url",
    "https://releases.acme.example",
    "--artifacts",
    "http://bucket.acme.example/",
  ];
  const refused = await fairlead(["serve", "--dev-keys", "--repo", HTTPS, "--state-dir", folder, ...secure]);
  assert.match(refused.stderr, /serve\/bad-option.*never sent on to http/);
});
