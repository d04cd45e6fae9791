import assert from "node:assert/strict";
import { once } from "node:events";
import { cp, readFile, realpath, rename, rm, writeFile } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { ControllerProcess } from "../support/controller-process.ts";
import { fairlead, runOk } from "../support/run-command.ts";
import { StateRepository } from "../support/state-repository.ts";
import { waitUntil } from "../support/wait-until.ts";
import { ServeProcess, temporaryFolder } from "./serve-process.ts";

async function smallState(t: TestContext): Promise<StateRepository> {
  const state = await StateRepository.create(t);
  await state.addVersion("1.0.0");
  await state.addVersion("1.1.0");
  await state.point("stable", "1.0.0");
  await state.point("beta", "1.1.0");
  await state.commit("lantern");
  return state;
}

async function argumentsFor(
  t: TestContext,
  state: StateRepository,
  more = ["--dev-keys"],
): Promise<string[]> {
  return ["--repo", state.directory, "--path", "", "--state-dir", await temporaryFolder(t), ...more];
}

test("the banner says where it listens and gives three complete commands to copy", async (t) => {
  const state = await smallState(t);
  const controller = await ControllerProcess.start(t, state.directory);
  const root = await controller.rootFingerprint();
  assert.ok(controller.output.includes(`Fairlead listens on ${controller.url}\n`));
  assert.ok(controller.output.includes(`--root-sha256 ${root}`));
  assert.match(
    controller.output,
    /fairlead-agent enroll --server http:\S+ --product lantern .*\\\n.*--install-path /,
  );
  assert.match(controller.output, /--tenant acme --tenant-key [0-9a-f]{64}/);
  assert.match(controller.output, /fairlead promote 1\.1\.0 --to stable --product lantern --root \S+\n/);
  assert.match(controller.output, /fairlead yank 1\.1\.0 --product lantern --reason "[^"]+" --root \S+\n/);
});

test("SIGTERM and Ctrl-C end it with 0, although a client keeps its connection open", async (t) => {
  const state = await smallState(t);
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    const serve = new ServeProcess(t, await argumentsFor(t, state));
    const { port } = new URL(await serve.listening());
    const idle = connect(Number(port), "127.0.0.1");
    idle.on("error", () => {});
    t.after(() => idle.destroy());
    await once(idle, "connect");
    assert.equal(await serve.stop(signal), 0, serve.output);
  }
});

test("a second Ctrl-C ends it at once, although an answer is under way", async (t) => {
  const state = await smallState(t);
  const secret = join(await temporaryFolder(t), "secret");
  await writeFile(secret, "a secret of sixteen or more");
  const more = ["--dev-keys", "--webhook-secret-file", secret];
  const serve = new ServeProcess(t, await argumentsFor(t, state, more));
  const { port } = new URL(await serve.listening());
  const upload = connect(Number(port), "127.0.0.1");
  upload.on("error", () => {});
  t.after(() => upload.destroy());
  await once(upload, "connect");
  upload.write(
    "POST /hooks/git HTTP/1.1\r\nhost: localhost\r\nx-gitlab-token: a secret of sixteen or more\r\n" +
      "content-length: 10\r\nexpect: 100-continue\r\n\r\n",
  );
  await once(upload, "data");
  const ended = once(serve.child, "exit");
  serve.child.kill("SIGINT");
  await waitUntil("the port to be closed", async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => undefined);
    return answer === undefined ? true : undefined;
  });
  serve.child.kill("SIGINT");
  assert.deepEqual(await ended, [null, "SIGINT"]);
});

