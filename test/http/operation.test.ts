import assert from "node:assert/strict";
import { test } from "node:test";
import type { Logger } from "pino";
import type { StatusReport } from "../../controller/http/api/status-report.ts";
import { Metrics } from "../../controller/http/metrics.ts";
import { NOTHING_SERVED, type ServedState } from "../../controller/http/served-state.ts";
import type { ReconcileOutcome } from "../../controller/reconcile/outcome.ts";
import { createLog } from "../../controller/serve/log.ts";
import { renderStatus } from "../../controller/status/render-status.ts";
import { artifactPath, channel, NOW, release, sampleManifest } from "./sample-manifest.ts";
import { TestServer } from "./start-server.ts";

const BAD = "bad0".repeat(10);
const refused: ReconcileOutcome = {
  kind: "refused",
  commit: BAD,
  at: NOW,
  diagnostics: [
    {
      rule: "channel/unknown-release",
      severity: "error",
      message: "channel `stable` points to release `9.9.9`, which no file defines",
      file: "products/lantern/channels/stable.yaml",
      span: { line: 1, column: 10, endLine: 1, endColumn: 15 },
      related: [],
      notes: [],
      help: "did you mean `1.1.0`?",
    },
  ],
};

async function json<T>(answer: Response): Promise<T> {
  return (await answer.json()) as T;
}

test("readyz is 503 until a manifest is served, and says which commit is refused and why", async (t) => {
  const server = await TestServer.start(t);
  server.state = { ...NOTHING_SERVED, outcome: refused };
  const answer = await server.get("/readyz");
  assert.equal(answer.status, 503);
  const { ready, reason } = await json<StatusReport>(answer);
  assert.equal(ready, false);
  assert.match(
    reason ?? "",
    /bad0bad0ba is refused: products\/lantern\/channels\/stable\.yaml: channel `stable`/,
  );
});

test("an older good manifest is ready and degraded while a commit is refused, held or out of reach", async (t) => {
  const server = await TestServer.start(t);
  const cause = {
    code: "source/repository-unreachable",
    message: "`https://git.example/x` cannot be fetched",
  };
  const outcomes: [ReconcileOutcome, RegExp][] = [
    [refused, /refused/],
    [
      { kind: "held", commit: BAD, hold: { cause: "not-descendant", servedCommit: "c".repeat(40) }, at: NOW },
      new RegExp(`fairlead accept ${BAD}`),
    ],
    [
      { kind: "held", commit: BAD, hold: { cause: "signature", reason: "it has no signature" }, at: NOW },
      /is held because it has no signature/,
    ],
    [{ kind: "waiting", cause, at: NOW }, /cannot be fetched; it is tried again/],
    [{ kind: "stalled", cause: { ...cause, help: "do something" }, at: NOW }, /cannot be fetched/],
  ];
  for (const [outcome, reason] of outcomes) {
    server.state = { ...server.state, outcome };
    const answer = await server.get("/readyz");
    assert.equal(answer.status, 200);
    const body = await json<StatusReport>(answer);
    assert.deepEqual([body.ready, body.degraded], [true, true]);
    assert.match(body.reason ?? "", reason);
  }
});

test("an expired manifest is degraded", async (t) => {
  const server = await TestServer.start(t, sampleManifest({ expiresAt: NOW + 10 }));
  assert.equal((await json<StatusReport>(await server.get("/readyz"))).degraded, false);
  server.now = NOW + 10;
  const { degraded, reason } = await json<StatusReport>(await server.get("/readyz"));
  assert.equal(degraded, true);
  assert.match(reason ?? "", /expired: .*timestamp/);
});

