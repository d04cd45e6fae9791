import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { sha256Hex } from "../../protocol/digest.ts";
import { AGENT, run, runOk } from "../support/run-command.ts";
import { waitUntil } from "../support/wait-until.ts";
import { enrolledMachine, setInConfig } from "./enrolled-machine.ts";
import { program } from "./update-server.ts";

/** Whether a process is gone, or waits as a zombie for an init that this machine may not have. */
function isDead(pid: number): boolean {
  try {
    return / Z /.test(readFileSync(`/proc/${pid}/stat`, "latin1"));
  } catch {
    return true;
  }
}

/** Large enough to come in several pieces. */
function largeProgram(version: string, bytes = 2_000_000): Buffer {
  return Buffer.concat([program(version, ""), Buffer.from(`exit\n${"#".repeat(bytes)}\n`)]);
}

test("a flipped bit in the artifact is refused, and says nothing against the version", async (t) => {
  const { server, machine, updateTo, status, leftovers } = await enrolledMachine(t);
  server.fault = { flipAt: 14 };
  const refused = await updateTo("1.1.0", program("1.1.0"));
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /install\/tampered[\s\S]*expected: sha256[\s\S]*got: sha256/);
  assert.equal(await machine.installedVersion(), "lantern 1.0.0");
  assert.deepEqual([status().blocked, leftovers()], [[], []]);
  server.fault = {};
  assert.equal((await machine.agent("update")).code, 0);
});

test("a download stops at the signed length", async (t) => {
  const { server, machine, updateTo } = await enrolledMachine(t);
  server.fault = { append: 1 };
  const refused = await updateTo("1.1.0", program("1.1.0"));
  assert.match(refused.stderr, /install\/tampered[\s\S]*more bytes/);
  assert.equal(await machine.installedVersion(), "lantern 1.0.0");
});

test("a broken-off download goes on where it stopped, and blocks nothing", async (t) => {
  const { server, machine, updateTo, status, staging } = await enrolledMachine(t);
  const bytes = largeProgram("1.1.0");
  server.fault = { cutAfter: 1_000_000 };
  const broken = await updateTo("1.1.0", bytes);
  assert.equal(broken.code, 1);
  assert.match(broken.stderr, /install\/network/);
  const { blocked, journal, last } = status();
  assert.deepEqual([blocked, journal], [[], "idle"]);
  assert.deepEqual([last?.to, last?.outcome, last?.cause], ["1.1.0", "failed", "install/network"]);
  const partial = statSync(join(staging, `staged-${sha256Hex(bytes)}`)).size;
  assert.ok(partial > 0 && partial < bytes.length);

  server.fault = {};
  server.downloads.length = 0;
  assert.equal((await machine.agent("update")).code, 0);
  assert.deepEqual(server.downloads, [`bytes=${partial}-`]);
  assert.equal(await machine.installedVersion(), "lantern 1.1.0");
});

test("a partial file that was spoiled on disk is fetched again from its first byte", async (t) => {
  const { server, machine, updateTo, staging } = await enrolledMachine(t);
  const bytes = largeProgram("1.1.0");
  server.fault = { cutAfter: 1_000_000 };
  await updateTo("1.1.0", bytes);
  const path = join(staging, `staged-${sha256Hex(bytes)}`);
  const partial = readFileSync(path);
  partial[100] = (partial[100] ?? 0) ^ 1;
  writeFileSync(path, partial);
  server.fault = {};
  const update = await machine.agent("update");
  assert.equal(update.code, 0, update.stderr);
  assert.equal(await machine.installedVersion(), "lantern 1.1.0");
});

test("a self-test that prints another version leaves the old one, keeps the file aside and blocks its digest", async (t) => {
  const { server, machine, updateTo, status, broken } = await enrolledMachine(t);
  const bytes = program("0.9.0");
  const refused = await updateTo("1.1.0", bytes);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /install\/wrong-version[\s\S]*expected: 1\.1\.0[\s\S]*got: `lantern 0\.9\.0`/);
  assert.equal(await machine.installedVersion(), "lantern 1.0.0");
  assert.deepEqual(broken(), [`1.1.0-${sha256Hex(bytes).slice(0, 8)}`]);
  assert.equal(status().blocked[0]?.version, "1.1.0");
  assert.deepEqual([status().last?.outcome, status().last?.cause], ["failed", "install/wrong-version"]);

  server.downloads.length = 0;
  assert.match((await machine.agent("update")).stdout, /backoff/);
  assert.deepEqual(server.downloads, [], "a blocked version is not fetched again");
});

test("a self-test that hangs is killed with everything it started", async (t) => {
  const { machine, updateTo, status, broken } = await enrolledMachine(t);
  setInConfig(machine, "self_test_timeout: 1s");
  const pidFile = join(machine.directory, "child.pid");
  const refused = await updateTo("1.1.0", program("1.1.0", `sleep 600 & echo $! >${pidFile}; wait`));
  assert.match(refused.stderr, /install\/self-test-timeout/);
  assert.equal(await machine.installedVersion(), "lantern 1.0.0");
  const child = Number(readFileSync(pidFile, "utf8"));
  assert.ok(isDead(child));
  assert.deepEqual([broken().length, status().blocked[0]?.version], [1, "1.1.0"]);
});

