import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { channel, NOW, release, sampleManifest } from "../http/sample-manifest.ts";
import { TOKEN } from "../http/start-server.ts";
import {
  CONTROLLER,
  type CommandResult,
  cleanEnvironment,
  fairlead,
  killAndWait,
} from "../support/run-command.ts";
import { StateRepository } from "../support/state-repository.ts";
import { waitUntil } from "../support/wait-until.ts";
import { FleetServer } from "./fleet-server.ts";
import { addDevice, PROMOTION, sampleRollout } from "./sample-fleet.ts";

/** `fairlead ...` as a process that asks a server. */
function asker(server: FleetServer, token = TOKEN): (...args: readonly string[]) => Promise<CommandResult> {
  return (...args) =>
    fairlead([...args, "--controller", server.server.url], { env: { FAIRLEAD_TOKEN: token } });
}

async function startFleet(t: TestContext): Promise<FleetServer> {
  const halted = { reason: "3 of 40 failed", at: NOW - 60, by: "gate" } as const;
  const channels = {
    stable: channel("1.1.0", ["1.0.0"], { halted }),
    beta: channel("1.1.0", ["1.0.0"]),
  };
  const server = await FleetServer.start(t, sampleManifest({ policy: { channels } }));
  await addDevice(server.store, {
    id: "d-1",
    tenant: "acme",
    site: "berlin",
    offer: PROMOTION,
    failed: { cause: "confirm-failed", message: "no answer on port 80\u001b[2J" },
  });
  await addDevice(server.store, { id: "d-2", tenant: "acme", version: "1.1.0" });
  await server.store.rollouts.save(sampleRollout({ state: "halted" }));
  return server;
}

test("agents are listed, counted, shown and explained from the command line", async (t) => {
  const server = await startFleet(t);
  const ask = asker(server);
  const list = await ask("agents", "list");
  assert.equal(list.code, 0, list.stderr);
  const rows = list.stdout
    .trimEnd()
    .split("\n")
    .map((line) => line.split(/ {2,}/));
  assert.deepEqual(
    rows.map((row) => row.slice(0, 4)),
    [
      ["ID", "TENANT", "PLATFORM", "RUNS"],
      ["d-1", "acme/berlin", "linux-x64", "lantern 1.0.0"],
      ["d-2", "acme", "linux-x64", "lantern 1.1.0"],
    ],
  );
  const few = await ask("agents", "list", "--limit", "1");
  assert.deepEqual([few.stdout.includes("d-2"), few.stderr.includes("there are more")], [false, true]);
  const runs = await ask("agents", "list", "--product", "lantern", "--runs", "1.1.0", "--json");
  assert.deepEqual(
    (JSON.parse(runs.stdout) as { id: string }[]).map(({ id }) => id),
    ["d-2"],
  );
  const count = await ask("agents", "list", "--count", "--json");
  assert.deepEqual((JSON.parse(count.stdout) as Record<string, number>).failed, 1);

  const show = await ask("agents", "show", "d-1");
  assert.match(
    show.stdout,
    /tried .* lantern 1\.0\.0 -> 1\.1\.0: rolled-back, confirm-failed, no answer on port 80/,
  );
  assert.ok(!show.stdout.includes("\u001b"), "what a machine says cannot steer the terminal");
  const explain = await ask("agents", "explain", "d-1");
  assert.match(explain.stdout, /x rollout +1\.1\.0 is halted by the gate since \S+: 3 of 40 failed/);
});

test("a machine is asked, the request is listed and cancelled, and the audit log has it", async (t) => {
  const server = await startFleet(t);
  const ask = asker(server, await server.person("operator", ["acme"]));
  const update = await ask("agents", "update", "d-1");
  assert.deepEqual([update.code, update.stderr], [0, ""]);
  const [, id = ""] = /update of lantern is asked of d-1 \(([0-9a-f]{32})\)/.exec(update.stdout) ?? [];
  assert.match((await ask("requests", "list")).stdout, new RegExp(`^${id} +d-1 .* update lantern`, "m"));
  assert.equal((await ask("requests", "cancel", id)).code, 0);
  assert.ok(!(await ask("requests", "list")).stdout.includes(id));
  assert.match((await ask("requests", "list", "--all")).stdout, new RegExp(`^${id} .* cancelled`, "m"));
  const again = await ask("requests", "cancel", id);
  assert.equal(again.code, 1);
  assert.match(again.stderr, /^error\[api\/refused\].*has ended already/);
  const audit = await ask("audit", "--limit", "2");
  const actions = audit.stdout
    .trimEnd()
    .split("\n")
    .map((line) => line.split(/ {2,}/)[2]);
  assert.deepEqual(actions, ["request.update", "request.cancel"], "the newest come last");

  const moved = await ask("agents", "move", "d-2", "--site", "oslo", "--label", "ring=canary");
  assert.equal(moved.code, 0, moved.stderr);
  const device = await server.store.devices.get("d-2");
  assert.deepEqual([device?.tenant, device?.site, device?.labels], ["acme", "oslo", { ring: "canary" }]);
  assert.equal((await ask("agents", "remove", "d-2")).code, 1, "that is for an admin");
  assert.equal((await asker(server)("agents", "remove", "d-2")).code, 0);
  const gone = await asker(server)("agents", "show", "d-2");
  assert.match(gone.stderr, /^error\[api\/not-found\].*there is no such device/);
});

