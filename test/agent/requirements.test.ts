import assert from "node:assert/strict";
import { release } from "node:os";
import test from "node:test";
import { readRecord } from "../../controller/inventory/inventory-record.ts";
import { AgentMachine } from "../support/agent-machine.ts";
import { enrolledMachine } from "./enrolled-machine.ts";
import { program } from "./update-server.ts";

/** What no machine of today has, and what each has. */
const TOO_MUCH = { requires: { kernel: ">=900.1" }, critical: ["requires"] };
const ENOUGH = { requires: { kernel: ">=2.6", memory: 1 }, critical: ["requires"] };

test("a machine that lacks what a version requires refuses it before a download, and names both values", async (t) => {
  const { server, machine, status } = await enrolledMachine(t);
  server.downloads.splice(0);
  server.release("2.0.0", program("2.0.0"), TOO_MUCH);
  server.promote("2.0.0");

  const { code, stdout } = await machine.agent("update");
  assert.equal(code, 0, "it runs the newest version that it can");
  assert.match(
    stdout,
    /is at 1\.0\.0, .*; it cannot take 2\.0\.0: kernel >=900\.1 is required, and this machine has \d+\./,
  );
  assert.deepEqual(server.downloads, []);
  assert.deepEqual(status().blocked, [], "nothing failed");

  const explained = JSON.parse((await machine.agent("explain", "--json")).stdout);
  assert.equal(explained.decision.misfit.target, "2.0.0");
  assert.equal(explained.decision.misfit.unmet[0].required, ">=900.1");
  assert.equal(explained.device.facts.kernel, explained.decision.misfit.unmet[0].got);
  assert.match((await machine.agent("explain")).stdout, /^requires {4}stop {2}2\.0\.0 cannot run here/m);
  assert.match((await machine.agent("status")).stdout, /^facts {6}.*kernel \d+\./m);
});

test("the newest version before it that fits is installed in its place", async (t) => {
  const { server, machine, status } = await enrolledMachine(t);
  server.release("1.5.0", program("1.5.0"), ENOUGH);
  server.promote("1.5.0");
  server.release("2.0.0", program("2.0.0"), TOO_MUCH);
  server.promote("2.0.0");

  const { code, stdout } = await machine.agent("update");
  assert.equal(code, 0);
  assert.match(stdout, /1\.5\.0/);
  assert.match(stdout, /it cannot take 2\.0\.0/);
  assert.equal(status().installed?.version, "1.5.0");
});

test("a requirement that this agent does not know is one that its machine does not meet", async (t) => {
  const { server, machine } = await enrolledMachine(t);
  server.release("2.0.0", program("2.0.0"), { requires: { tpm: ">=2.0" }, critical: ["requires"] });
  server.promote("2.0.0");
  const { stdout } = await machine.agent("update");
  assert.match(
    stdout,
    /it cannot take 2\.0\.0: it requires tpm, which this version of Fairlead does not know/,
  );
});

test("facts are told before a machine is enrolled, as an inventory takes them; then the free space too", async (t) => {
  const stranger = await AgentMachine.create(t);
  const said = await stranger.agent("facts", "--json");
  assert.equal(said.code, 0, said.stderr);
  const facts = JSON.parse(said.stdout);
  assert.ok(release().startsWith(facts.kernel) && facts.memory > 0 && !("disk" in facts));
  const record = { device: "d-1", platform: "linux-x64", product: "lantern", facts };
  assert.deepEqual(readRecord(record, "here").facts, facts);

  const { machine } = await enrolledMachine(t);
  assert.match((await machine.agent("facts")).stdout, /^kernel +\d+\..*\n(.*\n)*disk +\d.* free$/m);
});
