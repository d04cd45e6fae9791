import assert from "node:assert/strict";
import { test } from "node:test";
import { NOW, sampleManifest } from "../http/sample-manifest.ts";
import { TOKEN } from "../http/start-server.ts";
import { FleetServer } from "./fleet-server.ts";

test("whoever shows a token is told who that is, and whoever shows none that one is needed", async (t) => {
  const server = await FleetServer.start(t);
  const operator = await server.ask("/api/v1/me", { token: TOKEN });
  assert.deepEqual(operator.body, {
    name: "operator",
    role: "admin",
    tenants: null,
    readOnly: false,
    fleet: true,
    version: "0.0.0",
  });
  assert.equal(operator.headers["cache-control"], "no-store");
  const token = await server.person("viewer", ["acme"]);
  const { body } = await server.ask("/api/v1/me", { token });
  assert.match(String(body.name), /^viewer-/);
  assert.deepEqual([body.role, body.tenants, body.readOnly], ["viewer", ["acme"], false]);
  const expired = await server.person("operator", null, NOW);
  for (const wrong of [null, "nobody's", expired]) {
    const refused = await server.ask("/api/v1/me", { token: wrong });
    assert.deepEqual([refused.status, refused.body.code], [401, "http/token-required"]);
  }
});

test("where no token is needed to look, whoever shows none is told that one is needed to change anything", async (t) => {
  const audience = { agents: true, operators: "open" } as const;
  const server = await FleetServer.start(t, sampleManifest(), { audience });
  const { body } = await server.ask("/api/v1/me", { token: null });
  assert.deepEqual([body.name, body.role, body.readOnly], ["local", "admin", true]);
  assert.equal((await server.ask("/api/v1/me")).body.readOnly, false);
});