test("the audit log is followed", async (t) => {
  const server = await startFleet(t);
  const args = ["audit", "--follow", "--limit", "1", "--controller", server.server.url];
  const child = spawn(process.execPath, [CONTROLLER, ...args], {
    env: cleanEnvironment({ FAIRLEAD_TOKEN: TOKEN }),
  });
  t.after(() => killAndWait(child, "SIGKILL"));
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  await waitUntil("the last entry", async () => (output.includes("\n") ? true : undefined));
  for (const kind of ["look", "update"]) {
    await server.ask(`/api/v1/agents/d-1/${kind}`, {
      method: "POST",
      ...(kind === "look" ? {} : { body: {} }),
    });
  }
  await waitUntil("both entries", async () => (output.includes("request.update") ? true : undefined));
  const lines = output
    .trimEnd()
    .split("\n")
    .map((line) => line.split(/ {2,}/)[2]);
  assert.deepEqual(lines.slice(1), ["request.look", "request.update"]);
});

test("rollouts are shown with exit code 1 while one is halted", async (t) => {
  const server = await startFleet(t);
  const ask = asker(server);
  const list = await ask("rollouts", "list");
  assert.equal(list.code, 1);
  assert.match(list.stdout, /^lantern +stable +1\.1\.0 +halted +10% /m);
  const show = await ask("rollouts", "show", "lantern", "stable");
  assert.equal(show.code, 1);
  assert.match(show.stdout, /^served as halted by the gate: 3 of 40 failed$/m);
  assert.match(show.stdout, /^1 +confirm-failed +no answer on port #/m);
  const status = await ask("status");
  assert.match(status.stdout, /stable +1\.1\.0 since .*; halted by its gate \(3 of 40 failed\)/);
});

test("people are let in and out, and the token alone goes to the output", async (t) => {
  const server = await startFleet(t);
  const ask = asker(server);
  const added = await ask(
    "people",
    "add",
    "ada@acme.example",
    "--role",
    "viewer",
    "--tenant",
    "acme",
    "--expires",
    "90d",
  );
  assert.equal(added.code, 0, added.stderr);
  assert.match(added.stdout, /^flp_[A-Za-z0-9_-]{43}\n$/);
  const folder = await mkdtemp(join(tmpdir(), "fairlead-token-"));
  t.after(() => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }));
  const file = join(folder, "token");
  await writeFile(file, added.stdout);
  const mine = ["--controller", server.server.url, "--token-file", file];
  assert.equal((await fairlead(["agents", "list", ...mine])).code, 0);
  const refused = await fairlead(["people", "list", ...mine]);
  assert.match(refused.stderr, /^error\[api\/refused\].*needs the role admin, and yours is viewer/);
  assert.match((await ask("people", "list")).stdout, /^ada@acme\.example +viewer +acme /m);
  assert.equal((await ask("people", "remove", "ada@acme.example")).code, 0);
  const out = await fairlead(["agents", "list", ...mine]);
  assert.deepEqual([out.code, out.stderr.split("\n")[0]?.includes("[api/wrong-token]")], [1, true]);
  assert.equal((await fairlead(["people", "add", "Ada", "--role", "viewer", ...mine])).code, 2);
  assert.equal((await fairlead(["people", "add", "ada", ...mine])).code, 2, "a role is needed");
});

test("paths end with 1 and name who is stranded, so that a pipeline stops", async (t) => {
  const releases = [release("1.0.0"), release("1.1.0", { upgradeFrom: ">=1.0.0" })];
  const server = await FleetServer.start(t, sampleManifest({ releases }));
  await addDevice(server.store, { id: "d-1", tenant: "acme" });
  const ask = asker(server);
  const fine = await ask("paths");
  assert.deepEqual([fine.code, fine.stdout.startsWith("nobody is stranded: 1 machines")], [0, true]);
  for (let n = 2; n < 5; n++)
    await addDevice(server.store, { id: `d-${n}`, tenant: "acme", platform: "linux-arm64" });
  const stranded = await ask("paths");
  assert.equal(stranded.code, 1);
  assert.match(
    stranded.stdout,
    /^lantern +1\.0\.0 +linux-arm64 +binary +stable +3 +stranded +1\.1\.0 has no artifact for linux-arm64$/m,
  );
  assert.match(stranded.stdout, /^3 of 4 machines are stranded/m);
});

