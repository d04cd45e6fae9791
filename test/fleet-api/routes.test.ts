import assert from "node:assert/strict";
import { test } from "node:test";
import { StoreError } from "../../controller/fleet/store/store-error.ts";
import { readRecord } from "../../controller/inventory/inventory-record.ts";
import type { ArtifactFormat, Release } from "../../protocol/release.ts";
import { NOW, release, sampleManifest } from "../http/sample-manifest.ts";
import { FleetServer } from "./fleet-server.ts";
import { addDevice, PROMOTION, sampleRollout } from "./sample-fleet.ts";

function idsOf(rows: unknown): string[] {
  assert.ok(Array.isArray(rows));
  return rows.map((row: { id: string }) => row.id);
}

test("filters choose machines, and pages give each of them once", async (t) => {
  const server = await FleetServer.start(t);
  for (let n = 0; n < 25; n++) {
    await addDevice(server.store, {
      id: `d-${n}`,
      tenant: n % 2 === 0 ? "acme" : "globex",
      site: n % 3 === 0 ? "berlin" : null,
      labels: { ring: n < 5 ? "canary" : "late" },
      platform: n % 5 === 0 ? "linux-arm64" : "linux-x64",
      version: n < 3 ? "1.1.0" : "1.0.0",
      seenAt: n === 24 ? NOW - 3 * 86_400 : NOW - 60,
    });
  }
  const counted = async (query: string) => {
    const { body } = await server.ask(`/api/v1/agents?limit=1000&${query}`);
    const { body: counts } = await server.ask(`/api/v1/agents/count?${query}`);
    const sum = Object.values(counts).reduce((total: number, count) => total + Number(count), 0);
    assert.equal(idsOf(body.agents).length, sum, query);
    return sum;
  };
  assert.deepEqual(
    [
      await counted("tenant=acme"),
      await counted("tenant=acme&site=berlin"),
      await counted("label=ring%3Dcanary"),
      await counted("platform=linux-arm64"),
      await counted("product=lantern&version=1.1.0"),
      await counted("state=silent"),
      await counted("search=d-2"),
      await counted(""),
    ],
    [13, 5, 5, 5, 3, 1, 6, 25],
  );
  const seen: string[] = [];
  let after = "";
  do {
    const { body } = await server.ask(`/api/v1/agents?limit=7${after}`);
    seen.push(...idsOf(body.agents));
    after = typeof body.next === "string" ? `&after=${body.next}` : "";
  } while (after !== "");
  assert.deepEqual([seen.length, new Set(seen).size], [25, 25]);

  const { body } = await server.ask("/api/v1/agents?limit=1");
  for (const query of [
    `/api/v1/attempts?after=${body.next}`,
    "/api/v1/agents?after=7",
    "/api/v1/agents?limit=0",
    "/api/v1/agents?limit=1001",
    "/api/v1/agents?limit=x",
    "/api/v1/agents?state=lost",
    "/api/v1/agents?colour=red",
    "/api/v1/agents?label=ring",
  ]) {
    assert.equal((await server.ask(query)).status, 400, query);
  }
});

test("a request is made once, waits, is cancelled once, and stands in the audit log with who and from where", async (t) => {
  const server = await FleetServer.start(t);
  await addDevice(server.store, { id: "d-1", tenant: "acme" });
  const token = await server.person("operator", ["acme"]);
  const post = (kind: string, body?: object) =>
    server.ask(`/api/v1/agents/d-1/${kind}`, {
      token,
      method: "POST",
      ...(body === undefined ? {} : { body }),
    });
  const first = await post("update", { product: "lantern" });
  assert.equal(first.status, 201);
  assert.deepEqual(
    [first.body.kind, first.body.product, first.body.expiresAt, first.body.result],
    ["update", "lantern", NOW + 28 * 86_400, null],
  );
  const again = await post("update");
  assert.deepEqual([again.status, again.body.id], [200, first.body.id], "the same is asked once");
  assert.equal((await post("rollback", {})).status, 201);
  assert.equal((await post("look")).status, 201);
  assert.equal((await post("update", { product: "torch" })).status, 404);
  assert.equal((await post("update", { version: "1.1.0" })).status, 400, "nobody chooses a version here");

  const path = `/api/v1/requests/${first.body.id}`;
  assert.equal((await server.ask(path, { token })).status, 200);
  assert.equal(idsOf((await server.ask("/api/v1/requests?open=true", { token })).body.requests).length, 3);
  const cancelled = await server.ask(path, { token, method: "DELETE" });
  assert.deepEqual([cancelled.status, cancelled.body.result], [200, "cancelled"]);
  const twice = await server.ask(path, { token, method: "DELETE" });
  assert.deepEqual([twice.status, twice.body.code], [409, "http/request-ended"]);
  assert.equal(idsOf((await server.ask("/api/v1/requests?open=true", { token })).body.requests).length, 2);
  assert.equal((await post("update")).status, 201, "after the end it may be asked again");
});

