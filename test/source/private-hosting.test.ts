import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { userInfo } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { GitSource } from "../../controller/source/git-source.ts";
import { callRemote, carriesSecret, type RemoteAccess } from "../../controller/source/remote-access.ts";
import { SourceError, type SourceErrorCode } from "../../controller/source/source-error.ts";
import { parseSourceLocation } from "../../controller/source/source-location.ts";
import { tidyMirror } from "../../controller/source/tidy-mirror.ts";
import { makePrivateAuthority } from "../support/private-authority.ts";
import { lacks } from "../support/run-command.ts";
import { waitUntil } from "../support/wait-until.ts";
import { startGitHttpsServer } from "./git-https-server.ts";
import { ScratchRepository, scratchFolder } from "./scratch-repository.ts";

const needsOpenssl = await lacks("openssl");
const needsSshd = existsSync("/usr/sbin/sshd") ? await lacks("ssh-keygen") : "sshd is not installed";

async function fetchTip(
  t: TestContext,
  url: string,
  access: RemoteAccess,
  fetchDeadlineMs = 30_000,
): Promise<string> {
  const source = await GitSource.open({
    location: parseSourceLocation(url),
    ref: "main",
    path: "",
    mirrorsFolder: join(scratchFolder(t), "mirrors"),
    fetchDeadlineMs,
    access,
  });
  t.after(() => source.close());
  return source.head();
}

/** A check for `assert.rejects`: the cause by its code, and its remedy. */
function failsWith(code: SourceErrorCode, remedy: RegExp): (error: unknown) => true {
  return (error) => {
    assert.ok(error instanceof SourceError, String(error));
    assert.equal(error.code, code, error.message);
    assert.match(error.help ?? "", remedy);
    return true;
  };
}

/** The command lines of every process, as `ps` shows them to everybody. */
function processList(): string {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "latin1").replaceAll("\0", " ");
      } catch {
        return "";
      }
    })
    .join("\n");
}

async function privateServer(t: TestContext, onRequest?: () => Promise<void>) {
  const repository = new ScratchRepository(t);
  repository.write("fleet.yaml", "schemaVersion: 1\ndefaultChannel: stable\n");
  const commit = repository.commit("begin");
  const authority = makePrivateAuthority(scratchFolder(t));
  const server = await startGitHttpsServer(t, {
    projects: join(repository.folder, ".."),
    key: authority.key,
    cert: authority.cert,
    user: "fleet-reader",
    password: "s3cr3t-t0ken",
    ...(onRequest === undefined ? {} : { onRequest }),
  });
  return { commit, authority, server, url: `${server.url}state` };
}

test("a private repository is fetched with a private authority and credentials from a file", {
  skip: needsOpenssl,
}, async (t) => {
  const { commit, authority, server, url } = await privateServer(t);
  const credentialsFile = join(scratchFolder(t), "a file's name");
  writeFileSync(
    credentialsFile,
    url.replace("https://", "https://fleet-reader:s3cr3t-t0ken@").replace(/state$/, "\n"),
    {
      mode: 0o600,
    },
  );
  assert.equal(await fetchTip(t, url, { caFile: authority.caFile, credentialsFile }), commit);
  assert.ok(server.requests.some(({ authorization }) => authorization !== undefined));

  await assert.rejects(
    fetchTip(t, url, { credentialsFile }),
    failsWith("source/certificate-refused", /--git-ca/),
  );
  await assert.rejects(
    fetchTip(t, url, { caFile: authority.caFile }),
    failsWith("source/authentication-failed", /--git-credentials FILE/),
  );
});

test("a credentials file stays as it is when the server refuses what is in it", {
  skip: needsOpenssl,
}, async (t) => {
  const { authority, url } = await privateServer(t);
  const credentialsFile = join(scratchFolder(t), "credentials");
  const line = `${new URL(url).origin.replace("https://", "https://fleet-reader:expired@")}\n`;
  writeFileSync(credentialsFile, line, { mode: 0o600 });
  const refused = failsWith("source/authentication-failed", /--git-credentials FILE/);
  await assert.rejects(fetchTip(t, url, { caFile: authority.caFile, credentialsFile }), refused);
  assert.equal(readFileSync(credentialsFile, "utf8"), line);
});