test("a stop does not wait for a git server that never answers", async (t) => {
  const silent = createServer().listen(0, "127.0.0.1");
  t.after(() => silent.close());
  await once(silent, "listening");
  const { port } = silent.address() as { port: number };
  const repository = `https://127.0.0.1:${port}/state.git`;
  const serve = new ServeProcess(t, [
    ...["--repo", repository, "--state-dir", await temporaryFolder(t), "--dev-keys"],
  ]);
  const [connection] = (await once(silent, "connection")) as [Socket];
  connection.on("error", () => {});
  t.after(() => connection.destroy());
  assert.equal(await serve.stop("SIGTERM"), 0, serve.output);
  assert.ok(!serve.output.includes("reconcile.stalled"), serve.output);
});

test("a work tree is neither signed with the keys of a fleet nor shown beside its manifest", async (t) => {
  const folder = await temporaryFolder(t);
  const work = join(folder, "state");
  const made = await fairlead(["init", work, "--product", "lantern"]);
  assert.equal(made.code, 0, made.stderr);
  const production = ["--repo", work, "--state-dir", join(folder, "production")];
  const onlineKey = join(work, "keys", "online.json");
  const serve = new ServeProcess(t, [...production, "--online-key", onlineKey]);
  const rootOf = async (url: string) => (await fetch(`${url}/tuf/1.root.json`)).text();
  const trusted = await readFile(join(work, "trust", "root", "1.root.json"), "utf8");
  assert.equal(await rootOf(await serve.listening()), trusted);
  await serve.stop("SIGTERM");

  const refused = await fairlead(["serve", "--port", "0", ...production, "--worktree", "--dev-keys"]);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /serve\/worktree-needs-own-folder/);

  const own = ["--repo", work, "--state-dir", join(folder, "editing"), "--worktree", "--dev-keys"];
  const editing = new ServeProcess(t, [...own, "--online-key", onlineKey]);
  const shown = await rootOf(await editing.listening());
  assert.match(shown, /"_type":"root"/);
  assert.notEqual(shown, trusted);
});

test("a restart on the same commit serves the same bytes: agents have nothing to fetch", async (t) => {
  const state = await smallState(t);
  const args = await argumentsFor(t, state);
  const timestamps: string[] = [];
  for (let start = 0; start < 2; start++) {
    const serve = new ServeProcess(t, args);
    timestamps.push(await (await fetch(`${await serve.listening()}/tuf/timestamp.json`)).text());
    await serve.stop("SIGTERM");
  }
  assert.equal(timestamps[0], timestamps[1]);
});

test("a remote that is gone at the start leaves the last manifest served, and is asked again", async (t) => {
  const state = await smallState(t);
  const stateFolder = await temporaryFolder(t);
  const args = [
    "--repo",
    `file://${state.directory}`,
    "--path",
    "",
    "--state-dir",
    stateFolder,
    "--dev-keys",
  ];
  const first = new ServeProcess(t, args);
  const before = await (await fetch(`${await first.listening()}/tuf/1.root.json`)).text();
  await first.stop("SIGTERM");

  const git = join(state.directory, ".git");
  await rename(git, `${git}-away`);
  const second = new ServeProcess(t, args);
  const url = await second.listening();
  await second.logs("source.unreachable");
  assert.equal(await (await fetch(`${url}/tuf/1.root.json`)).text(), before);
  const ready = await fetch(`${url}/readyz`);
  assert.equal(ready.status, 200);
  assert.equal(((await ready.json()) as { degraded: boolean }).degraded, true);

  await rename(`${git}-away`, git);
  await second.logs("source.recovered");
  assert.ok(
    !second.output.includes("manifest.published"),
    "nothing was published: it was served all the time",
  );
});

test("a port in use is a clear refusal with a remedy", async (t) => {
  const state = await smallState(t);
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  t.after(() => other.close());
  const { port } = other.address() as { port: number };
  const args = [
    "--repo",
    state.directory,
    "--path",
    "",
    "--state-dir",
    await temporaryFolder(t),
    "--port",
    String(port),
  ];
  const { code, stderr } = await fairlead(["serve", "--dev-keys", ...args]);
  assert.equal(code, 1);
  assert.match(stderr, new RegExp(`error\\[serve/port-in-use\\]: port ${port} of 127\\.0\\.0\\.1 is in use`));
  assert.match(stderr, /help: .*--port/);
});

