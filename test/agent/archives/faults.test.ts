import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Agent } from "../../../agent/agent.ts";
import { agentHome } from "../../../agent/home/agent-home.ts";
import { sha256Hex } from "../../../protocol/digest.ts";
import { AGENT, run, runOk } from "../../support/run-command.ts";
import { onSmallDisk, whyNoSmallDisk } from "../../support/small-disk.ts";
import { STRACE, whyNoStrace } from "../../support/strace.ts";
import { type ArchiveMachine, archiveMachine, lantern, pack } from "./archive-machine.ts";

/** A number that the update never gets to: the run that is not killed ends the enumeration before it. */
const MOST_CALLS = 80;

/**
 * Runs `update` from the same start again and again, killed at its first, second, third ... call that changes what lies
 * where the product is installed, until a run gets through.
 */
async function killAtEachCall(
  made: ArchiveMachine,
  { before, next }: { readonly before: Buffer; readonly next: Buffer },
  calls: string,
  check: (killedAt: number) => Promise<void>,
): Promise<void> {
  const { machine, root, staging } = made;
  const saved = join(machine.directory, "saved");
  mkdirSync(saved);
  const folders = ["agent", "opt"].map((name) => join(machine.directory, name));
  await runOk("cp", ["-a", ...folders, saved]);
  // strace compares the old name of a rename; those of the trusted metadata have a test of their own.
  const watched = [
    ...["journal.json.new", "state.json.new"].map((name) => join(machine.home, name)),
    ...["copy.new", `unpacking-${sha256Hex(next)}`].map((name) => join(staging, name)),
    join(root, "versions", sha256Hex(before)),
  ];
  const paths = calls === "rename" ? watched.flatMap((path) => ["-P", path]) : [];
  for (let at = 1; at <= MOST_CALLS; at++) {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    await runOk("cp", ["-a", join(saved, "agent"), join(saved, "opt"), machine.directory]);
    const inject = ["-e", `trace=${calls}`, "-e", `inject=${calls}:signal=SIGKILL:when=${at}`];
    const update = [process.execPath, AGENT, "update", "--home", machine.home];
    const killed = await run("strace", [...STRACE, ...paths, ...inject, ...update]);
    if (killed.code === 0) {
      assert.ok(at > 2, `only ${at - 1} calls were seen`);
      return;
    }
    await check(at);
    const agent = await Agent.open(agentHome(machine.home, {}));
    await agent.product().update(true);
    assert.match(await made.running(), /1\.1\.0/, `killed at call ${at}`);
    assert.deepEqual([made.status().journal, made.status().blocked], ["idle", []], `killed at call ${at}`);
    assert.equal(made.versions().length, 2, `killed at call ${at}: ${made.versions()}`);
    assert.equal(made.leftovers().length, 1, `killed at call ${at}: ${made.leftovers()}`);
  }
  assert.fail("the update never got through");
}

for (const calls of ["rename", "symlink", "fchmod"]) {
  test(`killed at any ${calls} of an update, current leads to a whole version, and the next start finishes`, async (t) => {
    const missing = await whyNoStrace();
    if (missing !== undefined) {
      t.skip(missing);
      return;
    }
    const before = await pack(t, lantern("1.0.0"), "tar.gz");
    const next = await pack(t, lantern("1.1.0", { a: "a", "b/c": "c" }), "tar.zst");
    const made = await archiveMachine(t, before);
    made.promote("1.1.0", next);
    await killAtEachCall(made, { before, next }, calls, async (at) => {
      assert.match(await made.running(), /^lantern 1\.[01]\.0$/, `killed at call ${at}`);
    });
  });
}