test("an executable for another machine is refused before anything tries to run it", async (t) => {
  const { machine, updateTo, status } = await enrolledMachine(t);
  const foreign = Buffer.alloc(4096);
  foreign.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  foreign.writeUInt16LE(process.arch === "x64" ? 183 : 62, 18);
  const refused = await updateTo("1.1.0", foreign);
  assert.match(refused.stderr, /install\/wrong-arch[\s\S]*expected: an ELF file for/);
  assert.equal(await machine.installedVersion(), "lantern 1.0.0");
  assert.equal(status().blocked[0]?.version, "1.1.0");

  const marker = join(machine.directory, "ran");
  const noFormat = await updateTo("1.1.1", Buffer.from(`touch ${marker}\necho "lantern 1.1.1"\n`));
  assert.match(noFormat.stderr, /install\/wrong-arch[\s\S]*no known executable format/);
  assert.equal(existsSync(marker), false, "the C library would have given it to a shell");
});

test("a version that is not confirmed makes room for the previous one, and restarts it", async (t) => {
  const { machine, updateTo, status, broken } = await enrolledMachine(t);
  const restarts = join(machine.directory, "restarts");
  setInConfig(
    machine,
    `restart: [sh, -c, '"$1" --version >>${restarts}', sh, "{path}"]`,
    `confirm: [sh, -c, '! grep -q 1.1.0 "$1"', sh, "{path}"]`,
    "confirm_attempts: 2",
  );
  const bytes = program("1.1.0");
  const refused = await updateTo("1.1.0", bytes);
  assert.equal(refused.code, 1);
  assert.match(refused.stdout, /1\.1\.0 was rolled back: install\/confirm-failed/);
  assert.equal(await machine.installedVersion(), "lantern 1.0.0");
  assert.equal(readFileSync(restarts, "utf8"), "lantern 1.1.0\nlantern 1.0.0\n");
  assert.deepEqual(broken(), [`1.1.0-${sha256Hex(bytes).slice(0, 8)}`]);
  const { blocked, journal } = status();
  assert.deepEqual([blocked[0]?.version, journal], ["1.1.0", "idle"]);

  const next = await updateTo("1.2.0", program("1.2.0"));
  assert.equal(next.code, 0, next.stderr);
  assert.equal(await machine.installedVersion(), "lantern 1.2.0");
});

test("a first installation that is not confirmed leaves nothing installed", async (t) => {
  const { machine, updateTo } = await enrolledMachine(t);
  rmSync(machine.executable);
  setInConfig(machine, "confirm: [sh, -c, 'exit 1']", "confirm_attempts: 1");
  const refused = await updateTo("1.1.0", program("1.1.0"));
  assert.equal(refused.code, 1);
  assert.equal(await machine.installedVersion(), undefined);
});

test("a second updater is refused while the first is at work, and the first goes on", async (t) => {
  const { server, machine } = await enrolledMachine(t);
  const gate = join(machine.directory, "gate");
  server.release("1.1.0", program("1.1.0", `touch ${gate}.at; while [ ! -e ${gate} ]; do sleep 0.05; done`));
  server.promote("1.1.0");
  const first = machine.agent("update");
  await waitUntil("the self-test", async () => existsSync(`${gate}.at`) || undefined);
  const second = await machine.agent("update");
  assert.equal(second.code, 1);
  assert.match(second.stderr, /install\/lock-held[\s\S]*locked by process \d+/);
  writeFileSync(gate, "");
  assert.equal((await first).code, 0);
  assert.equal(await machine.installedVersion(), "lantern 1.1.0");
});

test("a link in the place of the staging folder or of a staged file is refused", async (t) => {
  const { machine, staging, updateTo } = await enrolledMachine(t);
  const bytes = program("1.1.0");
  const victim = join(machine.directory, "victim");
  writeFileSync(victim, "precious");
  symlinkSync(victim, join(staging, `staged-${sha256Hex(bytes)}`));
  const linkedFile = await updateTo("1.1.0", bytes);
  assert.match(linkedFile.stderr, /install\/bad-staging/);
  assert.equal(readFileSync(victim, "utf8"), "precious");

  rmSync(staging, { recursive: true });
  mkdirSync(join(machine.directory, "elsewhere"), { mode: 0o700 });
  symlinkSync(join(machine.directory, "elsewhere"), staging);
  assert.match((await machine.agent("update")).stderr, /install\/bad-staging[\s\S]*got: no folder/);

  rmSync(staging);
  mkdirSync(staging);
  chmodSync(staging, 0o777);
  assert.match((await machine.agent("update")).stderr, /install\/bad-staging[\s\S]*mode 777/);
  assert.equal(await machine.installedVersion(), "lantern 1.0.0");
});