test("every change by a person is an entry with what was before and after", async (t) => {
  const server = await FleetServer.start(t);
  await addDevice(server.store, { id: "d-1", tenant: null });
  const change = (method: string, path: string, body?: object) =>
    server.ask(path, { method, ...(body === undefined ? {} : { body }) });
  await change("POST", "/api/v1/people", { name: "ada", role: "viewer", tenants: ["acme"] });
  const asked = await change("POST", "/api/v1/agents/d-1/look");
  await change("DELETE", `/api/v1/requests/${asked.body.id}`);
  await change("POST", "/api/v1/agents/d-1/move", {
    tenant: "acme",
    site: "berlin",
    labels: { ring: "late" },
  });
  await change("DELETE", "/api/v1/agents/d-1");
  await change("DELETE", "/api/v1/people/ada");
  const { body } = await server.ask("/api/v1/audit?limit=100");
  assert.ok(Array.isArray(body.entries));
  const entries = body.entries as readonly Record<string, unknown>[];
  const mine = entries.filter(({ actor }) => (actor as { name: string }).name === "operator").toReversed();
  assert.deepEqual(
    mine.map(({ action, subject }) => `${action} ${subject}`),
    [
      "person.create person ada",
      "request.look device d-1",
      "request.cancel device d-1",
      "device.move device d-1",
      "device.move device d-1",
      "device.remove device d-1",
      "person.remove person ada",
    ],
  );
  for (const { at, actor, before, after, id, sequence } of mine) {
    assert.deepEqual([at, actor], [NOW, { name: "operator", from: "127.0.0.1" }]);
    assert.ok(before !== null || after !== null);
    assert.match(String(id), /^[0-9a-f]{24}$/);
    assert.equal(typeof sequence, "number");
  }
  const moved = mine[4];
  assert.deepEqual(moved?.after, { tenant: "acme", site: "berlin", labels: { ring: "late" } });
  const forAcme = await server.ask("/api/v1/audit", { token: await server.person("operator", ["acme"]) });
  assert.ok(!forAcme.text.includes("sequence") && forAcme.text.includes("device.remove"));
});

test("a machine is moved as far as is said, and its site does not follow it to another tenant", async (t) => {
  const server = await FleetServer.start(t);
  await addDevice(server.store, { id: "d-1", tenant: null, site: "hall", labels: { ring: "late" } });
  const move = async (body: object) => {
    const answer = await server.ask("/api/v1/agents/d-1/move", { method: "POST", body });
    return [answer.status, answer.body.tenant, answer.body.site, answer.body.labels];
  };
  assert.deepEqual(await move({ tenant: "acme" }), [200, "acme", null, { ring: "late" }]);
  assert.deepEqual(await move({ site: "berlin" }), [200, "acme", "berlin", { ring: "late" }]);
  assert.deepEqual(await move({ labels: {} }), [200, "acme", "berlin", {}]);
  assert.deepEqual(await move({ tenant: null }), [200, null, null, {}]);
  assert.equal((await move({ tenant: "nobody" }))[0], 404);
  for (const bad of [{}, { tenant: "A" }, { labels: { Ring: "x" } }, { labels: { ring: "" } }, { site: 1 }]) {
    assert.equal((await move(bad))[0], 400, JSON.stringify(bad));
  }
});

