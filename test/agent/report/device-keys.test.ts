import assert from "node:assert/strict";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { Agent } from "../../../agent/agent.ts";
import { agentHome } from "../../../agent/home/agent-home.ts";
import { RewritingProxy } from "../../support/rewriting-proxy.ts";
import { AGENT, run } from "../../support/run-command.ts";
import { STRACE, whyNoStrace } from "../../support/strace.ts";
import { type FleetMachine, fleetMachine, openAgent, readHome } from "./fleet-machine.ts";

/** The only device that the controller knows, or the one that is no copy. */
function original({ controller }: FleetMachine) {
  const found = [...controller.devices.values()].find(({ copyOf }) => copyOf === undefined);
  assert.ok(found !== undefined);
  return found;
}

/** A second machine from a copy of the first one's disk. */
function copyHome({ machine }: FleetMachine): () => Promise<Agent> {
  const home = join(machine.directory, "copy");
  cpSync(machine.home, home, { recursive: true });
  return () => Agent.open(agentHome(home, {}));
}

test("sequence numbers only rise, over restarts, with several processes and after a kill", async (t) => {
  const made = await fleetMachine(t);
  const { controller, machine } = made;
  const [one, two] = [await openAgent(made), await openAgent(made)];
  for (const agent of [one, one, two, one, two, two, one]) await agent.checkIn(0);
  assert.equal((await machine.agent("update")).code, 0);
  await one.checkIn(0);
  const numbers = controller.checkIns.map(({ sequence }) => sequence);
  assert.deepEqual(
    numbers,
    [...new Set(numbers)].sort((a, b) => a - b),
  );
  assert.equal(original(made).isCopied, false);
});

test("of a machine and its copy, whoever is first keeps the row with a new key, and the other gets one of its own", async (t) => {
  const made = await fleetMachine(t);
  const { controller } = made;
  const openCopy = copyHome(made);
  const first = await openAgent(made);
  await first.checkIn(0);
  const second = await openCopy();
  await second.checkIn(0);
  assert.equal(
    original(made).keys.length,
    2,
    "the number of the copy was not higher: it was asked for a new key",
  );
  assert.equal(second.device.id, original(made).id);

  controller.placement = { site: "berlin", labels: { ring: "canary" } };
  const before = first.device.id;
  await first.checkIn(0);
  assert.notEqual(first.device.id, before);
  const own = controller.devices.get(first.device.id);
  assert.deepEqual([own?.copyOf, own?.keys], [before, [first.device.publicKey]]);
  assert.deepEqual([first.config.site, first.config.labels], ["berlin", { ring: "canary" }]);
  assert.deepEqual((await openAgent(made)).device, first.device);
  for (const agent of [await openAgent(made), await openCopy(), first, second]) await agent.checkIn(0);
  assert.equal(controller.devices.size, 2);
  assert.deepEqual(
    [...controller.devices.values()].map(({ isCopied }) => isCopied),
    [false, false],
  );
});

test("a new key whose registration was answered to nobody is taken all the same, and makes no copy", async (t) => {
  const made = await fleetMachine(t);
  const { controller } = made;
  original(made).isCopied = true;
  controller.loseAnswerOf = "/key";
  await assert.rejects((await openAgent(made)).checkIn(0), { code: "fetch/connection-failed" });
  assert.equal(original(made).keys.length, 2);
  controller.loseAnswerOf = undefined;
  const agent = await openAgent(made);
  await agent.checkIn(0);
  assert.deepEqual([controller.devices.size, original(made).keys.length], [1, 2]);
  assert.equal(agent.device.publicKey, original(made).keys[1]);
  assert.equal(readHome(made, "device-key.json").next, undefined);
});

async function killedAtEachKeyWrite(t: TestContext, prepare: (made: FleetMachine) => Promise<void>) {
  const missing = await whyNoStrace();
  if (missing !== undefined) {
    t.skip(missing);
    return;
  }
  for (let k = 1; ; k++) {
    const made = await fleetMachine(t);
    const { controller, machine } = made;
    await prepare(made);
    const devices = controller.devices.size;
    const names = ["device-key.json.new", "check-ins.json.new"].map((name) => join(machine.home, name));
    const watched = names.flatMap((path) => ["-P", path]);
    const inject = ["-e", "trace=rename", "-e", `inject=rename:signal=SIGKILL:when=${k}`];
    const command = [process.execPath, AGENT, "update", "--home", machine.home];
    const { code } = await run("strace", [...STRACE, ...watched, ...inject, ...command]);
    const agent = await openAgent(made);
    await agent.checkIn(0);
    await agent.checkIn(0);
    const known = controller.devices.get(agent.device.id);
    assert.equal(known?.keys.at(-1), agent.device.publicKey, `kill ${k}`);
    assert.equal(known?.isCopied, false, `kill ${k}`);
    assert.ok(controller.devices.size <= devices + 1, `kill ${k}`);
    if (code === 0) {
      assert.ok(k > 3, `only ${k - 1} renames were met`);
      return;
    }
  }
}

test("killed at any instant of a change of keys, the machine has one that works", async (t) => {
  await killedAtEachKeyWrite(t, async (made) => {
    original(made).isCopied = true;
  });
});

test("killed at any instant of becoming a device of its own, the copy becomes one, once", async (t) => {
  await killedAtEachKeyWrite(t, async (made) => {
    const openCopy = copyHome(made);
    await (await openAgent(made)).checkIn(0);
    await (await openCopy()).checkIn(0);
    assert.equal(original(made).keys.length, 2);
  });
});

test("no proxy makes a device lose its key, or become another, by answers of its own", async (t) => {
  const made = await fleetMachine(t);
  const { machine, server, controller } = made;
  const proxy = await RewritingProxy.start(t, server.url);
  const agent = await Agent.open(agentHome(machine.home, {}));
  const { config } = agent;
  Object.assign(config, { server: proxy.url });
  const before = agent.device;
  proxy.rewrite = (answer) => {
    if (answer.path.endsWith("/check-ins")) {
      answer.status = 409;
      answer.body = Buffer.from(JSON.stringify({ code: "fleet/key-replaced", detail: "a copy" }));
    } else {
      answer.status = 200;
      answer.body = Buffer.from(
        JSON.stringify({ schemaVersion: 1, device: "d-0000000000000000", labels: {} }),
      );
    }
  };
  await assert.rejects(agent.checkIn(0), { code: "report/unsigned" });
  assert.deepEqual(agent.device, before);
  proxy.rewrite = (answer) => {
    if (answer.path.endsWith("/key")) answer.headers = {};
  };
  original(made).isCopied = true;
  await assert.rejects(agent.checkIn(0), { code: "report/unsigned" });
  assert.deepEqual((await openAgent(made)).device, before);
  proxy.rewrite = () => undefined;
  await agent.checkIn(0);
  assert.deepEqual([controller.devices.size, agent.device.publicKey], [1, original(made).keys[1]]);
});

test("a device that the controller does not know says how to enrol it, and goes on updating", async (t) => {
  const made = await fleetMachine(t);
  made.controller.devices.clear();
  const { code, stderr } = await made.machine.agent("update");
  assert.equal(code, 0);
  assert.match(stderr, /not.reported.*report\/not-known.*fairlead-agent enroll --force --token-file/);
});
