import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { failureCause } from "../../../agent/report/failure-cause.ts";
import { MOST_WAITING, Spool } from "../../../agent/report/spool.ts";
import { type Attempt, LONGEST_ATTEMPT_LOG } from "../../../protocol/check-in/attempt.ts";
import { MOST_ATTEMPTS } from "../../../protocol/check-in/check-in.ts";
import { AGENT, killAndWait, run } from "../../support/run-command.ts";
import { onSmallDisk, whyNoSmallDisk } from "../../support/small-disk.ts";
import { runRefusing, STRACE, whyNoStrace } from "../../support/strace.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { setInConfig } from "../enrolled-machine.ts";
import { program } from "../update-server.ts";
import {
  enrolByToken,
  type FleetMachine,
  fleetMachine,
  newMachine,
  offer,
  openAgent,
} from "./fleet-machine.ts";

function spooled({ machine }: FleetMachine): readonly string[] {
  try {
    return readdirSync(join(machine.home, "spool")).filter((name) => name.endsWith(".json"));
  } catch {
    return [];
  }
}

/** The attempts at a version that the controller was told of. */
function told({ controller }: FleetMachine, version: string): readonly Attempt[] {
  return [...controller.attempts.values()].filter(({ to }) => to === version);
}

test("each attempt is told once with where it ended, why, and what the program printed", async (t) => {
  const made = await fleetMachine(t);
  const { machine, controller } = made;
  const [first] = told(made, "1.0.0");
  assert.deepEqual(
    [first?.outcome, first?.step, first?.from, first?.cause],
    ["confirmed", "confirmed", null, undefined],
  );

  offer(made, "1.1.0", program("1.1.0", 'echo "cannot find libfoo.so.2" >&2; exit 3'));
  assert.equal((await machine.agent("update")).code, 1);
  const [failed, ...more] = told(made, "1.1.0");
  assert.deepEqual(more, []);
  assert.deepEqual(
    [failed?.outcome, failed?.step, failed?.from, failed?.cause, failed?.code, failed?.log],
    ["failed", "staged", "1.0.0", "self-test-failed", "install/self-test-failed", "cannot find libfoo.so.2"],
  );
  assert.match(failed?.message ?? "", /the self-test of 1\.1\.0 failed/);

  setInConfig(machine, 'confirm: ["sh", "-c", "echo port 80 is taken; exit 1"]', "confirm_attempts: 1");
  offer(made, "1.2.0");
  assert.equal((await machine.agent("update")).code, 1);
  const [rolledBack] = told(made, "1.2.0");
  assert.deepEqual(
    [rolledBack?.outcome, rolledBack?.step, rolledBack?.cause, rolledBack?.log],
    ["rolled-back", "confirming", "confirm-failed", "port 80 is taken"],
  );
  assert.deepEqual(spooled(made), []);
  const last = controller.checkIns.at(-1)?.products[0];
  assert.deepEqual([last?.installed?.version, last?.journal], ["1.0.0", "idle"]);
  assert.deepEqual(
    last?.blocked.map(({ version }) => version),
    ["1.1.0", "1.2.0"],
  );
});

test("with `report_logs: false` nothing that a program printed leaves the machine, and a long log is cut to its end", async (t) => {
  const made = await fleetMachine(t, "report_logs: false");
  offer(made, "1.1.0", program("1.1.0", "echo secret >&2; exit 3"));
  await made.machine.agent("update");
  const [silent] = told(made, "1.1.0");
  assert.deepEqual([silent?.outcome, silent?.log], ["failed", undefined]);
  const talkative = await fleetMachine(t);
  offer(talkative, "1.1.0", program("1.1.0", "seq 1 6000 >&2; echo 'the \u001b[31mend' >&2; exit 3"));
  await talkative.machine.agent("update");
  const log = told(talkative, "1.1.0")[0]?.log ?? "";
  assert.ok(log.length <= LONGEST_ATTEMPT_LOG && log.length > LONGEST_ATTEMPT_LOG / 2, `${log.length}`);
  assert.ok(log.endsWith("\n6000\nthe ?[31mend"), log.slice(-40));
});

