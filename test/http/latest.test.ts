import assert from "node:assert/strict";
import { test } from "node:test";
import { sha256Hex } from "../../protocol/digest.ts";
import {
  artifactBytes,
  channel,
  NOW,
  PLATFORM,
  release,
  sampleManifest,
  sampleTenantKey,
} from "./sample-manifest.ts";
import { TestServer, TOKEN } from "./start-server.ts";

interface Answer {
  readonly version: string | null;
  readonly action: string;
  readonly target?: string;
  readonly url?: string;
  readonly sha256?: string;
  readonly size?: number;
  readonly eligibleAt?: string;
  readonly shutWave?: number;
  readonly belowMinimum?: string;
  readonly refusal?: string;
  readonly reason?: string;
  readonly code?: string;
  readonly detail?: string;
  readonly help?: string;
}

async function latest(
  server: TestServer,
  query: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: Answer }> {
  const all = new URLSearchParams({ product: "lantern", platform: PLATFORM, ...query });
  const answer = await server.get(`/api/v1/agent/latest?${all}`, headers);
  return { status: answer.status, body: (await answer.json()) as Answer };
}

test("a script learns the version of a channel, and the URL that it names gives exactly those bytes", async (t) => {
  const server = await TestServer.start(t);
  const { status, body } = await latest(server, { channel: "stable" });
  assert.equal(status, 200);
  const bytes = artifactBytes("1.1.0");
  assert.equal(body.version, "1.1.0");
  assert.equal(body.action, "update");
  assert.equal(body.sha256, sha256Hex(bytes));
  assert.equal(body.size, bytes.length);
  const artifact = await fetch(body.url ?? "");
  assert.deepEqual(Buffer.from(await artifact.arrayBuffer()), bytes);
});

test("after a yank the channel offers what it pointed to before, and nothing once that is yanked too", async (t) => {
  const server = await TestServer.start(t, sampleManifest({ policy: { yanked: ["1.1.0"] } }));
  assert.equal((await latest(server, { channel: "stable" })).body.version, "1.0.0");
  await server.serve(sampleManifest({ policy: { yanked: ["1.0.0", "1.1.0"] } }));
  const { status, body } = await latest(server, { channel: "stable" });
  assert.equal(status, 404);
  assert.equal(body.code, "http/nothing-active");
});

test("a yank for one platform answers its machines with what was before, and the others as ever", async (t) => {
  const yankedFor = { "1.1.0": ["linux-x64"] };
  const server = await TestServer.start(t, sampleManifest({ policy: { yankedFor } }));
  assert.equal((await latest(server, { channel: "stable", platform: "linux-x64" })).body.version, "1.0.0");
  await server.serve(sampleManifest({ policy: { yankedFor: { "1.1.0": ["linux-arm64"] } } }));
  assert.equal((await latest(server, { channel: "stable", platform: "linux-x64" })).body.version, "1.1.0");
});

test("who asks from a dead end is told why it stays and where to read on, and a new machine gets another", async (t) => {
  const deadEnd = { reason: "cannot update itself", url: "https://docs.acme.example/reinstall" };
  const releases = [release("1.0.0"), release("1.1.0", { deadEnd }), release("1.2.0")];
  const policy = { channels: { stable: channel("1.2.0", ["1.1.0"]), beta: channel("1.1.0", ["1.0.0"]) } };
  const server = await TestServer.start(t, sampleManifest({ releases, policy }));
  const { body } = await latest(server, { channel: "stable", version: "1.1.0" });
  assert.deepEqual([body.action, body.version, body.refusal], ["refuse", "1.1.0", "dead-end"]);
  assert.equal(body.reason, `1.1.0 is a dead end: ${deadEnd.reason}; see ${deadEnd.url}`);
  assert.equal((await latest(server, { channel: "beta" })).body.version, "1.0.0");
});

test("a device that runs the version stays, and is told that nothing else is due", async (t) => {
  const server = await TestServer.start(t);
  const { body } = await latest(server, { channel: "stable", version: "1.1.0" });
  assert.deepEqual([body.action, body.version], ["stay", "1.1.0"]);
});

test("a barrier shows as the next step, with the way's end as target", async (t) => {
  const releases = [release("1.0.0"), release("1.1.0"), release("1.2.0", { upgradeFrom: ">=1.1.0" })];
  const policy = { channels: { stable: channel("1.2.0", ["1.1.0", "1.0.0"]) } };
  const server = await TestServer.start(t, sampleManifest({ releases, policy }));
  const { body } = await latest(server, { channel: "stable", version: "1.0.0" });
  assert.deepEqual([body.action, body.version, body.target], ["update", "1.1.0", "1.2.0"]);
});

