import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { tlsBefore, WebProxy } from "../agent/web-proxy.ts";
import { FleetController } from "../fleet/fleet-controller.ts";
import { AgentMachine } from "../support/agent-machine.ts";
import { makePrivateAuthority, UNKNOWN_HOST } from "../support/private-authority.ts";
import { fairleadAgent } from "../support/run-command.ts";
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

test("behind a proxy that the environment names, the stream and the check-ins go through its tunnels, and a promotion arrives", async (t) => {
  const machine = await AgentMachine.create(t);
  const folder = join(machine.directory, "authority");
  await mkdir(folder);
  const authority = makePrivateAuthority(folder);
  let behind = "";
  const server = `https://${UNKNOWN_HOST}:${await tlsBefore(t, () => behind, authority)}/`;
  const controller = await FleetController.start(t, { publicUrls: [new URL(server)] }, async (state) => {
    await state.write("fleet.yaml", HOURLY);
    await state.addVersion("1.0.0");
    await state.point("stable", "1.0.0");
  });
  behind = controller.url;
  const proxy = await WebProxy.start(t);
  proxy.account = "agent:s3cret";
  const env = { HTTPS_PROXY: proxy.url, NODE_EXTRA_CA_CERTS: authority.caFile };
  const tokenFile = join(machine.directory, "token");
  await writeFile(tokenFile, `${await controller.token()}\n`);
  for (const args of [
    [
      ...["enroll", "--server", server, "--root-sha256", controller.repository, "--token-file", tokenFile],
      ...["--product", "lantern", "--install-path", machine.executable],
    ],
    ["update"],
  ]) {
    const { code, stdout, stderr } = await fairleadAgent([...args, "--home", machine.home], { env });
    assert.equal(code, 0, stdout + stderr);
  }
  machine.run(env);
  await waitUntil("the daemon's stream", async () =>
    (await streams(controller)) === "1" ? true : undefined,
  );
  await promote(controller, "1.1.0");
  await waitUntil("the agent to decide", () => /1\.1\.0/.test(machine.daemonOutput) || undefined);
  const id = await waitUntil("a check-in", async () => {
    const { agents } = JSON.parse((await controller.ask("GET", "/api/v1/agents")).body);
    return agents[0]?.lastSeenAt === undefined ? undefined : agents[0].id;
  });
  assert.match(id, /^d-/);
  assert.deepEqual([...new Set(proxy.seen)], [`CONNECT ${new URL(server).host}`]);
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