test("reports wait while the controller is away, and an update goes on as ever", async (t) => {
  const made = await fleetMachine(t);
  const { controller, machine } = made;
  controller.refusal = { status: 503, code: "fleet/unavailable", retryAfter: 60 };
  offer(made, "1.1.0");
  const { code, stderr } = await machine.agent("update");
  assert.equal(code, 0);
  assert.match(stderr, /not-reported.*report\/unavailable/);
  assert.equal(await machine.installedVersion(), "lantern 1.1.0");
  assert.equal(spooled(made).length, 1);
  const status = await machine.agent("status");
  assert.match(status.stdout, /^reports {4}1 waiting$/m);
  assert.match(status.stdout, /^trouble {4}.* report\/unavailable: /m);
  controller.refusal = undefined;
  await (await openAgent(made)).checkIn(0);
  assert.equal(told(made, "1.1.0").length, 1);
  assert.deepEqual(spooled(made), []);
  const after = JSON.parse((await machine.agent("status", "--json")).stdout);
  assert.deepEqual([after.checkIn.trouble, after.checkIn.waiting], [null, 0]);
});

test("an attempt that SIGKILL interrupted is told once, after the next start, whatever the kill left", async (t) => {
  const missing = await whyNoStrace();
  if (missing !== undefined) {
    t.skip(missing);
    return;
  }
  const made = await fleetMachine(t);
  const { machine, controller } = made;
  const update = [process.execPath, AGENT, "update", "--home", machine.home];
  const watched = ["-P", join(machine.home, "journal.json.new"), "-P", join(machine.home, "state.json.new")];
  const seen = new Set<string>();
  let minor = 0;
  for (let k = 1; ; k++) {
    const version = `1.${++minor}.0`;
    offer(made, version);
    const inject = ["-e", "trace=rename", "-e", `inject=rename:signal=SIGKILL:when=${k}`];
    const killed = await run("strace", [...STRACE, ...watched, ...inject, ...update]);
    if (killed.code === 0) break;
    const agent = await openAgent(made);
    await agent.product().update(true);
    await agent.checkIn(0);
    const outcomes = told(made, version).map(({ outcome, cause }) => cause ?? outcome);
    const whole = [["confirmed"], ["interrupted", "confirmed"]].some((way) => `${way}` === `${outcomes}`);
    assert.ok(whole, `kill ${k}: ${outcomes}`);
    seen.add(outcomes.join());
    assert.deepEqual(spooled(made), [], `kill ${k}`);
  }
  assert.deepEqual([...seen].sort(), ["confirmed", "interrupted,confirmed"]);
  assert.ok(minor > 8, `only ${minor} renames were met`);
  assert.equal(new Set(controller.checkIns.map(({ sequence }) => sequence)).size, controller.checkIns.length);
});

test("a disk that is full under the spool stops neither the update nor the report", async (t) => {
  const missing = await whyNoSmallDisk();
  if (missing !== undefined) {
    t.skip(missing);
    return;
  }
  const made = await fleetMachine(t);
  const { machine, controller } = made;
  offer(made, "1.1.0");
  const folder = join(machine.home, "spool");
  const [shell = "", ...args] = onSmallDisk({ size: "16k", folder, content: "full" }, [
    ...[process.execPath, AGENT, "update", "--home", machine.home],
  ]);
  const updated = await run(shell, args);
  assert.equal(updated.code, 0, updated.stdout + updated.stderr);
  assert.equal(await machine.installedVersion(), "lantern 1.1.0");
  assert.equal(told(made, "1.1.0")[0]?.outcome, "confirmed", "told from memory");

  controller.refusal = { status: 503, code: "fleet/unavailable" };
  offer(made, "1.2.0", program("1.2.0", "exit 3"));
  assert.equal((await run(shell, args)).code, 1);
  assert.equal(await machine.installedVersion(), "lantern 1.1.0", "a refusal keeps the old version");
});

test("whatever the disk refuses of the notes of check-ins, the update is made", async (t) => {
  const missing = await whyNoStrace();
  if (missing !== undefined) {
    t.skip(missing);
    return;
  }
  const made = await fleetMachine(t);
  const { machine } = made;
  const command = [process.execPath, AGENT, "update", "--home", machine.home];
  const cases: readonly [name: string, calls: string, errno: string][] = [
    ["check-ins.json.new", "openat", "ENOSPC"],
    ["check-ins.json", "openat", "EIO"],
    ["check-in.lock", "openat", "EACCES"],
    ["requests.json", "openat", "EACCES"],
    ["spool", "openat,mkdir", "EACCES"],
    ["device-key.json", "fsync", "EIO"],
  ];
  let minor = 0;
  for (const [name, calls, errno] of cases) {
    const version = `1.${++minor}.0`;
    offer(made, version);
    const refused = await runRefusing({ paths: [join(machine.home, name)], calls, errno }, command);
    assert.equal(refused.code, 0, `${errno} at ${name}: ${refused.stdout}${refused.stderr}`);
    assert.equal(await machine.installedVersion(), `lantern ${version}`);
  }
  await (await openAgent(made)).checkIn(0);
  assert.deepEqual(spooled(made), []);
});