test("a device waits for its wave and hears when it comes; without an id it is the last in the queue", async (t) => {
  const rollout = {
    strategy: "steps",
    waves: [
      { ppm: 1, after: 0 },
      { ppm: 1_000_000, after: 7 * 86_400 },
    ],
  } as const;
  const policy = { channels: { stable: channel("1.1.0", ["1.0.0"], { rollout }) } };
  const server = await TestServer.start(t, sampleManifest({ policy }));
  for (const device of [{ device: "d-1" }, {}]) {
    const { body } = await latest(server, { channel: "stable", version: "1.0.0", ...device });
    assert.deepEqual([body.action, body.version, body.target], ["wait", "1.0.0", "1.1.0"]);
    assert.equal(body.url, undefined, "a script that only reads the URL must not run ahead of its wave");
    assert.equal(Date.parse(body.eligibleAt ?? "") / 1000, NOW - 86_400 + 7 * 86_400);
  }
  server.now = NOW + 7 * 86_400;
  assert.equal((await latest(server, { channel: "stable", version: "1.0.0" })).body.action, "update");
});

test("where a person opens waves, an asker learns which one is shut; without an id it waits for the last", async (t) => {
  const waves = [
    { ppm: 500_000, after: 0 },
    { ppm: 1_000_000, after: 3600 },
  ];
  const serving = (opened: number) =>
    sampleManifest({
      policy: {
        channels: {
          stable: channel("1.1.0", ["1.0.0"], {
            rollout: { strategy: "steps", waves, advance: "manual", opened },
          }),
        },
      },
    });
  const server = await TestServer.start(t, serving(1));
  const ask = async () => (await latest(server, { channel: "stable", version: "1.0.0" })).body;
  const { action, eligibleAt, shutWave } = await ask();
  assert.deepEqual([action, eligibleAt, shutWave], ["wait", undefined, 2]);
  await server.serve(serving(2));
  assert.equal((await ask()).action, "update");
});

test("canaries get the version at once, and an asker without an id is none of them", async (t) => {
  const rollout = {
    strategy: "steps",
    waves: [{ ppm: 1_000_000, after: 7 * 86_400 }],
    canary: { devices: ["d-1"], groups: [] },
  } as const;
  const policy = { channels: { stable: channel("1.1.0", ["1.0.0"], { rollout }) } };
  const server = await TestServer.start(t, sampleManifest({ policy }));
  const ask = async (device: Record<string, string>) =>
    (await latest(server, { channel: "stable", version: "1.0.0", ...device })).body.action;
  assert.equal(await ask({ device: "d-1" }), "update");
  assert.equal(await ask({}), "wait");
});

const BEARER = 'Bearer realm="tenant"';
const acmesKey = { authorization: `Bearer ${sampleTenantKey("acme")}` };

test("a tenant's pin, site and pause count for who has its key", async (t) => {
  const tenant = { pin: { version: "1.0.0" }, sites: { berlin: { paused: { reason: "audit" } } } };
  const server = await TestServer.start(t, sampleManifest({ tenant }));
  assert.equal((await latest(server, { tenant: "acme" }, acmesKey)).body.version, "1.0.0");
  const paused = await latest(server, { tenant: "acme", site: "berlin", version: "0.9.0" }, acmesKey);
  assert.deepEqual([paused.body.action, paused.body.version], ["paused", "0.9.0"]);
});

test("without its key, a tenant that there is and one that there is not are the same answer to the byte", async (t) => {
  const server = await TestServer.start(t);
  const ask = async (tenant: string, authorization?: string) => {
    const headers = new Map<string, string>();
    if (authorization !== undefined) headers.set("authorization", authorization);
    const path = `/api/v1/agent/latest?product=lantern&platform=${PLATFORM}&tenant=${tenant}`;
    const answer = await server.ask(path, Object.fromEntries(headers));
    return { ...answer, headers: Object.entries(answer.headers).filter(([name]) => name !== "date") };
  };
  const keys = [
    undefined,
    "Bearer ",
    "Bearer x",
    "Basic YWNtZTphY21l",
    `Bearer ${"0".repeat(64)}`,
    `Bearer ${sampleTenantKey("acme")}0`,
    `Bearer ${TOKEN}`,
    `Bearer ${sampleTenantKey("others")}`,
  ];
  for (const key of keys) {
    const there = await ask("acme", key);
    assert.equal(there.status, 401, String(key));
    assert.ok(there.headers.some(([name, value]) => name === "www-authenticate" && value === BEARER));
    assert.equal(JSON.parse(there.body).code, "http/tenant-key-required");
    assert.deepEqual(await ask("nobody", key), there);
  }
  const removed = await ask("nobody", `Bearer ${sampleTenantKey("nobody")}`);
  assert.equal(JSON.parse(removed.body).code, "http/unknown-tenant", "who has the key may know");
});

