import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { sha256Hex } from "../../protocol/digest.ts";
import type { AgentMachine } from "../support/agent-machine.ts";
import { AGENT, killAndWait, run, runOk } from "../support/run-command.ts";
import { runRefusing, whyNoStrace } from "../support/strace.ts";
import { waitUntil } from "../support/wait-until.ts";
import { type EnrolledMachine, enrolledMachine, setInConfig } from "./enrolled-machine.ts";
import { program } from "./update-server.ts";

/** Starts a process of the agent that is interrupted before it ends. */
function startAgent(t: TestContext, machine: AgentMachine, ...args: readonly string[]) {
  const child = spawn(process.execPath, [AGENT, ...args, "--home", machine.home], { stdio: "ignore" });
  t.after(() => killAndWait(child, "SIGKILL"));
  return child;
}

/** Lets 1.1.0 be installed, and the channel declare the way back that the release key allows. */
async function updatedMachine(t: TestContext, settings = {}): Promise<EnrolledMachine> {
  const enrolled = await enrolledMachine(t, settings);
  enrolled.server.release("1.1.0", program("1.1.0"), { rollbackTo: ">=1.0.0" });
  enrolled.server.promote("1.1.0");
  const updated = await enrolled.machine.agent("update");
  assert.equal(updated.code, 0, updated.stdout);
  return enrolled;
}

for (const [how, signal] of [
  ["killed", "SIGKILL"],
  ["stopped by Ctrl-C", "SIGINT"],
] as const) {
  test(`a rollback that was ${how} before the swap leaves nothing in the way of the fleet's own`, async (t) => {
    const { server, machine, leftovers, status } = await updatedMachine(t);
    const gate = join(machine.directory, "gate");
    writeFileSync(gate, "");
    const test = `[sh, -c, 'if [ -e ${gate} ]; then touch ${gate}.at; exec sleep 600; fi; exec "$0" --version', "{path}"]`;
    setInConfig(machine, `self_test: ${test}`);
    const rollback = startAgent(t, machine, "rollback");
    await waitUntil("the self-test", () => existsSync(`${gate}.at`) || undefined);
    await killAndWait(rollback, signal);
    rmSync(gate);

    server.channel = { rollback: { from: ["1.1.0"] } };
    server.promote("1.0.0");
    const back = await machine.agent("update");
    assert.equal(back.code, 0, back.stdout);
    assert.equal(await machine.installedVersion(), "lantern 1.0.0");
    assert.deepEqual(
      leftovers().map((name) => name.replace(/-.*/, "")),
      ["previous"],
    );
    assert.equal(status().journal, "idle");
  });
}

test("a copy that an earlier agent left linked in staging is put aside for the download", async (t) => {
  const { server, machine, staging } = await updatedMachine(t);
  const old = sha256Hex(program("1.0.0"));
  linkSync(join(staging, `previous-${old}`), join(staging, `staged-${old}`));
  server.channel = { rollback: { from: ["1.1.0"] } };
  server.promote("1.0.0");
  const back = await machine.agent("update");
  assert.equal(back.code, 0, back.stdout);
  assert.equal(await machine.installedVersion(), "lantern 1.0.0");
});

test("a failed self-test leaves nothing in staging but the kept copy, not even the download's validator", async (t) => {
  const { updateTo, leftovers } = await updatedMachine(t);
  assert.match((await updateTo("1.2.0", program("9.9.9"))).stderr, /install\/wrong-version/);
  assert.deepEqual(leftovers(), [`previous-${sha256Hex(program("1.0.0"))}`]);
});

/** A machine on a file system of its own, which can be filled and mounted anew. */
async function onSmallDisk(
  t: TestContext,
  work: (enrolled: EnrolledMachine, disk: string) => Promise<void>,
): Promise<void> {
  let disk = "";
  let mounted = false;
  try {
    const enrolled = await enrolledMachine(t, {}, async (machine) => {
      disk = machine.directory;
      mounted = (await run("mount", ["-t", "tmpfs", "-o", "size=8m", "tmpfs", disk])).code === 0;
      mkdirSync(join(disk, "bin"), { recursive: true });
    });
    if (mounted) await work(enrolled, disk);
    else t.skip("this test mounts a small tmpfs, which is not allowed here");
  } finally {
    if (mounted) await runOk("umount", ["--lazy", disk]);
  }
}

test("a version that fills the disk and fails makes room for the previous one, once", (t) =>
  onSmallDisk(t, async ({ server, machine, status }, disk) => {
    const restarts = `${disk}.restarts`;
    t.after(() => rmSync(restarts, { force: true }));
    setInConfig(
      machine,
      `restart: [sh, -c, '"$1" --version >>${restarts}', sh, "{path}"]`,
      `confirm: [sh, -c, 'dd if=/dev/zero of=${disk}/full bs=4k 2>&1; ! grep -q 1.1.0 "$1"', sh, "{path}"]`,
      "confirm_attempts: 1",
    );
    server.release("1.1.0", program("1.1.0"));
    server.promote("1.1.0");
    const failed = await machine.agent("update");
    assert.match(failed.stderr, /error\[home\/disk-full\]/, failed.stderr);
    assert.equal(await machine.installedVersion(), "lantern 1.0.0");
    const still = await machine.agent("update");
    assert.match(still.stderr, /error\[home\/disk-full\]/);
    assert.equal(
      readFileSync(restarts, "utf8"),
      "lantern 1.1.0\nlantern 1.0.0\n",
      "what was put back is not restarted at each look",
    );

    rmSync(join(disk, "full"));
    assert.match((await machine.agent("update")).stdout, /backoff/);
    const { journal, blocked, last } = status();
    assert.deepEqual([journal, blocked[0]?.version, last?.outcome], ["idle", "1.1.0", "rolled-back"]);
  }));

