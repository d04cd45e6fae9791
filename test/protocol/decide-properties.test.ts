import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { Barriers } from "../../protocol/barriers.ts";
import { isActive } from "../../protocol/candidates.ts";
import { canonicalJson } from "../../protocol/canonical-json.ts";
import { decide, type Policy } from "../../protocol/decide.ts";
import type { Decision } from "../../protocol/decision.ts";
import { newestAfter } from "../../protocol/newest-confirmed.ts";
import type { ChannelPolicy, ProductPolicy, ScopePolicy, TenantPolicy } from "../../protocol/policy.ts";
import { accepts } from "../../protocol/upgrade-path.ts";
import { compareVersions, isPrerelease, versionInRange } from "../../protocol/version.ts";
import { type AskedCase, askedCase } from "./arbitrary-policies.ts";

const RUNS = { numRuns: 1000 };

function ask(asked: AskedCase, change: Partial<AskedCase> = {}): Decision {
  const { policy, releases, device, installed, local, now } = { ...asked, ...change };
  return decide(policy, releases, device, { version: installed }, local, now);
}

/** The same policy with one place of the device's path paused. */
const PAUSES: ((policy: Policy, id: string, channel: string) => Policy)[] = [
  (p) => withProduct(p, { fleet: { ...p.product.fleet, paused: {} } }),
  (p) => withProduct(p, { paused: {} }),
  (p, _, channel) => withChannel(p, channel, { paused: {} }),
  (p) => withTenant(p, { paused: {} }),
  (p) => withTenant(p, { sites: { berlin: pauseScope(p.tenant?.sites.berlin) } }),
  (p) => withTenant(p, { groups: (p.tenant?.groups ?? []).map((group) => ({ ...group, paused: {} })) }),
  (p, id) => withTenant(p, { devices: { [id]: pauseScope(p.tenant?.devices[id]) } }),
  (p) => withTenant(p, { products: { agent: { ...p.tenant?.products?.agent, paused: {} } } }),
];

function pauseScope(scope: ScopePolicy | undefined): ScopePolicy {
  return { ...scope, paused: {} };
}
function withProduct(policy: Policy, change: Partial<ProductPolicy>): Policy {
  return { ...policy, product: { ...policy.product, ...change } };
}
function withTenant(policy: Policy, change: Partial<TenantPolicy>): Policy {
  return policy.tenant === undefined ? policy : { ...policy, tenant: { ...policy.tenant, ...change } };
}
function withChannel(policy: Policy, name: string, change: Partial<ChannelPolicy>): Policy {
  const channel = policy.product.channels[name];
  if (channel === undefined) return policy;
  return withProduct(policy, { channels: { ...policy.product.channels, [name]: { ...channel, ...change } } });
}

/** Without what only time or a person may take away again: windows and pins that expire. */
function withoutWindowsAndPins(policy: Policy): Policy {
  const strip = <S extends ScopePolicy>(scope: S): S => {
    const { window: _, pin: __, ...rest } = scope;
    const agent = scope.products?.agent;
    return { ...rest, ...(agent === undefined ? {} : { products: { agent: strip(agent) } }) } as unknown as S;
  };
  const { product, tenant } = policy;
  return {
    product: { ...product, fleet: strip(product.fleet) },
    ...(tenant === undefined
      ? {}
      : {
          tenant: strip({
            ...tenant,
            sites: Object.fromEntries(Object.entries(tenant.sites).map(([k, v]) => [k, strip(v)])),
            groups: tenant.groups.map((group) => strip(group)),
            devices: Object.fromEntries(Object.entries(tenant.devices).map(([k, v]) => [k, strip(v)])),
          }),
        }),
  };
}

