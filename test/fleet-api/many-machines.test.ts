import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { channel, NOW, release, sampleManifest } from "../http/sample-manifest.ts";
import { FleetServer } from "./fleet-server.ts";
import { addDevice } from "./sample-fleet.ts";

type Json = Readonly<Record<string, unknown>>;

/** Six machines: two may move, one is there, one is paused by its group, one cannot run it; one is another tenant's. */
async function startFleet(t: TestContext): Promise<FleetServer> {
  const newest = release("1.1.0");
  const requires = { glibc: ">=2.34" };
  const server = await FleetServer.start(
    t,
    sampleManifest({
      releases: [
        release("1.0.0"),
        { ...newest, artifacts: newest.artifacts.map((one) => ({ ...one, requires })) },
      ],
      policy: { channels: { stable: channel("1.1.0", ["1.0.0"]), beta: channel("1.1.0", ["1.0.0"]) } },
      tenant: {
        autoUpdate: false,
        groups: [
          { name: "press", devices: ["d-paused"], paused: { reason: "incident 7" } },
          { name: "new", devices: [], match: { ring: ["canary"], "facts.glibc": [">=2.34"] } },
        ],
      },
    }),
  );
  const facts = { glibc: "2.36" };
  const of = { tenant: "acme", site: "berlin", facts } as const;
  await addDevice(server.store, { ...of, id: "d-1", labels: { ring: "canary" }, seenAt: NOW - 10 });
  await addDevice(server.store, { ...of, id: "d-2", site: "oslo", seenAt: NOW - 30 });
  await addDevice(server.store, { ...of, id: "d-current", version: "1.1.0", seenAt: NOW - 20 });
  await addDevice(server.store, { ...of, id: "d-paused" });
  await addDevice(server.store, { ...of, id: "d-old", facts: { glibc: "2.31" }, labels: { ring: "canary" } });
  await addDevice(server.store, { id: "d-foreign", tenant: "globex", facts });
  return server;
}

function idsOf({ body }: { readonly body: Json }): string[] {
  const { agents } = body;
  assert.ok(Array.isArray(agents), JSON.stringify(body));
  return agents.map(({ id }: { id: string }) => id);
}

test("several values of one key are alternatives, groups are resolved by the served policy, and orders hold over pages", async (t) => {
  const server = await startFleet(t);
  const ids = async (query: string) => idsOf(await server.ask(`/api/v1/agents?${query}`)).sort();
  assert.deepEqual(await ids("site=oslo&site=rome"), ["d-2"]);
  assert.deepEqual(await ids("tenant=acme&tenant=globex&search=d-f"), ["d-foreign"]);
  assert.deepEqual(await ids("group=acme/press&group=acme/new"), ["d-1", "d-paused"]);
  assert.deepEqual(await ids("group=acme/none"), []);
  assert.deepEqual(await ids("product=lantern&version=%3C1.1.0&site=oslo"), ["d-2"]);
  assert.deepEqual(await ids("product=lantern&version=%3C1.1.0&version=1.1.0&site=berlin"), [
    "d-1",
    "d-current",
    "d-old",
    "d-paused",
  ]);
  const seen = await server.ask("/api/v1/agents?sort=-seen&limit=2&tenant=acme");
  assert.deepEqual(idsOf(seen), ["d-1", "d-current"]);
  const next = await server.ask(`/api/v1/agents?sort=-seen&limit=2&tenant=acme&after=${seen.body.next}`);
  assert.deepEqual(idsOf(next)[0], "d-2");
  const other = await server.ask(`/api/v1/agents?sort=seen&tenant=acme&after=${seen.body.next}`);
  assert.equal(other.status, 400, "a page key is of one order");
  const byVersion = await server.ask("/api/v1/agents?sort=-version&product=lantern&limit=1");
  assert.deepEqual(idsOf(byVersion), ["d-current"]);
  for (const query of ["sort=version", "version=%3C1.0.0", "product=lantern&version=%3Cx", "group=acme"]) {
    assert.equal((await server.ask(`/api/v1/agents?${query}`)).status, 400, query);
  }
});

test("a row says how a machine stands and since when, what it is offered, what it would do if asked, and what waits", async (t) => {
  const server = await startFleet(t);
  await server.ask("/api/v1/agents/d-1/update", { method: "POST", body: {} });
  const { body } = await server.ask("/api/v1/agents/d-1");
  assert.deepEqual([body.state, body.stateSince], ["current", NOW - 10]);
  const [installation, ...others] = body.installations as Json[];
  assert.equal(others.length, 0);
  assert.deepEqual(installation?.offer, {
    action: "wait",
    target: "1.1.0",
    reason: "request",
    why: "tenant acme installs only on request",
  });
  assert.deepEqual(installation?.ifAsked, { action: "update", target: "1.1.0", next: "1.1.0" });
  assert.deepEqual(
    (body.requests as Json[]).map(({ kind, product }) => [kind, product]),
    [["update", "lantern"]],
  );
  const old = await server.ask("/api/v1/agents/d-old");
  const [refused] = old.body.installations as { ifAsked: Json }[];
  assert.equal(refused?.ifAsked.reason, "requirement-not-met");
  assert.match(String(refused?.ifAsked.why), /1\.1\.0 needs more than the machine has: glibc 2\.31 < 2\.34/);
});

