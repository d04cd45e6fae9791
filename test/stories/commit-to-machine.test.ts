import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { AgentMachine } from "../support/agent-machine.ts";
import { ControllerProcess } from "../support/controller-process.ts";
import { PLATFORM, StateRepository } from "../support/state-repository.ts";
import { waitUntil } from "../support/wait-until.ts";

/** Every file below a folder whose path contains `part`. */
async function filesNaming(folder: string, part: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => path.includes(part));
}

test("a commit in a local repository reaches a polling agent's executable", async (t) => {
  const state = await StateRepository.create(t);
  await state.addVersion("1.0.0");
  await state.point("stable", "1.0.0");
  await state.write("fleet.yaml", "schemaVersion: 1\ndefaultChannel: stable\ncheckInterval: 1s\n");
  await state.commit("lantern 1.0.0");
  const controller = await ControllerProcess.start(t, state.directory);

  const machine = await AgentMachine.create(t);
  await machine.enroll(controller.url, await controller.rootFingerprint());
  machine.run();
  await waitUntil(
    "1.0.0 on the machine",
    async () => (await machine.installedVersion()) === "1.0.0" || undefined,
  );

  await state.addVersion("1.1.0");
  await state.point("stable", "1.1.0");
  await state.commit("promote 1.1.0");
  await waitUntil(
    "1.1.0 on the machine",
    async () => (await machine.installedVersion()) === "1.1.0" || undefined,
  );
});

test("a version whose self-test fails leaves the old one running and the bad file aside", async (t) => {
  const state = await StateRepository.create(t);
  await state.addVersion("1.0.0");
  await state.point("stable", "1.0.0");
  await state.commit("lantern 1.0.0");
  const controller = await ControllerProcess.start(t, state.directory);
  const machine = await AgentMachine.create(t);
  await machine.enroll(controller.url, await controller.rootFingerprint());
  assert.equal((await machine.agent("update")).code, 0);

  await state.addVersion("1.1.0", { says: "0.0.0-broken" });
  await state.point("stable", "1.1.0");
  await controller.serves(await state.commit("promote a broken 1.1.0"));

  const update = await machine.agent("update");
  assert.equal(update.code, 1, update.stdout + update.stderr);
  assert.match(update.stdout + update.stderr, /self-test/);
  assert.equal(await machine.installedVersion(), "1.0.0");
  const aside = (await filesNaming(machine.directory, "broken")).filter((path) => path.includes("1.1.0"));
  assert.equal(aside.length, 1, "the broken file is kept for whoever looks into it");

  const status = await machine.agent("status", "--json");
  assert.match(status.stdout, /1\.1\.0/, "the machine says which version it will not try again yet");
});

test("a yank makes `latest` answer the previous version, and 404 when nothing is left", async (t) => {
  const state = await StateRepository.create(t);
  await state.addVersion("1.0.0");
  await state.addVersion("1.1.0");
  await state.point("stable", "1.0.0");
  await state.commit("lantern 1.0.0");
  await state.point("stable", "1.1.0");
  const promoted = await state.commit("promote 1.1.0");
  const controller = await ControllerProcess.start(t, state.directory);
  await controller.serves(promoted);
  const latest = () =>
    fetch(`${controller.url}/api/v1/agent/latest?product=lantern&platform=${PLATFORM}&channel=stable`);
  const offered = async () => ((await (await latest()).json()) as { version: string }).version;
  assert.equal(await offered(), "1.1.0");

  await state.addVersion("1.1.0", { active: false });
  await controller.serves(await state.commit("yank 1.1.0"));
  assert.equal(await offered(), "1.0.0");

  await state.addVersion("1.0.0", { active: false });
  await controller.serves(await state.commit("yank 1.0.0"));
  assert.equal((await latest()).status, 404);
});

test("a paused fleet holds a promotion back, also from a person who asks for it", async (t) => {
  const state = await StateRepository.create(t);
  await state.addVersion("1.0.0");
  await state.point("stable", "1.0.0");
  await state.commit("lantern 1.0.0");
  const controller = await ControllerProcess.start(t, state.directory);
  const machine = await AgentMachine.create(t);
  await machine.enroll(controller.url, await controller.rootFingerprint());
  await machine.agent("update");

  await state.addVersion("1.1.0");
  await state.point("stable", "1.1.0");
  await state.write("fleet.yaml", "schemaVersion: 1\ndefaultChannel: stable\npaused: {reason: incident 7}\n");
  await controller.serves(await state.commit("promote and pause"));
  const held = await machine.agent("update");
  assert.match(held.stdout + held.stderr, /incident 7/);
  assert.equal(await machine.installedVersion(), "1.0.0");

  await state.write("fleet.yaml", "schemaVersion: 1\ndefaultChannel: stable\n");
  await controller.serves(await state.commit("resume"));
  await machine.agent("update");
  assert.equal(await machine.installedVersion(), "1.1.0");
});
