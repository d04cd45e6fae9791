import assert from "node:assert/strict";
import { readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { ControllerProcess } from "../support/controller-process.ts";
import { fairlead, runOk } from "../support/run-command.ts";
import { StateRepository } from "../support/state-repository.ts";
import { waitUntil } from "../support/wait-until.ts";
import { temporaryFolder } from "./serve-process.ts";

const TRIAL = ["--dev-keys", "--demo-fleet", "8"];

interface Listed {
  readonly id: string;
  readonly tenant: string | null;
  readonly site: string | null;
  readonly lastSeenAt: number | null;
  readonly installations: readonly { readonly installed: { readonly version: string } | null }[];
}

async function smallState(t: TestContext): Promise<StateRepository> {
  const state = await StateRepository.create(t);
  for (const version of ["1.0.0", "1.1.0"]) await state.addVersion(version);
  await state.point("stable", "1.0.0");
  await state.commit("lantern 1.0.0");
  return state;
}

async function agentsOf({ url }: { readonly url: string }): Promise<readonly Listed[]> {
  const answer = (await (await fetch(`${url}/api/v1/agents?limit=1000`)).json()) as {
    agents: readonly Listed[];
  };
  return answer.agents;
}

function idsOf(agents: readonly Listed[]): string[] {
  return agents.map(({ id }) => id).sort();
}

/** Waits until so many have checked in. */
function reporting(controller: { readonly url: string }, machines: number): Promise<readonly Listed[]> {
  return waitUntil(`${machines} machines to report`, async () => {
    const agents = await agentsOf(controller);
    const seen = agents.filter(
      ({ lastSeenAt, installations }) => lastSeenAt !== null && installations.length > 0,
    );
    return seen.length >= machines ? agents : undefined;
  });
}

test("simulated machines enrol in the state's tenants, report, and take what is promoted", async (t) => {
  const state = await smallState(t);
  const controller = await ControllerProcess.start(t, state.directory, TRIAL);
  const agents = await reporting(controller, 8);
  assert.equal(agents.length, 8);
  assert.deepEqual(new Set(agents.map(({ tenant, site }) => `${tenant}/${site}`)), new Set(["acme/berlin"]));
  await state.point("stable", "1.1.0");
  await state.commit("promote");
  await waitUntil("the promotion to reach one of them", async () => {
    const versions = (await agentsOf(controller)).flatMap(({ installations }) =>
      installations.map(({ installed }) => installed?.version),
    );
    return versions.includes("1.1.0") ? true : undefined;
  });
});

test("they are the same machines after each restart, and know what runs on them", async (t) => {
  const state = await smallState(t);
  const controller = await ControllerProcess.start(t, state.directory, TRIAL);
  const before = await reporting(controller, 8);
  const tokens = await (await fetch(`${controller.url}/api/v1/tokens`)).json();
  for (const signal of ["SIGTERM", "SIGKILL", "SIGTERM"] as const) {
    await controller.kill(signal);
    await controller.launch();
    await waitUntil("one of them to come back", async () => {
      const agents = await agentsOf(controller);
      return agents.some(({ lastSeenAt }, index) => lastSeenAt !== before[index]?.lastSeenAt)
        ? true
        : undefined;
    });
  }
  const after = await agentsOf(controller);
  assert.deepEqual(idsOf(after), idsOf(before));
  assert.deepEqual(await (await fetch(`${controller.url}/api/v1/tokens`)).json(), tokens);
});

test("machines that a controller has lost enrol once more, as the same ones", async (t) => {
  const state = await smallState(t);
  const controller = await ControllerProcess.start(t, state.directory, TRIAL);
  const before = await reporting(controller, 8);
  await controller.kill("SIGKILL");
  for (const name of await readdir(controller.stateDirectory)) {
    if (name.startsWith("fleet.")) await rm(join(controller.stateDirectory, name));
  }
  await controller.launch();
  const after = await reporting(controller, 8);
  assert.deepEqual(idsOf(after), idsOf(before));
});

test("they need neither a clean work tree nor a whole history, and leave no file outside of the state folder", async (t) => {
  const state = await smallState(t);
  await state.point("stable", "1.1.0");
  await state.commit("a second commit");
  const shallow = join(await temporaryFolder(t), "shallow");
  await runOk("git", [
    "clone",
    "-q",
    "--depth",
    "1",
    "--branch",
    "main",
    `file://${state.directory}`,
    shallow,
  ]);
  await writeFile(join(shallow, "fleet.yaml"), "schemaVersion: 1\n# half a thought\n");
  const status = await runOk("git", ["status", "--porcelain"], { cwd: shallow });
  const controller = await ControllerProcess.start(t, shallow, TRIAL);
  await reporting(controller, 8);
  assert.equal(await runOk("git", ["status", "--porcelain"], { cwd: shallow }), status);
});

for (const [where, args] of [
  ["with the keys of a fleet", []],
  ["where others can reach it", ["--dev-keys", "--host", "0.0.0.0"]],
  ["under a public name", ["--dev-keys", "--public-url", "https://releases.acme.example"]],
  ["where operators of other machines ask", ["--dev-keys", "--operator-listen", "0.0.0.0:0"]],
] as const) {
  test(`a controller ${where} takes no simulated machines`, async (t) => {
    const { directory } = await smallState(t);
    const serve = ["serve", "--repo", directory, "--state-dir", await temporaryFolder(t), "--port", "0"];
    const refused = await fairlead([...serve, ...args, "--demo-fleet"]);
    assert.equal(refused.code, 1, refused.stderr);
    assert.match(refused.stderr, /^error\[serve\/demo-fleet-refused\]: simulated machines do not belong/);
  });
}

test("who starts with them can leave them out by a flag more", async (t) => {
  const state = await smallState(t);
  const controller = await ControllerProcess.start(t, state.directory, [...TRIAL, "--no-demo-fleet"]);
  await controller.kill("SIGTERM");
  assert.ok(!(await readdir(controller.stateDirectory)).includes("demo-fleet"));
});