test("a password in the address stands in no process list while git runs", {
  skip: needsOpenssl,
}, async (t) => {
  let seen = "";
  const { commit, authority, server } = await privateServer(t, async () => {
    seen += processList();
  });
  const url = `${server.url.replace("https://", "https://fleet-reader:s3cr3t-t0ken@")}state`;
  assert.equal(await fetchTip(t, url, { caFile: authority.caFile }), commit);
  assert.match(seen, /remote-https?/, "git's helper was in the list");
  assert.ok(!seen.includes("s3cr3t-t0ken"), "and the password was not");
});

test("a name alone in the address may be a token, and what cannot be a password is refused without being repeated", () => {
  const alone = callRemote("https://ghp_1234@git.acme.example/fleet.git", {}, {});
  assert.equal(alone.url, "https://git.acme.example/fleet.git");
  assert.deepEqual(Object.values(alone.env), ["ghp_1234"]);
  assert.ok(carriesSecret("https://ghp_1234@git.acme.example/fleet.git"));
  assert.ok(carriesSecret("https://ada:pw@git.acme.example/fleet.git"));
  for (const plain of ["https://git.acme.example/a@b.git", "ssh://git@git.acme.example/fleet.git"]) {
    assert.ok(!carriesSecret(plain));
    assert.equal(callRemote(plain, {}, {}).url, plain);
  }
  for (const password of ["%zz", "x%0aquit=1"]) {
    assert.throws(
      () => callRemote(`https://ada:${password}@git.acme.example/fleet.git`, {}, {}),
      (error) => error instanceof SourceError && !error.message.includes(password),
    );
  }
});

