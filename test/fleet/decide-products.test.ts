import assert from "node:assert/strict";
import { test } from "node:test";
import { decideProducts } from "../../controller/fleet/decide-products.ts";
import { judgeAttempts } from "../../controller/fleet/judge-attempts.ts";
import { rememberPolicy, type ServedPolicy } from "../../controller/fleet/served-policy.ts";
import type { Attempt } from "../../protocol/check-in/attempt.ts";
import type { CheckIn, ProductReport } from "../../protocol/check-in/check-in.ts";
import type { ProductPolicy } from "../../protocol/policy.ts";
import type { Release } from "../../protocol/release.ts";
import { channel, NOW, PLATFORM, release, sampleManifest } from "../http/sample-manifest.ts";

const HOUR = 3600;
const DEVICE = { id: "d-1", tenant: null, site: null, labels: {} };
/** All of the fleet may have it two hours after its promotion, which was a day ago; nobody before. */
const ROLLOUT = { strategy: "steps", waves: [{ ppm: 1_000_000, after: 2 * HOUR }] } as const;

function served(policy: Partial<ProductPolicy> = {}, releases?: readonly Release[]): ServedPolicy {
  const { version, products } = sampleManifest({
    policy,
    ...(releases === undefined ? {} : { releases }),
  });
  return { repository: "", version, products, tenants: { get: () => undefined }, earlier: [] };
}

function report(version: string | null, more: Partial<ProductReport> = {}): ProductReport {
  const installed = version === null ? null : { version, digest: "x" };
  return { product: "lantern", format: "binary", installed, journal: "idle", blocked: [], ...more };
}

function attempt(more: Partial<Attempt> = {}): Attempt {
  return {
    id: "a".repeat(32),
    product: "lantern",
    kind: "update",
    from: "1.0.0",
    to: "1.1.0",
    toDigest: "x",
    startedAt: NOW - 60,
    endedAt: NOW - 50,
    step: "confirmed",
    outcome: "confirmed",
    ...more,
  };
}

function checkIn(products: readonly ProductReport[], more: Partial<CheckIn> = {}): CheckIn {
  return {
    schemaVersion: 1,
    sequence: 1,
    clock: NOW,
    agentVersion: "1",
    platform: PLATFORM,
    products,
    attempts: [],
    handled: [],
    ...more,
  };
}

/** The versions that attempts show to have been offered. */
function shown(policy: ServedPolicy, said: CheckIn): readonly string[] {
  return (decided(policy, said).shown ?? []).map(({ version }) => version);
}

function decided(policy: ServedPolicy, said: CheckIn) {
  const [verdict] = decideProducts(policy, DEVICE, said, NOW);
  assert.ok(verdict);
  return verdict.recorded;
}

test("what decide lets a device install now is offered, under the commit that promoted it", () => {
  const { offer, channel: applied } = decided(served(), checkIn([report("1.0.0")]));
  assert.equal(applied, "stable");
  const { commit } = channel("1.1.0").current;
  assert.deepEqual(offer, { product: "lantern", channel: "stable", version: "1.1.0", commit });
});

test("who runs it already, waits for a wave, or is paused is offered nothing", () => {
  assert.equal(decided(served(), checkIn([report("1.1.0")])).offer, null);
  const later = { ...ROLLOUT, waves: [{ ppm: 1_000_000, after: 9 * 86_400 }] };
  const waiting = served({ channels: { stable: channel("1.1.0", [], { rollout: later }) } });
  assert.equal(decided(waiting, checkIn([report("1.0.0")])).offer, null);
  assert.equal(decided(served({ paused: {} }), checkIn([report("1.0.0")])).offer, null);
});

test("a step on the way to what the channel points to is no offer of it", () => {
  const releases = [release("1.0.0"), release("1.1.0"), release("1.2.0", { upgradeFrom: ">=1.1.0" })];
  const policy = served({ channels: { stable: channel("1.2.0", ["1.1.0"]) } }, releases);
  assert.equal(decided(policy, checkIn([report("1.0.0")])).offer, null);
  assert.equal(decided(policy, checkIn([report("1.1.0")])).offer?.version, "1.2.0");
});

