import assert from "node:assert/strict";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { type TestContext, test } from "node:test";
import { WebClient } from "../../controller/artifacts/web-client.ts";
import { desiredPolicies } from "../../controller/desired/desired-policies.ts";
import { gateChecksOf } from "../../controller/desired/gate-checks.ts";
import { askCheck } from "../../controller/rollout/checks/ask-check.ts";
import { observeCheck } from "../../controller/rollout/checks/observe-check.ts";
import { SAMPLE, sampleModel, version } from "../publish/sample-model.ts";

const PROMOTION = { product: "agent", channel: "stable", version: "1.4.2", commit: "c".repeat(40) };

async function serve(t: TestContext, listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address() as AddressInfo;
  return `http://127.0.0.1:${address.port}`;
}

function client(t: TestContext): WebClient {
  const web = new WebClient(undefined);
  t.after(() => web.close());
  return web;
}

test("a Prometheus query is asked for what is rolled out, and its number held against the threshold", async (t) => {
  let result: unknown = { resultType: "vector", result: [{ metric: {}, value: [1, "0.3"] }] };
  const asked: { readonly query: string | null; readonly authorization: string | undefined }[] = [];
  const prometheus = await serve(t, (request, response) => {
    const url = new URL(request.url ?? "", "http://x");
    assert.equal(url.pathname, "/prom/api/v1/query");
    asked.push({ query: url.searchParams.get("query"), authorization: request.headers.authorization });
    response.end(JSON.stringify({ status: "success", data: result }));
  });
  const check = {
    kind: "prometheus" as const,
    name: "errors",
    window: 0,
    query: 'e{version="{{version}}"}',
    max: 0.01,
  };
  const settings = { prometheus: `${prometheus}/prom/`, authorization: "Bearer secret" };
  const ask = () => askCheck(client(t), settings, check, PROMOTION);
  assert.deepEqual(await ask(), { kind: "fail", text: "0.3, more than 0.01" });
  assert.deepEqual(asked[0], { query: 'e{version="1.4.2"}', authorization: "Bearer secret" });
  result = { resultType: "scalar", result: [1, "0.01"] };
  assert.equal((await ask()).kind, "pass");
  for (const [nothing, text] of [
    [{ resultType: "vector", result: [] }, "the query finds nothing"],
    [{ resultType: "vector", result: [1, 2] }, "the query finds 2 numbers, not one"],
    [{ resultType: "scalar", result: [1, "NaN"] }, "the query gives no number"],
    [{ resultType: "matrix", result: [] }, "Prometheus gives neither a scalar nor a vector"],
  ] as const) {
    result = nothing;
    assert.deepEqual(await ask(), { kind: "none", text });
  }
  // The secret is for the server that the controller is set to, and for no other that state names.
  const other = await serve(t, (request, response) => {
    asked.push({ query: null, authorization: request.headers.authorization });
    response.writeHead(500).end();
  });
  const answer = await askCheck(client(t), settings, { ...check, url: other }, PROMOTION);
  assert.deepEqual(answer, { kind: "none", text: "Prometheus answers 500" });
  assert.equal(asked.at(-1)?.authorization, undefined);
});

test("a page is asked for its status, and a redirect to somewhere healthy is none", async (t) => {
  let status = 200;
  const paths: (string | undefined)[] = [];
  const page = await serve(t, (request, response) => {
    paths.push(request.url);
    response.writeHead(status, status === 302 ? { location: "/login" } : {}).end("x".repeat(1000));
  });
  const check = { kind: "http" as const, name: "page", window: 0, url: `${page}/health/{{version}}` };
  const ask = (more = {}) => askCheck(client(t), {}, { ...check, ...more }, PROMOTION);
  assert.equal((await ask()).kind, "pass");
  assert.equal(paths[0], "/health/1.4.2");
  status = 302;
  assert.match((await ask()).text, /answers 302, not 200 to 299$/);
  status = 503;
  assert.equal((await ask()).kind, "fail");
  assert.equal((await ask({ status: 503 })).kind, "pass");
});

test("no answer, a slow one and one without end conclude nothing", async (t) => {
  const slow = await serve(t, () => undefined);
  const http = { kind: "http" as const, name: "page", window: 0, url: slow };
  assert.deepEqual(await askCheck(client(t), {}, http, PROMOTION, 200), {
    kind: "none",
    text: "no answer within 0.2 s",
  });
  const nobody = await askCheck(client(t), {}, { ...http, url: "http://127.0.0.1:1/" }, PROMOTION);
  assert.equal(nobody.kind, "none");
  const endless = await serve(t, (_request, response) => {
    response.writeHead(200);
    const more = (error?: Error | null): void => {
      if (error == null) response.write("{".repeat(64 * 1024), more);
    };
    more();
  });
  const query = { kind: "prometheus" as const, name: "errors", window: 0, query: "e", max: 1, url: endless };
  assert.deepEqual(await askCheck(client(t), {}, query, PROMOTION), {
    kind: "none",
    text: "Prometheus answers more than can be read",
  });
  const { url: _, ...unnamed } = query;
  const unset = await askCheck(client(t), {}, unnamed, PROMOTION);
  assert.match(unset.text, /names no Prometheus server/);
});

test("one bad moment is no failure: it takes the whole window without a break", () => {
  const check = { name: "errors", window: 300 };
  const fail = { kind: "fail" as const, text: "0.3, more than 0.01" };
  const first = observeCheck(check, undefined, fail, 1000);
  assert.equal(first.verdict, "inconclusive");
  assert.equal(observeCheck(check, first, fail, 1299).verdict, "inconclusive");
  assert.equal(observeCheck(check, first, fail, 1300).verdict, "fail");
  for (const kind of ["pass", "none"] as const) {
    const broken = observeCheck(check, first, { kind, text: "" }, 1100);
    assert.equal(observeCheck(check, broken, fail, 1300).verdict, "inconclusive");
  }
});

test("what is asked of running versions is carried beside policy, and stands in none of it", () => {
  const checks = [
    { name: "errors", prometheus: { query: "secret_query", threshold: { max: 0.01 } }, window: "10m" },
    { name: "page", http: { url: "https://api.acme.example/" } },
  ];
  const gate = { maxFailureRate: "2%", minReports: 20, checks };
  const rollout = { waves: [{ percent: 100, after: "0s" }], gate };
  const agent = {
    channels: { stable: { version: "1.0.0", rollout } },
    versions: [version("agent", "1.0.0")],
  };
  const model = sampleModel({ ...SAMPLE, products: { agent } });
  assert.deepEqual(gateChecksOf(model), {
    "agent/stable": [
      { name: "errors", window: 600, kind: "prometheus", query: "secret_query", max: 0.01 },
      { name: "page", window: 300, kind: "http", url: "https://api.acme.example/" },
    ],
  });
  assert.doesNotMatch(JSON.stringify([...desiredPolicies(model).products]), /secret_query|acme\.example/);
});
