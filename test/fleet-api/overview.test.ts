import assert from "node:assert/strict";
import { test } from "node:test";
import { KeptAnswers } from "../../controller/http/fleet-api/kept-answers.ts";
import type { Overview } from "../../controller/overview/overview.ts";
import { channel, NOW, sampleManifest } from "../http/sample-manifest.ts";
import { ControllerProcess } from "../support/controller-process.ts";
import { DeviceClient, lantern } from "../support/device-client.ts";
import { fairlead } from "../support/run-command.ts";
import { StateRepository } from "../support/state-repository.ts";
import { waitUntil } from "../support/wait-until.ts";
import { FleetServer } from "./fleet-server.ts";
import { addDevice, PROMOTION, sampleRollout } from "./sample-fleet.ts";

async function overviewOf(server: FleetServer, token?: string): Promise<Overview> {
  // What was kept for a second is of another state.
  server.server.state = { ...server.server.state };
  const { status, text } = await server.ask("/api/v1/overview", token === undefined ? {} : { token });
  assert.equal(status, 200, text);
  return JSON.parse(text);
}

function haltedManifest() {
  const halted = { reason: "1 of 2 failed", at: NOW - 720, by: "gate" } as const;
  return sampleManifest({
    expiresAt: NOW + 300 * 86_400,
    policy: {
      minVersion: "1.0.0",
      channels: { stable: channel("1.1.0", ["1.0.0"], { halted }), beta: channel("1.1.0", ["1.0.0"]) },
    },
  });
}

test("the overview says what needs a person, how each channel stands and what runs, in one answer", async (t) => {
  const server = await FleetServer.start(t, haltedManifest());
  const failed = { cause: "confirm-failed", message: "it ended with 139" } as const;
  await addDevice(server.store, { id: "d-1", tenant: "acme", offer: PROMOTION, failed });
  await addDevice(server.store, {
    id: "d-2",
    tenant: "acme",
    offer: PROMOTION,
    confirmed: true,
    version: "1.1.0",
  });
  await addDevice(server.store, { id: "d-3", tenant: "globex", version: "0.9.0" });
  await server.store.rollouts.save(sampleRollout({ state: "halted", allowed: 100_000 }));
  const said = await overviewOf(server);
  assert.equal(said.heading, "Three things need a person, one of them now");
  assert.deepEqual(
    said.needs.map(({ kind, what, isNow }) => [kind, what, isNow]),
    [
      ["halted", "lantern / stable 1.1.0", true],
      ["below-minimum", "1 machine below lantern 1.0.0", false],
      ["expires", "The release index of lantern expires in 24 hours", false],
    ],
  );
  assert.match(said.needs[0]?.why ?? "", /Those that failed run 1\.0\.0\. Nobody else gets it\.$/);
  assert.deepEqual(said.facts, { machines: 3, reporting: 3, updating: 0, putBack: 1 });
  const [lantern] = said.products;
  assert.deepEqual(
    lantern?.channels.map((row) => [row.channel, row.state, row.machines, row.running, row.allowed]),
    [
      ["stable", "halted", 3, 1, 100_000],
      ["beta", "done", 0, 0, 1_000_000],
    ],
  );
  assert.deepEqual(
    lantern?.runs.versions.map(({ version, machines, belowMinimum }) => [version, machines, belowMinimum]),
    [
      ["1.1.0", 1, 0],
      ["1.0.0", 1, 0],
      ["0.9.0", 1, 1],
    ],
  );
  const { products: _, facts: __, ...needs } = said;
  assert.deepEqual((await server.ask("/api/v1/needs")).body, needs);
});

test("whoever is limited to tenants is told of their own machines, and of channels that these follow", async (t) => {
  const server = await FleetServer.start(t, haltedManifest());
  await addDevice(server.store, { id: "d-1", tenant: "acme", channel: "beta", version: "1.1.0" });
  await addDevice(server.store, { id: "d-2", tenant: "globex", version: "0.9.0" });
  const acme = await overviewOf(server, await server.person("viewer", ["acme"]));
  assert.equal(acme.heading, "Nothing needs a person");
  assert.deepEqual(
    acme.products.map(({ channels }) => channels.map((row) => row.channel)),
    [["beta"]],
  );
  assert.equal(acme.facts.machines, 1);
  const globex = await overviewOf(server, await server.person("viewer", ["globex"]));
  assert.equal(globex.heading, "Two things need a person, one of them now");
  const nobody = await overviewOf(server, await server.person("viewer", []));
  assert.deepEqual([nobody.heading, nobody.products], ["Nothing needs a person", []]);
});

test("without a token it is a problem, as everywhere", async (t) => {
  const server = await FleetServer.start(t);
  for (const path of ["/api/v1/overview", "/api/v1/needs"]) {
    const { status, headers, body } = await server.ask(path, { token: null });
    assert.deepEqual([status, body.code], [401, "http/token-required"], path);
    assert.match(String(headers["content-type"]), /^application\/problem\+json/);
  }
});

test("before the first manifest it says that nothing is served, and no more", async (t) => {
  const server = await FleetServer.start(t, undefined);
  server.server.state = { ...server.server.state, serving: undefined };
  const said = await overviewOf(server);
  assert.deepEqual([said.products, said.commit], [[], undefined]);
});