test("an attempt shows an offer where policy would have made it when it began, and not before", () => {
  const policy = served({ channels: { stable: channel("1.1.0", ["1.0.0"], { rollout: ROLLOUT }) } });
  const promotedAt = NOW - 86_400;
  const began = (startedAt: number) =>
    shown(policy, checkIn([report("1.1.0")], { attempts: [attempt({ startedAt })] }));
  assert.deepEqual(began(promotedAt + 3 * HOUR), ["1.1.0"]);
  assert.deepEqual(began(promotedAt + HOUR), [], "its wave had not come");
});

test("the machine's clock decides neither when an attempt began nor how long a version is blocked", () => {
  const policy = served({ channels: { stable: channel("1.1.0", ["1.0.0"], { rollout: ROLLOUT }) } });
  const clock = NOW + 30 * 86_400;
  const at = (startedAt: number) =>
    shown(policy, checkIn([report("1.1.0")], { clock, attempts: [attempt({ startedAt })] }));
  assert.deepEqual(at(clock - 60), ["1.1.0"]);
  assert.deepEqual(at(clock - 23 * HOUR), []);
  const blockedUntil = (until: number) =>
    decided(
      served(),
      checkIn([report("1.0.0", { blocked: [{ version: "1.1.0", reason: "failed", until }] })], { clock }),
    ).offer?.version;
  assert.equal(blockedUntil(clock + 60), undefined);
  assert.equal(blockedUntil(clock - 60), "1.1.0");
});

test("a failed attempt shows its offer although the version is blocked by then", () => {
  const blocked = [{ version: "1.1.0", reason: "failed", until: NOW + HOUR }];
  const failed = attempt({ outcome: "rolled-back", step: "confirming", cause: "confirm-failed" });
  const said = checkIn([report("1.0.0", { blocked })], { attempts: [failed] });
  assert.equal(decided(served(), said).offer, null, "for the next time nothing is");
  assert.deepEqual(shown(served(), said), ["1.1.0"]);
});

test("an attempt shows its offer also to a controller that has another version for the machine by then", () => {
  const releases = [release("1.0.0"), release("1.1.0"), release("1.2.0")];
  const before = served({}, releases);
  const policy: ServedPolicy = {
    ...served({ channels: { stable: channel("1.2.0", []) } }, releases),
    earlier: [before],
  };
  const said = checkIn([report("1.1.0")], { attempts: [attempt()] });
  assert.equal(decided(policy, said).offer?.version, "1.2.0");
  assert.deepEqual(shown(policy, said), ["1.1.0"]);
});

test("each of several attempts that come at once shows its own offer", () => {
  const releases = [release("1.0.0"), release("1.1.0"), release("1.2.0")];
  const policy: ServedPolicy = {
    ...served({ channels: { stable: channel("1.2.0", []) } }, releases),
    earlier: [served({}, releases)],
  };
  const first = attempt({ startedAt: NOW - 900, endedAt: NOW - 890 });
  const second = attempt({ id: "b".repeat(32), from: "1.1.0", to: "1.2.0" });
  const said = checkIn([report("1.2.0", { newestConfirmed: "1.2.0" })], { attempts: [first, second] });
  assert.deepEqual(shown(policy, said), ["1.2.0", "1.1.0"]);
  const again = { ...second, id: "c".repeat(32) };
  const twice = checkIn([report("1.2.0")], { attempts: [first, second, again] });
  assert.deepEqual(shown(policy, twice), ["1.2.0", "1.1.0"], "once each");
});

