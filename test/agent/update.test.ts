import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { Agent } from "../../agent/agent.ts";
import { agentHome } from "../../agent/home/agent-home.ts";
import { AgentMachine } from "../support/agent-machine.ts";
import { AGENT, killAndWait } from "../support/run-command.ts";
import { waitUntil } from "../support/wait-until.ts";
import { enrolledMachine } from "./enrolled-machine.ts";
import { program, UpdateServer } from "./update-server.ts";

test("an update replaces the executable, keeps the previous one and leaves nothing else behind", async (t) => {
  const { server, machine, status, leftovers, staging } = await enrolledMachine(t);
  server.release("1.1.0", program("1.1.0"));
  server.promote("1.1.0");

  const check = await machine.agent("update", "--check");
  assert.equal(check.code, 3, "an available update has a code of its own");
  assert.equal(await machine.installedVersion(), "lantern 1.0.0");
  const update = await machine.agent("update");
  assert.equal(update.code, 0, update.stderr);
  assert.equal(await machine.installedVersion(), "lantern 1.1.0");
  assert.equal((await machine.agent("update", "--check")).code, 0);
  assert.deepEqual(
    leftovers().map((name) => name.replace(/-.*/, "")),
    ["previous"],
  );
  assert.equal(statSync(staging).mode & 0o777, 0o700);
  const { installed, previous, journal } = status();
  assert.deepEqual([installed?.version, previous?.version, journal], ["1.1.0", "1.0.0", "idle"]);
});

test("a barrier is passed by way of the version that leads through it, one after the other", async (t) => {
  const { server, machine, updateTo } = await enrolledMachine(t);
  server.release("1.5.0", program("1.5.0"));
  server.promote("1.5.0");
  server.release("2.0.0", program("2.0.0"), { upgradeFrom: ">=1.5.0" });
  server.promote("2.0.0");
  const update = await machine.agent("update");
  assert.equal(update.code, 0, update.stderr);
  assert.match(update.stdout, /1\.5\.0 is installed[\s\S]*2\.0\.0 is installed/);
  assert.equal(await machine.installedVersion(), "lantern 2.0.0");
  assert.equal((await updateTo("2.0.1", program("2.0.1"))).code, 0);
});

test("a barrier that is signed after later versions are out is passed through all the same", async (t) => {
  const { server, machine } = await enrolledMachine(t);
  server.release("1.5.0", program("1.5.0"));
  server.promote("1.5.0");
  server.release("2.0.0", program("2.0.0"));
  server.promote("2.0.0");
  const before = await machine.agent("explain", "--json");
  assert.deepEqual(JSON.parse(before.stdout).decision.path, ["2.0.0"]);

  const barrier = { reason: "moves the database" };
  server.release("1.5.0", program("1.5.0"), { barrier, critical: ["barrier"] });
  server.publish();
  const update = await machine.agent("update");
  assert.equal(update.code, 0, update.stderr);
  assert.match(update.stdout, /1\.5\.0 is installed[\s\S]*2\.0\.0 is installed/);
});

test("a machine on a dead end stays, says why and where to read on, and is led away by a declared rollback", async (t) => {
  const { server, machine, updateTo } = await enrolledMachine(t);
  await updateTo("1.1.0", program("1.1.0"));
  const deadEnd = { reason: "cannot replace itself", url: "https://docs.acme.example/reinstall" };
  server.release("1.1.0", program("1.1.0"), { deadEnd, rollbackTo: ">=1.0.0", critical: ["deadEnd"] });
  server.release("1.2.0", program("1.2.0"));
  server.promote("1.2.0");
  const stays = await machine.agent("update");
  assert.equal(stays.code, 1);
  assert.match(
    stays.stdout,
    /refused \(dead-end\): 1\.1\.0 is a dead end: cannot replace itself; see https:\/\/docs\.acme\.example\/reinstall/,
  );
  assert.equal(await machine.installedVersion(), "lantern 1.1.0");

  server.channel = { rollback: { from: ["1.1.0"] } };
  server.promote("1.0.0");
  const back = await machine.agent("update");
  assert.equal(back.code, 0, back.stderr);
  assert.equal(await machine.installedVersion(), "lantern 1.0.0");
});

test("a pause holds everybody, and explain says which rule did it", async (t) => {
  const { server, machine } = await enrolledMachine(t);
  server.release("1.1.0", program("1.1.0"));
  server.fleet = { paused: { reason: "incident 7" } };
  server.promote("1.1.0");
  const held = await machine.agent("update");
  assert.equal(held.code, 1);
  assert.match(held.stdout, /incident 7/);
  assert.equal(await machine.installedVersion(), "lantern 1.0.0");
  const explained = await machine.agent("explain", "--json");
  const { decision } = JSON.parse(explained.stdout);
  assert.equal(decision.action, "paused");
  assert.equal(decision.trail.at(-1).where, "fleet.yaml#/paused");
});

