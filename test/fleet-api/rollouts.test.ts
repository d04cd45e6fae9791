import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { RolloutReport } from "../../controller/http/fleet-api/rollout-report.ts";
import type { RolloutSeries } from "../../controller/http/fleet-api/rollout-series.ts";
import { sha256Hex } from "../../protocol/digest.ts";
import type { ProductPolicy, Promotion, TenantPolicy } from "../../protocol/policy.ts";
import { NOW, sampleManifest } from "../http/sample-manifest.ts";
import {
  type StagedFailure,
  StagedFleet,
  type StagedMachine,
  stagedRelease,
} from "../rollout/staged-fleet.ts";
import { FleetServer } from "./fleet-server.ts";

const HOUR = 3_600;
const DAY = 24 * HOUR;
const PLATFORMS = ["linux-x64", "linux-arm64"] as const;
const RELEASES = ["1.0.0", "1.1.0"].map((version) => stagedRelease(version, PLATFORMS));

function promotion(version: string, at: number): Promotion {
  return { version, at, commit: sha256Hex(version).slice(0, 40) };
}

function policyAt(start: number): ProductPolicy {
  return {
    kind: "product",
    schemaVersion: 1,
    commit: sha256Hex("commit").slice(0, 40),
    product: "lantern",
    versionScheme: "semver",
    fleet: { defaultChannel: "stable" },
    channels: {
      stable: {
        current: promotion("1.0.0", start - DAY),
        previous: [],
        rollout: {
          strategy: "steps",
          waves: [
            { ppm: 500_000, after: HOUR },
            { ppm: 1_000_000, after: DAY },
          ],
          canary: { devices: [], groups: ["acme/canaries", "globex/canaries"] },
          gate: { maxFailure: 20_000, minReports: 5, maxTenantShare: 1_000_000 },
        },
      },
    },
    yanked: [],
  };
}

const TENANTS = new Map(
  ["acme", "globex"].map((tenant): [string, TenantPolicy] => [
    tenant,
    {
      kind: "tenant",
      schemaVersion: 1,
      tenant,
      sites: {},
      groups: [{ name: "canaries", devices: [], match: { ring: ["canary"] } }],
      devices: {},
    },
  ]),
);

/** Two tenants, two platforms; one machine in ten of the first platform of acme is a canary. */
function machines(): StagedMachine[] {
  return Array.from({ length: 80 }, (_, n) => {
    const platform = n % 4 === 3 ? "linux-arm64" : "linux-x64";
    return {
      id: `d-${n}`,
      tenant: n % 2 === 0 ? "acme" : "globex",
      site: n % 2 === 0 ? "berlin" : "oslo",
      platform,
      facts: { os: "debian", glibc: platform === "linux-arm64" ? "2.31" : "2.36" },
      labels: { ring: n % 20 === 0 ? "canary" : "late" },
      version: "1.0.0",
    };
  });
}

interface Staged {
  readonly server: FleetServer;
  readonly fleet: StagedFleet;
  report(token?: string): Promise<RolloutReport>;
  series(token?: string): Promise<RolloutSeries>;
}

/** 1.1.0 is promoted and two hours old. */
async function stage(
  t: TestContext,
  fails: (machine: StagedMachine, version: string) => StagedFailure | undefined,
): Promise<Staged> {
  const start = NOW - 2 * DAY;
  const server = await FleetServer.start(t);
  const fleet = new StagedFleet({
    ...{ store: server.store, policy: policyAt(start), releases: RELEASES, tenants: TENANTS },
    ...{ fails, start },
  });
  t.after(() => fleet.stop());
  await fleet.enrol(machines());
  await fleet.pass(60);
  await fleet.pass(DAY);
  fleet.commit((policy) => {
    const { stable } = policy.channels;
    if (stable === undefined) return policy;
    const next = { ...stable, current: promotion("1.1.0", fleet.now), previous: [stable.current] };
    return { ...policy, channels: { stable: next } };
  });
  for (let turn = 0; turn < 12; turn++) await fleet.pass(600);
  server.server.now = fleet.now;
  await server.server.serve(sampleManifest({ releases: RELEASES, policy: fleet.served }));
  const ask = async (path: string, token?: string) => {
    const asked = await server.ask(path, token === undefined ? {} : { token });
    assert.equal(asked.status, 200, asked.text);
    return JSON.parse(asked.text);
  };
  return {
    server,
    fleet,
    report: (token) => ask("/api/v1/rollouts/lantern/stable", token),
    series: (token) => ask("/api/v1/rollouts/lantern/stable/series", token),
  };
}