describe("decide, over any state", () => {
  it("a pause anywhere on the path stops the device, whatever else says", () => {
    fc.assert(
      fc.property(askedCase, fc.constantFrom(...PAUSES), (asked, pause) => {
        const before = ask(asked);
        const channel = before.action === "paused" ? "stable" : (before.channel ?? "stable");
        const policy = pause(asked.policy, asked.device.id, channel);
        const paused = ask(asked, { policy, local: { ...asked.local, updateNow: true } });
        assert.equal(paused.action, "paused");
      }),
      RUNS,
    );
  });

  it("an update goes up, and a rollback goes down only as declared and signed", () => {
    fc.assert(
      fc.property(askedCase, (asked) => {
        const decision = ask(asked);
        const { installed, policy, releases, local } = asked;
        if (decision.action === "update" && installed !== null) {
          let from = installed;
          for (const step of decision.path) {
            assert.ok(compareVersions("semver", step, from) > 0, `${from} to ${step}`);
            from = step;
          }
        }
        if (decision.action === "rollback") {
          assert.ok(installed !== null && compareVersions("semver", decision.target, installed) < 0);
          const channel = policy.product.channels[decision.channel ?? ""];
          assert.ok(channel?.rollback?.from.includes(installed));
          for (const holder of [installed, newestAfter("semver", local.newestConfirmed, installed)]) {
            const range = releases.find(({ version }) => version === holder)?.rollbackTo;
            assert.ok(range !== undefined && versionInRange("semver", decision.target, range), holder);
          }
        }
      }),
      RUNS,
    );
  });

  it("no step leads through what the device's channel has neither pointed to nor lists", () => {
    fc.assert(
      fc.property(askedCase, (asked) => {
        const decision = ask(asked);
        if (decision.action !== "update") return;
        const channel = asked.policy.product.channels[decision.channel ?? ""];
        assert.ok(channel !== undefined);
        const known = [channel.current, ...channel.previous].map(({ version }) => version);
        for (const step of decision.path.slice(0, -1)) {
          assert.ok([...known, ...(channel.steps ?? [])].includes(step), step);
        }
      }),
      RUNS,
    );
  });
  it("no step of a path is yanked, and each accepts the one before", () => {
    fc.assert(
      fc.property(askedCase, (asked) => {
        const decision = ask(asked);
        if (decision.action !== "update") return;
        assert.equal(decision.path.at(-1), decision.target);
        let from = asked.installed;
        for (const step of decision.path) {
          const release = asked.releases.find(({ version }) => version === step);
          const { platform } = asked.device;
          assert.ok(release !== undefined && isActive(asked.policy.product, release, platform));
          assert.ok(accepts("semver", release, from, new Barriers("semver", asked.releases, platform)));
          from = step;
        }
      }),
      RUNS,
    );
  });

  it("no update passes a barrier by, and none leads to, through or away from a dead end", () => {
    fc.assert(
      fc.property(askedCase, (asked) => {
        const decision = ask(asked);
        if (decision.action !== "update") return;
        const { installed, releases, device } = asked;
        const isDeadEnd = (version: string | null): boolean =>
          releases.find((release) => release.version === version)?.deadEnd !== undefined;
        assert.ok(![installed, ...decision.path].some(isDeadEnd));
        if (installed === null) return;
        for (const { version, barrier, artifacts } of releases) {
          if (barrier === undefined || decision.path.includes(version)) continue;
          if (compareVersions("semver", version, installed) <= 0) continue;
          if (compareVersions("semver", version, decision.target) >= 0) continue;
          if (isPrerelease("semver", version) && !isPrerelease("semver", decision.target)) continue;
          const signed = artifacts.filter(({ platform }) => platform === device.platform);
          assert.ok(
            signed.every(({ active }) => active === false),
            version,
          );
        }
      }),
      RUNS,
    );
  });

  it("a yank for other platforms changes nothing, and one for its own is as good as one for all", () => {
    fc.assert(
      fc.property(askedCase, fc.constantFrom("1.1.0", "1.2.0", "1.3.0", "2.0.0"), (asked, version) => {
        const { product } = asked.policy;
        const yankedFor = (platform: string): Policy =>
          withProduct(asked.policy, {
            yankedFor: {
              ...product.yankedFor,
              [version]: [platform, ...(product.yankedFor?.[version] ?? [])],
            },
          });
        assert.deepEqual(ask(asked, { policy: yankedFor("other-x64") }), ask(asked));
        const forAll = withProduct(asked.policy, { yanked: [...product.yanked, version] });
        const { trail: _, ...one } = ask(asked, { policy: yankedFor(asked.device.platform) });
        const { trail: __, ...all } = ask(asked, { policy: forAll });
        assert.deepEqual(one, all);
      }),
      RUNS,
    );
  });

  it("a halted version reaches nobody", () => {
    fc.assert(
      fc.property(askedCase, (asked) => {
        const channels = Object.fromEntries(
          Object.entries(asked.policy.product.channels).map(([name, channel]) => [
            name,
            { ...channel, halted: { reason: "gate", at: asked.now } },
          ]),
        );
        const decision = ask(asked, { policy: withProduct(asked.policy, { channels }) });
        if (decision.action !== "update" && decision.action !== "rollback") return;
        const halted = channels[decision.channel ?? ""]?.current.version;
        assert.ok(halted !== undefined && !decision.path.includes(halted));
      }),
      RUNS,
    );
  });

  it("what may move may still move later, while no window closes and no pin expires", () => {
    fc.assert(
      fc.property(askedCase, fc.integer({ min: 0, max: 20 * 86_400 }), (asked, later) => {
        const policy = withoutWindowsAndPins(asked.policy);
        const now = ask(asked, { policy });
        if (now.action !== "update" && now.action !== "rollback") return;
        const then = ask(asked, { policy, now: asked.now + later });
        assert.ok(then.action === now.action, `${now.action} became ${then.action}`);
        if (then.action === "update") assert.ok(compareVersions("semver", then.target, now.target) >= 0);
      }),
      RUNS,
    );
  });

  it("at `eligibleAt` it goes on, and not a second before", () => {
    fc.assert(
      fc.property(askedCase, (asked) => {
        const decision = ask(asked);
        if (decision.action !== "wait" || decision.eligibleAt === undefined) return;
        assert.ok(decision.eligibleAt > asked.now);
        const then = ask(asked, { now: decision.eligibleAt });
        assert.ok(
          then.action !== "wait" ||
            then.waitingFor !== decision.waitingFor ||
            then.target !== decision.target,
        );
        const before = ask(asked, { now: decision.eligibleAt - 1 });
        if (before.action === "update") assert.notEqual(before.target, decision.target);
      }),
      RUNS,
    );
  });

  it("after following its decisions to the end a device rests", () => {
    fc.assert(
      fc.property(askedCase, (asked) => {
        let installed = asked.installed;
        for (let step = 0; step < 20; step++) {
          const decision = ask(asked, { installed });
          if (decision.action !== "update" && decision.action !== "rollback") return;
          installed = decision.path[0];
        }
        assert.fail("still moving after 20 steps");
      }),
      RUNS,
    );
  });

  it("equal input gives equal bytes, input is not changed, and the trail can be signed", () => {
    fc.assert(
      fc.property(askedCase, (asked) => {
        const before = JSON.stringify(asked);
        const bytes = canonicalJson(ask(asked));
        assert.equal(canonicalJson(ask(structuredClone(asked))), bytes);
        assert.equal(JSON.stringify(asked), before);
      }),
      { numRuns: 500 },
    );
  });
});
