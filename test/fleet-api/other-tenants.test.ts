import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { FleetStore } from "../../controller/fleet/store/fleet-store.ts";
import type { Role } from "../../controller/fleet/store/records.ts";
import { channel, NOW, sampleManifest } from "../http/sample-manifest.ts";
import { FleetServer } from "./fleet-server.ts";
import { addDevice, digestOf, PROMOTION, type SampleDevice, sampleRollout } from "./sample-fleet.ts";

/** Words that only other tenants' rows hold. */
const FOREIGN = ["globex", "initech", "d-foreign", "oslo", "secret-label", "foreign-failure", "203.0.113"];

const own: readonly SampleDevice[] = [1, 2, 3, 4].map((n) => ({
  id: `d-own-${n}`,
  tenant: "acme",
  site: "berlin",
  labels: { ring: n === 1 ? "canary" : "late" },
  offer: PROMOTION,
  ...(n === 1
    ? { failed: { cause: "confirm-failed", message: "own failure 17" } as const }
    : n === 2
      ? { confirmed: true as const, version: "1.1.0" }
      : {}),
}));

/** Machines of others, as many and as strange as one likes. */
const foreigners: fc.Arbitrary<readonly SampleDevice[]> = fc
  .array(
    fc.record({
      tenant: fc.constantFrom("globex", "initech", null),
      platform: fc.constantFrom("linux-x64", "darwin-arm64"),
      outcome: fc.constantFrom("failed", "confirmed", "none"),
      version: fc.constantFrom("1.0.0", "1.1.0", "0.9.0"),
      channel: fc.constantFrom("stable", "beta"),
    }),
    { minLength: 1, maxLength: 8 },
  )
  .map((machines) =>
    machines.map(({ tenant, platform, outcome, version, channel }, n) => ({
      id: `d-foreign-${n}`,
      tenant,
      platform,
      version,
      channel,
      site: tenant === null ? null : "oslo",
      labels: { ring: "secret-label" },
      offer: PROMOTION,
      ...(outcome === "failed"
        ? { failed: { cause: "bad-binary", message: "foreign-failure 4711" } as const }
        : outcome === "confirmed"
          ? { confirmed: true as const }
          : {}),
    })),
  );

async function addRequest(store: FleetStore, device: string): Promise<string> {
  const id = digestOf(`request to ${device}`).slice(0, 32);
  const request = { id, device, kind: "look" as const, askedAt: 1_799_999_000, expiresAt: 1_900_000_000 };
  const by = { name: device.startsWith("d-own") ? "ada" : "globex-admin", from: "203.0.113.9" };
  await store.requests.add(request, device.startsWith("d-own") ? { ...by, from: "192.0.2.9" } : by);
  return id;
}

/** Own rows first or last, with those of others between: numbers of rows must not tell. */
async function fleetOf(store: FleetStore, others: readonly SampleDevice[]): Promise<void> {
  const half = Math.floor(others.length / 2);
  for (const device of [...others.slice(0, half), ...own, ...others.slice(half)]) {
    await addDevice(store, device);
    await addRequest(store, device.id);
  }
  await store.rollouts.save(sampleRollout());
}

const LISTS = [
  "/api/v1/agents",
  "/api/v1/agents?limit=2",
  "/api/v1/agents?search=o",
  "/api/v1/agents?tenant=globex",
  "/api/v1/agents?label=ring=secret-label",
  "/api/v1/agents/count",
  "/api/v1/agents/count?tenant=initech",
  "/api/v1/agents/count?product=lantern&version=1.1.0",
  "/api/v1/agents/d-own-1",
  "/api/v1/agents/d-own-1/attempts",
  "/api/v1/agents/d-own-1/explain",
  "/api/v1/requests",
  "/api/v1/requests?device=d-foreign-0",
  "/api/v1/requests?tenant=globex",
  "/api/v1/overview",
  "/api/v1/needs",
  "/api/v1/rollouts",
  "/api/v1/rollouts/lantern/stable",
  "/api/v1/rollouts/lantern/stable/series",
  "/api/v1/attempts",
  "/api/v1/attempts?failed=true",
  "/api/v1/attempts?tenant=globex",
  "/api/v1/signatures?product=lantern",
  "/api/v1/signatures?product=lantern&tenant=globex",
  "/api/v1/versions/lantern",
  "/api/v1/versions/lantern?tenant=globex",
  "/api/v1/inventory",
  "/api/v1/paths",
  "/api/v1/overlays",
  "/api/v1/audit",
  "/api/v1/people",
  "/api/v1/tokens",
  "/api/v1/status",
  "/readyz",
  "/metrics",
  "/openapi.json",
];