test("status says where a channel points to a dead end, or to what is yanked for a platform", async (t) => {
  const deadEnd = { reason: "cannot update itself" };
  const releases = [release("1.0.0"), release("1.1.0", { deadEnd }), release("1.2.0")];
  const policy = {
    channels: { stable: channel("1.2.0", ["1.0.0"]), beta: channel("1.1.0", ["1.0.0"]) },
    yankedFor: { "1.2.0": ["linux-arm64"] },
  };
  const server = await TestServer.start(t, sampleManifest({ releases, policy }));
  const report = await json<StatusReport>(await server.get("/api/v1/status"));
  const [stable, beta] = report.products?.[0]?.channels ?? [];
  assert.deepEqual([stable?.offers, stable?.yankedFor], ["1.2.0", ["linux-arm64"]]);
  assert.deepEqual([beta?.offers, beta?.deadEnd], ["1.0.0", deadEnd]);
  const shown = renderStatus(report, server.now);
  assert.match(shown, /stable .*; yanked for linux-arm64/);
  assert.match(shown, /beta .*; a dead end, offers 1\.0\.0/);
});

test("status says what is served, what each channel offers, and what is wrong with the refused commit", async (t) => {
  const server = await TestServer.start(t, sampleManifest({ policy: { yanked: ["1.1.0"] } }));
  server.state = { ...server.state, outcome: refused };
  const status = await json<StatusReport>(await server.get("/api/v1/status"));
  assert.equal(status.version, 7);
  assert.equal(status.expiries?.timestamp, NOW + 86_400);
  assert.equal(status.tenants, 1);
  const [product] = status.products ?? [];
  assert.deepEqual(product?.yanked, ["1.1.0"]);
  assert.deepEqual(
    product?.channels.map(({ name, version, offers }) => [name, version, offers]),
    [
      ["stable", "1.1.0", "1.0.0"],
      ["beta", "1.1.0", "1.0.0"],
    ],
  );
  assert.equal(status.outcome?.kind, "refused");
  assert.deepEqual(status.outcome?.diagnostics, refused.diagnostics, "nothing is lost on the way");
  assert.ok(!JSON.stringify(status).includes("acme"), "a tenant's name is its own business");
});

test("metrics count requests by route and reconciles by outcome, and show what expires when", async (t) => {
  const metrics = new Metrics(
    () => NOTHING_SERVED,
    () => NOW,
    "0.0.0",
  );
  metrics.recordReconcile(refused, true, 0.02);
  const server = await TestServer.start(t, sampleManifest(), { metrics });
  await server.get("/tuf/timestamp.json");
  await server.get("/tuf/2.root.json");
  await server.get("/nowhere/at/all");
  const text = await (await server.get("/metrics")).text();
  assert.match(text, /fairlead_http_requests_total\{method="GET",route="\/tuf\/\*",status="200"\} 1/);
  assert.match(text, /fairlead_http_requests_total\{method="GET",route="\/tuf\/\*",status="404"\} 1/);
  assert.match(text, /fairlead_http_requests_total\{method="GET",route="none",status="404"\} 1/);
  assert.match(text, /fairlead_reconcile_total\{outcome="refused"\} 1/);
  assert.match(text, /fairlead_reconcile_total\{outcome="held"\} 0/);
  assert.match(text, /fairlead_reconcile_duration_seconds_count\{outcome="refused"\} 1/);
});

test("metrics say degraded exactly when the status does", async (t) => {
  const server = await TestServer.start(t, sampleManifest({ expiresAt: NOW + 10 }));
  const good = server.state;
  const damaged = { target: artifactPath("1.1.0"), path: "lantern-1.1.0", problem: "is another" };
  const gone = { target: "releases/lantern/0.1.0/linux-x64/lantern", path: "x", problem: "is another" };
  const cases: [expected: boolean, state: ServedState, now: number][] = [
    [false, good, NOW],
    [true, NOTHING_SERVED, NOW],
    [true, { ...good, outcome: refused }, NOW],
    [true, good, NOW + 10],
    [true, { ...good, damagedArtifacts: [damaged] }, NOW],
    [false, { ...good, damagedArtifacts: [gone] }, NOW],
  ];
  for (const [expected, state, now] of cases) {
    server.state = state;
    server.now = now;
    const { degraded } = await json<StatusReport>(await server.get("/api/v1/status"));
    const { body } = await server.ask("/metrics");
    assert.equal(degraded, expected);
    assert.equal(/^fairlead_degraded 1$/m.test(body), expected);
  }
});

