import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { Barriers } from "../../protocol/barriers.ts";
import { isActive } from "../../protocol/candidates.ts";
import { canonicalJson } from "../../protocol/canonical-json.ts";
import { decide, type Policy } from "../../protocol/decide.ts";
import type { Decision } from "../../protocol/decision.ts";
import { newestAfter } from "../../protocol/newest-confirmed.ts";
import type {
  ChannelPolicy,
  ProductPolicy,
  Rollout,
  ScopePolicy,
  TenantPolicy,
} from "../../protocol/policy.ts";
import { groupsOf } from "../../protocol/scope.ts";
import { accepts } from "../../protocol/upgrade-path.ts";
import { compareVersions, isPrerelease, versionInRange } from "../../protocol/version.ts";
import { type AskedCase, askedCase } from "./arbitrary-policies.ts";
import { DAY } from "./build-policies.ts";

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

function withEachRollout(policy: Policy, change: Partial<Rollout>): Policy {
  const channels = Object.entries(policy.product.channels).map(([name, channel]): [string, ChannelPolicy] => [
    name,
    channel.rollout === undefined ? channel : { ...channel, rollout: { ...channel.rollout, ...change } },
  ]);
  return withProduct(policy, { channels: Object.fromEntries(channels) });
}
function isPinned({ trail }: Decision): boolean {
  return trail.some(({ rule, where }) => rule === "target" && where?.endsWith("/pin") === true);
}