/** Keys of pages are encrypted anew each time, and the same whoever else is there. */
function withoutKeys(text: string): string {
  return text
    .replaceAll(/"next":"[A-Za-z0-9_-]+"/g, '"next":""')
    .replaceAll(/"id":"[0-9a-f]{24}"/g, '"id":""');
}

/** What is served is halted, in a sentence that counts machines of others. */
function haltedManifest() {
  const halted = { reason: "3 machines of globex failed", at: NOW - 60, by: "gate" } as const;
  const { stable, beta } = {
    stable: channel("1.1.0", ["1.0.0"], { halted }),
    beta: channel("1.1.0", ["1.0.0"]),
  };
  return sampleManifest({ policy: { channels: { stable, beta } } });
}

test("whoever is limited to a tenant gets the same answers, whatever machines others have", async (t) => {
  const alone = await FleetServer.start(t, haltedManifest());
  await fleetOf(alone.store, []);
  const roles: readonly Role[] = ["viewer", "operator", "admin"];
  const expected = new Map<string, readonly [number, string]>();
  for (const role of roles) {
    const token = await alone.person(role, ["acme"]);
    for (const path of LISTS) {
      const { status, text } = await alone.ask(path, { token });
      expected.set(`${role} ${path}`, [status, withoutKeys(text)]);
    }
  }
  assert.equal(expected.get("viewer /api/v1/agents")?.[0], 200);
  for (const [asked, [, text]] of expected)
    assert.ok(asked.includes("globex") || !text.includes("globex"), asked);
  assert.ok(expected.get("viewer /api/v1/overlays")?.[1].includes('"kind":"halt"'));
  assert.ok(expected.get("viewer /api/v1/rollouts/lantern/stable")?.[1].includes('"failed":1'));

  await fc.assert(
    fc.asyncProperty(foreigners, fc.constantFrom(...roles), async (others, role) => {
      const server = await FleetServer.start(t, haltedManifest());
      await fleetOf(server.store, others);
      const token = await server.person(role, ["acme"]);
      for (const path of LISTS) {
        const { status, text } = await server.ask(path, { token });
        assert.deepEqual([status, withoutKeys(text)], expected.get(`${role} ${path}`), `${role} ${path}`);
        const asked = decodeURIComponent(path);
        for (const word of FOREIGN)
          assert.ok(asked.includes(word) || !text.includes(word), `${path}: ${word}`);
      }
    }),
    { numRuns: 12 },
  );
});

