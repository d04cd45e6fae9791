import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { AgentMachine } from "../../support/agent-machine.ts";
import { cleanEnvironment } from "../../support/run-command.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { agentProgram, machineWithProducts, program, readStarts } from "./machine-with-products.ts";

const CHECK = ["confirm: ['{path}', check]", "confirm_attempts: 1"];

/** Starts a daemon that is itself a product. */
function startDaemon(machine: AgentMachine, path: string): { child: ChildProcess; output: () => string } {
  const child = spawn(path, ["run", "--home", machine.home, "--log", "json"], {
    env: cleanEnvironment(),
    stdio: ["ignore", "pipe", "pipe"],
  });
  machine.owns(child);
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (more: string) => {
      text += more;
    });
  }
  return { child, output: () => text };
}

test("one daemon updates all its products, puts a bad one back, and becomes its own new version last", async (t) => {
  let starts = "";
  const machine = await machineWithProducts(
    t,
    { steward: [], beacon: CHECK },
    async (state, { directory }) => {
      starts = join(directory, "starts");
      await state.offer("beacon", "1.0.0", program("1.0.0"));
      await state.offer("steward", "1.0.0", agentProgram("1.0.0", starts));
    },
  );
  const { state, path, says, notes } = machine;
  assert.equal((await machine.machine.agent("update")).code, 0);
  const { child, output } = startDaemon(machine.machine, path("steward"));
  await waitUntil("the daemon", () => readStarts(starts).length > 0 || undefined);

  await state.offer("steward", "1.1.0", agentProgram("1.1.0", starts));
  await state.offer("beacon", "1.1.0", program("1.1.0", "exit 1"));
  await state.offer("lantern", "1.1.0", program("1.1.0"));
  await state.commit("new versions of all three");
  await waitUntil("the daemon's new version", () => notes("steward").last?.to === "1.1.0" || undefined);

  assert.deepEqual(await Promise.all(["lantern", "beacon", "steward"].map(says)), [
    "1.1.0",
    "1.0.0",
    "1.1.0",
  ]);
  assert.equal(notes("steward").last?.outcome, "confirmed");
  assert.deepEqual(
    [notes("beacon").last?.outcome, notes("beacon").blocked[0]?.version],
    ["rolled-back", "1.1.0"],
  );
  assert.deepEqual([notes("lantern").last?.outcome, notes("lantern").journal], ["confirmed", "idle"]);
  assert.deepEqual(readStarts(starts), [
    ["1.0.0", String(child.pid)],
    ["1.1.0", String(child.pid)],
  ]);
  const swaps = output()
    .split("\n")
    .flatMap((line) => (line.includes('"swapped"') ? [JSON.parse(line).product] : []));
  assert.deepEqual(swaps, ["lantern", "beacon", "steward"], "the agent itself comes last");

  await state.offer("lantern", "1.2.0", program("1.2.0"));
  await state.commit("the new agent goes on");
  await waitUntil("lantern 1.2.0", async () => (await says("lantern")) === "1.2.0" || undefined);
});

test("a new version of the agent that dies at its start makes room at the next one, and nothing else is touched", async (t) => {
  let starts = "";
  const machine = await machineWithProducts(t, { steward: ["self: true"] }, async (state, { directory }) => {
    starts = join(directory, "starts");
    await state.offer("steward", "1.0.0", agentProgram("1.0.0", starts));
  });
  const { state, path, says, notes } = machine;
  assert.equal((await machine.machine.agent("update")).code, 0);
  const first = startDaemon(machine.machine, path("steward"));
  await waitUntil("the daemon", () => readStarts(starts).length > 0 || undefined);
  const once = join(machine.machine.directory, "died");
  const dies = `require("node:fs").writeFileSync(${JSON.stringify(once)}, ""); process.kill(process.pid, "SIGKILL");`;
  const bad = agentProgram("1.1.0", starts).replace(
    "else {",
    `else if (!require("node:fs").existsSync(${JSON.stringify(once)})) { ${dies} } else {`,
  );
  await state.offer("steward", "1.1.0", bad);
  await state.commit("an agent that dies");
  await waitUntil("its death", () => (existsSync(once) && first.child.signalCode !== null) || undefined);
  assert.equal(notes("steward").journal, "confirming");

  const second = startDaemon(machine.machine, path("steward"));
  await waitUntil("the previous agent", () => notes("steward").last?.outcome === "rolled-back" || undefined);
  await waitUntil("its start", () => readStarts(starts).at(-1)?.[0] === "1.0.0" || undefined);
  assert.equal(readStarts(starts).at(-1)?.[1], String(second.child.pid), "in the process that was started");
  assert.equal(await says("steward"), "1.0.0");
  assert.equal(notes("steward").blocked[0]?.version, "1.1.0");
  assert.deepEqual([await says("lantern"), notes("lantern").journal], ["1.0.0", "idle"]);
});

