import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { TOP } from "../support/run-command.ts";
import { artifactBytes, channel, release, sampleManifest } from "./sample-manifest.ts";
import { TestServer } from "./start-server.ts";

const SCRIPT = join(TOP, "examples", "update-by-latest.sh");

interface Machine {
  readonly folder: string;
  readonly file: string;
}

async function machineWith(t: TestContext, version: string | undefined): Promise<Machine> {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-script-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, "lantern");
  if (version !== undefined) await writeFile(file, artifactBytes(version));
  if (version !== undefined) await chmod(file, 0o755);
  return { folder, file };
}

function update(server: TestServer, { file }: Machine): Promise<{ code: number; said: string }> {
  const { promise, resolve } = Promise.withResolvers<{ code: number; said: string }>();
  execFile("sh", [SCRIPT, server.url, "lantern", "stable", file], (error, stdout, stderr) => {
    resolve({ code: error === null ? 0 : Number(error.code), said: stdout + stderr });
  });
  return promise;
}

test("the script installs, updates, and then stays", { skip: skipped() }, async (t) => {
  const server = await TestServer.start(t);
  const machine = await machineWith(t, undefined);
  assert.deepEqual(await update(server, machine), { code: 0, said: "updated to 1.1.0\n" });
  assert.deepEqual(await readFile(machine.file), artifactBytes("1.1.0"));
  assert.deepEqual(await update(server, machine), { code: 0, said: "1.1.0 is what it should be\n" });
  assert.deepEqual(await readdir(machine.folder), ["lantern"]);

  const older = await machineWith(t, "1.0.0");
  assert.equal((await update(server, older)).code, 0);
  assert.deepEqual(await readFile(older.file), artifactBytes("1.1.0"));
});

test("the script changes nothing while it is paused, nor where nothing is offered", {
  skip: skipped(),
}, async (t) => {
  const server = await TestServer.start(t, sampleManifest({ policy: { paused: {} } }));
  const machine = await machineWith(t, "1.0.0");
  assert.deepEqual(await update(server, machine), { code: 3, said: "not now: paused \n" });
  await server.serve(sampleManifest({ policy: { yanked: ["1.0.0", "1.1.0"] } }));
  const { code, said } = await update(server, machine);
  assert.equal(code, 1);
  assert.match(said, /answered 404: no version of this channel is active/);
  assert.deepEqual(await readFile(machine.file), artifactBytes("1.0.0"));
});

test("the script takes no other bytes than were named", { skip: skipped() }, async (t) => {
  const releases = [release("1.0.0"), release("1.1.0")];
  const policy = { channels: { stable: channel("1.1.0", ["1.0.0"]) } };
  const elsewhere = await TestServer.start(t);
  const url = `${elsewhere.url}/targets/${release("1.0.0").artifacts[0]?.target}`;
  const server = await TestServer.start(t, sampleManifest({ releases, policy, urls: { "1.1.0": url } }));
  const machine = await machineWith(t, "1.0.0");
  const { code, said } = await update(server, machine);
  assert.deepEqual([code, said], [1, "error: other bytes than were named\n"]);
  assert.deepEqual(await readFile(machine.file), artifactBytes("1.0.0"));
  assert.deepEqual(await readdir(machine.folder), ["lantern"]);
});

/** It is written for Linux, and the artifacts of the sample are for one platform. */
function skipped(): string | false {
  if (process.platform !== "linux" || process.arch !== "x64")
    return "the sample's artifacts are for linux-x64";
  return spawnSync("curl", ["--version"]).status === 0 ? false : "there is no curl";
}
