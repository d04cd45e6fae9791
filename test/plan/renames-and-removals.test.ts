import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import type { Plan } from "../../controller/plan/plan.ts";
import { fairlead, runOk } from "../support/run-command.ts";
import { PLATFORM, StateRepository } from "../support/state-repository.ts";

const FLEET = "schemaVersion: 1\ndefaultChannel: stable\n";
const ACME =
  "channel: beta\nsites:\n  berlin: {channel: stable}\ngroups:\n  canaries: {devices: [d-0], channel: stable}\n";
const BETA = "rollout: {waves: [{percent: 100, after: 300d}], canary: {groups: [acme/canaries]}}\n";

/** `stable` is at 1.0.0 and `beta` at 1.1.0. */
async function sample(t: TestContext): Promise<StateRepository> {
  const state = await StateRepository.create(t);
  await state.addVersion("1.0.0");
  await state.addVersion("1.1.0");
  await state.point("stable", "1.0.0");
  await state.point("beta", "1.1.0", BETA);
  await state.offer("viewer", "1.0.0", "#!/bin/sh\necho 1.0.0\n");
  await state.write("tenants/acme.yaml", ACME);
  await state.write("tenants/globex.yaml", "channel: stable\n");
  await state.commit("base");
  return state;
}

interface Asked {
  readonly plan: Plan;
  readonly code: number | null;
  readonly stderr: string;
}