const ON_ARM: StagedFailure = { cause: "self-test-failed", message: "GLIBC_2.34 not found" };

test("the last point of a series is what is counted now, and the points before it what was counted then", async (t) => {
  const { report, series } = await stage(t, () => undefined);
  const [now, drawn] = [await report(), await series()];
  const last = (numbers: readonly number[]): number => numbers.at(-1) ?? -1;
  const total = drawn.adoption.versions.reduce((sum, { machines }) => sum + last(machines), 0);
  assert.deepEqual([total, now.devices], [80, 80]);
  const current = drawn.adoption.versions.find(({ version }) => version === "1.1.0");
  assert.equal(last(current?.machines ?? []), now.running);
  assert.deepEqual(
    [last(drawn.since.running), last(drawn.since.allowed), last(drawn.since.devices)],
    [now.running, now.allowedDevices, now.devices],
  );
  // Before the promotion everybody who had checked in ran what was before.
  assert.deepEqual(
    drawn.adoption.versions.map(({ version, machines }) => [
      version,
      machines[Math.floor(machines.length / 3)],
    ]),
    [
      ["1.1.0", 0],
      ["1.0.0", 80],
    ],
  );
  assert.ok(drawn.adoption.at.length <= 301 && drawn.since.at.length <= 301);
  assert.deepEqual(
    drawn.since.running,
    drawn.since.running.toSorted((a, b) => a - b),
    "nobody went back",
  );
  assert.equal(drawn.since.allowed[0], 0);
});

test("evidence is drawn as the gate said it, up to the halt, with the line of each platform", async (t) => {
  const { report, series } = await stage(t, ({ platform }, version) =>
    version === "1.1.0" && platform === "linux-arm64" ? ON_ARM : undefined,
  );
  const [now, { evidence, marks }] = [await report(), await series()];
  assert.equal(now.state, "halted");
  const gate = now.judgement?.gate;
  for (const test of evidence?.tests ?? []) {
    const said = gate?.tests.find(({ value, dimension }) =>
      test.platform === undefined ? dimension === undefined : value === test.platform,
    );
    assert.deepEqual([test.evidence.at(-1), test.needed], [said?.evidence, said?.needed]);
    assert.equal(test.evidence.length, evidence?.at.length);
  }
  const arm = evidence?.tests.find(({ platform }) => platform === "linux-arm64");
  assert.ok(arm !== undefined && Math.max(...arm.evidence.map((each) => each ?? 0)) > 1);
  assert.ok(marks.some(({ kind, version }) => kind === "halt" && version === "1.1.0"));
  assert.ok(
    marks.some(({ kind, version }) => kind === "began" && version === "1.0.0"),
    "of the whole channel",
  );
});

