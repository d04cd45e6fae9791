import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Agent } from "../../agent/agent.ts";
import { agentHome } from "../../agent/home/agent-home.ts";
import type { StatusReport } from "../../controller/http/api/status-report.ts";
import { renderStatus } from "../../controller/status/render-status.ts";
import { placementDigest } from "../../protocol/check-in/placement-digest.ts";
import { tenantPolicyPath } from "../../protocol/manifest-names.ts";
import { AgentMachine } from "../support/agent-machine.ts";
import type { Cleanups } from "../support/cleanups.ts";
import { checkInAnswer, type DeviceClient, enrolmentAnswer, lantern } from "../support/device-client.ts";
import { PLATFORM } from "../support/state-repository.ts";
import { waitUntil } from "../support/wait-until.ts";
import { FleetController } from "./fleet-controller.ts";

const BETA = "channel: beta\nsites:\n  berlin: {}\ngroups:\n  canaries: {match: {ring: canary}}\n";

/** Tenant `acme`, whose machines follow beta; canaries of stable are its own. */
async function startController(t: Cleanups): Promise<FleetController> {
  return FleetController.start(t, {}, async (state) => {
    await state.addVersion("1.0.0");
    await state.addVersion("1.1.0");
    await state.point("stable", "1.0.0");
    await state.point(
      "beta",
      "1.1.0",
      "rollout: {waves: [{percent: 100, after: 300d}], canary: {groups: [acme/canaries]}}\n",
    );
    await state.write("tenants/acme.yaml", BETA);
  });
}

async function rename(controller: FleetController): Promise<void> {
  const { state } = controller;
  rmSync(join(state.directory, "tenants/acme.yaml"));
  await state.write("tenants/acme-labs.yaml", `formerly: [acme]\n${BETA}`);
  const channel = join(state.directory, "products/lantern/channels/beta.yaml");
  writeFileSync(channel, readFileSync(channel, "utf8").replace("acme/canaries", "acme-labs/canaries"));
  await controller.commits("acme is acme-labs");
}

function placed(controller: FleetController, tenant: string): string {
  const key = controller.tenantKey(tenant);
  return placementDigest({ tenant: { name: tenant, key }, site: "berlin", labels: { ring: "canary" } });
}

function tenantOf(controller: FleetController, { id }: DeviceClient): unknown {
  return controller.rows("SELECT tenant FROM device WHERE id = ?", id)[0]?.tenant;
}

test("machines of a renamed tenant go on under the old name, are told the new one, and are recorded by what they use", async (t) => {
  const controller = await startController(t);
  const token = await controller.token({ tenant: "acme", site: "berlin", labels: { ring: "canary" } });
  const device = await controller.device(token);
  device.products = [lantern("1.0.0")];
  await device.checkIn({ placed: placed(controller, "acme") });
  await rename(controller);

  const told = await device.checkIn({ placed: placed(controller, "acme") });
  device.requireSigned(told, controller.openOnlineKey);
  const { moved } = checkInAnswer(told);
  assert.deepEqual(moved?.tenant, { name: "acme-labs", key: controller.tenantKey("acme-labs") });
  assert.deepEqual([moved?.site, { ...moved?.labels }], ["berlin", { ring: "canary" }]);
  assert.equal(tenantOf(controller, device), "acme", "until it says that it took the new name");

  await device.checkIn({});
  assert.equal(tenantOf(controller, device), "acme", "what it does not say counts for nothing");

  const taken = await device.checkIn({ placed: placed(controller, "acme-labs") });
  assert.equal(checkInAnswer(taken).moved, undefined);
  assert.equal(tenantOf(controller, device), "acme-labs");
  const [installation] = controller.rows("SELECT tenant, applied_channel, canary FROM installation");
  assert.deepEqual({ ...installation }, { tenant: "acme-labs", applied_channel: "beta", canary: 1 });
  const census = controller.rows("SELECT tenant, devices FROM census WHERE devices > 0");
  assert.deepEqual(
    census.map((row) => ({ ...row })),
    [{ tenant: "acme-labs", devices: 1 }],
  );
  const tallied = controller.rows("SELECT tenant, offered FROM tally WHERE offered > 0");
  assert.deepEqual(
    tallied.map((row) => ({ ...row })),
    [{ tenant: "acme-labs", offered: 1 }],
  );

  const late = controller.newDevice();
  const enrolled = enrolmentAnswer(await late.enrol(token));
  assert.equal(enrolled.tenant?.name, "acme-labs", "a token that was made before leads to the new name");
});