test("explain says the trail of the decision now, and what the machine decided itself", async (t) => {
  const server = await FleetServer.start(t);
  await addDevice(server.store, {
    id: "d-1",
    tenant: "acme",
    product: { decision: { action: "wait", target: "1.1.0", waitingFor: "wave" }, newestConfirmed: "1.0.0" },
  });
  const { status, body } = await server.ask("/api/v1/agents/d-1/explain");
  assert.equal(status, 200);
  const decision = body.decision as { action: string; path: string[]; trail: { rule: string }[] };
  assert.deepEqual([decision.action, decision.path], ["update", ["1.1.0"]]);
  assert.equal(decision.trail[0]?.rule, "paused");
  assert.deepEqual(body.reported, { action: "wait", target: "1.1.0", waitingFor: "wave" });
  assert.equal((await server.ask("/api/v1/agents/d-1/explain?product=torch")).status, 404);
});

test("a rollout shows what is allowed beside what is, by platform and site, how it fails, and what failed machines share", async (t) => {
  const server = await FleetServer.start(t);
  const facts = (glibc: string) => ({ os: "debian", glibc });
  for (let n = 0; n < 40; n++) {
    const isOld = n % 4 === 0;
    await addDevice(server.store, {
      id: `d-${n}`,
      tenant: "acme",
      site: n < 20 ? "berlin" : "oslo",
      facts: facts(isOld ? "2.31" : "2.36"),
      offer: PROMOTION,
      ...(isOld
        ? { failed: { cause: "confirm-failed", message: `no symbol at ${n}` } }
        : { confirmed: true, version: "1.1.0" }),
    });
  }
  for (let n = 40; n < 47; n++) {
    await addDevice(server.store, { id: `d-${n}`, tenant: "acme", facts: facts("2.31") });
  }
  await server.store.rollouts.save(sampleRollout());
  const { status, body } = await server.ask("/api/v1/rollouts/lantern/stable");
  assert.equal(status, 200);
  assert.deepEqual([body.state, body.allowed, body.devices, body.running], ["active", 100_000, 47, 30]);
  const tally = body.tally as Record<string, number>;
  assert.deepEqual([tally.offered, tally.confirmed, tally.failed], [40, 30, 10]);
  assert.deepEqual(
    (body.bySite as Record<string, unknown>[]).map(({ site, failed }) => [site, failed]).sort(),
    [
      ["berlin", 5],
      ["oslo", 5],
    ],
  );
  const [signature] = body.signatures as Record<string, unknown>[];
  assert.deepEqual([signature?.signature, signature?.devices], ["no symbol at #", 10]);
  const [shared] = body.shared as Record<string, unknown>[];
  assert.equal(
    shared?.text,
    "10 of 10 that failed have glibc 2.31, and none of 30 that are healthy; 7 more have it",
  );
  assert.equal((await server.ask("/api/v1/rollouts/lantern/beta")).status, 404);
  const { body: list } = await server.ask("/api/v1/rollouts");
  assert.equal((list.rollouts as unknown[]).length, 1);
});

test("the inventory is what plan reads, without machines that are gone", async (t) => {
  const server = await FleetServer.start(t);
  await addDevice(server.store, {
    id: "d-1",
    tenant: "acme",
    site: "berlin",
    labels: { ring: "late" },
    facts: { os: "debian", cpu: ["avx"], memory: 2 ** 30 },
    product: { newestConfirmed: "1.1.0", channel: "beta" },
  });
  await addDevice(server.store, { id: "d-2", tenant: null, version: null });
  await addDevice(server.store, { id: "d-3", tenant: null, seenAt: NOW - 31 * 86_400 });
  const { body } = await server.ask("/api/v1/inventory");
  const records = (body.records as unknown[]).map((record) => readRecord(record, "answer"));
  assert.deepEqual(
    records.map(({ device, installed }) => [device, installed]),
    [
      ["d-1", "1.0.0"],
      ["d-2", null],
    ],
  );
  assert.deepEqual(records[0], {
    device: "d-1",
    platform: "linux-x64",
    tenant: "acme",
    site: "berlin",
    product: "lantern",
    format: "binary",
    installed: "1.0.0",
    newestConfirmed: "1.1.0",
    channel: "beta",
    lastSeen: NOW - 60,
    labels: { ring: "late" },
    facts: { os: "debian", cpu: ["avx"], memory: 2 ** 30 },
  });
});