test("a home that turns read-only while a version is being confirmed keeps nobody from the previous one", async (t) => {
  let home = "";
  let mounted = false;
  try {
    const { server, machine, status } = await enrolledMachine(t, {}, async (machine) => {
      home = machine.home;
      mkdirSync(home, { mode: 0o700 });
      mounted = (await run("mount", ["-t", "tmpfs", "-o", "size=8m,mode=700", "tmpfs", home])).code === 0;
    });
    if (!mounted) {
      t.skip("this test mounts a tmpfs, which is not allowed here");
      return;
    }
    setInConfig(
      machine,
      `confirm: [sh, -c, 'mount -o remount,ro ${home}; ! grep -q 1.1.0 "$1"', sh, "{path}"]`,
      "confirm_attempts: 2",
    );
    server.release("1.1.0", program("1.1.0"));
    server.promote("1.1.0");
    const failed = await machine.agent("update");
    assert.match(failed.stderr, /error\[home\/no-access\]: cannot \w+ `[^`]*agent\/[^`]*` \(EROFS\)/);
    assert.equal(await machine.installedVersion(), "lantern 1.0.0");

    await runOk("mount", ["-o", "remount,rw", home]);
    assert.match((await machine.agent("resume")).stdout, /rolled back/);
    assert.deepEqual([status().journal, status().blocked[0]?.version], ["idle", "1.1.0"]);
  } finally {
    if (mounted) await runOk("umount", ["--lazy", home]);
  }
});

/** 1.2.0 was swapped in and is bad, the kept 1.1.0 is damaged, and the agent was killed before it could look. */
async function damagedMachine(t: TestContext): Promise<EnrolledMachine> {
  const enrolled = await updatedMachine(t);
  const { server, machine, staging } = enrolled;
  setInConfig(
    machine,
    `confirm: [sh, -c, 'grep -q 1.2.0 "$1" || exit 0; touch ${machine.directory}/checking; exec sleep 600', sh, "{path}"]`,
    "confirm_attempts: 1",
    "confirm_timeout: 600s",
  );
  server.release("1.2.0", program("1.2.0"));
  server.promote("1.2.0");
  const update = startAgent(t, machine, "update");
  await waitUntil("the check", () => existsSync(join(machine.directory, "checking")) || undefined);
  await killAndWait(update, "SIGKILL");
  writeFileSync(join(staging, `previous-${sha256Hex(program("1.1.0"))}`), "damaged");
  return enrolled;
}

test("where the kept copy is damaged, a newer release is installed all the same", async (t) => {
  const { server, machine, status, leftovers } = await damagedMachine(t);
  const stuck = await machine.agent("resume", "--json");
  assert.equal(stuck.code, 1);
  const { outcome, reason } = JSON.parse(stuck.stdout);
  assert.equal(outcome, "not-restored");
  assert.match(reason, /1 attempts; then install\/previous-damaged/);
  assert.equal(await machine.installedVersion(), "lantern 1.2.0", "what is installed stays");
  assert.deepEqual(
    [status().journal, status().last?.outcome, status().blocked[0]?.version],
    ["idle", "not-restored", "1.2.0"],
  );

  server.release("1.3.0", program("1.3.0"));
  server.promote("1.3.0");
  const forward = await machine.agent("update");
  assert.equal(forward.code, 0, forward.stdout);
  assert.equal(await machine.installedVersion(), "lantern 1.3.0");
  assert.deepEqual(leftovers(), [`previous-${sha256Hex(program("1.2.0"))}`]);
});

test("where the kept copy is damaged, a signed version that a person installs is noticed and stays", async (t) => {
  const { server, machine, status } = await damagedMachine(t);
  rmSync(machine.executable);
  writeFileSync(machine.executable, program("1.0.0"), { mode: 0o755 });
  const resumed = await machine.agent("resume");
  assert.match(resumed.stdout, /rolled back: .*somebody has installed another signed build/);
  assert.equal(await machine.installedVersion(), "lantern 1.0.0");
  assert.equal(status().journal, "idle");

  server.release("1.3.0", program("1.3.0"));
  server.promote("1.3.0");
  const forward = await machine.agent("update");
  assert.equal(forward.code, 0, forward.stdout);
  assert.equal(status().last?.from, "1.0.0");
});

test("a version that nobody signed does not stay in the place of one that failed", async (t) => {
  const { machine, staging } = await damagedMachine(t);
  writeFileSync(join(staging, `previous-${sha256Hex(program("1.1.0"))}`), program("1.1.0"));
  writeFileSync(machine.executable, "#!/bin/sh\necho lantern 6.6.6\n", { mode: 0o755 });
  const resumed = await machine.agent("resume");
  assert.equal(resumed.code, 1);
  assert.equal(await machine.installedVersion(), "lantern 1.1.0");
});

test("a restore needs no name but the installed one: the kept copy takes it", async (t) => {
  const { machine, staging } = await damagedMachine(t);
  writeFileSync(join(staging, `previous-${sha256Hex(program("1.1.0"))}`), program("1.1.0"), { mode: 0o755 });
  const missing = await whyNoStrace();
  if (missing !== undefined) {
    t.skip(missing);
    return;
  }
  // Neither a link nor a copy can be made: the folder is full.
  const scratch = { paths: [join(staging, "copy.new")], calls: "link,linkat,openat", errno: "ENOSPC" };
  await runRefusing(scratch, [process.execPath, AGENT, "resume", "--home", machine.home]);
  assert.equal(await machine.installedVersion(), "lantern 1.1.0");
  assert.deepEqual(readdirSync(join(staging, "broken")), [], "the broken file could not be kept aside");
});
