import assert from "node:assert/strict";
import { test } from "node:test";
import { AgentMachine } from "../support/agent-machine.ts";
import { ControllerProcess } from "../support/controller-process.ts";
import { StateRepository } from "../support/state-repository.ts";

const YEAR = 365 * 86_400_000;
const dateOf = (time: number): string => new Date(time).toISOString().slice(0, 10);

test("a freeze holds a machine, says until when, and a person's update passes it", async (t) => {
  const state = await StateRepository.create(t);
  await state.addVersion("1.0.0");
  await state.addVersion("1.1.0");
  await state.point("stable-4.14", "1.0.0");
  await state.write("fleet.yaml", "schemaVersion: 1\ndefaultChannel: stable-4.14\n");
  await state.write("tenants/acme.yaml", "channel: stable-4.14\n");
  await state.commit("lantern 1.0.0");
  const controller = await ControllerProcess.start(t, state.directory);
  const machine = await AgentMachine.create(t);
  await machine.enroll(controller.url, await controller.rootFingerprint());
  assert.equal((await machine.agent("update")).code, 0);

  const until = dateOf(Date.now() + YEAR);
  const freeze = `freeze: [{from: ${dateOf(Date.now() - YEAR)}, to: ${until}, reason: the audit}]`;
  await state.write("fleet.yaml", `schemaVersion: 1\ndefaultChannel: stable-4.14\n${freeze}\n`);
  await state.point("stable-4.14", "1.1.0");
  await controller.serves(await state.commit("promote 1.1.0 under a freeze"));
  const check = await machine.agent("explain");
  assert.match(check.stdout, new RegExp(`fleet is frozen until ${until}T00:00:00Z: the audit`));
  assert.equal(await machine.installedVersion(), "1.0.0");
  assert.equal((await machine.agent("update")).code, 0);
  assert.equal(await machine.installedVersion(), "1.1.0");
});

test("a label given at enrolment puts a machine into the group that selects it", async (t) => {
  const state = await StateRepository.create(t);
  await state.addVersion("1.0.0");
  await state.addVersion("1.1.0");
  await state.point("stable", "1.0.0");
  await state.point("beta", "1.1.0");
  await state.write(
    "tenants/acme.yaml",
    "channel: stable\ngroups:\n  early:\n    match: {ring: [canary, early]}\n    channel: beta\n",
  );
  await state.commit("lantern 1.0.0, 1.1.0 for the early ring");
  const controller = await ControllerProcess.start(t, state.directory);
  const tenant = ["--tenant", "acme", "--tenant-key", controller.tenantKey("acme")];
  const root = await controller.rootFingerprint();

  const early = await AgentMachine.create(t);
  await early.enroll(controller.url, root, ...tenant, "--label", "ring=early", "--label", "rack=b-7");
  assert.equal((await early.agent("update")).code, 0);
  assert.equal(await early.installedVersion(), "1.1.0");

  const other = await AgentMachine.create(t);
  await other.enroll(controller.url, root, ...tenant, "--label", "ring=late");
  assert.equal((await other.agent("update")).code, 0);
  assert.equal(await other.installedVersion(), "1.0.0");

  const wrong = await AgentMachine.create(t);
  await assert.rejects(
    wrong.enroll(controller.url, root, "--label", "ring"),
    /--label: `ring` is not a label/,
  );
});
