import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { desiredPolicies } from "../../controller/desired/desired-policies.ts";
import type { ChannelHistories, PromotionRecord } from "../../controller/source/promotion-record.ts";
import type { FleetModel } from "../../controller/state/fleet-model.ts";
import { canonicalJson } from "../../protocol/canonical-json.ts";
import { formatDuration, parseDuration } from "../../protocol/duration.ts";
import type { ChannelPolicy } from "../../protocol/policy.ts";
import { readProductPolicy } from "../../protocol/read-policy.ts";
import type { ChannelState, TenantState } from "../../schemas/state.generated.ts";
import { COMMIT, COMMITTED_AT, NO_HISTORY, SAMPLE, sampleModel, version } from "./sample-model.ts";

function channelOf(state: ChannelState, history: readonly PromotionRecord[] = []): ChannelPolicy {
  const histories: ChannelHistories = new Map([["agent/stable", history]]);
  const model = sampleModel({ products: { agent: { channels: { stable: state } } } });
  const channel = desiredPolicies(model, histories).products.get("agent")?.channels.stable;
  assert.ok(channel);
  return channel;
}

function promotion(version: string, at: number): PromotionRecord {
  return { version, at, commit: "c".repeat(40), author: "A <a@b.example>", subject: "promote" };
}

test("percentages become parts per million, durations seconds, without rounding", () => {
  const wave = fc.record({
    ppm: fc.integer({ min: 0, max: 1_000_000 }),
    after: fc.integer({ min: 0, max: 59 }),
    asText: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(wave, { minLength: 1, maxLength: 9 }), (waves) => {
      const { rollout } = channelOf({
        version: "1.0.0",
        rollout: {
          waves: waves.map(({ ppm, after, asText }) => ({
            percent: asText ? `${ppm / 10_000}%` : ppm / 10_000,
            after: `${after}h`,
          })),
        },
      });
      assert.deepEqual(
        rollout?.waves,
        waves.map(({ ppm, after }) => ({ ppm, after: after * 3600 })),
      );
    }),
  );
});

test("how long a version may be put off is signed in seconds, none at all too, and an agent reads it as it was written", () => {
  const signed = (deferAtMost?: string) => {
    const state = { version: "1.0.0", ...(deferAtMost === undefined ? {} : { deferAtMost }) };
    const model = sampleModel({ products: { agent: { channels: { stable: state } } } });
    const policy = desiredPolicies(model, NO_HISTORY).products.get("agent");
    assert.ok(policy !== undefined && policy.critical?.includes("deferAtMost") !== true);
    return readProductPolicy(Buffer.from(canonicalJson(policy))).channels.stable?.deferAtMost;
  };
  assert.deepEqual([signed("1d12h"), signed("0s"), signed()], [129_600, 0, undefined]);
});

test("whatever state says, policy can be signed: no floats and nothing undefined", () => {
  const settings = fc.record(
    {
      channel: fc.constant("beta"),
      paused: fc.oneof(fc.boolean(), fc.constant({ reason: "why" })),
      autoUpdate: fc.boolean(),
      window: fc.record({
        days: fc.constant<"sat"[]>(["sat"]),
        start: fc.constant("02:00"),
        duration: fc.integer({ min: 1, max: 86_400 }).map((seconds) => `${seconds}s`),
        timeZone: fc.constant("Europe/Berlin"),
      }),
      localOverrides: fc.constantFrom("allow" as const, "deny" as const),
    },
    { requiredKeys: [] },
  );
  const pin = fc.record(
    { version: fc.constant("1.0.0"), reason: fc.string(), expires: fc.constant("2027-01-31") },
    { requiredKeys: ["version"] },
  );
  const products = fc.dictionary(fc.constantFrom("agent", "constructor"), fc.record({ pin }));
  const scope = fc.tuple(settings, products).map(([own, products]) => ({ ...own, products }));
  const name = fc.constantFrom("constructor", "berlin", "a1", "to-string");
  const tenant: fc.Arbitrary<TenantState> = fc
    .tuple(scope, fc.dictionary(name, scope), fc.dictionary(fc.constantFrom("7", "d-1", "__x"), scope))
    .map(([own, sites, devices]) => ({ ...own, sites, groups: sites, devices }));
  fc.assert(
    fc.property(tenant, (state) => {
      const model = sampleModel({ tenants: { acme: state } });
      const policy = desiredPolicies(model, NO_HISTORY).tenants.get("acme");
      assert.deepEqual(JSON.parse(JSON.stringify(policy)), policy);
      assert.doesNotThrow(() => canonicalJson(policy));
      assert.deepEqual(Object.keys(policy?.sites ?? {}).sort(), Object.keys(state.sites ?? {}).sort());
      assert.deepEqual(
        policy?.groups.map(({ name }) => name),
        Object.keys(state.groups ?? {}),
      );
    }),
  );
});

