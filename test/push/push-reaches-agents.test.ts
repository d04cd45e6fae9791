import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { FleetController } from "../fleet/fleet-controller.ts";
import { AgentMachine } from "../support/agent-machine.ts";
import { waitUntil } from "../support/wait-until.ts";

/** Nobody in these tests waits for a poll: the next would come within the hour. */
const HOURLY = "schemaVersion: 1\ndefaultChannel: stable\ncheckInterval: 1h\n";

/** A controller that serves 1.0.0, and a machine that runs it, with a daemon that is connected. */
async function connected(t: TestContext): Promise<{ controller: FleetController; machine: AgentMachine }> {
  const controller = await FleetController.start(t, {}, async (state) => {
    await state.write("fleet.yaml", HOURLY);
    await state.addVersion("1.0.0");
    await state.point("stable", "1.0.0");
  });
  const machine = await AgentMachine.create(t);
  const tokenFile = join(machine.directory, "token");
  await writeFile(tokenFile, `${await controller.token()}\n`);
  await machine.enroll(controller.url, controller.repository, "--token-file", tokenFile);
  const updated = await machine.agent("update");
  assert.equal(updated.code, 0, updated.stdout + updated.stderr);
  machine.run();
  await waitUntil("the daemon's stream", async () =>
    (await streams(controller)) === "1" ? true : undefined,
  );
  return { controller, machine };
}

function streams(controller: FleetController): Promise<string | undefined> {
  return controller.metric(/^fairlead_look_streams (\d+)$/m);
}

async function promote(controller: FleetController, version: string): Promise<void> {
  await controller.state.addVersion(version);
  await controller.state.point("stable", version);
  await controller.commits(`promote ${version}`);
}

test("a promotion reaches an agent that would look in an hour", async (t) => {
  const { controller, machine } = await connected(t);
  await promote(controller, "1.1.0");
  await waitUntil("the agent to decide", () => /1\.1\.0/.test(machine.daemonOutput) || undefined);
});

test("an update that an operator asks for is done at once, and said to be done", async (t) => {
  const { controller, machine } = await connected(t);
  await controller.state.write("tenants/acme.yaml", "channel: stable\nautoUpdate: false\n");
  await controller.state.write("fleet.yaml", `${HOURLY}autoUpdate: false\n`);
  await promote(controller, "1.1.0");
  const { id } = JSON.parse((await controller.ask("GET", "/api/v1/agents")).body).agents[0];
  const asked = await controller.ask("POST", `/api/v1/agents/${id}/update`, {});
  assert.equal(asked.status, 201, asked.body);
  const request = await waitUntil("the request to be done", async () => {
    const { body } = await controller.ask("GET", `/api/v1/requests/${JSON.parse(asked.body).id}`);
    const found = JSON.parse(body);
    return found.result === null ? undefined : found;
  });
  assert.deepEqual([request.result, request.deliveries >= 1], ["done", true]);
  assert.equal(await machine.installedVersion(), "1.1.0");
});

test("a stop ends the streams, and the controller with them", async (t) => {
  const { controller } = await connected(t);
  await controller.restart();
  assert.equal((await controller.ask("GET", "/healthz")).status, 200);
});