test("a halted rollout says what is next, why and where it failed, where canaries stood, and whose machines", async (t) => {
  const { report, server } = await stage(t, ({ platform }, version) =>
    version === "1.1.0" && platform === "linux-arm64" ? ON_ARM : undefined,
  );
  const now = await report();
  assert.deepEqual([now.next.kind, now.next.headline], ["halted", "Nothing moves until a commit decides."]);
  assert.equal(now.next.choices[0]?.commands[0]?.includes("--platform linux-arm64"), true);
  const failed = now.causes.groups.reduce(
    (sum, group) => sum + (group.outcome === "failed" ? group.devices : 0),
    0,
  );
  assert.deepEqual([failed, now.tally.failed > 0], [now.tally.failed, true]);
  const [cause] = now.causes.groups;
  assert.equal(cause?.example, "GLIBC_2.34 not found");
  assert.deepEqual([...new Set(cause?.where.map(({ platform }) => platform))], ["linux-arm64"]);
  assert.deepEqual(
    now.cover.cells
      .map(({ platform, tenant, devices, canaries }) => [platform, tenant, devices, canaries])
      .sort(),
    [
      ["linux-arm64", "globex", 20, 0],
      ["linux-x64", "acme", 40, 4],
      ["linux-x64", "globex", 20, 0],
    ],
  );
  assert.equal(now.cover.text, "1 of 3 cells, 50 % of machines; none at globex, where it failed");
  assert.deepEqual(
    now.byTenant.map(({ tenant, devices, failed: count }) => [tenant, devices, count > 0]),
    [
      ["globex", 40, true],
      ["acme", 40, false],
    ],
  );
  const { rollouts } = JSON.parse((await server.ask("/api/v1/rollouts")).text);
  assert.deepEqual(
    rollouts.map((one: { version: string; isCurrent: boolean }) => [one.version, one.isCurrent]),
    [
      ["1.1.0", true],
      ["1.0.0", false],
    ],
  );
  const past = await server.ask(`/api/v1/rollouts/lantern/stable?commit=${sha256Hex("1.0.0").slice(0, 12)}`);
  assert.deepEqual([past.body.version, (past.body.next as { kind: string }).kind], ["1.0.0", "replaced"]);
});

test("who promoted it is said to those who may see all tenants, and to nobody else", async (t) => {
  const { report, server } = await stage(t, () => undefined);
  assert.equal((await report()).author, undefined, "nobody knows");
  const { commit } = promotion("1.1.0", 0);
  const author = "Ada Example <ada@acme.example>";
  const made = {
    product: "lantern",
    channel: "stable",
    version: "1.1.0",
    commit,
    author,
    subject: "x",
    at: NOW,
  };
  server.server.state = { ...server.server.state, promoters: [made] };
  assert.equal((await report()).author, author);
  assert.equal((await report(await server.person("admin", ["acme"]))).author, undefined);
});

test("who is limited to a tenant sees its machines in each part, no evidence, and decides nothing for all", async (t) => {
  const { report, series, server } = await stage(t, ({ platform }, version) =>
    version === "1.1.0" && platform === "linux-arm64" ? ON_ARM : undefined,
  );
  const token = await server.person("admin", ["acme"]);
  const [now, drawn] = [await report(token), await series(token)];
  for (const said of [JSON.stringify(now), JSON.stringify(drawn)]) {
    assert.doesNotMatch(said, /globex|oslo|arm64|GLIBC/);
  }
  assert.deepEqual([now.devices, now.next.choices, drawn.evidence], [40, [], undefined]);
  assert.equal(drawn.since.devices.at(-1), 40);
  assert.deepEqual(
    now.byTenant.map(({ tenant }) => tenant),
    ["acme"],
  );
});

test("a freeze of all and a tenant's pause are drawn and told of, each to those whose machines they hold", async (t) => {
  const { report, series, server, fleet } = await stage(t, () => undefined);
  const freeze = { from: fleet.now - HOUR, to: fleet.now + HOUR, reason: "stocktaking" };
  const policy = { ...fleet.served, freeze: [freeze] };
  const paused = { reason: "acme has an audit" };
  const manifest = sampleManifest({ releases: RELEASES, policy, tenant: { paused } });
  await server.server.serve(manifest);
  const [now, drawn] = [await report(), await series()];
  assert.deepEqual(
    drawn.quiet.map(({ kind, whom, machines }) => [kind, whom, machines]),
    [
      ["freeze", "lantern", undefined],
      ["pause", "acme", 40],
    ],
  );
  assert.deepEqual([now.next.kind, now.next.at], ["frozen", freeze.to]);
  const token = await server.person("viewer", ["globex"]);
  const ours = await series(token);
  assert.deepEqual(
    ours.quiet.map(({ whom }) => whom),
    ["lantern"],
  );
  assert.doesNotMatch(JSON.stringify([ours, await report(token)]), /acme|audit/);
});