test("an agent killed while it updates one product ends that at the next start, and updates the other", async (t) => {
  let gate = "";
  const machine = await machineWithProducts(
    t,
    { beacon: CHECK.slice(0, 1) },
    async (state, { directory }) => {
      gate = join(directory, "gate");
      await state.offer("beacon", "1.0.0", program("1.0.0"));
    },
  );
  const { state, controller, notes, says, machine: host } = machine;
  assert.equal((await host.agent("update")).code, 0);
  await state.offer("beacon", "1.1.0", program("1.1.0", `until [ -e ${gate} ]; do sleep 0.1; done`));
  await state.offer("lantern", "1.1.0", program("1.1.0"));
  await controller.serves(await state.commit("both"));
  host.run();
  await waitUntil("beacon in between", () => notes("beacon").journal === "confirming" || undefined);
  await host.kill();
  assert.equal(notes("lantern").last?.to, "1.1.0");
  writeFileSync(gate, "");
  const resumed = await host.agent("resume");
  assert.equal(resumed.code, 0, resumed.stdout + resumed.stderr);
  assert.match(resumed.stdout, /^beacon 1\.1\.0 is installed and confirmed$/m);
  assert.deepEqual([await says("lantern"), await says("beacon")], ["1.1.0", "1.1.0"]);
  assert.deepEqual([notes("lantern").journal, notes("beacon").journal], ["idle", "idle"]);
});

test("a product that nobody has signed, or that cannot be installed, keeps no other from its update", async (t) => {
  const machine = await machineWithProducts(
    t,
    { ghost: [], beacon: ["self_test: ['{path}', broken]"] },
    (state) => state.offer("beacon", "1.0.0", program("1.0.0", "exit 1")),
  );
  const { machine: host, says } = machine;
  const updated = await host.agent("update");
  assert.equal(updated.code, 1);
  assert.match(updated.stdout, /lantern 1\.0\.0 is installed and confirmed/);
  assert.equal(await says("lantern"), "1.0.0");
  assert.equal(await says("beacon"), undefined);
  const status = await host.agent("status");
  assert.match(status.stdout, /product {4}ghost [\s\S]*failing {4}\S+ trust\/unknown-target/);

  host.run();
  await machine.state.offer("lantern", "1.1.0", program("1.1.0"));
  await machine.state.commit("and goes on");
  await waitUntil("1.1.0", async () => (await says("lantern")) === "1.1.0" || undefined);
  assert.match(host.daemonOutput, /"product":"ghost"/, "the log says which one it was");
});

test("commands about one product ask which, and take its name", async (t) => {
  const { machine, says } = await machineWithProducts(t, { beacon: [] }, (state) =>
    state.offer("beacon", "1.0.0", program("1.0.0")),
  );
  assert.equal((await machine.agent("update", "--product", "beacon")).code, 0);
  assert.deepEqual([await says("lantern"), await says("beacon")], [undefined, "1.0.0"]);
  const rollback = await machine.agent("rollback");
  assert.equal(rollback.code, 1);
  assert.match(rollback.stderr, /error\[config\/several-products\].*lantern, beacon/);
  const unknown = await machine.agent("status", "--product", "ghost");
  assert.match(unknown.stderr, /error\[config\/unknown-product\]/);
  const all = JSON.parse((await machine.agent("status", "--json")).stdout);
  assert.deepEqual(
    all.map(({ product, installed }: { product: string; installed: string | null }) => [product, installed]),
    [
      ["lantern", null],
      ["beacon", "1.0.0"],
    ],
  );
});

test("a companion is updated where it is there, and first installed by a person at the machine alone", async (t) => {
  const companion = "description: a companion\nifInstalled: true\n";
  const machine = await machineWithProducts(t, { beacon: [] }, (state) =>
    state.offer("beacon", "1.0.0", program("1.0.0"), companion),
  );
  const { state, controller, says, machine: host } = machine;
  const refused = await host.agent("update");
  assert.equal(refused.code, 1);
  assert.match(refused.stdout, /beacon.*updated only where it is already installed/);
  assert.deepEqual([await says("lantern"), await says("beacon")], ["1.0.0", undefined]);
  const explained = await host.agent("explain", "--product", "beacon");
  assert.match(explained.stdout, /target.*updated only where it is already installed/);

  const installed = await host.agent("update", "--install", "--product", "beacon");
  assert.equal(installed.code, 0, installed.stdout + installed.stderr);
  assert.equal(await says("beacon"), "1.0.0");
  await state.offer("beacon", "1.1.0", program("1.1.0"), companion);
  await controller.serves(await state.commit("the companion moves on"));
  assert.equal((await host.agent("update")).code, 0);
  assert.equal(await says("beacon"), "1.1.0");
});