test("an answer is made once for all who ask at a time, and again when what it is of has changed", async () => {
  let now = 0;
  let made = 0;
  const kept = new KeptAnswers<number>(() => now);
  const slow = async (): Promise<number> => {
    const mine = ++made;
    await Promise.resolve();
    now += 100;
    return mine;
  };
  const [first, second] = await Promise.all([kept.of("all", 1, 0, slow), kept.of("all", 1, 0, slow)]);
  assert.deepEqual([first, second, made], [1, 1, 1]);
  now += 1_999;
  assert.equal(await kept.of("all", 1, 2, slow), 1, "what took 100 ms is good for 2 s");
  assert.equal(await kept.of("all", 2, 2, slow), 2, "another state has another answer");
  assert.equal(await kept.of("acme", 2, 2, slow), 3, "and another asker");
  now += 2_001;
  assert.equal(await kept.of("all", 2, 4, slow), 4);
  await assert.rejects(kept.of("bad", 1, 4, () => Promise.reject(new Error("away"))));
  assert.equal(await kept.of("bad", 1, 4, slow), 5, "a failure is no answer");
});

test("an overview that took long is old when the clock has gone on by a day, whatever it is good for", async (t) => {
  const server = await FleetServer.start(t, haltedManifest());
  for (let n = 1; n <= 3; n++) await addDevice(server.store, { id: `d-${n}`, tenant: "acme" });
  const silent = async (): Promise<readonly string[]> => {
    const { text } = await server.ask("/api/v1/overview");
    const said: Overview = JSON.parse(text);
    return said.needs.filter(({ kind }) => kind === "silent").map(({ what }) => what);
  };
  assert.deepEqual(await silent(), []);
  server.server.now += 86_400;
  assert.deepEqual(await silent(), ["3 machines gone silent"]);
});

test("an answer is kept for some seconds at most, however long it took", async () => {
  let clock = 0;
  let made = 0;
  const kept = new KeptAnswers<number>(() => clock);
  const stuck = async (): Promise<number> => {
    clock += 60_000;
    return ++made;
  };
  assert.equal(await kept.of("all", 1, 0, stuck), 1);
  clock += 14_000;
  assert.equal(await kept.of("all", 1, 14, stuck), 1);
  clock += 2_000;
  assert.equal(await kept.of("all", 1, 16, stuck), 2);
});

test("a real controller says the same on the page and on the command line, with commits and lines of git", async (t) => {
  const state = await StateRepository.create(t);
  await state.addVersion("1.0.0");
  await state.addVersion("1.1.0");
  await state.point("stable", "1.1.0");
  await state.write("products/lantern/product.yaml", "description: a test product\nminVersion: 1.0.0\n");
  await state.write(
    "tenants/acme.yaml",
    "channel: stable\nproducts:\n  lantern:\n" +
      `    pin: {version: 1.0.0, owner: ops@acme.example, expires: "2020-01-31"}\n` +
      "groups:\n  lab: {devices: [d-9], paused: {reason: audit}}\n",
  );
  const first = await state.commit("promote lantern 1.1.0 to stable");
  const controller = await ControllerProcess.start(t, state.directory);
  const { url } = controller;
  const token = await fairlead([
    ...["tokens", "create", "--tenant", "acme", "--controller", url],
    ...["--token-file", `${controller.stateDirectory}/operator-token`],
  ]);
  assert.equal(token.code, 0, token.stderr);
  const device = new DeviceClient({ url, repository: await controller.rootFingerprint() });
  device.products = [lantern("0.9.0")];
  assert.equal((await device.enrol(token.stdout.trim())).status, 201);
  assert.equal((await device.checkIn()).status, 426);
  await state.write("tenants/globex.yaml", "channel: stable\nwindow: {days: [sat], duration: 4 hours}\n");
  await state.commit("a slip");

  const said = await waitUntil("git to have been asked about all lines", async () => {
    const answer: Overview = JSON.parse(await (await fetch(`${url}/api/v1/overview`)).text());
    const kinds = answer.needs.map(({ kind }) => kind);
    const [below] = answer.needs.filter(({ kind }) => kind === "below-minimum");
    return kinds[0] === "refused" && kinds.includes("paused") && below?.since !== undefined
      ? answer
      : undefined;
  });
  assert.deepEqual(
    said.needs.map(({ kind, subject }) => [kind, subject.file, subject.line]),
    [
      ["refused", "tenants/globex.yaml", said.needs[0]?.subject.line],
      ["below-minimum", "products/lantern/product.yaml", 2],
      ["pin-expired", "tenants/acme.yaml", 4],
      ["paused", "tenants/acme.yaml", 6],
    ],
  );
  const [row] = said.products[0]?.channels ?? [];
  assert.deepEqual(
    [row?.version, row?.commit, row?.subject],
    ["1.1.0", first, "promote lantern 1.1.0 to stable"],
  );
  assert.match(row?.author ?? "", /^.+ <.+>$/);

  const told = await fairlead(["status", "--controller", url]);
  assert.ok(told.stdout.includes(`${said.heading}:\n`), told.stdout);
  for (const { what, why } of said.needs) assert.ok(told.stdout.includes(`${what}: ${why}\n`), told.stdout);
  const json = await fairlead(["status", "--json", "--controller", url]);
  assert.deepEqual(
    JSON.parse(json.stdout).needs.map(({ id }: { readonly id: string }) => id),
    said.needs.map(({ id }) => id),
  );
});