test("a real agent of a renamed tenant decides as before, and takes the new name over", async (t) => {
  const controller = await startController(t);
  const token = await controller.token({ tenant: "acme", site: "berlin", labels: { ring: "canary" } });
  const machine = await AgentMachine.create(t);
  const file = join(machine.directory, "token");
  writeFileSync(file, token);
  await machine.enroll(`${controller.url}/`, controller.repository, "--token-file", file);
  await rename(controller);

  const config = () => readFileSync(join(machine.home, "config.yaml"), "utf8");
  assert.match(config(), /tenant: acme\n/);
  const checked = await machine.agent("update", "--check", "--json");
  assert.match(checked.stdout, /"status": "available"/);
  assert.match(checked.stdout, /a canary: eligible/, "it is one under the old name, too");
  const agent = await Agent.open(agentHome(machine.home, {}));
  await agent.checkIn(0);
  assert.match(config(), /tenant: acme-labs\n/);
  const again = await Agent.open(agentHome(machine.home, {}));
  assert.equal((await again.checkIn(0))?.trouble, undefined);
  assert.equal(
    controller.rows("SELECT tenant FROM device WHERE id = ?", again.device.id)[0]?.tenant,
    "acme-labs",
  );
  assert.match((await machine.agent("update", "--check", "--json")).stdout, /a canary: eligible/);
});

test("the policy under an old name is for whoever has the old key, and nobody is told of either name", async (t) => {
  const controller = await startController(t);
  await rename(controller);
  const get = (path: string, key?: string) =>
    fetch(controller.url + path, key === undefined ? {} : { headers: { authorization: `Bearer ${key}` } });
  const latest = `/api/v1/agent/latest?product=lantern&platform=${PLATFORM}&tenant=`;
  const stranger = await get(`${latest}acme`);
  const nobody = await get(`${latest}initech`);
  assert.equal(stranger.status, nobody.status);
  assert.equal(
    (await stranger.text()).replaceAll("acme", "initech"),
    await nobody.text(),
    "the same as for a name that nobody has",
  );
  assert.equal((await get(`${latest}acme`, controller.tenantKey("acme-labs"))).status, stranger.status);
  assert.notEqual((await get(`${latest}acme`, controller.tenantKey("acme"))).status, stranger.status);

  const json = async (path: string) => JSON.parse(await (await get(path)).text());
  const { meta } = (await json("/tuf/timestamp.json")).signed;
  const snapshot = await json(`/tuf/${meta["snapshot.json"].version}.snapshot.json`);
  const policyVersion = snapshot.signed.meta["policy.json"].version;
  const role = await (await get(`/tuf/${policyVersion}.policy.json`)).text();
  for (const name of ["acme", "acme-labs"]) {
    assert.ok(role.includes(tenantPolicyPath(controller.tenantKey(name))), `${name} has its own document`);
  }
  assert.doesNotMatch(role, /acme/);
  const status = JSON.parse((await controller.ask("GET", "/api/v1/status")).body);
  assert.equal(status.tenants, 1, "one tenant, by whatever names");
});

test("a commit that renames a tenant without a word is refused, and its machines go on by what is served", async (t) => {
  const controller = await startController(t);
  const { state } = controller;
  rmSync(join(state.directory, "tenants/acme.yaml"));
  await state.write("tenants/acme-labs.yaml", BETA);
  await state.point("beta", "1.1.0");
  const commit = await state.commit("renamed by hand");
  const status = await waitUntil("the refusal", async () => {
    const { body } = await controller.ask("GET", "/api/v1/status");
    const report: StatusReport = JSON.parse(body);
    return report.outcome?.commit === commit && report.outcome.kind === "refused" ? report : undefined;
  });
  assert.deepEqual(
    status.outcome?.diagnostics.map(({ rule, severity }) => [rule, severity]),
    [["tenant/removed", "error"]],
  );
  assert.equal(
    (await controller.makeToken({ tenant: "acme" })).token.length > 0,
    true,
    "acme is still served",
  );
  await state.write("tenants/acme-labs.yaml", `formerly: [acme]\n${BETA}`);
  await controller.commits("and its old name");
});