test("a file system that takes no more bytes is named, and nothing is blocked", async (t) => {
  const { server, machine, status } = await enrolledMachine(t);
  server.release("1.1.0", largeProgram("1.1.0"));
  server.promote("1.1.0");
  const command = 'ulimit -f 1000; exec "$0" "$@"';
  const args = ["-c", command, process.execPath, AGENT, "update", "--home", machine.home];
  const full = await run("sh", args);
  assert.equal(full.code, 1);
  assert.match(full.stderr, /install\/disk-full/);
  assert.equal(await machine.installedVersion(), "lantern 1.0.0");
  assert.deepEqual([status().blocked, status().last?.cause], [[], "install/disk-full"]);
  assert.match(
    (await machine.agent("status")).stdout,
    /last +1\.1\.0 failed[\s\S]*install\/disk-full: cannot write/,
  );
  assert.equal((await machine.agent("update")).code, 0, "it goes on when there is room again");
  assert.equal(status().last?.outcome, "confirmed");
});

test("an update that would not fit is refused before its first byte", async (t) => {
  const { server, machine, status } = await enrolledMachine(t);
  const small = join(machine.directory, "small");
  mkdirSync(small);
  const mounted = await run("mount", ["-t", "tmpfs", "-o", "size=5m", "tmpfs", small]);
  if (mounted.code !== 0) {
    t.skip("this test mounts a small tmpfs, which is not allowed here");
    return;
  }
  try {
    const config = join(machine.home, "config.yaml");
    const moved = readFileSync(config, "utf8").replace(machine.executable, join(small, "lantern"));
    writeFileSync(config, moved);
    server.release("1.1.0", largeProgram("1.1.0"));
    server.promote("1.1.0");
    server.downloads.length = 0;
    const refused = await machine.agent("update");
    assert.match(
      refused.stderr,
      /install\/disk-full[\s\S]*expected: \d+ bytes free[\s\S]*got: \d+ bytes free/,
    );
    assert.deepEqual([server.downloads, status().blocked], [[], []]);
  } finally {
    await runOk("umount", [small]);
  }
});

test("a folder that the agent may not write to is named, and the old version runs on", async (t) => {
  if (process.geteuid?.() !== 0) {
    t.skip("this test runs the agent as another user, which only root may");
    return;
  }
  const { server, machine, status } = await enrolledMachine(t);
  chmodSync(machine.directory, 0o755);
  await runOk("chown", ["-R", "65534", machine.home, join(machine.directory, "bin", ".lantern.fairlead")]);
  server.release("1.1.0", program("1.1.0"));
  server.promote("1.1.0");
  const { promise, resolve } = Promise.withResolvers<string>();
  execFile(
    process.execPath,
    [AGENT, "update", "--home", machine.home],
    { uid: 65534, gid: 65534, env: { PATH: process.env.PATH, HOME: "/" } },
    (_error, _stdout, stderr) => resolve(stderr),
  );
  assert.match(await promise, /install\/not-writable[\s\S]*ReadWritePaths/);
  assert.deepEqual([status().blocked, status().last?.cause], [[], "install/not-writable"]);
  assert.equal(await machine.installedVersion(), "lantern 1.0.0");
});

test("a refused update tells a program in JSON lines, a person in words, and status afterwards", async (t) => {
  const { server, machine, updateTo, status } = await enrolledMachine(t);
  server.fault = { flipAt: 14 };
  const told = await updateTo("1.1.0", program("1.1.0"));
  assert.match(
    told.stderr,
    /error\[install\/tampered\]: .*\n {2}= expected: .*\n {2}= got: .*\n {2}= help: .*\n$/,
  );
  assert.deepEqual([told.stdout, told.stderr.split("install/tampered").length], ["", 2], "once");

  const refused = await machine.agent("update", "--log", "json");
  const lines = refused.stderr.trimEnd().split("\n");
  const { id, expected, got, help } = JSON.parse(lines.at(-1) ?? "");
  assert.equal(id, "install/tampered");
  for (const part of [expected, got, help]) assert.equal(typeof part, "string");
  assert.doesNotThrow(() => lines.map((line) => JSON.parse(line)), "nothing but JSON lines");
  assert.equal(refused.stdout, "");
  assert.deepEqual([status().last?.outcome, status().last?.cause], ["failed", "install/tampered"]);

  const asked = await machine.agent("update", "--json");
  assert.equal(JSON.parse(asked.stdout).error.id, "install/tampered");
  assert.doesNotMatch(asked.stderr, /install\/tampered/);
});

test("a check that fails is seen in status until one succeeds", async (t) => {
  const { server, machine, status } = await enrolledMachine(t);
  server.repository.files.delete("metadata/timestamp.json");
  server.repository.files.delete("timestamp.json");
  assert.equal((await machine.agent("update")).code, 1);
  assert.equal(status().failedCheck?.cause, "trust/missing-file");
  assert.match((await machine.agent("status")).stdout, /failing .*trust\/missing-file/);
  server.publish();
  assert.equal((await machine.agent("update")).code, 0);
  assert.equal(status().failedCheck, undefined);
});
