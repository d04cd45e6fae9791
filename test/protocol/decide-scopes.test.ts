import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { cohort } from "../../protocol/cohort.ts";
import { decide, type Policy } from "../../protocol/decide.ts";
import type { Decision } from "../../protocol/decision.ts";
import type { Device, LocalState } from "../../protocol/device.ts";
import type { Freeze } from "../../protocol/policy.ts";
import { firstFreeSecond } from "../../protocol/quiet-times.ts";
import { channel, DAY, device, HOUR, policy, RELEASES, release, T0 } from "./build-policies.ts";

function ask(
  asked: Policy,
  {
    device: of = device(),
    local = {},
    now = T0 + HOUR,
    installed = "1.3.0",
  }: {
    device?: Device;
    local?: LocalState;
    now?: number;
    installed?: string | null;
  } = {},
): Decision {
  return decide(asked, RELEASES, of, { version: installed }, local, now);
}

const lastWords = (decision: Decision): string => {
  const { rule, outcome, text } = decision.trail.at(-1) ?? assert.fail();
  return `${rule} ${outcome}: ${text}`;
};
const holidays: Freeze = { from: T0, to: T0 + 14 * DAY, reason: "holidays" };

describe("freezes", () => {
  it("hold an update until they end, and the trail says who says so and where", () => {
    const decision = ask(policy({}, { sites: { berlin: { freeze: [holidays] } } }));
    assert.deepEqual(decision.action === "wait" && [decision.waitingFor, decision.eligibleAt], [
      "freeze",
      T0 + 14 * DAY,
    ]);
    assert.equal(
      lastWords(decision),
      "freeze stop: site acme/berlin is frozen until 2026-12-04T00:00:00Z: holidays",
    );
    assert.equal(decision.trail.at(-1)?.where, "tenants/acme.yaml#/sites/berlin/freeze/0");
  });

  it("of a product and of a channel hold too", () => {
    assert.match(lastWords(ask(policy({ freeze: [holidays] }))), /product agent is frozen/);
    const frozen = policy({ channels: { stable: channel(["1.3.0", "1.4.0"], { freeze: [holidays] }) } });
    assert.match(lastWords(ask(frozen)), /channel agent\/stable is frozen/);
  });

  it("of a wider scope are not lifted by a nearer one", () => {
    const over = { from: T0 - 2, to: T0 - 1, reason: "over" };
    const asked = policy(
      { fleet: { defaultChannel: "stable", freeze: [holidays] } },
      { devices: { "d-1": { freeze: [over] } } },
    );
    assert.match(lastWords(ask(asked)), /fleet is frozen/);
  });

  it("let a security release go on where they except it, and no other", () => {
    const frozen = policy({ freeze: [{ ...holidays, except: "security" }] });
    assert.equal(ask(frozen).action, "wait");
    const releases = [release("1.3.0"), release("1.4.0", { severity: "security" })];
    const decision = decide(frozen, releases, device(), { version: "1.3.0" }, {}, T0 + HOUR);
    assert.equal(decision.action, "update");
    assert.match(decision.trail.map(({ text }) => text).join("\n"), /holidays; security releases go on/);
  });

  it("do not hold what a person asks for, nor a device below the minimum, and no pause is passed by that", () => {
    const frozen = policy({ freeze: [holidays] });
    assert.equal(ask(frozen, { local: { updateNow: true } }).action, "update");
    assert.equal(ask(policy({ freeze: [holidays], minVersion: "1.4.0" })).action, "update");
    const paused = policy({ freeze: [holidays], paused: {} });
    assert.equal(ask(paused, { local: { updateNow: true } }).action, "paused");
  });

  it("and a window together name the first second that lies in the window and in no freeze", () => {
    const window = {
      days: ["sat"],
      start: "02:00",
      duration: HOUR,
      timeZone: "UTC",
      onReturn: "window",
    } as const;
    const decision = ask(policy({ freeze: [{ ...holidays, from: T0 + DAY }] }, { window }));
    assert.deepEqual(decision.action === "wait" && [decision.waitingFor, decision.eligibleAt], [
      "window",
      T0 + 15 * DAY + 2 * HOUR,
    ]);
  });

  it("leave a first free second that is neither frozen nor after another one", () => {
    const span = fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 20 }));
    fc.assert(
      fc.property(fc.array(span, { maxLength: 8 }), fc.integer({ min: 0, max: 80 }), (spans, at) => {
        const freezes = spans.map(([from, length]) => ({ from, to: from + length, reason: "x" }));
        const isFree = (second: number): boolean =>
          freezes.every(({ from, to }) => second < from || second >= to);
        let expected = at;
        while (!isFree(expected)) expected++;
        assert.equal(firstFreeSecond(freezes, undefined, at), expected);
      }),
    );
  });
});