test("the key of a tenant is made for any name, also for one that there is not", async (t) => {
  const asked: string[] = [];
  const isTenantKey = (tenant: string) => {
    asked.push(tenant);
    return false;
  };
  const server = await TestServer.start(t, sampleManifest(), { isTenantKey });
  for (const tenant of ["acme", "nobody"]) assert.equal((await latest(server, { tenant })).status, 401);
  assert.deepEqual(asked, ["acme", "nobody"], "nothing is looked up before");
});

test("a version below the minimum is told so", async (t) => {
  const server = await TestServer.start(t, sampleManifest({ policy: { minVersion: "1.1.0" } }));
  const { status, body } = await latest(server, { channel: "stable", version: "1.0.0" });
  assert.equal(status, 200);
  assert.equal(body.belowMinimum, "1.1.0");
  assert.equal((await latest(server, { channel: "stable", version: "1.1.0" })).body.belowMinimum, undefined);
});

test("a machine's own choice may be denied, and looking into a channel is none", async (t) => {
  const policy = {
    fleet: { defaultChannel: "stable", localOverrides: "deny" },
    channels: { stable: channel("1.0.0"), beta: channel("1.1.0") },
  } as const;
  const server = await TestServer.start(t, sampleManifest({ policy }));
  assert.equal((await latest(server, { channel: "beta" })).body.version, "1.1.0");
  assert.equal((await latest(server, {})).body.version, "1.0.0");
});

test("a downgrade is refused with its code; with nothing installed a refusal is a 404", async (t) => {
  const server = await TestServer.start(t);
  const down = await latest(server, { channel: "stable", version: "2.0.0" });
  assert.deepEqual([down.body.action, down.body.refusal], ["refuse", "downgrade-not-declared"]);
  const other = await latest(server, { channel: "stable", platform: "plan9-mips" });
  assert.equal(other.status, 404);
});

test("a rollback is answered as the newest version that ran on the device allows", async (t) => {
  const releases = [
    release("1.0.0"),
    release("1.1.0", { rollbackTo: ">=1.0.0" }),
    release("1.2.0", { rollbackTo: ">=1.1.0" }),
  ];
  const stable = channel("1.0.0", ["1.2.0", "1.1.0"], { rollback: { from: ["1.1.0", "1.2.0"] } });
  const server = await TestServer.start(t, sampleManifest({ releases, policy: { channels: { stable } } }));
  const asked = { channel: "stable", version: "1.1.0" };
  assert.deepEqual((await latest(server, asked)).body.action, "rollback");
  const { body } = await latest(server, { ...asked, newestConfirmed: "1.2.0" });
  assert.deepEqual([body.action, body.refusal, body.version], ["refuse", "downgrade-not-signed", "1.1.0"]);
});

test("what does not exist is a 404 with its code", async (t) => {
  const server = await TestServer.start(t);
  for (const [query, code] of [
    [{ product: "nothing" }, "http/unknown-product"],
    [{ channel: "nothing" }, "http/unknown-channel"],
    [{ channel: "constructor" }, "http/unknown-channel"],
  ] as const) {
    const { status, body } = await latest(server, query);
    assert.deepEqual([status, body.code], [404, code]);
  }
});

test("a query that cannot be read is a 400 that says what is wrong", async (t) => {
  const server = await TestServer.start(t);
  for (const query of [
    { version: "v1" },
    { tenant: "acme", channel: "stable" },
    { device: "../x" },
    { platform: "Linux x64" },
    { chanel: "stable" },
  ]) {
    const { status, body } = await latest(server, query as unknown as Record<string, string>, acmesKey);
    assert.equal(status, 400, JSON.stringify(query));
    assert.equal(body.code, "http/bad-request");
    assert.ok((body.detail?.length ?? 0) > 10);
  }
  const twice = await server.get(`/api/v1/agent/latest?product=lantern&product=x&platform=${PLATFORM}`);
  assert.equal(twice.status, 400);
});