test("paths name the versions from which no signed way leads to what the channel offers, and how many run them", async (t) => {
  const releases = [release("1.0.0"), release("1.1.0", { upgradeFrom: ">=1.0.0" })];
  const paused = { reason: "holiday" };
  const server = await FleetServer.start(t, sampleManifest({ releases, policy: { paused } }));
  const versions = { "0.9.0": 3, "1.0.0": 2, "1.1.0": 1, "2.0.0": 1, nonsense: 1 };
  for (const [version, count] of Object.entries(versions)) {
    for (let n = 0; n < count; n++)
      await addDevice(server.store, { id: `d-${version}-${n}`, tenant: "acme", version });
  }
  await addDevice(server.store, { id: "d-arm", tenant: "acme", platform: "linux-arm64" });
  await addDevice(server.store, {
    id: "d-gone",
    tenant: "acme",
    version: "0.1.0",
    seenAt: NOW - 31 * 86_400,
  });
  const { status, body } = await server.ask("/api/v1/paths");
  assert.equal(status, 200);
  const ways = body.ways as { version: string; platform: string; standing: string; devices: number }[];
  const told = ways.map(
    ({ version, platform, standing, devices }) => `${version} ${platform} ${standing} ${devices}`,
  );
  assert.deepEqual(told.sort(), [
    "0.9.0 linux-x64 way 3",
    "1.0.0 linux-arm64 stranded 1",
    "1.0.0 linux-x64 way 2",
    "1.1.0 linux-x64 current 1",
    "2.0.0 linux-x64 ahead 1",
    "nonsense linux-x64 stranded 1",
  ]);
  assert.deepEqual([body.devices, body.stranded, body.strandedDevices], [9, 2, 2]);

  // Nothing that the channel pointed to takes a machine from below 1.0.0 any more.
  const barred = [
    release("1.0.0", { upgradeFrom: ">=0.95.0" }),
    release("1.1.0", { upgradeFrom: ">=1.0.0" }),
  ];
  await server.server.serve(sampleManifest({ releases: barred, version: 8 }));
  const { body: then } = await server.ask("/api/v1/paths");
  const [first] = then.ways as { version: string; standing: string; devices: number }[];
  assert.deepEqual([first?.version, first?.standing, first?.devices], ["0.9.0", "stranded", 3]);
});

test("paths count machines of each format for themselves: what leads on for one may strand another", async (t) => {
  const packaged = release("1.1.0");
  const releases = [
    {
      ...release("1.0.0"),
      artifacts: [...release("1.0.0").artifacts, ...asFormat(packaged, "deb").artifacts],
    },
    packaged,
  ];
  const server = await FleetServer.start(t, sampleManifest({ releases }));
  const formats = { binary: 2, deb: 3 };
  for (const [format, count] of Object.entries(formats)) {
    for (let n = 0; n < count; n++)
      await addDevice(server.store, { id: `d-${format}-${n}`, tenant: "acme", product: { format } });
  }
  const { body } = await server.ask("/api/v1/paths");
  const ways = body.ways as { format: string; standing: string; devices: number }[];
  assert.deepEqual(
    ways.map(({ format, standing, devices }) => [format, standing, devices]),
    [
      ["deb", "stranded", 3],
      ["binary", "way", 2],
    ],
  );
  const { body: explained } = await server.ask("/api/v1/versions/lantern");
  const counts = explained.versions as { format: string; devices: number }[];
  assert.deepEqual(Object.fromEntries(counts.map(({ format, devices }) => [format, devices])), formats);
});

function asFormat(of: Release, format: ArtifactFormat): Release {
  return { ...of, artifacts: of.artifacts.map((artifact) => ({ ...artifact, format })) };
}

test("a method that a path of the fleet does not take is answered with those that it takes", async (t) => {
  const server = await FleetServer.start(t);
  const { status, headers } = await server.ask("/api/v1/agents/d-1", { method: "PUT" });
  assert.deepEqual([status, headers.allow], [405, "DELETE, GET, HEAD"]);
  assert.equal((await server.ask("/api/v1/agents/d-1/nothing")).status, 404);
});

test("while the fleet's database does not answer, people are told to come again, and the manifest is served", async (t) => {
  const server = await FleetServer.start(t);
  server.store.devices.list = () => Promise.reject(new StoreError("store/disk-full", "there is no space"));
  const { status, body, headers } = await server.ask("/api/v1/agents");
  assert.deepEqual([status, body.code], [503, "http/fleet-unavailable"]);
  assert.ok(headers["retry-after"] !== undefined);
  assert.equal((await server.server.ask("/tuf/timestamp.json")).status, 200);
});
