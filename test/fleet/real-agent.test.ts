import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { cpSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { Agent } from "../../agent/agent.ts";
import { openDeviceSigner } from "../../agent/config/device-key.ts";
import { openRepository } from "../../agent/config/open-repository.ts";
import { agentHome } from "../../agent/home/agent-home.ts";
import { leaveFleet } from "../../agent/report/leave-fleet.ts";
import { sha256Hex } from "../../protocol/digest.ts";
import { AgentMachine } from "../support/agent-machine.ts";
import { FleetController } from "./fleet-controller.ts";

const controller = await FleetController.shared();

async function enrolledMachine(t: TestContext, token: string): Promise<AgentMachine> {
  const machine = await AgentMachine.create(t);
  const file = join(machine.directory, "token");
  writeFileSync(file, token);
  await machine.enroll(`${controller.url}/`, controller.repository, "--token-file", file);
  return machine;
}

test("a real agent enrols at a real controller, tells what it installed, and does what it is asked", async (t) => {
  const token = await controller.token({ tenant: "acme", site: "berlin", labels: { ring: "canary" } });
  const machine = await enrolledMachine(t, token);
  assert.equal((await machine.agent("update")).code, 0);
  const { device, checkIn } = JSON.parse((await machine.agent("status", "--json")).stdout);
  assert.deepEqual([checkIn.trouble, checkIn.waiting], [null, 0]);
  const [row] = controller.rows("SELECT tenant, site FROM device WHERE id = ?", device);
  assert.deepEqual({ ...row }, { tenant: "acme", site: "berlin" });
  const attempts = controller.rows(
    "SELECT to_version, outcome FROM attempt WHERE device = (SELECT number FROM device WHERE id = ?)",
    device,
  );
  assert.deepEqual(
    attempts.map((attempt) => ({ ...attempt })),
    [{ to_version: "1.1.0", outcome: "confirmed" }],
  );

  const now = Math.floor(Date.now() / 1000);
  const id = randomBytes(16).toString("hex");
  await controller.service.store.requests.add(
    { id, device, kind: "update", product: "lantern", askedAt: now, expiresAt: now + 3600 },
    { name: "test", from: "cli" },
  );
  const agent = await Agent.open(agentHome(machine.home, {}));
  assert.equal((await agent.checkIn(0))?.carriedOut, 1);
  const request = await controller.service.store.requests.get(id);
  assert.equal(request?.result, "nothing-to-do");
});

test("a machine with two products tells of both in one check-in, and a request moves the one that it names", async (t) => {
  await controller.state.offer("beacon", "1.0.0", "#!/bin/sh\necho 1.0.0\n");
  await controller.commits("a second product");
  const machine = await enrolledMachine(t, await controller.token());
  const config = join(machine.home, "config.yaml");
  const path = join(machine.directory, "bin", "beacon");
  writeFileSync(config, `${readFileSync(config, "utf8")}products:\n  beacon: {install_path: ${path}}\n`);
  const agent = await Agent.open(agentHome(machine.home, {}));
  await agent.checkIn(0);
  const ask = async (kind: "update" | "look" | "rollback", product?: string) => {
    const now = Math.floor(Date.now() / 1000);
    const id = randomBytes(16).toString("hex");
    const request = { id, device: agent.device.id, kind, askedAt: now, expiresAt: now + 3600 };
    const named = product === undefined ? request : { ...request, product };
    await controller.service.store.requests.add(named, { name: "test", from: "cli" });
    await agent.checkIn(0);
    return controller.service.store.requests.get(id);
  };
  assert.equal((await ask("update", "beacon"))?.result, "done");
  assert.deepEqual([existsSync(path), await machine.installedVersion()], [true, undefined]);
  const looked = await ask("look");
  assert.equal(looked?.result, "done");
  assert.match(looked?.text ?? "", /lantern.*; .*beacon/);
  const elsewhere = await ask("update", "ghost");
  assert.equal(elsewhere?.result, "refused");
  assert.match(elsewhere?.text ?? "", /lantern, beacon, not ghost/);
  const reported = controller.rows(
    "SELECT product, version FROM installation WHERE device = (SELECT number FROM device WHERE id = ?) ORDER BY product",
    agent.device.id,
  );
  assert.deepEqual(
    reported.map((row) => ({ ...row })),
    [
      { product: "beacon", version: "1.0.0" },
      { product: "lantern", version: null },
    ],
  );
});

test("a real agent on a copied disk becomes a device of its own at a real controller", async (t) => {
  const machine = await enrolledMachine(t, await controller.token());
  const home = join(machine.directory, "copy");
  cpSync(machine.home, home, { recursive: true });
  const open = (folder: string) => Agent.open(agentHome(folder, {}));
  const [first, second] = [await open(machine.home), await open(home)];
  for (const agent of [first, second, first, second]) await agent.checkIn(0);
  assert.notEqual(first.device.id, second.device.id);
  for (const agent of [await open(machine.home), await open(home)]) {
    assert.equal((await agent.checkIn(0))?.trouble, undefined);
    const { publicKey } = (await controller.service.store.devices.get(agent.device.id)) ?? {};
    assert.equal(publicKey, agent.device.publicKey);
  }
});

test("a machine that leaves is gone at the controller too, and nobody can make another one leave", async (t) => {
  const machine = await enrolledMachine(t, await controller.token());
  const stays = await enrolledMachine(t, await controller.token());
  const agents = [await Agent.open(agentHome(machine.home, {})), await Agent.open(agentHome(stays.home, {}))];
  const [gone = "", kept = ""] = agents.map((agent) => agent.device.id);
  const { code, stdout } = await machine.agent("unenroll", "--yes");
  assert.equal(code, 0, stdout);
  assert.match(stdout, /^the controller knows that this machine has left$/m);
  assert.equal(await controller.service.store.devices.get(gone), undefined);

  const now = Math.floor(Date.now() / 1000);
  const repository = openRepository(`${controller.url}/`, agentHome(stays.home, {}), () => now);
  const from = { server: `${controller.url}/`, root: repository.rootRole(), now: () => now };
  const first = sha256Hex(await repository.firstRoot());
  const signer = openDeviceSigner(agentHome(stays.home, {}));
  await assert.rejects(leaveFleet(from, { ...signer, id: gone }, first), { code: "report/not-known" });
  assert.notEqual(await controller.service.store.devices.get(kept), undefined);
});
