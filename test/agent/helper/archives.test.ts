import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { callHelper } from "../../../agent/formats/through-helper/call-helper.ts";
import { InstallError } from "../../../agent/installation/install-error.ts";
import { killAndWait, run, runOk } from "../../support/run-command.ts";
import { whyNoStrace } from "../../support/strace.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { lantern, pack, temporaryFolder } from "../archives/archive-machine.ts";
import { UpdateServer } from "../update-server.ts";
import { HelpedMachine, whyNoHelper } from "./helped-machine.ts";

const missing = await whyNoHelper();
const ARCHIVE = { format: "archive", rollbackTo: ">=0.0.0" };

async function machineWithArchives(t: TestContext) {
  const server = await UpdateServer.start(t);
  server.release("1.0.0", await pack(t, lantern("1.0.0"), "tar.gz"), ARCHIVE);
  server.promote("1.0.0");
  const machine = await HelpedMachine.start(t, server.repository.root(), (directory) => ({
    install_path: join(directory, "lantern"),
    format: "archive",
    executable: "bin/lantern",
  }));
  await machine.enroll(server.url, server.rootSha256, "format: archive", "executable: bin/lantern");
  const says = async () =>
    (await run(join(machine.executable, "current", "bin", "lantern"), [])).stdout.trim();
  return { server, machine, says };
}

test("an agent without rights has archives unpacked by the helper, switched to and back, and leaves nothing behind", async (t) => {
  if (missing !== undefined) return t.skip(missing);
  const { server, machine, says } = await machineWithArchives(t);
  const first = await machine.agent("update");
  assert.equal(first.code, 0, first.stderr + machine.helperOutput);
  assert.equal(await says(), "lantern 1.0.0");

  server.release("1.1.0", await pack(t, lantern("1.1.0"), "tar.zst"), ARCHIVE);
  server.promote("1.1.0");
  const second = await machine.agent("update");
  assert.equal(second.code, 0, second.stderr + machine.helperOutput);
  assert.equal(await says(), "lantern 1.1.0");
  const current = join(machine.executable, readlinkSync(join(machine.executable, "current")));
  for (const path of [current, join(current, "bin", "lantern")]) assert.equal(statSync(path).uid, 0, path);
  assert.equal(readdirSync(join(machine.executable, "versions")).length, 2, "the one before is kept");
  const own = readdirSync(join(machine.home, "staging"));
  assert.deepEqual(own.sort(), ["broken", "lock", "tried"]);
  assert.deepEqual(
    readdirSync(join(machine.home, "staging", "tried", "versions")),
    [],
    "what was tried is gone",
  );

  const back = await machine.agent("rollback");
  assert.equal(back.code, 0, back.stderr + machine.helperOutput);
  assert.equal(await says(), "lantern 1.0.0");
});

test("an archive that does not run is not asked of the helper, and one that proves bad afterwards is put back by it", async (t) => {
  if (missing !== undefined) return t.skip(missing);
  const { server, machine, says } = await machineWithArchives(t);
  assert.equal((await machine.agent("update")).code, 0, machine.helperOutput);
  server.release(
    "1.1.0",
    await pack(t, { ...lantern("1.1.0"), "bin/lantern": "#!/bin/sh\nexit 3\n" }, "zip"),
    ARCHIVE,
  );
  server.promote("1.1.0");
  const broken = await machine.agent("update");
  assert.match(broken.stderr, /install\/self-test-failed/);
  assert.equal(readdirSync(join(machine.executable, "versions")).length, 1, "the helper was not asked");

  machine.set(
    'confirm: [sh, -c, \'! grep -q 1.2.0 "$(dirname "$0")/../share/version"\', "{path}"]',
    "confirm_attempts: 1",
  );
  server.release("1.2.0", await pack(t, lantern("1.2.0"), "tar.gz"), ARCHIVE);
  server.promote("1.2.0");
  const refused = await machine.agent("update");
  assert.equal(refused.code, 1, refused.stdout + refused.stderr);
  assert.equal(await says(), "lantern 1.0.0");
});

test("the helper itself refuses what leads out of an archive's folder, links to the machine and bombs, though they were signed", async (t) => {
  if (missing !== undefined) return t.skip(missing);
  const { server, machine, says } = await machineWithArchives(t);
  assert.equal((await machine.agent("update")).code, 0, machine.helperOutput);
  const script = join(import.meta.dirname, "hostile-tar.py");
  const helper = {
    ...{ socket: machine.socket, product: "lantern", staging: "" },
    metadata: join(machine.home, "trust"),
  };
  const folder = temporaryFolder(t);
  for (const [index, kind] of ["traversal", "absolute", "link", "through-link", "bomb", "device"].entries()) {
    const version = `1.${index + 1}.0`;
    const artifact = join(folder, `${kind}.tar.gz`);
    await runOk("python3", [script, kind, artifact, join(machine.directory, "bin", "stolen")]);
    server.release(version, readFileSync(artifact), ARCHIVE);
    server.publish();
    await machine.agent("explain");
    await machine.agent("update", "--check");
    // The agent's own refusal is left out: whoever has its user asks the helper directly.
    const asked = callHelper(
      helper,
      { do: "install", product: "lantern", version, origin: "download" },
      { artifact },
    );
    await assert.rejects(asked, (error) => {
      assert.ok(error instanceof InstallError);
      assert.equal(error.code, "install/bad-archive", `${kind}: ${error.message}`);
      return true;
    });
  }
  assert.deepEqual(readdirSync(join(machine.directory, "bin")), []);
  assert.equal(readdirSync(join(machine.executable, "versions")).length, 1);
  assert.equal(await says(), "lantern 1.0.0");
});

test("for an archive too the helper opens nothing below the agent's home", async (t) => {
  const untraced = missing ?? (await whyNoStrace());
  if (untraced !== undefined) return t.skip(untraced);
  const { machine, says } = await machineWithArchives(t);
  const trace = join(machine.directory, "trace");
  const strace = spawn("strace", ["-f", "-e", "trace=%file", "-o", trace, "-p", String(machine.helperPid)], {
    stdio: "ignore",
  });
  await waitUntil("strace to hold the helper", () => (existsSync(trace) ? true : undefined));
  await sleep(500);
  const update = await machine.agent("update");
  await killAndWait(strace, "SIGINT");
  assert.equal(update.code, 0, update.stderr + machine.helperOutput);
  const opened = readFileSync(trace, "utf8");
  assert.match(opened, /\.versions\.fairlead\/unpacking-/, "what it unpacks is seen");
  assert.ok(!opened.includes(machine.home), "nothing below the agent's home");
  assert.equal(await says(), "lantern 1.0.0");
});
