import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Agent } from "../../agent/agent.ts";
import { agentHome } from "../../agent/home/agent-home.ts";
import { fateOf, identityOf } from "../../agent/process/process-identity.ts";
import { killAndWait, run, runOk } from "../support/run-command.ts";
import { enrolledMachine } from "./enrolled-machine.ts";
import { program } from "./update-server.ts";

test("seven updaters that are started at once install a version once, and none of them breaks anything", async (t) => {
  const { server, machine, status, leftovers } = await enrolledMachine(t);
  server.release("1.1.0", program("1.1.0"));
  server.promote("1.1.0");
  server.downloads.length = 0;
  const results = await Promise.all(Array.from({ length: 7 }, () => machine.agent("update")));
  assert.equal(server.downloads.length, 1, "the bytes are fetched once");
  for (const { code, stdout, stderr } of results) {
    const isFine = code === 0 || (code !== 2 && /install\/(lock-held|replaced)/.test(stdout + stderr));
    assert.ok(isFine, `${code}: ${stdout}${stderr}`);
  }
  assert.ok(results.some(({ code }) => code === 0));
  assert.equal(await machine.installedVersion(), "lantern 1.1.0");
  assert.deepEqual([status().journal, leftovers().length, status().blocked], ["idle", 1, []]);
});

test("an executable that is running is replaced while its process goes on, and put back when its version fails", async (t) => {
  const { server, machine, updateTo } = await enrolledMachine(t);
  const sleeper = readFileSync((await runOk("sh", ["-c", 'readlink -f "$(command -v sleep)"'])).trim());
  const version = /\d+\.\d+/.exec((await run("sleep", ["--version"])).stdout)?.[0];
  if (version === undefined) {
    t.skip("`sleep` of this machine tells no version");
    return;
  }
  server.release(`${version}.0`, sleeper);
  writeFileSync(machine.executable, sleeper, { mode: 0o755 });
  const running = spawn(machine.executable, ["600"], { stdio: "ignore" });
  t.after(() => killAndWait(running, "SIGKILL"));
  assert.throws(() => writeFileSync(machine.executable, "x"), { code: "ETXTBSY" }, "it cannot be written to");
  const update = await updateTo("99.1.0", program("99.1.0"));
  assert.equal(update.code, 0, update.stdout);
  assert.equal(await machine.installedVersion(), "lantern 99.1.0");
  assert.equal(running.exitCode, null, "the version before runs until it is restarted");
  assert.equal((await machine.agent("rollback")).code, 1, "`sleep` calls itself by a shorter version");
  assert.equal(await machine.installedVersion(), "lantern 99.1.0");
});

test("where nothing may be started beside the installed file, an update is refused by name and blocks nothing", async (t) => {
  let folder = "";
  let mounted = false;
  try {
    const { server, machine, status } = await enrolledMachine(t, {}, async (machine) => {
      folder = join(machine.directory, "bin");
      mounted = (await run("mount", ["-t", "tmpfs", "-o", "size=8m", "tmpfs", folder])).code === 0;
    });
    if (!mounted) {
      t.skip("this test mounts a tmpfs, which is not allowed here");
      return;
    }
    server.release("1.1.0", program("1.1.0"));
    server.promote("1.1.0");
    await runOk("mount", ["-o", "remount,noexec", folder]);
    const refused = await machine.agent("update");
    assert.match(refused.stdout + refused.stderr, /install\/noexec/);
    assert.deepEqual([status().journal, status().blocked], ["idle", []]);

    await runOk("mount", ["-o", "remount,exec,ro", folder]);
    const readOnly = await machine.agent("update");
    assert.match(readOnly.stdout + readOnly.stderr, /install\/not-writable/);
    await runOk("mount", ["-o", "remount,rw", folder]);
    const taken = await machine.agent("update");
    assert.equal(taken.code, 0, taken.stdout);
  } finally {
    if (mounted) await runOk("umount", ["--lazy", folder]);
  }
});

test("a process number that was given out again is another process, and keeps no lock and no version alive", async (t) => {
  const self = identityOf(process.pid);
  assert.ok(self !== undefined);
  assert.equal(fateOf({ ...self, started: "1" }), "ended");
  assert.equal(fateOf({ ...self, boot: "another" }), "rebooted");

  const { machine, staging, updateTo } = await enrolledMachine(t);
  // What a killed updater leaves: its number in the lock, which is now somebody else's.
  writeFileSync(join(staging, "lock"), `${process.pid}\n`);
  const update = await updateTo("1.1.0", program("1.1.0"));
  assert.equal(update.code, 0, update.stdout);
  assert.equal(await machine.installedVersion(), "lantern 1.1.0");
});

test("what a kill left half-written in the home is taken away an hour later, and not while somebody may write it", async (t) => {
  const { machine } = await enrolledMachine(t);
  const names = ["journal.json.new", "state.json.new"];
  for (const name of names) writeFileSync(join(machine.home, name), "half");
  const there = async () =>
    (await runOk("ls", [machine.home])).split("\n").filter((name) => names.includes(name));
  await machine.agent("resume");
  assert.deepEqual(await there(), names);
  for (const name of names) await runOk("touch", ["-d", "2 hours ago", join(machine.home, name)]);
  await machine.agent("resume");
  assert.deepEqual(await there(), []);
});

test("a build that fails in the second in which its download failed is blocked all the same", async (t) => {
  const { server, machine, status } = await enrolledMachine(t);
  const now = Math.floor(Date.now() / 1000);
  const agent = await Agent.open(agentHome(machine.home, {}), { now: () => now });
  server.release("1.1.0", program("9.9.9"));
  server.promote("1.1.0");
  server.fault = { flipAt: 14 };
  await assert.rejects(agent.product().update(true), { code: "install/tampered" });
  server.fault = {};
  await assert.rejects(agent.product().update(true), { code: "install/wrong-version" });
  assert.deepEqual([status().blocked[0]?.version, status().last?.cause], ["1.1.0", "install/wrong-version"]);
});
