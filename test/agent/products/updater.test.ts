import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { SwapGate } from "../../../agent/embed/swap-gate.ts";
import { agentHome, type Consent, Updater } from "../../../agent/index.ts";
import { cleanEnvironment, TOP } from "../../support/run-command.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { type EnrolledMachine, enrolledMachine, setInConfig } from "../enrolled-machine.ts";
import { program } from "../update-server.ts";
import { machineWithProducts } from "./machine-with-products.ts";

/** The program of the page, as a version of `lantern`. */
function programOfPage(version: string): string {
  const page = readFileSync(join(TOP, "docs/embedding.md"), "utf8");
  const [, text = ""] = /```js\n([\s\S]*?)```/.exec(page) ?? [];
  return text
    .replace("#!/usr/bin/env node", `#!${process.execPath}`)
    .replace('"fairlead/agent"', JSON.stringify(join(TOP, "agent/index.ts")))
    .replace('VERSION = "1.0.0"', `VERSION = "${version}"`);
}

test("the program of the page asks, is put off once, and then goes on as its new version", async (t) => {
  const { state, machine, path, notes } = await machineWithProducts(t, {}, (made) =>
    made.offer("lantern", "1.0.0", programOfPage("1.0.0")),
  );
  const installed = await machine.agent("update");
  assert.equal(installed.code, 0, installed.stdout + installed.stderr);
  const child = spawn(path("lantern"), ["serve"], {
    env: cleanEnvironment({ FAIRLEAD_AGENT_HOME: machine.home }),
    stdio: ["ignore", "pipe", "inherit"],
  });
  machine.owns(child);
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  await state.offer("lantern", "1.1.0", programOfPage("1.1.0"));
  await state.commit("a new version");
  await waitUntil("1.1.0 to say that it is up", () => said.includes("1.0.0 -> 1.1.0") || undefined);
  assert.match(
    said,
    /^1\.1\.0 is ready.*\n1\.1\.0 waits until \d+.*\n1\.1\.0 is ready.*\n1\.0\.0 -> 1\.1\.0\n$/,
  );
  assert.deepEqual([notes("lantern").journal, notes("lantern").last?.outcome], ["idle", "confirmed"]);
  assert.equal(notes("lantern").postponed, undefined);
  assert.equal(child.exitCode, null, "in the same process");
});

/** An updater in this process, over a machine with 1.0.0, and what it says. */
async function updaterFor(
  t: TestContext,
  options: Omit<Parameters<typeof Updater.open>[0], "home">,
): Promise<EnrolledMachine & { open(): Promise<Updater>; said: string[]; offer(version: string): void }> {
  const enrolled = await enrolledMachine(t);
  const said: string[] = [];
  return {
    ...enrolled,
    said,
    offer(version) {
      enrolled.server.release(version, program(version));
      enrolled.server.promote(version);
    },
    async open() {
      const updater = await Updater.open({ home: agentHome(enrolled.machine.home, {}), ...options });
      for (const event of ["staged", "deferred", "swapping", "confirmed", "rolled-back", "failed"] as const) {
        updater.on(event, () => said.push(event));
      }
      return updater;
    },
  };
}

test("what is put off is asked for again at its time, over a restart, and installed at the deadline unasked", async (t) => {
  let clock = Math.floor(Date.now() / 1000);
  const asked: string[] = [];
  const mayUpdate = ({ to }: { to: string }): Consent => {
    asked.push(to);
    return { postponeUntil: clock + 1000 };
  };
  const { open, offer, said, server, machine, status } = await updaterFor(t, {
    now: () => clock,
    mayUpdate,
    deferAtMost: 2500,
  });
  offer("1.1.0");
  const first = await open();
  await first.look();
  assert.deepEqual(said.splice(0), ["staged", "deferred"]);
  assert.equal(status().last?.to, "1.0.0", "no attempt is told of");
  await first.look();
  assert.deepEqual([said.length, asked.length], [0, 1], "nobody is asked before the time");
  clock += 1001;
  const second = await open();
  await second.look();
  assert.deepEqual([said.splice(0), asked.length], [["staged", "deferred"], 2]);
  clock += 1500;
  await second.look();
  assert.deepEqual(said, ["staged", "swapping", "confirmed"]);
  assert.deepEqual([asked.length, await machine.installedVersion()], [2, "lantern 1.1.0"]);
  assert.equal(server.downloads.filter((range) => range === "all").length, 2, "1.0.0 and 1.1.0, once each");
  assert.equal(status().postponed, undefined);
});

test("the machine's config says for how long a program may put off at most, whatever the program says", async (t) => {
  let clock = Math.floor(Date.now() / 1000);
  const deadlines: number[] = [];
  const { open, offer, said, machine } = await updaterFor(t, {
    now: () => clock,
    mayUpdate: ({ deadline }) => {
      deadlines.push(deadline - clock);
      return { postponeUntil: clock + 86_400 };
    },
    deferAtMost: 30 * 86_400,
  });
  offer("1.1.0");
  setInConfig(machine, "defer_at_most: 1h");
  const updater = await open();
  await updater.look();
  assert.deepEqual([said.splice(0), deadlines], [["staged", "deferred"], [3600]]);
  clock += 3600;
  await updater.look();
  assert.deepEqual([said, deadlines.length], [["staged", "swapping", "confirmed"], 1]);
});