test("killed between the way back and the mark of the broken version, that version is still kept to look at", async (t) => {
  const missing = await whyNoStrace();
  if (missing !== undefined) {
    t.skip(missing);
    return;
  }
  const next = await pack(t, lantern("1.1.0"), "tar.gz");
  const settings = { confirm: ["sh", "-c", '! "$1" | grep -q 1.1.0', "sh", "{path}"], confirm_attempts: 1 };
  const made = await archiveMachine(t, await pack(t, lantern("1.0.0"), "tar.gz"), settings);
  made.promote("1.1.0", next);
  const mark = join(made.staging, "broken", `1.1.0-${sha256Hex(next).slice(0, 8)}`);
  const kill = ["-P", mark, "-e", "trace=symlink", "-e", "inject=symlink:signal=SIGKILL"];
  const update = [process.execPath, AGENT, "update", "--home", made.machine.home];
  await run("strace", [...STRACE, ...kill, ...update]);
  assert.equal(made.status().journal, "rolling-back");
  assert.equal(await made.running(), "lantern 1.0.0");
  await made.machine.agent("resume");
  assert.deepEqual([made.broken().length, made.versions().length], [1, 2]);
  assert.equal(await made.running(), "lantern 1.0.0");
});

test("an archive that would not fit once it is unpacked is refused before a byte of it is", async (t) => {
  const missing = await whyNoSmallDisk();
  if (missing !== undefined) {
    t.skip(missing);
    return;
  }
  const { promote, machine, root, status, versions } = await archiveMachine(t, undefined);
  promote("1.1.0", await pack(t, lantern("1.1.0", { zeros: "0".repeat(20_000_000) }), "tar.gz"));
  const update = [process.execPath, AGENT, "update", "--home", machine.home];
  const [program = "", ...args] = onSmallDisk({ size: "16m", folder: root, content: "empty" }, update);
  const refused = await run(program, args);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /^error\[install\/disk-full\][\s\S]*too little room[\s\S]*bytes free/m);
  assert.deepEqual([status().journal, status().blocked], ["idle", []]);
  assert.throws(versions, "nothing was unpacked");
});

test("a disk that fills up while an archive is unpacked leaves nothing of it but the archive", async (t) => {
  const missing = await whyNoStrace();
  if (missing !== undefined) {
    t.skip(missing);
    return;
  }
  const archive = await pack(t, lantern("1.1.0"), "tar.gz");
  const made = await archiveMachine(t, await pack(t, lantern("1.0.0"), "tar.gz"));
  made.promote("1.1.0", archive);
  const file = join(made.staging, `unpacking-${sha256Hex(archive)}`, "share", "version");
  const full = ["-P", file, "-e", "trace=openat", "-e", "inject=openat:error=ENOSPC"];
  const update = [process.execPath, AGENT, "update", "--home", made.machine.home];
  const refused = await run("strace", [...STRACE, ...full, ...update]);
  assert.match(refused.stderr, /^error\[install\/disk-full\]/m);
  assert.equal(await made.running(), "lantern 1.0.0");
  const staged = `staged-${sha256Hex(archive)}`;
  assert.deepEqual(made.leftovers().toSorted(), [staged, `${staged}.etag`]);
  made.server.downloads.length = 0;
  assert.equal((await made.machine.agent("update")).code, 0);
  assert.deepEqual(made.server.downloads, [], "nothing is downloaded twice");
});

test("a version from which a program still runs is not removed, though two newer ones came", async (t) => {
  const first = await pack(t, lantern("1.0.0"), "tar.gz");
  const made = await archiveMachine(t, first);
  const folder = join(made.root, "versions", sha256Hex(first));
  const service = spawn("sleep", ["600"], { cwd: folder, stdio: "ignore" });
  t.after(() => service.kill("SIGKILL"));
  await made.updateTo("1.1.0", await pack(t, lantern("1.1.0"), "tar.gz"));
  await made.updateTo("1.2.0", await pack(t, lantern("1.2.0"), "tar.gz"));
  assert.ok(existsSync(folder));
  assert.equal(made.versions().length, 3);
  service.kill("SIGKILL");
  await new Promise((resolve) => service.once("exit", resolve));
  await made.updateTo("1.3.0", await pack(t, lantern("1.3.0"), "tar.gz"));
  assert.ok(!existsSync(folder));
  assert.equal(made.versions().length, 2);
});
