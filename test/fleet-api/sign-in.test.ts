import assert from "node:assert/strict";
import { test } from "node:test";
import { NOW } from "../http/sample-manifest.ts";
import { TOKEN } from "../http/start-server.ts";
import { FleetServer } from "./fleet-server.ts";
import { addDevice } from "./sample-fleet.ts";

const ID = "d-1";

test("a token opens what its owner's role is for, and no more", async (t) => {
  const server = await FleetServer.start(t);
  await addDevice(server.store, { id: ID, tenant: "acme" });
  const tokens = {
    viewer: await server.person("viewer"),
    operator: await server.person("operator"),
    admin: await server.person("admin"),
  };
  const asked = [
    ["GET", "/api/v1/agents", "viewer"],
    ["GET", "/api/v1/agents/count", "viewer"],
    ["GET", `/api/v1/agents/${ID}`, "viewer"],
    ["GET", `/api/v1/agents/${ID}/attempts`, "viewer"],
    ["GET", `/api/v1/agents/${ID}/explain`, "viewer"],
    ["GET", "/api/v1/requests", "viewer"],
    ["GET", "/api/v1/rollouts", "viewer"],
    ["GET", "/api/v1/attempts", "viewer"],
    ["GET", "/api/v1/signatures?product=lantern", "viewer"],
    ["GET", "/api/v1/versions/lantern", "viewer"],
    ["GET", "/api/v1/inventory", "viewer"],
    ["GET", "/api/v1/paths", "viewer"],
    ["GET", "/api/v1/audit", "operator"],
    ["POST", `/api/v1/agents/${ID}/update`, "operator"],
    ["POST", `/api/v1/agents/${ID}/rollback`, "operator"],
    ["POST", `/api/v1/agents/${ID}/look`, "operator"],
    ["POST", `/api/v1/agents/${ID}/move`, "operator", { labels: { ring: "canary" } }],
    ["GET", "/api/v1/people", "admin"],
    ["GET", "/api/v1/tokens", "admin"],
    ["POST", "/api/v1/tokens", "admin", { tenant: "acme" }],
    ["POST", "/api/v1/people", "admin", { name: "ada", role: "viewer" }],
    ["DELETE", "/api/v1/people/ada", "admin"],
    ["DELETE", `/api/v1/agents/${ID}`, "admin"],
  ] as const;
  const order = ["viewer", "operator", "admin"] as const;
  for (const [method, path, needed, body] of asked) {
    const told = body === undefined ? {} : { body };
    for (const role of order) {
      const { status, body: answer } = await server.ask(path, { token: tokens[role], method, ...told });
      if (order.indexOf(role) < order.indexOf(needed)) {
        assert.deepEqual([status, answer.code], [403, "http/role-required"], `${method} ${path} as ${role}`);
        continue;
      }
      const isDoneAgain = role === "admin" && needed === "operator";
      assert.ok(
        status < 300,
        `${method} ${path} as ${role}: ${status} ${isDoneAgain} ${JSON.stringify(answer)}`,
      );
    }
  }
});

test("nobody gets in without a token, with a wrong one, or with one that has expired or was taken back", async (t) => {
  const server = await FleetServer.start(t);
  const token = await server.person("admin", null, NOW + 100);
  const listed = () => server.ask("/api/v1/agents", { token });
  assert.equal((await listed()).status, 200);
  for (const wrong of [null, "x", `${token}x`, token.slice(0, -1), `flp_${"A".repeat(43)}`, `${TOKEN}x`]) {
    const { status, body, headers } = await server.ask("/api/v1/agents", { token: wrong });
    assert.deepEqual([status, body.code], [401, "http/token-required"]);
    assert.match(String(headers["www-authenticate"]), /^Bearer/);
  }
  server.server.now = NOW + 100;
  assert.deepEqual([(await listed()).status, (await listed()).body.detail], [401, "the token has expired"]);
  server.server.now = NOW;
  const [person] = await server.store.people.list();
  assert.equal((await server.ask(`/api/v1/people/${person?.name}`, { method: "DELETE" })).status, 204);
  assert.equal((await listed()).status, 401);
});

test("who makes up tokens is not looked for after thirty in a minute, and right ones from the same address go on", async (t) => {
  const server = await FleetServer.start(t);
  const token = await server.person("viewer");
  const other = await server.person("viewer");
  const ask = (shown: string) => server.ask("/api/v1/agents", { token: shown });
  assert.equal((await ask(token)).status, 200);
  let looks = 0;
  const { people } = server.store;
  const byToken = people.byToken.bind(people);
  people.byToken = (digest) => {
    looks++;
    return byToken(digest);
  };
  const made = (number: number) => `flp_${String(number).padStart(43, "0")}`;
  for (let number = 0; number < 30; number++) assert.equal((await ask(made(number))).status, 401);
  const refused = await ask(made(30));
  assert.deepEqual([refused.status, refused.body.code], [429, "http/too-many-requests"]);
  assert.equal(refused.headers["retry-after"], "60");
  assert.equal((await ask("short")).status, 401, "what is no token costs nothing");
  assert.equal((await ask(token)).status, 200, "it was right before");
  assert.equal((await ask(other)).status, 429, "nobody has seen it yet");
  assert.equal(looks, 31);
  server.server.now = NOW + 60;
  assert.deepEqual([(await ask(other)).status, (await ask(made(31))).status], [200, 401]);
});

