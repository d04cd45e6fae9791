import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import type { Plan } from "../../controller/plan/plan.ts";
import type { Cleanups } from "../support/cleanups.ts";
import { fairlead } from "../support/run-command.ts";
import { PLATFORM, StateRepository } from "../support/state-repository.ts";

const WAVES =
  "rollout: {waves: [{percent: 10, after: 0s}, {percent: 50, after: 4h}, {percent: 100, after: 1d}]}\n";
const FROZEN = "freeze: [{from: 2020-01-01, to: 2090-01-01, reason: fair}]\n";

/** In the middle of a rollout of 1.1.0 on `stable`, which two tenants follow. */
async function underWay(t: Cleanups, more = ""): Promise<StateRepository> {
  const state = await StateRepository.create(t);
  await state.addVersion("1.0.0");
  await state.addVersion("1.1.0", { more: `rollbackTo: ">=1.0.0"\n${more}` });
  await state.point("stable", "1.0.0", WAVES);
  await state.write("tenants/acme.yaml", "channel: stable\n");
  await state.write("tenants/globex.yaml", "channel: stable\n");
  await state.commit("begin");
  await state.point("stable", "1.1.0", WAVES);
  await state.commit("promote");
  return state;
}

async function ask(state: StateRepository, ...more: readonly string[]) {
  const { stdout, stderr, code } = await fairlead(["plan", "--base", "main", "--json", ...more], {
    cwd: state.directory,
  });
  assert.match(stdout, /^\{/, stdout + stderr);
  const plan: Plan = JSON.parse(stdout);
  return { plan, code, stderr, codes: plan.warnings.map((warning) => warning.code) };
}

async function inventory(state: StateRepository, installed: string): Promise<readonly string[]> {
  const rows = Array.from({ length: 40 }, (_, i) => `d-${i},${PLATFORM},globex,lantern,${installed}`);
  await state.write("artifacts/fleet.csv", `device,platform,tenant,product,installed\n${rows.join("\n")}\n`);
  return ["--inventory", join(state.directory, "artifacts/fleet.csv")];
}

test("a pause in the middle of a rollout stops who is on the way, without an inventory as with one", async (t) => {
  const state = await underWay(t);
  await state.write("tenants/globex.yaml", "channel: stable\npaused: {reason: audit}\n");
  const scopes = await ask(state, "--fail-on", "stopped");
  assert.deepEqual([scopes.plan.blast.stopped, scopes.plan.blast.touched, scopes.code], [1, 1, 1]);
  const [stopped] = scopes.plan.stopped;
  assert.deepEqual([stopped?.from, stopped?.to, stopped?.devices], ["1.0.0", "1.1.0", 1]);
  assert.equal(scopes.plan.held[0]?.by, "pause");
  const real = await ask(state, ...(await inventory(state, "1.0.0")), "--max-blast", "10%");
  assert.deepEqual([real.plan.blast.stopped, real.code], [40, 1]);
});

test("so does a pin to what machines leave, and a window or a freeze makes them later", async (t) => {
  const state = await underWay(t);
  const pin = "products: {lantern: {pin: {version: 1.0.0, reason: r, owner: ops@acme.example}}}\n";
  await state.write("tenants/globex.yaml", `channel: stable\n${pin}`);
  const pinned = (await ask(state)).plan;
  assert.ok(pinned.blast.touched > 0);
  await state.write("tenants/globex.yaml", `channel: stable\n${FROZEN}`);
  const frozen = await ask(state, "--fail-on", "retimed");
  assert.deepEqual([frozen.plan.blast.retimed, frozen.code], [1, 1]);
  assert.deepEqual([frozen.plan.retimed[0]?.earlier, frozen.plan.retimed[0]?.later], [0, 1]);
  assert.equal(frozen.plan.held[0]?.by, "freeze");
});

test("a pause of machines that have all arrived touches nobody", async (t) => {
  const state = await underWay(t);
  await state.point("stable", "1.1.0");
  await state.commit("for everybody");
  await state.write("tenants/globex.yaml", "channel: stable\npaused: {reason: audit}\n");
  assert.equal((await ask(state)).plan.blast.touched, 0);
});

test("nobody gets at once what a freeze holds, although every wave is opened", async (t) => {
  const state = await underWay(t);
  await state.point("stable", "1.1.0", "rollout: {waves: [{percent: 100, after: 0s}]}\n");
  assert.ok((await ask(state)).codes.includes("plan/all-at-once"));
  await state.write("fleet.yaml", `schemaVersion: 1\ndefaultChannel: stable\n${FROZEN}`);
  for (const more of [[], await inventory(state, "1.0.0")]) {
    const { plan, codes } = await ask(state, ...more);
    assert.ok(plan.blast.retimed > 0);
    assert.ok(!codes.includes("plan/all-at-once"), JSON.stringify(plan.warnings));
  }
});

test("a declared rollback is told as one, and not as a promotion that lacks waves", async (t) => {
  const state = await underWay(t);
  await state.point("stable", "1.0.0", `${WAVES}rollback: {from: [1.1.0], reason: loses reports}\n`);
  for (const more of [[], await inventory(state, "1.1.0")]) {
    assert.deepEqual((await ask(state, ...more)).codes, ["plan/downgrade"]);
  }
});

test("machines that a pause keeps below a security release are a warning of the plan", async (t) => {
  const state = await underWay(t, "severity: security\n");
  await state.write("tenants/globex.yaml", "channel: stable\npaused: {reason: audit}\n");
  for (const [more, devices] of [
    [[], 1],
    [await inventory(state, "1.0.0"), 40],
  ] as const) {
    const { plan } = await ask(state, ...more);
    const held = plan.warnings.find(({ code }) => code === "plan/security-held");
    assert.deepEqual([held?.devices, /a pause holds them$/.test(held?.message ?? "")], [devices, true]);
  }
});