test("a duration that people write is read as the seconds that it is shown as", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 86_399 }), (seconds) => {
      const shown = formatDuration(seconds);
      const { rollout } = channelOf({
        version: "1.0.0",
        rollout: { waves: [{ percent: 100, after: shown }] },
      });
      assert.equal(rollout?.waves[0]?.after, parseDuration(shown));
    }),
  );
});

test("a halt holds only for the version that the channel points to", () => {
  const halted = { version: "1.0.0", reason: "crashes" };
  assert.deepEqual(channelOf({ version: "1.0.0", halted }).halted, { reason: "crashes", at: COMMITTED_AT });
  assert.equal(channelOf({ version: "1.0.1", halted }).halted, undefined);
});

test("what a channel pointed to before comes from history, without who did it", () => {
  const history = [promotion("1.1.0", 200), promotion("1.0.0", 100)];
  const { current, previous } = channelOf({ version: "1.1.0" }, history);
  assert.deepEqual(current, { version: "1.1.0", at: 200, commit: "c".repeat(40) });
  assert.deepEqual(previous, [{ version: "1.0.0", at: 100, commit: "c".repeat(40) }]);
});

test("where a version bars older ones, the channel's policy says through what it leads, however long ago that was", () => {
  const count = 40;
  const history = Array.from({ length: count }, (_, index) => {
    const record = promotion(`1.${count - index}.0`, COMMITTED_AT - index);
    return index === 36 ? { ...record, halted: true } : record;
  });
  const policyOf = (upgradeFrom: string | undefined): ChannelPolicy => {
    const versions = [
      version("agent", `1.${count}.0`, upgradeFrom === undefined ? {} : { upgradeFrom }),
      version("agent", "1.3.0", { active: false }),
    ];
    const channels = { stable: { version: `1.${count}.0`, via: ["1.0.5"] } };
    const model = sampleModel({ products: { agent: { channels, versions } } });
    const histories: ChannelHistories = new Map([["agent/stable", history]]);
    const channel = desiredPolicies(model, histories).products.get("agent")?.channels.stable;
    assert.ok(channel);
    return channel;
  };
  const barred = policyOf(">=1.9.0");
  assert.equal(barred.previous.length, 31);
  assert.equal(barred.previous.at(-1)?.version, "1.9.0");
  assert.deepEqual(barred.steps, ["1.8.0", "1.7.0", "1.6.0", "1.5.0", "1.2.0", "1.1.0", "1.0.5"]);
  assert.equal(policyOf(undefined).steps, undefined);
});

test("a channel that history does not know yet was promoted by the commit itself", () => {
  const { current, previous } = channelOf({ version: "1.2.0" }, [promotion("1.1.0", 200)]);
  assert.deepEqual(current, { version: "1.2.0", at: COMMITTED_AT, commit: COMMIT });
  assert.equal(previous[0]?.version, "1.1.0");
});

test("a pin ends at the first second of its date, UTC, or at its instant", () => {
  const pinned = (expires: string): number | undefined => {
    const state: TenantState = { products: { agent: { pin: { version: "1.0.0", expires } } } };
    const policies = desiredPolicies(sampleModel({ tenants: { acme: state } }), NO_HISTORY);
    return policies.tenants.get("acme")?.products?.agent?.pin?.expires;
  };
  assert.equal(pinned("2027-01-31"), Date.UTC(2027, 0, 31) / 1000);
  assert.equal(pinned("2027-01-31T10:00+02:00"), Date.UTC(2027, 0, 31, 8) / 1000);
  assert.throws(() => pinned("2027-02-30"), { code: "protocol/bad-date" });
});

test("a version that is not active is listed as yanked", () => {
  const versions = [
    { version: "1.1.0", active: false, artifacts: [] },
    { version: "1.0.0", artifacts: [] },
  ];
  const model = sampleModel({ products: { agent: { versions } } });
  assert.deepEqual(desiredPolicies(model, NO_HISTORY).products.get("agent")?.yanked, ["1.1.0"]);
});

test("a tenant's policy is the very same one for as long as its file stays", () => {
  const first = sampleModel();
  const second = { ...sampleModel(SAMPLE, "2".repeat(40)), tenants: first.tenants };
  const policyOf = (model: FleetModel) => desiredPolicies(model, NO_HISTORY).tenants.get("acme");
  assert.equal(policyOf(first), policyOf(second));
  assert.notEqual(policyOf(first), policyOf(sampleModel()));
  assert.equal(JSON.stringify(policyOf(first)).includes(COMMIT), false);
});