test("policies before the one that is served are remembered as long as they differ, however often they were signed", () => {
  let policy = served();
  const [first, second] = [policy.products, served().products];
  const { earlier: _, ...base } = policy;
  for (let version = 2; version < 50; version++) policy = rememberPolicy({ ...base, version }, policy);
  assert.deepEqual(policy.earlier, [], "the same policy, signed anew");
  policy = rememberPolicy({ ...base, version: 50, products: second }, policy);
  for (let version = 51; version < 99; version++) {
    policy = rememberPolicy({ ...base, version, products: second }, policy);
  }
  assert.deepEqual(
    policy.earlier.map(({ products }) => products),
    [first],
  );
});

test("below a minimum the verdict says which", () => {
  const policy = served({ minVersion: "1.1.0" });
  assert.equal(decided(policy, checkIn([report("1.0.0")])).belowMinimum, "1.1.0");
  assert.equal(decided(policy, checkIn([report("1.1.0")])).belowMinimum, null);
});

test("where a device belongs is what the controller knows: its own word on the site counts only where nobody said", () => {
  const policy = served({}, undefined);
  const acme = { ...policy.tenants.get("acme"), sites: { berlin: { channel: "beta" } } };
  const placed: ServedPolicy = {
    ...policy,
    tenants: {
      get: (name) =>
        name === "acme"
          ? { ...acme, kind: "tenant", schemaVersion: 1, tenant: "acme", groups: [], devices: {} }
          : undefined,
    },
  };
  const said = checkIn([report("1.0.0")], { site: "berlin" });
  const channelOf = (site: string | null, tenant: string | null) =>
    decideProducts(placed, { ...DEVICE, tenant, site }, said, NOW)[0]?.recorded.channel;
  assert.equal(channelOf(null, "acme"), "beta");
  assert.equal(channelOf("paris", "acme"), "stable");
  assert.equal(channelOf(null, null), "stable", "and nothing makes it another tenant's");
});

test("a product that nobody publishes, and policy that cannot be read, offer nothing and refuse nothing", () => {
  const nothing = { channel: null, belowMinimum: null, offer: null };
  assert.deepEqual(decided(served(), checkIn([report("1.0.0", { product: "ghost" })])), {
    product: "ghost",
    ...nothing,
  });
  const broken = served({ minVersion: "not a version" });
  assert.deepEqual(decided(broken, checkIn([report("1.0.0")])), { product: "lantern", ...nothing });
});

test("what counts at a gate is what it lists, and an unknown cause counts everywhere", () => {
  const gate = { maxFailure: 20_000, minReports: 1, causes: ["network"] } as const;
  const policy = served({ channels: { stable: channel("1.1.0", [], { rollout: { ...ROLLOUT, gate } }) } });
  const failed = { outcome: "failed", message: "gave up after 3 tries" } as const;
  const attempts = [
    attempt({ ...failed, cause: "network" }),
    attempt({ ...failed, cause: "self-test-failed" }),
    attempt(failed),
    attempt(),
  ];
  const outcomes = (applied: string | null) =>
    judgeAttempts(policy, attempts, () => applied).map(({ outcome }) => outcome);
  assert.deepEqual(outcomes("stable"), ["failed", "excused", "failed", "confirmed"]);
  assert.deepEqual(outcomes(null), ["excused", "failed", "failed", "confirmed"]);
  assert.deepEqual(
    judgeAttempts(policy, attempts, () => "stable").map(({ signature }) => signature),
    ["gave up after <n> tries", "gave up after <n> tries", "gave up after <n> tries", null],
  );
});

test("a machine that keeps to a version of its own choice, or installs only on request, is offered nothing else", () => {
  assert.notEqual(decided(served(), checkIn([report("1.0.0")])).offer, null);
  assert.equal(decided(served(), checkIn([report("1.0.0", { pin: "1.0.0" })])).offer, null);
  assert.equal(decided(served(), checkIn([report("1.0.0", { autoUpdate: false })])).offer, null);
  const denied = served({ fleet: { defaultChannel: "stable", localOverrides: "deny" } });
  assert.notEqual(decided(denied, checkIn([report("1.0.0", { pin: "1.0.0" })])).offer, null);
});