/** Without what only time or a person may take away again: windows, freezes and pins that expire. */
function withoutWindowsAndPins(policy: Policy): Policy {
  const strip = <S extends ScopePolicy>(scope: S): S => {
    const { window: _, pin: __, freeze: ___, ...rest } = scope;
    const agent = scope.products?.agent;
    return { ...rest, ...(agent === undefined ? {} : { products: { agent: strip(agent) } }) } as unknown as S;
  };
  const { product, tenant } = policy;
  return {
    product: {
      ...unfrozen(product),
      fleet: strip(product.fleet),
      channels: Object.fromEntries(Object.entries(product.channels).map(([k, v]) => [k, unfrozen(v)])),
    },
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

function unfrozen<T extends { readonly freeze?: unknown }>({ freeze: _, ...rest }: T): Omit<T, "freeze"> {
  return rest;
}

/** The same policy with one place of the device's path frozen from before `now` until after it. */
function frozenAt(policy: Policy, id: string, place: number, now: number): Policy {
  const freeze = [{ from: now - 10, to: now + 10, reason: "audit" }];
  const { product, tenant } = policy;
  const frozen: Policy[] = [
    withProduct(policy, { fleet: { ...product.fleet, freeze } }),
    withProduct(policy, { freeze }),
    withProduct(policy, {
      channels: Object.fromEntries(Object.entries(product.channels).map(([k, v]) => [k, { ...v, freeze }])),
    }),
    withTenant(policy, { freeze }),
    withTenant(policy, { sites: { berlin: { ...tenant?.sites.berlin, freeze } } }),
    withTenant(policy, { groups: (tenant?.groups ?? []).map((group) => ({ ...group, freeze })) }),
    withTenant(policy, { devices: { [id]: { ...tenant?.devices[id], freeze } } }),
  ];
  return frozen[place % frozen.length] ?? policy;
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

  it("what the channel points to reaches nobody before `startsAt`, but who is below a minimum or asked for it", () => {
    fc.assert(
      fc.property(askedCase, fc.integer({ min: 1, max: 20 * DAY }), (asked, ahead) => {
        const { updateNow: _, ...local } = asked.local;
        const policy = withEachRollout(asked.policy, { startsAt: asked.now + ahead });
        const decision = ask(asked, { policy, local });
        if (decision.action !== "update" || decision.belowMinimum !== undefined) return;
        const channel = policy.product.channels[decision.channel ?? ""];
        if (channel?.rollout === undefined || isPinned(decision)) return;
        const before = channel.previous.map(({ version }) => version);
        assert.ok(before.includes(decision.target), decision.target);
      }),
      RUNS,
    );
  });

  it("opening one wave more never takes anything away, where no freeze lets only some versions through", () => {
    fc.assert(
      fc.property(askedCase, fc.integer({ min: 0, max: 5 }), (asked, opened) => {
        const unfrozenPolicy = withoutWindowsAndPins(asked.policy);
        const open = (waves: number) =>
          ask(asked, { policy: withEachRollout(unfrozenPolicy, { advance: "manual", opened: waves }) });
        const [less, more] = [open(opened), open(opened + 1)];
        if (less.action === "update") {
          assert.ok(more.action === "update" && compareVersions("semver", more.target, less.target) >= 0);
        }
        if (less.action !== "wait" || less.shutWave === undefined) return;
        assert.equal(less.eligibleAt, undefined, "no time is promised for what a person opens");
        const { text } = less.trail.at(-1) ?? {};
        if (text?.endsWith("was not opened before the channel moved on") === true) return;
        assert.match(text ?? "", /is not opened yet: `fairlead advance (stable|beta)` opens it$/);
        assert.ok(less.shutWave > opened);
      }),
      RUNS,
    );
  });

  it("what may move may still move later, while no window closes, no pin expires and nothing failed there", () => {
    fc.assert(
      fc.property(askedCase, fc.integer({ min: 0, max: 20 * 86_400 }), (asked, later) => {
        const policy = withoutWindowsAndPins(asked.policy);
        const { blocked: _, ...local } = asked.local;
        const now = ask(asked, { policy, local });
        if (now.action !== "update" && now.action !== "rollback") return;
        const then = ask(asked, { policy, local, now: asked.now + later });
        assert.ok(then.action === now.action, `${now.action} became ${then.action}`);
        // An empty machine takes what it can get first; any version is up for it.
        if (then.action === "update" && asked.installed !== null)
          assert.ok(compareVersions("semver", then.target, now.target) >= 0);
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

  it("a freeze anywhere on the path holds every update that no minimum and no person asks for", () => {
    fc.assert(
      fc.property(askedCase, fc.nat(6), (asked, place) => {
        const local = { ...asked.local, updateNow: false };
        const decision = ask(asked, {
          policy: frozenAt(asked.policy, asked.device.id, place, asked.now),
          local,
        });
        if (decision.belowMinimum !== undefined) return;
        assert.ok(decision.action !== "update" && decision.action !== "rollback", decision.action);
        const free = ask(asked, { local });
        // It changes nothing of what is decided without it but the wait itself.
        if (decision.action !== "wait" || decision.waitingFor !== "freeze")
          assert.equal(decision.action, free.action);
        else assert.ok(decision.eligibleAt === undefined || decision.eligibleAt >= asked.now + 10);
      }),
      RUNS,
    );
  });

  it("a label or a fact more on a device can only put it into more groups", () => {
    fc.assert(
      fc.property(askedCase, (asked) => {
        const known = { ...asked.device, labels: { ring: "canary" }, facts: { glibc: "2.31", os: "debian" } };
        const names = (device: typeof known | AskedCase["device"]): string[] =>
          groupsOf(asked.policy.tenant, device).map(({ name }) => name);
        const { labels: _, facts: __, ...unknown } = known;
        assert.ok(new Set(names(unknown)).isSubsetOf(new Set(names(known))));
      }),
      RUNS,
    );
  });

  it("where unknown devices are held, exactly those whose tenant state has may move", () => {
    fc.assert(
      fc.property(askedCase, (asked) => {
        const held = withProduct(asked.policy, {
          fleet: { ...asked.policy.product.fleet, unknownDevices: "hold" },
        });
        assert.equal(
          canonicalJson({ ...ask(asked, { policy: held }), trail: [] }),
          canonicalJson({ ...ask(asked), trail: [] }),
        );
        const stranger = ask(asked, { policy: { product: held.product } });
        assert.ok(
          stranger.action === "paused" ||
            (stranger.action === "refuse" && stranger.code === "unknown-device"),
        );
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