test("who may see a tenant sees its machines under each of its names, before they took the new one and after", async (t) => {
  const controller = await startController(t);
  const token = await controller.token({ tenant: "acme", site: "berlin", labels: { ring: "canary" } });
  const [waits, took] = [await controller.device(token), await controller.device(token)];
  const letIn = async (name: string, tenant: string): Promise<string> => {
    const { body } = await controller.ask("POST", "/api/v1/people", {
      name,
      role: "viewer",
      tenants: [tenant],
    });
    return JSON.parse(body).token;
  };
  const before = await letIn("ada", "acme");
  await rename(controller);
  const after = await letIn("grace", "acme-labs");
  const foreign = await letIn("eve", "acme-other");
  await took.checkIn({ placed: placed(controller, "acme-labs") });
  const seenBy = async (person: string): Promise<readonly string[]> => {
    const headers = { authorization: `Bearer ${person}` };
    const answer = JSON.parse(await (await fetch(`${controller.url}/api/v1/agents`, { headers })).text());
    return answer.agents.map(({ id }: { readonly id: string }) => id).sort();
  };
  const both = [waits.id, took.id].sort();
  assert.deepEqual(await seenBy(before), both);
  assert.deepEqual(await seenBy(after), both);
  assert.deepEqual(await seenBy(foreign), []);
});

test("whichever name of a tenant is asked for finds its machines under each of them", async (t) => {
  const controller = await startController(t);
  const token = await controller.token({ tenant: "acme", site: "berlin", labels: { ring: "canary" } });
  const [waits, took] = [await controller.device(token), await controller.device(token)];
  for (const device of [waits, took]) {
    device.products = [lantern("1.0.0")];
    await device.checkIn({ placed: placed(controller, "acme") });
  }
  await rename(controller);
  await took.checkIn({ placed: placed(controller, "acme-labs") });
  const get = async (path: string) => JSON.parse((await controller.ask("GET", path)).body);
  const idsAt = async (path: string): Promise<readonly string[]> =>
    (await get(path)).agents.map(({ id }: { readonly id: string }) => id).sort();
  const both = [waits.id, took.id].sort();
  for (const name of ["acme", "acme-labs"]) {
    assert.deepEqual(await idsAt(`/api/v1/agents?tenant=${name}`), both, name);
    assert.deepEqual(await idsAt(`/api/v1/agents?group=${name}/canaries`), both, `the group of ${name}`);
    const inventory = await get(`/api/v1/inventory?tenant=${name}`);
    assert.deepEqual(inventory.records.map(({ device }: { readonly device: string }) => device).sort(), both);
    const { versions } = await get(`/api/v1/versions/lantern?tenant=${name}`);
    assert.equal(versions[0]?.devices, 2, name);
    const facets = await get(`/api/v1/agents/facets?tenant=${name}`);
    assert.deepEqual(facets.group, [{ value: "acme-labs/canaries", devices: 2 }], name);
  }
  assert.deepEqual(await idsAt("/api/v1/agents?tenant=acme-other"), []);
});

test("the status counts who still uses an old name, and says when it can go", async (t) => {
  const controller = await startController(t);
  const token = await controller.token({ tenant: "acme", site: "berlin", labels: { ring: "canary" } });
  const device = await controller.device(token);
  await controller.device(token);
  await controller.ask("POST", "/api/v1/people", { name: "ada", role: "viewer", tenants: ["acme"] });
  await rename(controller);
  await device.checkIn({ placed: placed(controller, "acme-labs") });
  const statusNow = async (): Promise<StatusReport> =>
    JSON.parse((await controller.ask("GET", "/api/v1/status")).body);
  const some = await statusNow();
  assert.deepEqual(some.formerNames, [
    { name: "acme", tenant: "acme-labs", machines: 1, tokens: 1, people: 1 },
  ]);
  assert.match(
    renderStatus(some, 0),
    /^ {2}acme, now acme-labs: 1 machine, 1 enrolment token, 1 token of a person still by that name$/m,
  );

  await controller.ask("DELETE", "/api/v1/people/ada");
  const [waits] = controller.rows("SELECT id FROM device WHERE tenant = 'acme'");
  await controller.ask("DELETE", `/api/v1/agents/${waits?.id}`);
  const tokens = JSON.parse((await controller.ask("GET", "/api/v1/tokens")).body).tokens;
  await controller.ask("DELETE", `/api/v1/tokens/${tokens[0].id}`);
  const made = await controller.ask("POST", "/api/v1/tokens", { tenant: "acme" });
  assert.equal(
    JSON.parse(made.body).tenant,
    "acme-labs",
    "a new token is for the tenant as it is called now",
  );
  assert.match(
    renderStatus(await statusNow(), 0),
    /acme, now acme-labs: nobody who checks in uses it any more/,
  );
  const anybody = await (await fetch(`${controller.url}/api/v1/status`)).text();
  assert.doesNotMatch(anybody, /acme/);
});
