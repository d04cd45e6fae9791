import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ControllerProcess } from "../../support/controller-process.ts";
import { StateRepository } from "../../support/state-repository.ts";
import { program, UpdateServer } from "../update-server.ts";
import { AGENT_UID, HelpedMachine, whyNoHelper } from "./helped-machine.ts";

const missing = await whyNoHelper();

test("an agent without rights takes a machine from nothing through two versions and back, through the helper", async (t) => {
  if (missing !== undefined) return t.skip(missing);
  const state = await StateRepository.create(t);
  await state.addVersion("1.0.0");
  await state.addVersion("1.1.0", { more: 'rollbackTo: ">=1.0.0"\n' });
  await state.addVersion("1.2.0");
  await state.point("stable", "1.0.0");
  await state.commit("stable: 1.0.0");
  const controller = await ControllerProcess.start(t, state.directory);
  const root = Buffer.from(await (await fetch(`${controller.url}/tuf/1.root.json`)).arrayBuffer());
  const machine = await HelpedMachine.start(t, root);
  await machine.enroll(`${controller.url}/`, await controller.rootFingerprint());
  const version = () => /# lantern (\S+)/.exec(readFileSync(machine.executable, "utf8"))?.[1];

  const first = await machine.agent("update");
  assert.equal(first.code, 0, first.stderr + machine.helperOutput);
  assert.equal(version(), "1.0.0");
  assert.deepEqual([statSync(machine.executable).uid, statSync(machine.executable).mode & 0o777], [0, 0o755]);

  await state.point("stable", "1.1.0");
  await controller.serves(await state.commit("stable: 1.1.0"));
  const second = await machine.agent("update");
  assert.equal(second.code, 0, second.stderr + machine.helperOutput);
  assert.equal(version(), "1.1.0");
  const leftovers = readdirSync(machine.staging).map((name) => name.replace(/-.*/, ""));
  assert.deepEqual(leftovers.sort(), ["broken", "lock", "previous"]);
  const staged = readdirSync(join(machine.home, "staging"));
  assert.deepEqual(staged.sort(), ["broken", "lock"]);

  const back = await machine.agent("rollback");
  assert.equal(back.code, 0, back.stderr + machine.helperOutput);
  assert.equal(version(), "1.0.0");
  assert.notEqual(AGENT_UID, statSync(machine.staging).uid);
});

test("a version that is not confirmed is put back by the helper, which runs its own restart command and none of the agent's", async (t) => {
  if (missing !== undefined) return t.skip(missing);
  const server = await UpdateServer.start(t);
  server.release("1.0.0", program("1.0.0"));
  server.promote("1.0.0");
  const machine = await HelpedMachine.start(t, server.repository.root(), (directory) => ({
    restart: ["sh", "-c", 'echo "$(id -u) $(sh "$0/bin/lantern")" >> "$0/restarts"', directory],
  }));
  await machine.enroll(server.url, server.rootSha256, "service: lantern");
  machine.set('confirm: [sh, -c, \'! grep -q 1.1.0 "$0"\', "{path}"]', "confirm_attempts: 1");
  const first = await machine.agent("update");
  assert.equal(first.code, 0, first.stderr + machine.helperOutput);
  server.release("1.1.0", program("1.1.0"));
  server.promote("1.1.0");
  const update = await machine.agent("update");
  assert.equal(update.code, 1);
  assert.equal(machine.installed(), "1.0.0");
  const restarts = readFileSync(join(machine.directory, "restarts"), "utf8").trim().split("\n");
  assert.deepEqual(restarts, ["0 lantern 1.0.0", "0 lantern 1.1.0", "0 lantern 1.0.0"]);
  const { last, blocked } = JSON.parse(readFileSync(join(machine.home, "state.json"), "utf8"));
  assert.deepEqual([last.outcome, blocked[0].version], ["rolled-back", "1.1.0"]);
  assert.equal(readdirSync(join(machine.staging, "broken")).length, 1, "the failed file is kept");
});