async function ask(state: StateRepository, more: readonly string[] = []): Promise<Asked> {
  const { stdout, stderr, code } = await fairlead(["plan", "--base", "main", "--json", ...more], {
    cwd: state.directory,
  });
  assert.match(stdout, /^\{/, stdout + stderr);
  return { plan: JSON.parse(stdout), code, stderr };
}

interface Row {
  readonly device: string;
  readonly tenant: string;
  readonly site?: string;
  readonly product?: string;
  readonly installed: string;
  readonly channel?: string;
}

async function inventory(state: StateRepository, rows: readonly Row[]): Promise<readonly string[]> {
  const records = rows.map((row) => ({ platform: PLATFORM, product: "lantern", ...row }));
  await state.write("artifacts/fleet.json", JSON.stringify(records));
  return ["--inventory", join(state.directory, "artifacts/fleet.json")];
}

function machines(tenant: string): readonly Row[] {
  return [
    { device: "d-0", tenant, installed: "1.0.0" },
    { device: "d-1", tenant, site: "berlin", installed: "1.0.0" },
    { device: "d-2", tenant, installed: "1.1.0" },
  ];
}

function remove(state: StateRepository, path: string): void {
  rmSync(join(state.directory, path), { recursive: true });
}

function strandedIn({ stranded }: Plan): readonly unknown[] {
  return stranded.map(({ what, name, devices }) => [what, name, devices]);
}

describe("a plan of what takes names away", () => {
  it("moves and strands nobody when a tenant is renamed, by whichever name an inventory calls it", async (t) => {
    const state = await sample(t);
    const unchanged = (await ask(state)).plan.inventory.total;
    remove(state, "tenants/acme.yaml");
    await state.write("tenants/acme-labs.yaml", `formerly: [acme]\n${ACME}`);
    await state.point("beta", "1.1.0", BETA.replace("acme/", "acme-labs/"));
    for (const name of ["acme", "acme-labs"]) {
      const { plan, code } = await ask(state, [
        ...(await inventory(state, machines(name))),
        ...["--detailed-exitcode", "--fail-on", "warnings,moves,refusals"],
      ]);
      assert.deepEqual([code, plan.blast.touched, plan.stranded, plan.warnings], [0, 0, [], []], name);
    }
    const { plan } = await ask(state);
    assert.deepEqual([plan.blast.touched, plan.stranded, plan.warnings], [0, [], []]);
    assert.equal(plan.inventory.total, unchanged, "each scope once, and not under both names");
  });

  it("is not made of a tenant that goes without a word: that is an error", async (t) => {
    const state = await sample(t);
    await runOk("git", ["mv", "tenants/globex.yaml", "tenants/initech.yaml"], { cwd: state.directory });
    const { stderr, code } = await fairlead(["plan", "--base", "main"], { cwd: state.directory });
    assert.equal(code, 1);
    assert.match(stderr, /error\[tenant\/removed\]: tenant `globex` is gone/);
    assert.match(stderr, /called `initech` now, add `formerly: \[globex\]`/);
  });

  it("counts the machines of a tenant and of a former name that are gone on purpose, and none of them moves", async (t) => {
    const state = await sample(t);
    await state.write("tenants/globex.yaml", "formerly: [initech]\nchannel: stable\n");
    await state.commit("globex was initech");
    await state.write("tenants/globex.yaml", "channel: stable\n");
    remove(state, "tenants/acme.yaml");
    await state.point("beta", "1.1.0");
    await state.write(
      "fleet.yaml",
      `${FLEET}removed: {tenants: {acme: {reason: the contract ended}, initech: {reason: nobody asks for it}}}\n`,
    );
    const late: Row = { device: "d-9", tenant: "initech", installed: "1.0.0" };
    const among = await inventory(state, [...machines("acme"), late]);
    const { plan, code, stderr } = await ask(state, [...among, "--fail-on", "refusals"]);
    assert.deepEqual(strandedIn(plan), [
      ["tenant", "acme", 3],
      ["tenant", "initech", 1],
    ]);
    assert.deepEqual([plan.blast.touched, code], [0, 1]);
    assert.match(stderr, /4 refusals \(--fail-on refusals\)/);
    assert.equal(plan.warnings[0]?.code, "plan/stranded");
    assert.match(plan.warnings[0]?.message ?? "", /^3 devices of tenant `acme`, which is gone/);
    const scopes = await ask(state);
    assert.deepEqual(
      scopes.plan.stranded.map(({ what, name }) => [what, name]),
      [["tenant", "acme"]],
      "without an inventory by the scopes that state named",
    );
  });

  it("counts who names a site or is in a group that is gone, and says where they go by that", async (t) => {
    const state = await sample(t);
    await state.write("tenants/acme.yaml", "channel: beta\n");
    await state.point("beta", "1.1.0");
    const { plan } = await ask(state, await inventory(state, machines("acme")));
    assert.deepEqual(strandedIn(plan), [
      ["group", "acme/canaries", 1],
      ["site", "acme/berlin", 1],
    ]);
    assert.deepEqual([plan.blast.devices, plan.transitions[0]?.to], [2, "1.1.0"]);
    const scopes = (await ask(state)).plan;
    const moving = scopes.transitions.find(({ product }) => product === "lantern");
    assert.deepEqual([moving?.from, moving?.to], ["1.0.0", "1.1.0"], "also when nobody knows the machines");
    assert.deepEqual(
      new Set(scopes.stranded.map(({ name }) => name)),
      new Set(["acme/berlin", "acme/canaries"]),
    );
    const validated = await fairlead(["validate", "--base", "main"], { cwd: state.directory });
    assert.match(validated.stdout, /warning\[tenant\/scope-removed\]: site `acme\/berlin` is gone/);
    assert.match(validated.stdout, /warning\[tenant\/scope-removed\]: group `acme\/canaries` is gone/);
  });

  it("counts who has a product that is gone, and who chose a channel that is gone", async (t) => {
    const state = await sample(t);
    await state.point("nightly", "1.1.0");
    await state.commit("nightly");
    remove(state, "products/viewer");
    remove(state, "products/lantern/channels/nightly.yaml");
    const undeclared = await fairlead(["validate", "--base", "main", "--format", "line"], {
      cwd: state.directory,
    });
    assert.match(undeclared.stdout, /error product\/removed: product `viewer` is gone/);
    assert.match(undeclared.stdout, /error channel\/removed: channel `lantern\/nightly` is gone/);
    assert.equal(undeclared.code, 1);
    await state.write(
      "fleet.yaml",
      `${FLEET}removed: {products: {viewer: {reason: nobody runs it}}, channels: {lantern/nightly: {reason: too much}}}\n`,
    );
    const among = await inventory(state, [
      { device: "d-1", tenant: "globex", product: "viewer", installed: "1.0.0" },
      { device: "d-2", tenant: "globex", installed: "1.1.0", channel: "nightly" },
    ]);
    const { plan } = await ask(state, among);
    assert.deepEqual(strandedIn(plan), [["product", "viewer", 1]]);
    assert.deepEqual(
      plan.refusals.map(({ code, channel, added }) => [code, channel, added]),
      [["unknown-channel", "nightly", 1]],
    );
    assert.deepEqual(
      (await ask(state)).plan.stranded.map(({ what, name }) => [what, name]),
      [["product", "viewer"]],
    );
    const validated = await fairlead(["validate", "--base", "main", "--max-warnings", "0"], {
      cwd: state.directory,
    });
    assert.equal(validated.code, 0, validated.stdout);
  });
});