test("what is of another tenant is answered as what is not there, byte by byte", async (t) => {
  const server = await FleetServer.start(t, sampleManifest());
  const foreign = { id: "d-foreign-0", tenant: "globex" };
  const orphan = { id: "d-foreign-1", tenant: null };
  for (const device of [...own, foreign, orphan]) await addDevice(server.store, device);
  const request = await addRequest(server.store, foreign.id);
  for (const role of ["viewer", "operator", "admin"] as const) {
    const token = await server.person(role, ["acme"]);
    const asks: readonly (readonly [string, (id: string) => string, unknown?])[] = [
      ["GET", (id) => `/api/v1/agents/${id}`],
      ["GET", (id) => `/api/v1/agents/${id}/attempts`],
      ["GET", (id) => `/api/v1/agents/${id}/explain`],
      ["GET", (id) => `/api/v1/inventory?device=${id}`],
      ["GET", (id) => `/api/v1/agents/${id}/explain?product=torch`],
      ["POST", (id) => `/api/v1/agents/${id}/update`, { product: "lantern" }],
      ["POST", (id) => `/api/v1/agents/${id}/update`, { product: "torch" }],
      ["POST", (id) => `/api/v1/agents/${id}/rollback`, {}],
      ["POST", (id) => `/api/v1/agents/${id}/look`],
      ["POST", (id) => `/api/v1/agents/${id}/move`, { tenant: "acme" }],
      ["POST", (id) => `/api/v1/agents/${id}/move`, { tenant: null }],
      ["POST", (id) => `/api/v1/agents/${id}/move`, { site: null }],
      ["DELETE", (id) => `/api/v1/agents/${id}`],
    ];
    for (const [method, pathOf, body] of asks) {
      const ask = (id: string) =>
        server.ask(pathOf(id), { token, method, ...(body === undefined ? {} : { body }) });
      const missing = await ask("d-missing-0");
      assert.ok([403, 404].includes(missing.status), `${method} ${pathOf("x")}: ${missing.status}`);
      for (const { id } of [foreign, orphan]) {
        const got = await ask(id);
        assert.deepEqual([got.status, got.text], [missing.status, missing.text], `${method} ${pathOf(id)}`);
      }
    }
    for (const method of ["GET", "DELETE"]) {
      const got = await server.ask(`/api/v1/requests/${request}`, { token, method });
      const missing = await server.ask(`/api/v1/requests/${"0".repeat(32)}`, { token, method });
      assert.deepEqual([got.status, got.text], [missing.status, missing.text]);
    }
    const [foreignToken] = await server.store.tokens.list(["globex"]);
    for (const id of [foreignToken?.id ?? "", "0".repeat(12)]) {
      const { status, text } = await server.ask(`/api/v1/tokens/${id}`, { token, method: "DELETE" });
      assert.equal(status, role === "admin" ? 404 : 403, text);
    }
    for (const tenant of ["globex", "nobody"]) {
      const { status } = await server.ask("/api/v1/tokens", { token, method: "POST", body: { tenant } });
      assert.equal(status, role === "admin" ? 404 : 403);
    }
    // The manifest has no tenant globex, so that it is the same as one that is there and not theirs.
    if (role !== "viewer") {
      for (const tenant of ["globex", "nobody"]) {
        const { status, body } = await server.ask("/api/v1/agents/d-own-1/move", {
          token,
          method: "POST",
          body: { tenant },
        });
        assert.deepEqual([status, body.code], [404, "http/unknown-tenant"]);
      }
    }
  }
  assert.ok((await server.store.tokens.list(["globex"])).every(({ revokedAt }) => revokedAt === null));
  assert.equal((await server.store.requests.get(request))?.endedAt, null, "nobody of acme has cancelled it");
  assert.ok((await server.store.devices.get(foreign.id)) !== undefined);
});

test("a copy that was moved does not tell of the machine that it is a copy of", async (t) => {
  const server = await FleetServer.start(t);
  await addDevice(server.store, { id: "d-foreign-0", tenant: "acme" });
  const enrolled = await server.store.devices.enrol({
    id: "d-copy",
    publicKey: digestOf("copy"),
    by: { kind: "clone", device: "d-foreign-0" },
    platform: "linux-x64",
    agentVersion: "0.1.0",
    facts: {},
    address: null,
    now: 1_799_999_999,
  });
  assert.equal(enrolled.kind, "enrolled");
  const token = await server.person("viewer", ["acme"]);
  assert.equal((await server.ask("/api/v1/agents/d-copy", { token })).body.copyOf, "d-foreign-0");
  const to = { tenant: "globex", site: null, labels: {} };
  await server.store.devices.move("d-foreign-0", to, { name: "x", from: "cli" }, 1_799_999_999);
  for (const path of ["/api/v1/agents/d-copy", "/api/v1/agents"]) {
    const { status, text } = await server.ask(path, { token });
    assert.deepEqual([status, text.includes("d-foreign")], [200, false], path);
  }
});