test("rollback puts the previous version back, once, and keeps the version left from coming again", async (t) => {
  const { machine, updateTo, status } = await enrolledMachine(t);
  const early = await machine.agent("rollback");
  assert.equal(early.code, 1);
  assert.match(early.stderr, /install\/no-previous/);

  await updateTo("1.1.0", program("1.1.0"));
  const back = await machine.agent("rollback");
  assert.equal(back.code, 0, back.stderr);
  assert.equal(await machine.installedVersion(), "lantern 1.0.0");
  const { blocked, previous } = status();
  assert.deepEqual([blocked[0]?.version, previous?.version], ["1.1.0", "1.1.0"]);

  const again = await machine.agent("update");
  assert.equal(again.code, 1);
  assert.match(again.stdout, /backoff/);
  assert.equal(await machine.installedVersion(), "lantern 1.0.0");
});

test("the previous version is let go of after seven days, and not while the installed file is damaged", async (t) => {
  const { machine, updateTo, leftovers, status } = await enrolledMachine(t);
  await updateTo("1.1.0", program("1.1.0"));
  const later = () => Math.floor(Date.now() / 1000) + 8 * 86_400;
  const agent = await Agent.open(agentHome(machine.home, {}), { now: later });
  const good = readFileSync(machine.executable);
  writeFileSync(machine.executable, "damaged");
  await agent.product().resume();
  assert.deepEqual(
    [leftovers().length, status().previous?.version],
    [1, "1.0.0"],
    "the last good copy stays",
  );

  writeFileSync(machine.executable, good);
  await updateTo("1.2.0", program("1.2.0"));
  assert.equal(status().previous?.version, "1.1.0");
  await agent.product().resume();
  assert.deepEqual([leftovers(), status().previous], [[], undefined]);
});

test("the daemon takes a promotion by itself and ends quietly at SIGTERM", async (t) => {
  const { server, machine } = await enrolledMachine(t, { update_check_interval: "1s" });
  const daemon = spawn(process.execPath, [AGENT, "run", "--home", machine.home], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  t.after(() => killAndWait(daemon, "SIGKILL"));
  let output = "";
  daemon.stderr.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  server.release("1.1.0", program("1.1.0"));
  server.promote("1.1.0");
  await waitUntil("1.1.0", async () => (await machine.installedVersion()) === "lantern 1.1.0" || undefined);
  await killAndWait(daemon, "SIGTERM");
  assert.equal(daemon.exitCode, 0, output);
  assert.match(output, /"event":"stopped"/);
});

test("enrolment refuses a root that nothing vouches for, and one that is not the expected one", async (t) => {
  const { server, machine } = await enrolledMachine(t);
  const enroll = (...more: string[]) =>
    machine.agent(
      ...["enroll", "--server", server.url, "--product", "lantern", "--install-path", machine.executable],
      ...more,
    );
  assert.match((await enroll()).stderr, /config\/no-root/);
  assert.match((await enroll("--root-sha256", "0".repeat(64))).stderr, /config\/already-enrolled/);
  const wrong = await enroll("--force", "--root-sha256", "0".repeat(64));
  assert.equal(wrong.code, 1);
  assert.match(wrong.stderr, /config\/bad-root/);

  const device = async () => JSON.parse((await machine.agent("status", "--json")).stdout).device;
  const before = await device();
  assert.match(before, /^d-[0-9a-f]{16}$/);
  assert.equal((await enroll("--force", "--root-sha256", server.rootSha256)).code, 0);
  assert.equal(await device(), before, "a second enrolment is the same device");
  for (const name of ["config.yaml", "device-key.json"]) {
    assert.equal(statSync(join(machine.home, name)).mode & 0o777, 0o600, name);
  }
  assert.ok(!readdirSync(machine.home).some((name) => name.endsWith(".new")));
});

test("enrolment makes the folder of the installed file, and an update later refuses one that is gone", async (t) => {
  const server = await UpdateServer.start(t);
  server.release("1.0.0", program("1.0.0"));
  server.promote("1.0.0");
  const machine = await AgentMachine.create(t);
  rmSync(dirname(machine.executable), { recursive: true });
  await machine.enroll(server.url, server.rootSha256);
  rmSync(dirname(machine.executable), { recursive: true });
  const refused = await machine.agent("update");
  assert.equal(refused.code, 1);
  assert.match(refused.stdout, /the folder `.*bin` of the installed file is not there/);

  const again = ["--server", server.url, "--product", "lantern", "--install-path", machine.executable];
  await machine.agent("enroll", "--force", ...again, "--root-sha256", server.rootSha256);
  const updated = await machine.agent("update");
  assert.equal(updated.code, 0, updated.stdout + updated.stderr);
  assert.equal(await machine.installedVersion(), "lantern 1.0.0");
});
