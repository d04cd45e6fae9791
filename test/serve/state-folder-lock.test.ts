import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { fairlead } from "../support/run-command.ts";
import { StateRepository } from "../support/state-repository.ts";
import { waitUntil } from "../support/wait-until.ts";
import { ServeProcess, temporaryFolder } from "./serve-process.ts";
import { TufClient } from "./tuf-client.ts";

const PROMOTIONS = 5;

async function setUp(t: TestContext) {
  const state = await StateRepository.create(t);
  for (let minor = 0; minor <= PROMOTIONS; minor++) await state.addVersion(`1.${minor}.0`);
  await state.point("stable", "1.0.0");
  await state.commit("lantern");
  const stateFolder = await temporaryFolder(t);
  const source = ["--repo", state.directory, "--path", "", "--state-dir", stateFolder, "--dev-keys"];
  return { state, stateFolder, source };
}

test("a second controller, or an export, on the same state folder says who is at work there, and ends", async (t) => {
  const { stateFolder, source } = await setUp(t);
  const first = new ServeProcess(t, source);
  const url = await first.listening();
  const before = await (await fetch(`${url}/tuf/timestamp.json`)).text();
  for (const command of [
    ["serve", "--port", "0", ...source],
    ["export", "--out", join(stateFolder, "out"), ...source],
  ]) {
    const refused = await fairlead(command);
    assert.equal(refused.code, 1, refused.stderr);
    const holder = `process ${first.child.pid} \\(serve\\) on \\S+ since \\d{4}-\\d{2}-\\d{2}T`;
    assert.match(refused.stderr, new RegExp(`^error\\[folder/in-use\\]: .*${holder}`));
    assert.match(refused.stderr, /\n {2}= help: .*--standby/);
  }
  assert.equal(await (await fetch(`${url}/tuf/timestamp.json`)).text(), before);
});

test("what only leaves a note or looks works beside a running controller", async (t) => {
  const { stateFolder, source } = await setUp(t);
  const serve = new ServeProcess(t, source);
  await serve.listening();
  const key = await fairlead(["tenant", "key", "acme", "--state-dir", stateFolder], { cwd: stateFolder });
  assert.match(key.stdout, /^[0-9a-f]{64}\n$/, key.stderr);
  const { code, stderr } = await fairlead(["accept", "1".repeat(40), "--state-dir", stateFolder]);
  assert.ok(!stderr.includes("folder/in-use"), stderr);
  assert.equal(typeof code, "number");
});

test("neither a killed controller nor what it left in the folder blocks the next one", async (t) => {
  const { stateFolder, source } = await setUp(t);
  const first = new ServeProcess(t, source);
  await first.listening();
  await first.stop("SIGKILL");
  const note = join(stateFolder, "lock-holder.json");
  assert.ok(existsSync(join(stateFolder, "lock")) && existsSync(note));
  // The number may be another process's by now: this one's, which is alive.
  writeFileSync(note, readFileSync(note, "utf8").replace(String(first.child.pid), String(process.pid)));
  const second = new ServeProcess(t, source);
  await second.listening();
  assert.equal(JSON.parse(readFileSync(note, "utf8")).pid, second.child.pid);
  await second.stop("SIGTERM");
  assert.equal(existsSync(note), false, "who stops takes the note along");
});

test("a lock that cannot be one is refused by name, and mended by what the refusal says", async (t) => {
  const { stateFolder, source } = await setUp(t);
  const lock = join(stateFolder, "lock");
  writeFileSync(lock, "no lock of ours".repeat(100));
  const refused = await fairlead(["serve", "--port", "0", ...source]);
  assert.equal(refused.code, 1);
  assert.match(
    refused.stderr,
    /^error\[folder\/lock-unusable\]: `\S+\/lock` cannot be locked: .*\n {2}= help: .*move away/,
  );
  rmSync(lock);
  await new ServeProcess(t, source).listening();
});

test("a standby waits, and stops when it is told to", async (t) => {
  const { source } = await setUp(t);
  const first = new ServeProcess(t, source);
  await first.listening();
  const standby = new ServeProcess(t, [...source, "--standby"]);
  await standby.logs("standby.waiting");
  assert.match(standby.output, new RegExp(`process ${first.child.pid} `));
  assert.equal(await standby.stop("SIGTERM"), 0, standby.output);
  assert.equal(first.child.exitCode, null);
});

test("a standby takes over from a killed controller on the same port, and no version gets a second content", async (t) => {
  const { state, source } = await setUp(t);
  const port = await freePort();
  const args = [...source, "--port", String(port)];
  const url = `http://127.0.0.1:${port}`;
  let active = new ServeProcess(t, args);
  await active.listening();
  const client = await TufClient.create(t, url);
  const seen = new Map<string, string>();
  const look = async (): Promise<void> => {
    const timestamp = await textOf(`${url}/tuf/timestamp.json`);
    const snapshotVersion = JSON.parse(timestamp).signed.meta["snapshot.json"].version;
    const files = [
      [`timestamp ${JSON.parse(timestamp).signed.version}`, timestamp],
      [`snapshot ${snapshotVersion}`, await textOf(`${url}/tuf/${snapshotVersion}.snapshot.json`)],
    ] as const;
    for (const [name, text] of files) {
      assert.equal(seen.get(name) ?? text, text, `${name} has another content`);
      seen.set(name, text);
    }
    await client.verify(url);
  };

  for (let minor = 1; minor <= PROMOTIONS; minor++) {
    const standby = new ServeProcess(t, [...args, "--standby"]);
    await standby.logs("standby.waiting");
    await look();
    await state.point("stable", `1.${minor}.0`);
    const commit = await state.commit(`promote 1.${minor}.0`);
    // Sometimes before, sometimes in the middle of a publish, sometimes after it.
    if (minor % 2 === 0) await waitUntil("the commit to be served", () => servedCommit(url, commit));
    await active.stop("SIGKILL");
    await standby.logs("standby.took-over");
    await standby.listening();
    await waitUntil("the standby to serve the commit", () => servedCommit(url, commit));
    await look();
    active = standby;
  }
});

test("a frozen controller keeps its folder: the standby takes over when it is gone, not before", async (t) => {
  const { source } = await setUp(t);
  const first = new ServeProcess(t, source);
  await first.listening();
  first.child.kill("SIGSTOP");
  const standby = new ServeProcess(t, [...source, "--standby"]);
  await standby.logs("standby.waiting");
  const third = await fairlead(["serve", "--port", "0", ...source]);
  assert.match(third.stderr, /error\[folder\/in-use\]/);
  assert.ok(!standby.output.includes("took-over"));
  await first.stop("SIGKILL");
  await standby.logs("standby.took-over");
  await standby.listening();
});

async function servedCommit(url: string, commit: string): Promise<true | undefined> {
  const response = await fetch(`${url}/api/v1/status`).catch(() => undefined);
  const status = (await response?.json()) as { commit?: string } | undefined;
  return status?.commit === commit ? true : undefined;
}

async function textOf(url: string): Promise<string> {
  const response = await fetch(url);
  assert.equal(response.status, 200, url);
  return response.text();
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  assert.ok(typeof address === "object" && address !== null);
  return address.port;
}