test("a look that finds what is served is not counted as a publication", async (t) => {
  const metrics = new Metrics(
    () => NOTHING_SERVED,
    () => NOW,
    "1.2.3",
  );
  const published: ReconcileOutcome = {
    kind: "published",
    commit: BAD,
    version: 7,
    diagnostics: [],
    acknowledged: 0,
    at: NOW,
  };
  metrics.recordReconcile(published, true, 0.5);
  for (let look = 0; look < 3; look++) metrics.recordReconcile(published, false, 0.001);
  const { body } = await (await TestServer.start(t, sampleManifest(), { metrics })).ask("/metrics");
  assert.match(body, /^fairlead_reconcile_total\{outcome="published"\} 1$/m);
  assert.match(body, /^fairlead_reconcile_total\{outcome="unchanged"\} 3$/m);
  assert.match(body, /^fairlead_reconcile_duration_seconds_count\{outcome="published"\} 1$/m);
  assert.match(body, /^fairlead_build_info\{version="1\.2\.3",node="26\.[\d.]+"\} 1$/m);
});

test("latency is kept by route, for what the framework answers and for what it never sees", async (t) => {
  const server = await TestServer.start(t);
  for (const path of ["/tuf/timestamp.json", "/tuf/timestamp.json", "/healthz"]) await server.ask(path);
  await server.ask("/healthz", { host: "evil.example" });
  const { body } = await server.ask("/metrics");
  const count = (route: string) =>
    new RegExp(`^fairlead_http_request_duration_seconds_count\\{route="${route}"\\} (\\d+)$`, "m").exec(
      body,
    )?.[1];
  assert.deepEqual([count("/tuf/\\*"), count("/healthz"), count("none")], ["2", "1", "1"]);
  assert.match(body, /^fairlead_http_connections [1-9]/m);
  assert.match(body, /^fairlead_http_requests_total\{method="GET",route="none",status="421"\} 1$/m);
});

/** A log that the test reads. */
function keptLog(): { log: Logger; lines: () => Record<string, unknown>[] } {
  let text = "";
  const log = createLog("info", {
    write(line: string) {
      text += line;
    },
  });
  const lines = () => text.split("\n").filter(Boolean);
  return { log, lines: () => lines().map((line) => JSON.parse(line) as Record<string, unknown>) };
}

test("the access log takes its share of the requests, and no path, query or token", async (t) => {
  const { log, lines } = keptLog();
  const server = await TestServer.start(t, sampleManifest(), {
    log,
    logged: 250_000,
    trustProxy: ["127.0.0.1"],
  });
  const query = "?product=lantern&platform=linux-x64&tenant=acme";
  const headers = {
    "x-forwarded-for": "203.0.113.9",
    authorization: "Bearer secret",
    "user-agent": "a".repeat(900),
  };
  for (let sent = 0; sent < 20; sent++) await server.ask(`/api/v1/agent/latest${query}`, headers);
  const requests = lines().filter(({ event }) => event === "http.request");
  assert.equal(requests.length, 5);
  const [first = {}] = requests;
  assert.deepEqual(
    [first.method, first.route, first.status, first.address],
    ["GET", "/api/v1/agent/latest", 401, "203.0.113.9"],
  );
  assert.ok(Number(first.milliseconds) > 0);
  assert.doesNotMatch(JSON.stringify(requests), /acme|secret|a{200}/);
});

test("what strangers can cause as often as they like is a line a minute in the log", async (t) => {
  const { log, lines } = keptLog();
  const server = await TestServer.start(t, sampleManifest(), {
    log,
    webhook: { secret: "a secret of sixteen or more", trigger: () => {} },
    audience: { agents: true, operators: "token" },
  });
  for (let sent = 0; sent < 10; sent++) {
    await server.ask("/hooks/git", {}, "POST", "{}");
    await server.ask("/metrics", { authorization: "Bearer wrong" });
  }
  assert.deepEqual(
    lines().map(({ event }) => event),
    ["webhook.refused", "operator.refused"],
  );
});