test("a host that no name server knows, a proxy that is not there and a server that never answers are told apart", {
  skip: needsOpenssl,
}, async (t) => {
  const fails = (url: string, code: SourceErrorCode, remedy: RegExp, fetchDeadlineMs?: number) =>
    assert.rejects(fetchTip(t, url, {}, fetchDeadlineMs), failsWith(code, remedy));
  await fails("https://git.fairlead.invalid/fleet.git", "source/host-not-found", /name servers/);
  const closed = await freePort();
  await fails(`https://127.0.0.1:${closed}/fleet.git`, "source/repository-unreachable", /server runs/);

  const silent = createServer().listen(0, "127.0.0.1");
  await once(silent, "listening");
  t.after(() => silent.close());
  const address = silent.address();
  assert.ok(typeof address === "object" && address !== null);
  await fails(`https://127.0.0.1:${address.port}/x`, "source/timeout", /--fetch-timeout/, 500);

  process.env.https_proxy = `http://127.0.0.2:${closed}`;
  t.after(() => delete process.env.https_proxy);
  await fails("https://git.fairlead.invalid/fleet.git", "source/proxy-failed", /127\.0\.0\.2` is the proxy/);
});

test("a helper is asked for credentials, and one that git would read as shell text is refused", {
  skip: needsOpenssl,
}, async (t) => {
  const { commit, authority, url } = await privateServer(t);
  const helper = join(scratchFolder(t), "ask me");
  writeFileSync(helper, "#!/bin/sh\nprintf 'username=fleet-reader\\npassword=s3cr3t-t0ken\\n'\n");
  chmodSync(helper, 0o755);
  assert.equal(await fetchTip(t, url, { caFile: authority.caFile, credentialHelper: helper }), commit);
  for (const credentialHelper of ["!touch /tmp/x", "store; true", "-x", "../ask"]) {
    assert.throws(() => callRemote(url, { credentialHelper }, {}), SourceError);
  }
});

test("proxies, SSL_CERT_FILE and GIT_ASKPASS of the service are used, and nothing else of its environment", () => {
  const { env, config } = callRemote(
    "https://git.acme.example/fleet.git",
    {},
    {
      https_proxy: "http://proxy.acme.example:3128",
      NO_PROXY: "localhost",
      GIT_ASKPASS: "/run/credentials/ask",
      SSL_CERT_FILE: "/etc/acme/ca.pem",
      GIT_DIR: "/elsewhere",
      GIT_SSH_COMMAND: "false",
    },
  );
  assert.deepEqual(env, {
    https_proxy: "http://proxy.acme.example:3128",
    NO_PROXY: "localhost",
    GIT_ASKPASS: "/run/credentials/ask",
  });
  assert.deepEqual(config, ["http.sslCAInfo=/etc/acme/ca.pem"]);
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  return typeof address === "object" && address !== null ? address.port : assert.fail();
}

test("over ssh only the hosts that a file knows are talked to, with the one key", {
  skip: needsSshd,
}, async (t) => {
  const repository = new ScratchRepository(t);
  repository.write("fleet.yaml", "schemaVersion: 1\ndefaultChannel: stable\n");
  const commit = repository.commit("begin");
  const folder = scratchFolder(t);
  const keyFile = (name: string): string => {
    const file = join(folder, name);
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", file]);
    return file;
  };
  const [hostKey, userKey, otherKey, otherHost] = ["host", "user key", "other", "otherhost"].map(keyFile);
  assert.ok(
    hostKey !== undefined && userKey !== undefined && otherKey !== undefined && otherHost !== undefined,
  );
  const port = await freePort();
  mkdirSync("/run/sshd", { recursive: true });
  writeFileSync(join(folder, "authorized"), readFileSync(`${userKey}.pub`));
  const configFile = join(folder, "sshd_config");
  writeFileSync(
    configFile,
    [
      `Port ${port}`,
      "ListenAddress 127.0.0.1",
      `HostKey ${hostKey}`,
      `AuthorizedKeysFile ${join(folder, "authorized")}`,
      ...["StrictModes no", "UsePAM no", "PasswordAuthentication no", "PidFile none", "PermitRootLogin yes"],
    ].join("\n"),
  );
  const sshd = spawn("/usr/sbin/sshd", ["-D", "-e", "-f", configFile], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let log = "";
  sshd.stderr.setEncoding("utf8").on("data", (text: string) => {
    log += text;
  });
  t.after(() => sshd.kill("SIGKILL"));
  await waitUntil("sshd to listen", async () => /Server listening/.test(log) || undefined);

  const knownHosts = (key: string): string => {
    const file = join(folder, `known hosts ${key === hostKey ? 1 : 2}`);
    const [type, body] = readFileSync(`${key}.pub`, "utf8").split(" ");
    writeFileSync(file, `[127.0.0.1]:${port} ${type} ${body}\n`);
    return file;
  };
  const url = `ssh://${userInfo().username}@127.0.0.1:${port}${repository.folder}`;
  const good = { sshKnownHosts: knownHosts(hostKey), sshKey: userKey };
  assert.equal(await fetchTip(t, url, good), commit);
  await assert.rejects(
    fetchTip(t, url, { ...good, sshKnownHosts: knownHosts(otherHost) }),
    failsWith("source/host-key-refused", /--ssh-known-hosts/),
  );
  await assert.rejects(
    fetchTip(t, url, { ...good, sshKey: otherKey }),
    failsWith("source/authentication-failed", /--ssh-key/),
  );
});

test("a mirror is packed into one file while it is read, and forgets only what nothing reaches", async (t) => {
  const repository = new ScratchRepository(t);
  const source = await GitSource.open({
    location: parseSourceLocation(`file://${repository.folder}`),
    ref: "main",
    path: "",
    mirrorsFolder: join(scratchFolder(t), "mirrors"),
  });
  t.after(() => source.close());
  const commits: string[] = [];
  for (let round = 0; round < 4; round++) {
    repository.write("fleet.yaml", `schemaVersion: 1\ndefaultChannel: stable # ${round}\n`);
    commits.push(repository.commit(`round ${round}`));
    assert.equal(await source.head(), commits.at(-1));
    await source.snapshot(commits.at(-1) ?? "");
  }
  const { repository: mirror } = source;
  const packs = (): number =>
    readdirSync(join(mirror.gitDir, "objects", "pack")).filter((name) => name.endsWith(".pack")).length;
  assert.equal(packs(), commits.length, "git keeps a pack for each fetch");
  const signal = new AbortController().signal;
  assert.equal(await tidyMirror(mirror, signal), false, "few packs are left alone");
  assert.equal(await tidyMirror(mirror, signal, { loose: 2000, packs: 3 }), true);
  assert.equal(packs(), 1);
  for (const commit of commits) assert.equal((await source.snapshot(commit)).files.length, 1);
});