test("where the config lets nobody put off, nobody is asked; where the program's own limit is shorter, that counts", async (t) => {
  const clock = Math.floor(Date.now() / 1000);
  const deadlines: number[] = [];
  const options = {
    now: () => clock,
    mayUpdate: ({ deadline }: { deadline: number }): Consent => {
      deadlines.push(deadline - clock);
      return { postponeUntil: clock + 86_400 };
    },
    deferAtMost: 60,
  };
  const never = await updaterFor(t, options);
  never.offer("1.1.0");
  setInConfig(never.machine, "defer_at_most: 0s");
  await (await never.open()).look();
  assert.deepEqual([never.said, deadlines], [["staged", "swapping", "confirmed"], []]);
  const longer = await updaterFor(t, options);
  longer.offer("1.1.0");
  setInConfig(longer.machine, "defer_at_most: 30d");
  await (await longer.open()).look();
  assert.deepEqual([longer.said, deadlines], [["staged", "deferred"], [60]]);
});

test("a channel says for how long anybody puts off at most; of it, the machine and the program the shortest counts", async (t) => {
  let clock = Math.floor(Date.now() / 1000);
  const deadlines: number[] = [];
  const { open, offer, said, server, machine } = await updaterFor(t, {
    now: () => clock,
    mayUpdate: ({ deadline }) => {
      deadlines.push(deadline - clock);
      return { postponeUntil: clock + 60 };
    },
    deferAtMost: 30 * 86_400,
  });
  setInConfig(machine, "defer_at_most: 2h");
  server.channel = { deferAtMost: 7200 + 1 };
  offer("1.1.0");
  const updater = await open();
  await updater.look();
  clock += 60;
  server.channel = { deferAtMost: 3600 };
  server.publish();
  await updater.look();
  assert.deepEqual(deadlines, [7200, 3600 - 60], "a shorter bound counts from the first question too");
  const { stdout } = await machine.agent("status");
  assert.match(stdout, /^put off +1\.1\.0: asked again \S+, and installed unasked from \S+ on$/m);
  server.channel = { deferAtMost: 0 };
  server.publish();
  said.splice(0);
  await updater.look();
  assert.deepEqual([said, deadlines.length], [["staged", "swapping", "confirmed"], 2]);
});

test("a pause holds what was put off, a person's word passes the question, and a host that throws is asked later", async (t) => {
  const { open, offer, said, server, machine } = await updaterFor(t, {
    mayUpdate: () => {
      throw new Error("no screen");
    },
  });
  offer("1.1.0");
  const updater = await open();
  await updater.look();
  assert.deepEqual(said.splice(0), ["staged", "failed", "deferred"]);
  server.fleet = { paused: {} };
  server.publish();
  await updater.look(true);
  assert.deepEqual([said, await machine.installedVersion()], [[], "lantern 1.0.0"]);
  server.fleet = {};
  server.publish();
  await updater.look(true);
  assert.deepEqual(said, ["staged", "swapping", "confirmed"]);
});

test("no swap happens while a critical section is open, and none that throws is in the way", async (t) => {
  const { open, offer, said, machine } = await updaterFor(t, { waitAtMost: 0.05 });
  offer("1.1.0");
  const updater = await open();
  const section = Promise.withResolvers<void>();
  const work = updater.critical(() => section.promise);
  await updater.look();
  assert.deepEqual([said.splice(0), await machine.installedVersion()], [["staged"], "lantern 1.0.0"]);
  section.reject(new Error("its own trouble"));
  await assert.rejects(work, /its own trouble/);
  await updater.look();
  assert.deepEqual(
    [said, await machine.installedVersion()],
    [["staged", "swapping", "confirmed"], "lantern 1.1.0"],
  );
  assert.equal(await updater.critical(() => 7), 7, "sections go on afterwards");
});

test("a section that begins during a swap waits for its end", async () => {
  const gate = new SwapGate();
  const order: string[] = [];
  assert.equal(await gate.close(1), true);
  const section = gate.critical(() => order.push("section"));
  await turn();
  order.push("swap ends");
  gate.reopen();
  await section;
  assert.deepEqual(order, ["swap ends", "section"]);
});

test("a started updater keeps no process alive, and stops", async (t) => {
  const { open, said, offer } = await updaterFor(t, { interval: 0.01 });
  offer("1.1.0");
  const updater = await open();
  updater.start();
  await waitUntil("1.1.0", () => said.includes("confirmed") || undefined);
  await updater.stop();
  const looks = { count: 0 };
  updater.on("checked", () => looks.count++);
  await turn();
  assert.equal(looks.count, 0);
});