test("files that were downloaded without their history are refused, and what the refusal says mends it", async (t) => {
  const state = await smallState(t);
  const download = join(await temporaryFolder(t), "download");
  await cp(state.directory, join(download, "releases"), { recursive: true });
  await rm(join(download, "releases", ".git"), { recursive: true });
  const args = ["serve", "--dev-keys", "--port", "0", "--state-dir", join(await temporaryFolder(t), "state")];
  const { code, stderr } = await fairlead(args, { cwd: download });
  assert.equal(code, 1);
  assert.match(stderr, /^error\[serve\/no-repository\]: `\S+\/download\/releases` is in no git repository/);
  const [, folder, remedy = ""] = / in `([^`]+)` run `([^`]+)`\n$/.exec(stderr) ?? [];
  assert.equal(folder, await realpath(download));

  await runOk("sh", ["-c", remedy], { cwd: download });
  const serve = new ServeProcess(t, [
    "--dev-keys",
    "--repo",
    download,
    "--state-dir",
    await temporaryFolder(t),
  ]);
  const url = await serve.listening();
  assert.equal((await fetch(`${url}/readyz`)).status, 200, serve.output);
});

test("what cannot work is refused before anything listens", async (t) => {
  const state = await smallState(t);
  const weak = join(await temporaryFolder(t), "secret");
  await writeFile(weak, "short\n");
  const base = [
    "serve",
    "--repo",
    state.directory,
    "--path",
    "",
    "--state-dir",
    await temporaryFolder(t),
    "--port",
    "0",
  ];
  const refusals: [string[], number, RegExp][] = [
    [["--worktree"], 1, /serve\/worktree-needs-dev-keys/],
    [["--dev-keys", "--webhook-secret-file", weak], 1, /fewer than 16 characters/],
    [["--dev-keys", "--webhook-secret-file", `${weak}-absent`], 1, /cannot be read/],
    [
      ["--dev-keys", "--forge-key", `SHA256:${"A".repeat(43)}`],
      1,
      /serve\/bad-option.*no commit has to be signed/,
    ],
    [
      [
        "--dev-keys",
        "--require-signed-commits",
        "--allowed-signers",
        "/dev/null",
        "--forge-key",
        "SHA256:abc",
      ],
      1,
      /serve\/bad-option.*not the whole fingerprint/,
    ],
    [["--dev-keys", "--max-commits", "0"], 2, /expected a whole number/],
    [["--dev-keys", "--require-signed-commits"], 1, /serve\/no-signers.*nobody is listed/],
    [["--dev-keys", "--require-signed-commits", "--allowed-signers", `${weak}-absent`], 1, /is not there/],
    [["--dev-keys", "--allowed-signers", weak], 1, /add --require-signed-commits/],
    [["--dev-keys", "--port", "70000"], 2, /0 to 65535/],
    [["--dev-keys", "--interval", "often"], 2, /length of time/],
    [["--dev-keys", "--repo", "ext::sh -c x"], 1, /source\/bad-source/],
  ];
  for (const [args, code, message] of refusals) {
    const result = await fairlead([...base, ...args]);
    assert.equal(result.code, code, result.stderr);
    assert.match(result.stderr, message);
  }
});

test("a state that nobody signed is not served without development keys, and the server says why", async (t) => {
  const state = await smallState(t);
  const serve = new ServeProcess(t, await argumentsFor(t, state, []));
  const answer = await fetch(`${await serve.listening()}/readyz`);
  assert.equal(answer.status, 503);
  const { reason } = (await answer.json()) as { reason: string };
  assert.equal(reason, "the last look at the source failed, and somebody has to act", "for anybody");
  await serve.logs("reconcile.stalled");
  assert.match(serve.output, /"event":"reconcile.stalled".*no trust\/ folder/);
});
