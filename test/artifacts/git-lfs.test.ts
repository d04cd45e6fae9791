import assert from "node:assert/strict";
import { readdirSync, writeFileSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { type TestContext, test } from "node:test";
import { parseLfsPointer } from "../../controller/artifacts/lfs-pointer.ts";
import { startGitHttpsServer } from "../source/git-https-server.ts";
import { scratchFolder } from "../source/scratch-repository.ts";
import { ControllerProcess } from "../support/controller-process.ts";
import { makePrivateAuthority } from "../support/private-authority.ts";
import { fairlead, lacks, runOk } from "../support/run-command.ts";
import { executable, PLATFORM, StateRepository } from "../support/state-repository.ts";
import { waitUntil } from "../support/wait-until.ts";
import { LfsServer, pointerOf } from "./lfs-server.ts";

const needsOpenssl = await lacks("openssl");
const needsLfs = needsOpenssl === false ? await lacks("git-lfs") : needsOpenssl;

const USER = "fleet-reader";
const PASSWORD = "s3cr3t-t0ken";

/** A private forge with the state repository and its Git LFS server, and the flags that reach it. */
async function forge(t: TestContext) {
  const state = await StateRepository.create(t);
  const folder = scratchFolder(t);
  const authority = makePrivateAuthority(folder);
  const lfs = new LfsServer();
  lfs.authorization = `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString("base64")}`;
  const server = await startGitHttpsServer(t, {
    projects: join(state.directory, ".."),
    key: authority.key,
    cert: authority.cert,
    user: USER,
    password: PASSWORD,
    handle: (request, response) => lfs.handle(request, response),
  });
  lfs.origin = server.url.replace(/\/$/, "");
  const credentials = join(folder, "credentials");
  writeFileSync(credentials, `${lfs.origin.replace("//", `//${USER}:${PASSWORD}@`)}\n`, { mode: 0o600 });
  const url = `${server.url}${basename(state.directory)}`;
  const flags = [
    ...["--dev-keys", "--repo", url, "--artifacts", "git-lfs", "--interval", "1s"],
    ...["--git-ca", authority.caFile, "--git-credentials", credentials],
  ];
  return { state, authority, lfs, url, credentials, flags, folder };
}

/** Puts a pointer where the file of a version is. */
async function keepByLfs(state: StateRepository, lfs: LfsServer, version: string): Promise<void> {
  const bytes = Buffer.from(executable(version));
  await writeFile(
    join(state.directory, "artifacts", `lantern-${version}`),
    pointerOf(lfs.add(bytes), bytes.length),
  );
}

/** Where the artifact of the stable version is, as scripts are told. */
async function artifactUrl(controller: ControllerProcess): Promise<string> {
  const query = `product=lantern&platform=${PLATFORM}&channel=stable`;
  const answer = await fetch(`${controller.url}/api/v1/agent/latest?${query}`);
  const { url } = (await answer.json()) as { url?: string };
  return url ?? assert.fail(`status ${answer.status}`);
}

test("a pointer is read as Git LFS writes it, and nothing else is taken for one", () => {
  const oid = "a".repeat(64);
  assert.deepEqual(parseLfsPointer(Buffer.from(pointerOf(oid, 12))), { oid, size: 12 });
  const extended = pointerOf(oid, 12).replace("oid ", `ext-0-foo sha256:${oid}\noid `);
  assert.deepEqual(parseLfsPointer(Buffer.from(extended)), { oid, size: 12 });
  for (const text of [
    "",
    "#!/bin/sh\n",
    pointerOf(oid, 12).replace("sha256", "sha1"),
    pointerOf("A".repeat(64), 12),
    pointerOf(oid, 12).replace("size 12", "size -1"),
    pointerOf(oid, 12).padEnd(2000, "x"),
  ]) {
    assert.equal(parseLfsPointer(Buffer.from(text)), undefined);
  }
});

test("artifacts are fetched from the Git LFS server while others are served, and go on after a cut", {
  skip: needsOpenssl,
}, async (t) => {
  const { state, lfs, flags } = await forge(t);
  await state.addVersion("1.0.0");
  await keepByLfs(state, lfs, "1.0.0");
  await state.point("stable", "1.0.0");
  await state.commit("lantern 1.0.0");
  const { promise: held, resolve: release } = Promise.withResolvers<void>();
  lfs.hold = held;
  lfs.cutAfter = 20;
  const controller = await ControllerProcess.start(t, state.directory, flags);

  const url = await artifactUrl(controller);
  const early = await fetch(url);
  assert.equal(early.status, 503, "the manifest is served before the artifact is there");
  assert.ok(Number(early.headers.get("retry-after")) > 0);
  assert.match(await early.text(), /http\/artifact-awaited/);

  release();
  const whole = await waitUntil("the artifact", async () => {
    const answer = await fetch(url);
    return answer.status === 200 ? answer.text() : undefined;
  });
  assert.equal(whole, executable("1.0.0"));
  const gets = lfs.asked.filter((each) => each !== "batch").map((each) => each.slice(11));
  assert.deepEqual(gets, ["whole", "bytes=20-"]);

  await controller.kill("SIGKILL");
  lfs.asked.length = 0;
  await controller.launch();
  const again = await fetch(await artifactUrl(controller));
  assert.equal(again.status, 200, "what was fetched is there after a restart");
  assert.deepEqual(lfs.asked, []);
});

test("a pointer of another file, a file without a pointer and one that was never pushed are told by name", {
  skip: needsOpenssl,
}, async (t) => {
  const { state, lfs, flags } = await forge(t);
  for (const version of ["1.0.0", "1.1.0", "1.2.0"]) await state.addVersion(version);
  await keepByLfs(state, lfs, "1.0.0");
  await writeFile(
    join(state.directory, "artifacts/lantern-1.0.0"),
    pointerOf(lfs.add(Buffer.from("evil")), 4),
  );
  await keepByLfs(state, lfs, "1.2.0");
  lfs.objects.clear();
  await state.point("stable", "1.0.0");
  await state.commit("lantern 1.0.0");
  const controller = await ControllerProcess.start(t, state.directory, flags);
  const told = await waitUntil("three problems", () => {
    const lines = controller.output.split("\n").filter((line) => line.includes('"artifact.damaged"'));
    return lines.length >= 3 ? lines.join("\n") : undefined;
  });
  assert.match(told, /lantern-1\.0\.0.*pointer at `artifacts\/lantern-1\.0\.0` is of another file/);
  assert.match(told, /lantern-1\.1\.0.*committed as it is, and not with Git LFS/);
  assert.match(told, /lantern-1\.2\.0.*404 not here/);
});

test("what the server sends is thrown away when it is not what the pointer names", {
  skip: needsOpenssl,
}, async (t) => {
  const { state, lfs, flags } = await forge(t);
  await state.addVersion("1.0.0");
  await keepByLfs(state, lfs, "1.0.0");
  await state.point("stable", "1.0.0");
  await state.commit("lantern 1.0.0");
  for (const [oid, bytes] of lfs.objects)
    lfs.objects.set(oid, Buffer.from(bytes.toString().replace("echo", "evil")));
  const controller = await ControllerProcess.start(t, state.directory, flags);
  await waitUntil("it to be told", () => /sent other bytes than/.test(controller.output) || undefined);
  const kept = readdirSync(join(controller.stateDirectory, "lfs"), { recursive: true, withFileTypes: true });
  assert.deepEqual(
    kept.filter((entry) => entry.isFile()),
    [],
  );
});

test("what git-lfs itself has pushed is exported, and an unfetched clone is recognised", {
  skip: needsLfs,
}, async (t) => {
  const { state, lfs, flags, url, authority, folder } = await forge(t);
  await state.addVersion("1.0.0");
  await state.point("stable", "1.0.0");
  const git = (...args: string[]) => runOk("git", args, { cwd: state.directory, env: { HOME: folder } });
  await git("lfs", "install", "--local");
  await git("lfs", "track", "artifacts/**");
  await state.commit("lantern 1.0.0");
  assert.ok(parseLfsPointer(Buffer.from(await git("show", "HEAD:artifacts/lantern-1.0.0"))) !== undefined);
  await git("remote", "add", "origin", url.replace("https://", `https://${USER}:${PASSWORD}@`));
  await git("config", "http.sslCAInfo", authority.caFile);
  await git("lfs", "push", "--all", "origin");
  assert.equal(lfs.objects.size, 1, "git-lfs took the server of this test for one");

  const out = join(folder, "out");
  const stateDir = join(folder, "controller");
  const remote = flags.filter((flag) => flag !== "--interval" && flag !== "1s");
  const exported = await fairlead(["export", "--out", out, "--state-dir", stateDir, ...remote]);
  assert.equal(exported.code, 0, exported.stderr);
  const targets = readdirSync(join(out, "targets"), { recursive: true, withFileTypes: true });
  const artifact = targets.find(
    (entry) => entry.isFile() && /^[0-9a-f]{64}\.lantern|1\.0\.0/.test(entry.name),
  );
  assert.ok(artifact !== undefined, targets.map(({ name }) => name).join(" "));

  await writeFile(
    join(state.directory, "artifacts/lantern-1.0.0"),
    await git("show", "HEAD:artifacts/lantern-1.0.0"),
  );
  const local = await ControllerProcess.start(t, state.directory);
  const answer = await fetch(await artifactUrl(local));
  assert.equal(answer.status, 503);
  assert.match(await answer.text(), /is a Git LFS pointer.*git lfs pull/);
  const refused = await fairlead(
    ["export", "--out", join(folder, "out2"), "--dev-keys", "--state-dir", join(folder, "c2")],
    {
      cwd: state.directory,
    },
  );
  assert.match(refused.stderr, /is a Git LFS pointer[\s\S]*git lfs pull/);
  await readFile(join(out, "tuf/timestamp.json"));
});