test("whoever cannot be asked is said so, with what to do", async () => {
  const token = { env: { FAIRLEAD_TOKEN: TOKEN } };
  const nobody = await fairlead(["agents", "list", "--controller", "http://127.0.0.1:9"], token);
  assert.deepEqual([nobody.code, nobody.stderr.includes("error[api/unreachable]")], [1, true]);
  const strange = await fairlead(["agents", "list", "--controller", "ftp://x"], token);
  assert.deepEqual([strange.code, strange.stderr.includes("error[api/bad-address]")], [1, true]);
  const bad = await fairlead(["agents", "list", "--token", "no token"]);
  assert.deepEqual([bad.code, bad.stderr.includes("error[api/bad-token]")], [1, true]);
  assert.equal((await fairlead(["agents", "list", "--state", "lost"], token)).code, 2);
  assert.equal((await fairlead(["agents", "show", "../x"], token)).code, 2);
});

test("plan and explain speak of the controller's machines, and of what its gates have halted", async (t) => {
  const server = await startFleet(t);
  const repository = await StateRepository.create(t);
  for (const version of ["1.0.0", "1.1.0", "1.2.0"]) await repository.addVersion(version);
  await repository.point("stable", "1.0.0");
  await repository.point("beta", "1.0.0");
  await repository.commit("first");
  await repository.point("stable", "1.1.0");
  await repository.commit("promote 1.1.0");
  const here = (...args: readonly string[]) =>
    fairlead([...args, "--controller", server.server.url], {
      cwd: repository.directory,
      env: { FAIRLEAD_TOKEN: TOKEN },
    });
  const explain = await here("explain", "--device", "d-1", "--product", "lantern");
  assert.equal(explain.code, 0, explain.stderr);
  assert.match(explain.stdout, /lantern on d-1 \(linux-x64, binary, acme\/berlin\), 1\.0\.0 installed/);
  assert.match(explain.stdout, /x rollout +1\.1\.0 is halted by the gate since \S+: 3 of 40 failed/);
  const unknown = await here("explain", "--device", "d-9");
  assert.match(unknown.stderr, /^error\[api\/not-found\]/);
  assert.equal((await here("explain", "--device", "d-9", "--platform", "linux-x64")).code, 0);

  await repository.point("stable", "1.2.0");
  const plan = await here("plan", "--base", "main", "--json");
  assert.equal(plan.code, 0, plan.stderr);
  const { inventory } = JSON.parse(plan.stdout) as { inventory: { name: string; total: number } };
  assert.deepEqual([inventory.name, inventory.total], [server.server.url, 2]);
  const both = await here("plan", "--base", "main", "--inventory", "fleet.csv");
  assert.equal(both.code, 2);
});

test("machines are listed by several values and asked to update by a filter: first what it would do, then no more than that", async (t) => {
  const server = await FleetServer.start(t);
  for (const [id, site, version] of [
    ["d-1", "berlin", "1.0.0"],
    ["d-2", "oslo", "1.0.0"],
    ["d-3", "oslo", "1.1.0"],
    ["d-4", "rome", "1.0.0"],
  ] as const) {
    await addDevice(server.store, { id, tenant: "acme", site, version });
  }
  const ask = asker(server, await server.person("operator", ["acme"]));
  const list = await ask(
    "agents",
    "list",
    "--site",
    "oslo",
    "--site",
    "rome",
    "--sort",
    "-version",
    "--product",
    "lantern",
  );
  assert.deepEqual(list.stdout.match(/^d-\d/gm), ["d-3", "d-2", "d-4"]);
  const below = await ask("agents", "list", "--product", "lantern", "--runs", "<1.1.0", "--site", "oslo");
  assert.deepEqual(below.stdout.match(/^d-\d/gm), ["d-2"]);
  const filter = ["--product", "lantern", "--site", "oslo", "--site", "berlin"];
  const dry = await ask("agents", "update", ...filter, "--dry-run");
  assert.equal(dry.code, 0, dry.stderr);
  assert.match(dry.stdout, /^2 +lantern +goes to 1\.1\.0$/m);
  assert.match(dry.stdout, /^1 +lantern +stays: current +it runs what it should$/m);
  assert.match(dry.stdout, /^2 would move, of 3 machines$/m);
  const unsure = await ask("agents", "update", ...filter);
  assert.deepEqual([unsure.code, /--at-most/.test(unsure.stderr)], [2, true], unsure.stderr);
  const few = await ask("agents", "update", ...filter, "--at-most", "1");
  assert.deepEqual([few.code, /2 would move by now/.test(few.stderr)], [1, true], few.stderr);
  const done = await ask("agents", "update", ...filter, "--at-most", "2");
  assert.match(done.stdout, /^2 are asked, 0 were asked before, of 3 machines$/m);
  const one = await ask("agents", "update", "d-4", "--dry-run");
  assert.match(one.stdout, /^1 would move, of 1 machines$/m);
  for (const wrong of [
    ["agents", "update"],
    ["agents", "list", "--state", "lost"],
  ]) {
    assert.equal((await ask(...wrong)).code, 2, wrong.join(" "));
  }
});