describe("devices that state does not name", () => {
  const held = policy({ fleet: { defaultChannel: "stable", unknownDevices: "hold" } });
  it("are held where the fleet says so, also when somebody asks", () => {
    const decision = ask({ product: held.product }, { local: { updateNow: true } });
    assert.deepEqual(decision.action === "refuse" && decision.code, "unknown-device");
    assert.equal(ask(held).action, "update", "its tenant names it");
  });
  it("are updated by the fleet's own settings otherwise", () => {
    assert.equal(ask({ product: policy().product }).action, "update");
  });
});

describe("groups by labels and facts", () => {
  const beta = { beta: channel(["1.5.0"]), stable: channel(["1.3.0", "1.4.0"]) };
  const matching = (match: Record<string, readonly string[]>): Policy =>
    policy({ channels: beta }, { groups: [{ name: "early", devices: [], match, channel: "beta" }] });
  const channelOf = (asked: Policy, of: Partial<Device>): string | undefined =>
    ask(asked, { device: device("d-1", of) }).channel;

  it("a label of the device puts it into the group, any of several values will do", () => {
    const ring = matching({ ring: ["canary", "early"] });
    assert.equal(channelOf(ring, { labels: { ring: "early" } }), "beta");
    assert.equal(channelOf(ring, { labels: { ring: "late" } }), "stable");
    assert.equal(channelOf(ring, {}), "stable");
  });
  it("all of what is asked for must hold", () => {
    const both = matching({ ring: ["canary"], "facts.platform": ["linux-arm64"] });
    assert.equal(channelOf(both, { labels: { ring: "canary" } }), "stable");
    assert.equal(channelOf(both, { labels: { ring: "canary" }, platform: "linux-arm64" }), "beta");
  });
  it("facts that are counted are compared by a range, and one that is no number matches nothing", () => {
    const old = matching({ "facts.glibc": ["<2.34"] });
    assert.equal(channelOf(old, { facts: { glibc: "2.31" } }), "beta");
    assert.equal(channelOf(old, { facts: { glibc: "2.34" } }), "stable");
    assert.equal(channelOf(old, { facts: { glibc: "two" } }), "stable");
    assert.equal(
      channelOf(matching({ "facts.osVersion": [">=22.04"] }), { facts: { osVersion: "24.04" } }),
      "beta",
    );
    assert.equal(
      channelOf(matching({ "facts.cpu": ["avx2"] }), { facts: { cpu: ["sse2", "avx2"] } }),
      "beta",
    );
  });
  it("a label that is called like what objects inherit matches nothing", () => {
    assert.equal(channelOf(matching({ constructor: ["x"] }), { labels: {} }), "stable");
  });
});

describe("canaries by share", () => {
  const shared = (share: number): Policy =>
    policy({
      channels: {
        stable: channel(["1.3.0", "1.4.0"], {
          rollout: {
            strategy: "steps",
            waves: [{ ppm: 1_000_000, after: 5 * DAY }],
            canary: { devices: [], groups: [], share, of: "platform" },
          },
        }),
      },
    });
  it("are exactly the devices whose place in the queue is below the share", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000 }), fc.nat(9999), (share, n) => {
        const id = `d-${n}`;
        const isCanary = ask(shared(share), { device: device(id) }).action === "update";
        assert.equal(isCanary, cohort("agent", "1.4.0", id) < share / 1_000_000);
      }),
    );
  });
});

describe("channels with dots", () => {
  it("are chosen like any other", () => {
    const asked = policy({ channels: { "stable-4.14": channel(["1.4.0"]) } }, { channel: "stable-4.14" });
    assert.equal(ask(asked).channel, "stable-4.14");
  });
});
