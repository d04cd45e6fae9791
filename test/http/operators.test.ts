import assert from "node:assert/strict";
import { test } from "node:test";
import type { ReconcileOutcome } from "../../controller/reconcile/outcome.ts";
import { NOW, sampleManifest } from "./sample-manifest.ts";
import { TestServer, TOKEN } from "./start-server.ts";

const BAD = "bad0".repeat(10);
const refused: ReconcileOutcome = {
  kind: "refused",
  commit: BAD,
  at: NOW,
  diagnostics: ["error", "error", "warning"].map((severity) => ({
    rule: "schema/unknown-key",
    severity: severity as "error" | "warning",
    message: "the message of ada@acme.example",
    file: "tenants/acme.yaml",
    related: [],
    notes: [],
  })),
};
const cause = {
  code: "source/repository-unreachable",
  message: "`https://git.acme.example/tenants/acme.git` cannot be fetched by ada@acme.example",
};
const outcomes: ReconcileOutcome[] = [
  refused,
  { kind: "held", commit: BAD, hold: { cause: "not-descendant", servedCommit: "c".repeat(40) }, at: NOW },
  { kind: "held", commit: BAD, hold: { cause: "signature", reason: "acme signed it" }, at: NOW },
  { kind: "waiting", cause, at: NOW },
  { kind: "stalled", cause: { ...cause, help: "ask ada@acme.example" }, at: NOW },
];
const token = { authorization: `Bearer ${TOKEN}` };

function agentsListener(t: Parameters<typeof TestServer.start>[0]): Promise<TestServer> {
  return TestServer.start(t, sampleManifest(), { audience: { agents: true, operators: "token" } });
}

test("strangers learn a commit and a count, whatever went wrong", async (t) => {
  const server = await agentsListener(t);
  for (const outcome of outcomes) {
    server.state = { ...server.state, outcome };
    for (const path of ["/readyz", "/api/v1/status"]) {
      const { status, body } = await server.ask(path);
      assert.equal(status, 200);
      assert.doesNotMatch(body, /acme|ada@|tenants|lantern|message of/, path);
      const said = JSON.parse(body) as Record<string, unknown>;
      assert.deepEqual([said.ready, said.degraded], [true, true]);
      assert.match(String(said.commit), /^[0-9a-f]{40}$/);
      const known = ["ready", "degraded", "reason", "mistakes", "commit", "sourceSeenAt"];
      assert.deepEqual(
        Object.keys(said).filter((key) => !known.includes(key)),
        [],
      );
    }
  }
  server.state = { ...server.state, outcome: refused };
  const said = JSON.parse((await server.ask("/readyz")).body) as Record<string, unknown>;
  assert.deepEqual([said.mistakes, said.reason], [2, "commit bad0bad0ba is refused: 2 mistakes"]);
});

test("the operator's token opens everything on the agents' listener, and a wrong one is said to be wrong", async (t) => {
  const server = await agentsListener(t);
  server.state = { ...server.state, outcome: refused };
  const full = await server.ask("/api/v1/status", token);
  assert.ok(full.body.includes("tenants/acme.yaml"));
  assert.ok((await server.ask("/readyz", token)).body.includes("message of"));
  for (const path of ["/metrics", "/openapi.json"]) {
    assert.equal((await server.ask(path, token)).status, 200, path);
    const without = await server.ask(path);
    assert.deepEqual([without.status, without.headers["www-authenticate"]], [401, 'Bearer realm="operator"']);
  }
  for (const authorization of [`Bearer ${TOKEN}x`, `Bearer ${TOKEN.slice(1)}`, "Bearer x"]) {
    for (const path of ["/metrics", "/api/v1/status", "/readyz"]) {
      const { status, body } = await server.ask(path, { authorization });
      assert.equal(status, 401, path);
      assert.equal((JSON.parse(body) as { code: string }).code, "http/token-required");
    }
  }
  assert.equal((await server.ask("/tuf/timestamp.json")).status, 200, "agents need no token");
});

test("the operators' listener serves no agent", async (t) => {
  const server = await TestServer.start(t, sampleManifest(), {
    audience: { agents: false, operators: "open" },
    webhook: { secret: "a secret of sixteen or more", trigger: () => {} },
  });
  for (const path of ["/tuf/timestamp.json", "/targets/x", "/api/v1/agent/latest?product=lantern"]) {
    assert.equal((await server.ask(path)).status, 404, path);
  }
  assert.equal((await server.ask("/hooks/git", {}, "POST")).status, 404);
  for (const path of ["/metrics", "/openapi.json", "/api/v1/status", "/readyz", "/healthz", "/"]) {
    assert.equal((await server.ask(path)).status, 200, path);
  }
  assert.ok(!(await server.ask("/")).body.includes("/tuf/"));
});

test("a held commit is accepted only with the token, also where operators need none otherwise", async (t) => {
  const accepted: string[] = [];
  const server = await TestServer.start(t, sampleManifest(), {
    accept: (commit) => {
      accepted.push(commit);
      return { servedCommit: "c".repeat(40) };
    },
  });
  const type = { "content-type": "application/json" };
  const post = (headers: Record<string, string>, body = JSON.stringify({ commit: BAD })) =>
    server.ask("/api/v1/accept", headers, "POST", body);
  assert.equal((await post(type)).status, 401);
  assert.equal((await post({ "content-type": "text/plain" })).status, 401);
  assert.equal((await post({ ...type, authorization: `Bearer ${TOKEN}0` })).status, 401);
  for (const body of ["{}", "[]", '{"commit":"main"}', '{"commit":"bad0"}', "{", '{"commit":1}']) {
    assert.equal((await post({ ...type, ...token }, body)).status, 400, body);
  }
  assert.equal((await post({ ...type, ...token }, `{"commit":"${"0".repeat(70_000)}"}`)).status, 413);
  assert.equal((await post({ "content-type": "application/xml", ...token })).status, 415);
  assert.deepEqual(accepted, []);
  const { status, body } = await post({ ...type, ...token });
  assert.deepEqual([status, JSON.parse(body)], [202, { commit: BAD, servedCommit: "c".repeat(40) }]);
  assert.deepEqual(accepted, [BAD]);
});

test("a commit that is not held is a conflict", async (t) => {
  const server = await TestServer.start(t);
  const headers = { ...token, "content-type": "application/json" };
  const { status, body } = await server.ask(
    "/api/v1/accept",
    headers,
    "POST",
    JSON.stringify({ commit: BAD }),
  );
  assert.deepEqual([status, (JSON.parse(body) as { code: string }).code], [409, "http/not-held"]);
});