test("metrics show the version and the seconds until each role expires", async (t) => {
  const server = await TestServer.start(t);
  const text = await (await server.get("/metrics")).text();
  assert.match(text, /^fairlead_manifest_version 7$/m);
  assert.match(text, /^fairlead_manifest_expiry_seconds\{role="timestamp"\} 86400$/m);
  assert.match(text, /^fairlead_degraded 0$/m);
});

test("status, readiness and metrics say when the source last answered", async (t) => {
  const server = await TestServer.start(t);
  const age = async () =>
    /^fairlead_source_age_seconds .*$/m.exec(await (await server.get("/metrics")).text())?.[0];
  assert.equal(await age(), undefined);
  server.state = { ...server.state, sourceSeenAt: NOW - 90 };
  assert.equal(await age(), "fairlead_source_age_seconds 90");
  for (const path of ["/readyz", "/api/v1/status"]) {
    assert.equal((await json<StatusReport>(await server.get(path))).sourceSeenAt, NOW - 90);
  }
});

test("a channel that stays behind becomes stale as time passes, without anything else happening", async (t) => {
  const server = await TestServer.start(t);
  const lag = { product: "lantern", channel: "stable", version: "1.1.0", waiting: "1.2.0", from: "beta" };
  server.state = { ...server.state, lags: [{ ...lag, since: NOW - 60, freshUntil: NOW }] };
  const seen = async () => {
    const report = await json<StatusReport>(await server.get("/api/v1/status"));
    const metrics = await (await server.get("/metrics")).text();
    return {
      stale: report.products?.[0]?.channels.map(({ stale }) => stale),
      shown: /stable .*stale: 1\.2\.0 waits in beta/.test(renderStatus(report, server.now)),
      metrics: metrics.split("\n").filter((line) => line.startsWith("fairlead_channel_stale{")),
    };
  };
  const metricsOf = (stable: number) => [
    `fairlead_channel_stale{product="lantern",channel="stable"} ${stable}`,
    `fairlead_channel_stale{product="lantern",channel="beta"} 0`,
  ];
  assert.deepEqual(await seen(), { stale: [undefined, undefined], shown: false, metrics: metricsOf(0) });
  server.now = NOW + 1;
  const stale = { waiting: "1.2.0", from: "beta", since: NOW - 60 };
  assert.deepEqual(await seen(), { stale: [stale, undefined], shown: true, metrics: metricsOf(1) });
});

test("the API description names every route that people and scripts use", async (t) => {
  const webhook = { secret: "a secret of sixteen or more", trigger: () => {} };
  const server = await TestServer.start(t, sampleManifest(), { webhook });
  const answer = await server.get("/openapi.json");
  const { openapi, paths } = await json<{ openapi: string; paths: Record<string, unknown> }>(answer);
  assert.match(openapi, /^3\.1/);
  assert.deepEqual(Object.keys(paths).sort(), [
    "/api/v1/accept",
    "/api/v1/agent/latest",
    "/api/v1/me",
    "/api/v1/status",
    "/healthz",
    "/hooks/git",
    "/metrics",
    "/readyz",
    "/targets/{path}",
    "/tuf/{path}",
  ]);
});

test("the front page lists the endpoints, and an unknown path says where they are", async (t) => {
  const server = await TestServer.start(t);
  const page = await (await server.get("/")).text();
  for (const path of ["/tuf/", "/targets/", "/api/v1/status", "/readyz", "/metrics"])
    assert.ok(page.includes(path));
  const answer = await server.get("/wp-admin");
  assert.equal(answer.status, 404);
  assert.match(answer.headers.get("content-type") ?? "", /^application\/problem\+json/);
  assert.deepEqual(await answer.json(), {
    type: "urn:fairlead:error:http/not-found",
    title: "there is nothing at this path",
    status: 404,
    detail: "there is nothing at this path",
    code: "http/not-found",
    help: "/ lists what there is",
  });
});