test("facets count what other values of each key would show", async (t) => {
  const server = await startFleet(t);
  const { body } = await server.ask(
    "/api/v1/agents/facets?tenant=acme&site=berlin&product=lantern&version=1.0.0",
  );
  const facet = (name: string) =>
    (body[name] as { value: string; devices: number }[]).map(({ value, devices }) => [value, devices]);
  assert.equal(body.total, 3);
  assert.deepEqual(facet("site"), [
    ["berlin", 3],
    ["oslo", 1],
  ]);
  assert.deepEqual(facet("tenant"), [["acme", 3]]);
  assert.deepEqual(
    facet("version"),
    [
      ["1.1.0", 1],
      ["1.0.0", 3],
    ],
    "newest first",
  );
  assert.deepEqual(facet("group"), [
    ["acme/press", 1],
    ["acme/new", 1],
  ]);
  const all = await server.ask("/api/v1/agents/facets");
  assert.deepEqual([all.body.total, all.body.group], [6, []]);
  assert.deepEqual(all.body.left, {});
});

test("many machines are asked to update at once: first what it would do, then no more than was agreed to, and nobody twice", async (t) => {
  const server = await startFleet(t);
  const token = await server.person("operator", ["acme"]);
  const post = (body: Json, path = "update") =>
    server.ask(`/api/v1/agents/${path}`, { token, method: "POST", body });
  const filter = { product: "lantern" };
  const dry = await post({ filter, dryRun: true });
  assert.equal(dry.status, 200, dry.text);
  assert.deepEqual(
    [dry.body.machines, dry.body.moving, dry.body.moves, dry.body.asked],
    [5, 2, [{ product: "lantern", to: "1.1.0", devices: 2 }], 0],
  );
  assert.deepEqual((dry.body.stays as Json[]).map(({ reason, devices }) => [reason, devices]).sort(), [
    ["current", 1],
    ["paused", 1],
    ["requirement-not-met", 1],
  ]);
  assert.deepEqual((await server.store.requests.list({ tenants: null }, { limit: 9 })).rows, []);

  assert.equal((await post({ filter })).status, 400, "a filter needs how many were agreed to");
  const more = await post({ filter, atMost: 1 });
  assert.deepEqual([more.status, more.body.code], [409, "http/more-than-agreed"]);
  const done = await post({ filter, atMost: 2 });
  assert.deepEqual([done.body.asked, done.body.already], [2, 0]);
  const again = await post({ ids: ["d-1", "d-current", "d-foreign", "d-none"] });
  assert.deepEqual(
    [again.body.machines, again.body.unknown, again.body.asked, again.body.already],
    [2, 2, 0, 1],
    "another tenant's machine is one that there is not",
  );
  const audit = await server.ask("/api/v1/audit?limit=2");
  assert.deepEqual((audit.body.entries as Json[]).map(({ action, subject }) => [action, subject]).sort(), [
    ["request.update", "device d-1"],
    ["request.update", "device d-2"],
  ]);
  assert.deepEqual((await post({ filter, product: "lantern" }, "cancel")).body, { cancelled: 2 });
  assert.deepEqual((await post({ ids: ["d-1"] }, "cancel")).body, { cancelled: 0 });

  const viewer = await server.person("viewer", ["acme"]);
  for (const path of ["update", "cancel"]) {
    const refused = await server.ask(`/api/v1/agents/${path}`, {
      token: viewer,
      method: "POST",
      body: { ids: ["d-1"] },
    });
    assert.equal(refused.status, 403);
    for (const bad of [
      {},
      { ids: [] },
      { filter: {} },
      { ids: ["d-1"], filter },
      { ids: Array(1001).fill("d-1") },
    ]) {
      assert.equal((await post(bad, path)).status, 400, JSON.stringify(bad).slice(0, 80));
    }
  }
});

test("a list is given as CSV, whole and safe to open", async (t) => {
  const server = await startFleet(t);
  await addDevice(server.store, {
    id: "d-odd",
    tenant: "acme",
    labels: { note: 'a "quoted", one' },
    version: "=HYPERLINK(1)",
  });
  const { headers, text } = await server.ask("/api/v1/agents.csv?tenant=acme&search=d-o");
  assert.match(String(headers["content-type"]), /^text\/csv/);
  const [head, ...lines] = text.trimEnd().split("\r\n");
  assert.match(head ?? "", /^id,tenant,site,platform,state,/);
  assert.deepEqual(lines.map((line) => line.split(",")[0]).sort(), ["d-odd", "d-old"]);
  const odd = lines.find((line) => line.startsWith("d-odd")) ?? "";
  assert.ok(odd.includes('"note=a ""quoted"", one"') && odd.includes(",'=HYPERLINK(1),"), odd);
});