test("on the operators' open listener anybody reads, and what changes something needs a token", async (t) => {
  const audience = { agents: false, operators: "open" } as const;
  const server = await FleetServer.start(t, undefined, { audience });
  await addDevice(server.store, { id: ID, tenant: "acme" });
  assert.equal((await server.ask("/api/v1/people", { token: null })).status, 200, "local is an admin");
  for (const [method, path] of [
    ["POST", `/api/v1/agents/${ID}/update`],
    ["DELETE", `/api/v1/agents/${ID}`],
    ["DELETE", "/api/v1/people/ada"],
  ] as const) {
    assert.equal((await server.ask(path, { token: null, method })).status, 401, path);
  }
  assert.equal((await server.ask("/api/v1/agents", { token: "wrong" })).status, 401, "a wrong token is said");
  const viewer = await server.person("viewer", ["globex"]);
  assert.equal(
    (await server.ask(`/api/v1/agents/${ID}`, { token: viewer })).status,
    404,
    "who signs in is known",
  );
});

test("a person's token is shown once and kept as a digest only", async (t) => {
  const server = await FleetServer.start(t);
  const body = { name: "ada@acme.example", role: "operator", tenants: ["acme"], expiresAt: NOW + 86_400 };
  const added = await server.ask("/api/v1/people", { method: "POST", body });
  assert.equal(added.status, 201);
  const token = String(added.body.token);
  assert.match(token, /^flp_[A-Za-z0-9_-]{43}$/);
  assert.equal(added.headers["cache-control"], "no-store");
  assert.equal((await server.ask("/api/v1/agents", { token })).status, 200);
  const again = await server.ask("/api/v1/people", { method: "POST", body });
  assert.deepEqual([again.status, again.body.code], [409, "http/name-taken"]);
  for (const path of ["/api/v1/people", "/api/v1/audit"]) {
    const { text } = await server.ask(path);
    assert.ok(text.includes("ada@acme.example"), path);
    assert.ok(!text.includes(token) && !text.includes("digest"), path);
  }
  for (const name of ["operator", "local", "cli"]) {
    assert.equal(
      (await server.ask("/api/v1/people", { method: "POST", body: { ...body, name } })).status,
      409,
      name,
    );
  }
  for (const bad of [
    {},
    { name: "a b", role: "viewer" },
    { name: "b", role: "god" },
    { ...body, expiresAt: NOW },
  ]) {
    assert.equal((await server.ask("/api/v1/people", { method: "POST", body: bad })).status, 400);
  }
});

test("a person's token opens status and metrics too, for whoever is limited to no tenants", async (t) => {
  const server = await FleetServer.start(t);
  const whole = await server.person("viewer");
  const limited = await server.person("admin", ["acme"]);
  const said = async (token: string) =>
    (await server.ask("/api/v1/status", { token })).body.products !== undefined;
  assert.deepEqual([await said(whole), await said(limited)], [true, false]);
  for (const path of ["/metrics", "/openapi.json"]) {
    const statuses = [whole, limited].map(async (token) => {
      const answer = await server.server.ask(path, { authorization: `Bearer ${token}` });
      return answer.status;
    });
    assert.deepEqual(await Promise.all(statuses), [200, 403], path);
  }
  assert.equal((await server.ask("/api/v1/status", { token: `${whole}x` })).status, 401);
  const accept = await server.ask("/api/v1/accept", {
    token: whole,
    method: "POST",
    body: { commit: "a".repeat(40) },
  });
  assert.equal(accept.status, 401, "a held commit is for the operator's token");
});

test("every route of the fleet is described: what it answers, who may ask, and how it refuses", async (t) => {
  const server = await FleetServer.start(t);
  const { body } = await server.ask("/openapi.json");
  interface Operation {
    readonly tags: readonly string[];
    readonly description: string;
    readonly security: readonly object[];
    readonly responses: Readonly<Record<string, { readonly content?: object }>>;
  }
  const paths = body.paths as Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, said]) =>
      said.tags.includes("fleet") ? [{ name: `${method} ${path}`, method, said }] : [],
    ),
  );
  assert.ok(operations.length >= 27, String(operations.length));
  for (const { name, method, said } of operations) {
    assert.match(said.description, /For the role (viewer|operator|admin)/, name);
    for (const status of ["400", "401", "403", "503"]) assert.ok(said.responses[status] !== undefined, name);
    const good = Object.entries(said.responses).filter(([status]) => status.startsWith("2"));
    assert.ok(
      good.length > 0 && good.every(([status, { content }]) => status === "204" || content !== undefined),
      name,
    );
    const isOpen = said.security.some((needed) => Object.keys(needed).length === 0);
    assert.equal(isOpen, method === "get", name);
  }
});