test("the oldest reports make room where too many wait, and how many is told", async (t) => {
  const made = await fleetMachine(t);
  const { machine } = made;
  const spool = new Spool(join(machine.home, "spool"));
  const surplus = 3;
  for (let n = 0; n < MOST_WAITING + surplus; n++) spool.add(sample(n));
  assert.deepEqual(spool.waiting(), { count: MOST_WAITING, dropped: surplus });
  assert.equal(spool.read(1)[0]?.startedAt, surplus, "the oldest are gone");
  assert.match(
    (await machine.agent("status")).stdout,
    /^reports {4}64 waiting, 3 were let go of unreported$/m,
  );
  const [name = ""] = spooled(made);
  writeFileSync(join(machine.home, "spool", name), "{");
  assert.equal(spool.read(MOST_WAITING).length, MOST_WAITING - 1);
  assert.deepEqual(spool.waiting(), { count: MOST_WAITING - 1, dropped: surplus + 1 });
  await (await openAgent(made)).checkIn(0);
  assert.equal(made.controller.checkIns.at(-1)?.dropped, surplus + 1);
  assert.deepEqual([spool.waiting().count, made.controller.attempts.size], [0, MOST_WAITING]);
  assert.ok(made.controller.checkIns.every(({ attempts }) => attempts.length <= MOST_ATTEMPTS));
});

function sample(startedAt: number): Attempt {
  return {
    ...{ id: startedAt.toString(16).padStart(32, "0"), product: "lantern", kind: "update", from: null },
    ...{ to: "1.0.0", toDigest: "ab".repeat(32), startedAt, endedAt: startedAt, step: "confirmed" },
    outcome: "confirmed",
  };
}

test("the daemon polls and installs on while the controller asks for patience, and tells of it later", async (t) => {
  const made = await newMachine(t);
  await enrolByToken(made, undefined, "--interval", "1s");
  const { machine, controller, server } = made;
  controller.log.length = 0;
  controller.refusal = { status: 429, code: "signature/too-many", retryAfter: 3600 };
  machine.run();
  await waitUntil("a check-in", () => (controller.log.length > 0 ? true : undefined));
  offer(made, "1.1.0");
  await waitUntil("the update", async () =>
    (await machine.installedVersion()) === "lantern 1.1.0" ? true : undefined,
  );
  const polls = server.polls;
  await waitUntil("more polls", () => (server.polls > polls + 3 ? true : undefined));
  assert.deepEqual(controller.log, ["/api/v1/check-ins 429"]);
  assert.equal(machine.daemonOutput.split('"report/unavailable"').length - 1, 1);
  await machine.kill();

  controller.refusal = undefined;
  machine.run();
  await waitUntil("the reports", () => (told(made, "1.1.0").length === 1 ? true : undefined));
  assert.equal(told(made, "1.0.0").length, 1);
});

test("a check-in that hangs is given up when the daemon is told to end, at once", async (t) => {
  const made = await fleetMachine(t, "update_check_interval: 1s");
  const { machine, server } = made;
  let hangs = false;
  server.onPost = () => {
    hangs = true;
  };
  const daemon = spawn(process.execPath, [AGENT, "run", "--home", machine.home], { stdio: "ignore" });
  t.after(() => killAndWait(daemon, "SIGKILL"));
  await waitUntil("a check-in", () => (hangs ? true : undefined));
  daemon.kill("SIGTERM");
  assert.equal(await waitUntil("the end", () => daemon.exitCode ?? undefined), 0);
});

test("a failure that nobody foresaw counts against no release", () => {
  assert.equal(failureCause("agent/defect"), "interrupted");
  assert.equal(failureCause("constructor"), "interrupted");
  assert.equal(failureCause("install/crashed"), "crash-loop");
});
