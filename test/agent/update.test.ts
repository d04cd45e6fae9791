import assert from "node:assert/strict";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { AgentMachine } from "../support/agent-machine.ts";
import { program, UpdateServer } from "./update-server.ts";

/** A machine that is enrolled and runs lantern 1.0.0. */
async function machineAt100(t: TestContext, ...enrollOptions: string[]) {
  const server = await UpdateServer.start(t);
  server.release("1.0.0", program("1.0.0"));
  server.promote("1.0.0");
  const machine = await AgentMachine.create(t);
  await machine.enroll(server.url, server.rootSha256, ...enrollOptions);
  const first = await machine.agent("update");
  assert.equal(first.code, 0, first.stderr);
  const staging = join(machine.directory, "bin", ".lantern.fairlead");
  const status = async () => JSON.parse((await machine.agent("status", "--json")).stdout);
  return { server, machine, staging, status };
}

test("an update replaces the executable, keeps the previous one and leaves nothing else behind", async (t) => {
  const { server, machine, staging, status } = await machineAt100(t);
  server.release("1.1.0", program("1.1.0"));
  server.promote("1.1.0");

  const check = await machine.agent("update", "--check");
  assert.equal(check.code, 1, "a waiting update is a finding");
  assert.equal(await machine.installedVersion(), "lantern 1.0.0");
  const update = await machine.agent("update");
  assert.equal(update.code, 0, update.stderr);
  assert.equal(await machine.installedVersion(), "lantern 1.1.0");
  assert.equal((await machine.agent("update", "--check")).code, 0);
  const left = readdirSync(staging).filter((name) => !name.startsWith("previous-"));
  assert.deepEqual(left.sort(), ["broken", "lock"]);
  const { installed, previous, state } = await status();
  assert.deepEqual([installed, previous.version, state], ["1.1.0", "1.0.0", "idle"]);
});
