import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { cohort } from "../../protocol/cohort.ts";
import { decide, type Policy } from "../../protocol/decide.ts";
import type { Decision } from "../../protocol/decision.ts";
import type { LocalState } from "../../protocol/device.ts";
import type { ChannelPolicy } from "../../protocol/policy.ts";
import type { Releases } from "../../protocol/release.ts";
import { channel, DAY, device, HOUR, policy, RELEASES, release, T0 } from "./build-policies.ts";

interface Asking {
  readonly policy?: Policy;
  readonly releases?: Releases;
  readonly id?: string;
  readonly platform?: string;
  readonly installed?: string | null;
  readonly local?: LocalState;
  readonly now?: number;
}

function ask(asking: Asking = {}): Decision {
  const { installed = "1.3.0", now = T0 + HOUR } = asking;
  return decide(
    asking.policy ?? policy(),
    asking.releases ?? RELEASES,
    device(asking.id, asking.platform === undefined ? {} : { platform: asking.platform }),
    { version: installed },
    asking.local ?? {},
    now,
  );
}

/** Every decision as one line, without its trail. */
function summary(decision: Decision): string {
  switch (decision.action) {
    case "paused":
    case "none":
      return decision.action;
    case "stay":
      return `stay ${decision.target}`;
    case "refuse":
      return `refuse ${decision.code}`;
    case "wait":
      return `wait ${decision.target} for ${decision.waitingFor}${decision.eligibleAt === undefined ? "" : ` +${decision.eligibleAt - T0}`}`;
    case "update":
    case "rollback":
      return `${decision.action} ${decision.path.join(" > ")}`;
  }
}

function trailOf(decision: Decision): string[] {
  return decision.trail.map(({ rule, outcome }) => `${rule} ${outcome}`);
}

const WAVES = {
  strategy: "steps",
  waves: [
    { ppm: 500_000, after: 0 },
    { ppm: 1_000_000, after: DAY },
  ],
} as const;

/** Ids whose turn comes in the first and in the last wave of `WAVES` for a version. */
function idIn(wave: "first" | "last", version: string, butFirstFor?: string): string {
  for (let i = 0; ; i++) {
    const id = `d-${i}`;
    const early = cohort("agent", version, id) < 0.5;
    const earlyForOther = butFirstFor === undefined || cohort("agent", butFirstFor, id) < 0.5;
    if (early === (wave === "first") && earlyForOther) return id;
  }
}

describe("the order of rules", () => {
  it("a plain update names every rule that spoke, in order", () => {
    const decision = ask({
      policy: policy({ channels: { stable: channel(["1.3.0", "1.4.0"], { rollout: WAVES }) } }),
      now: T0 + 2 * DAY,
    });
    assert.equal(summary(decision), "update 1.4.0");
    assert.deepEqual(trailOf(decision), [
      "paused pass",
      "channel set",
      "target set",
      "compare pass",
      "path pass",
      "rollout pass",
    ]);
  });

  it("what is installed already stays", () => {
    assert.equal(summary(ask({ installed: "1.4.0" })), "stay 1.4.0");
  });

  it("a product that is not there is installed, unless it is a companion", () => {
    assert.equal(summary(ask({ installed: null })), "update 1.4.0");
    assert.equal(
      summary(ask({ installed: null, policy: policy({ ifInstalled: true }) })),
      "refuse not-installed",
    );
  });
});

describe("rule 1: paused", () => {
  const paused = { paused: { reason: "incident 7" } };
  const places: Record<string, { policy: Policy; where: string }> = {
    fleet: {
      policy: policy({ fleet: { defaultChannel: "stable", ...paused } }),
      where: "fleet.yaml#/paused",
    },
    product: { policy: policy(paused), where: "products/agent/product.yaml#/paused" },
    channel: {
      policy: policy({ channels: { stable: channel(["1.3.0", "1.4.0"], paused) } }),
      where: "products/agent/channels/stable.yaml#/paused",
    },
    tenant: { policy: policy({}, paused), where: "tenants/acme.yaml#/paused" },
    site: {
      policy: policy({}, { sites: { berlin: paused } }),
      where: "tenants/acme.yaml#/sites/berlin/paused",
    },
    group: {
      policy: policy({}, { groups: [{ name: "tills", devices: ["d-1"], ...paused }] }),
      where: "tenants/acme.yaml#/groups/tills/paused",
    },
    device: {
      policy: policy({}, { devices: { "d-1": paused } }),
      where: "tenants/acme.yaml#/devices/d-1/paused",
    },
    "product of a device": {
      policy: policy({}, { devices: { "d-1": { products: { agent: paused } } } }),
      where: "tenants/acme.yaml#/devices/d-1/products/agent/paused",
    },
  };
  it("a pause ends by itself at its second, and until then says when", () => {
    const until = T0 + 2 * HOUR;
    const paused = policy({}, { paused: { reason: "stocktaking", until } });
    const before = ask({ policy: paused, now: until - 1 });
    assert.equal(before.action, "paused");
    assert.match(before.trail.at(-1)?.text ?? "", /^tenant acme is paused until \S+Z: stocktaking$/);
    assert.equal(ask({ policy: paused, now: until }).action, "update");
  });

  it("a pause that is over hides none of a nearer scope that still holds", () => {
    const over = { paused: { until: T0 } };
    const both = policy({ fleet: { defaultChannel: "stable", ...over } }, { paused: {} });
    assert.equal(ask({ policy: both }).action, "paused");
    assert.equal(ask({ policy: policy({ fleet: { defaultChannel: "stable", ...over } }) }).action, "update");
  });

  for (const [place, { policy, where }] of Object.entries(places)) {
    it(`a pause of the ${place} stops the device and names the place`, () => {
      const decision = ask({ policy, local: { updateNow: true } });
      assert.equal(decision.action, "paused");
      assert.deepEqual(decision.trail.at(-1)?.where, where);
      assert.match(decision.trail.at(-1)?.text ?? "", /is paused: incident 7$/);
    });
  }

  it("a pause of another site, group, device, channel or product does not", () => {
    const elsewhere = policy(
      { channels: { stable: channel(["1.3.0", "1.4.0"]), beta: channel(["1.5.0"], paused) } },
      {
        sites: { paris: paused },
        groups: [{ name: "tills", devices: ["d-2"], ...paused }],
        devices: { "d-2": paused, "d-1": { products: { other: paused } } },
      },
    );
    assert.equal(summary(ask({ policy: elsewhere })), "update 1.4.0");
  });

  it("a pause holds a device that is below the minimum", () => {
    const decision = ask({ policy: policy({ minVersion: "1.4.0", ...paused }) });
    assert.equal(decision.action, "paused");
  });
});

describe("rule 2: channel", () => {
  const channels = {
    stable: channel(["1.4.0"]),
    beta: channel(["1.5.0"]),
    lts: channel(["1.3.0"]),
    old: channel(["1.2.0"]),
  };
  const all = {
    channel: "old",
    sites: { berlin: { channel: "lts" } },
    groups: [
      { name: "first", devices: ["d-1"], channel: "beta" },
      { name: "second", devices: ["d-1"], channel: "stable" },
    ],
    devices: { "d-1": { channel: "stable" } },
  };
  const channelOf = (rest: object, local: LocalState = {}): string | undefined =>
    ask({ policy: policy({ channels }, rest), local }).channel;

  it("the device wins over its groups, the first group over the second, groups over the site, the site over the tenant", () => {
    assert.equal(channelOf(all), "stable");
    assert.equal(channelOf({ ...all, devices: {} }), "beta");
    assert.equal(channelOf({ ...all, devices: {}, groups: [] }), "lts");
    assert.equal(channelOf({ channel: "old" }), "old");
    assert.equal(channelOf({}), "stable");
  });

  it("what a scope says of one product is nearer than what it says of all", () => {
    assert.equal(channelOf({ channel: "old", products: { agent: { channel: "beta" } } }), "beta");
  });

  it("the machine's own choice wins, unless a scope denies it", () => {
    assert.equal(channelOf(all, { channel: "beta" }), "beta");
    assert.equal(channelOf({ ...all, localOverrides: "deny" }, { channel: "beta" }), "stable");
    const nearerAllows = { localOverrides: "deny", sites: { berlin: { localOverrides: "allow" } } };
    assert.equal(channelOf(nearerAllows, { channel: "beta" }), "beta");
  });

  it("a channel that the product does not have is refused", () => {
    assert.equal(summary(ask({ local: { channel: "nightly" } })), "refuse unknown-channel");
  });
});

describe("rule 3: target", () => {
  it("a yanked version is not offered: the channel falls back, and with nothing left offers nothing", () => {
    const yanked = (...versions: string[]) => policy({ yanked: versions });
    assert.equal(summary(ask({ policy: yanked("1.4.0"), installed: "1.2.0" })), "update 1.3.0");
    assert.equal(summary(ask({ policy: yanked("1.4.0", "1.3.0"), installed: "1.2.0" })), "none");
  });

  it("a yank by the release key alone counts as well", () => {
    const releases = [release("1.3.0"), release("1.4.0", { active: false })];
    assert.equal(summary(ask({ releases, installed: "1.2.0" })), "update 1.3.0");
  });

  it("the channel does not fall back to a version that it had halted or rolls back from", () => {
    const base = channel(["1.2.0", "1.3.0", "1.4.0"]);
    const halted = base.previous.map((p) => (p.version === "1.3.0" ? { ...p, halted: true } : p));
    const ofHalted = policy({ channels: { stable: { ...base, previous: halted } }, yanked: ["1.4.0"] });
    assert.equal(summary(ask({ policy: ofHalted, installed: null })), "update 1.2.0");
    const rolledBack = { ...base, rollback: { from: ["1.3.0"] } };
    const ofRollback = policy({ channels: { stable: rolledBack }, yanked: ["1.4.0"] });
    assert.equal(summary(ask({ policy: ofRollback, installed: null })), "update 1.2.0");
  });

  it("a device that runs the yanked version stays where it is, unless a rollback names it", () => {
    const asking = { releases: [release("1.3.0"), release("1.4.0", { rollbackTo: ">=1.3.0" })] };
    const yanked = (rest = {}) => ({
      ...asking,
      installed: "1.4.0",
      policy: policy({ channels: { stable: channel(["1.3.0", "1.4.0"], rest) }, yanked: ["1.4.0"] }),
    });
    assert.equal(summary(ask(yanked())), "refuse downgrade-not-declared");
    assert.equal(summary(ask(yanked({ rollback: { from: ["1.4.1"] } }))), "refuse downgrade-not-declared");
    assert.equal(summary(ask(yanked({ rollback: { from: ["1.4.0"] } }))), "rollback 1.3.0");
    const signed = [release("1.3.0"), release("1.4.0", { rollbackTo: ">=1.3.0", active: false })];
    assert.equal(summary(ask({ ...yanked(), releases: signed })), "refuse downgrade-not-declared");
    assert.equal(
      summary(ask({ ...yanked({ rollback: { from: ["1.4.0"] } }), releases: signed })),
      "rollback 1.3.0",
    );
  });
  it("a device on a yanked version goes on to a newer one", () => {
    const channels = { stable: channel(["1.4.0", "1.5.0"]) };
    assert.equal(
      summary(ask({ policy: policy({ channels, yanked: ["1.4.0"] }), installed: "1.4.0" })),
      "update 1.5.0",
    );
  });

  it("the nearest pin wins over the channel and over its waves", () => {
    const pinned = policy(
      { channels: { stable: channel(["1.3.0", "1.5.0"], { rollout: WAVES }) } },
      {
        products: { agent: { pin: { version: "1.5.0" } } },
        devices: { "d-1": { products: { agent: { pin: { version: "1.4.0", reason: "case 4711" } } } } },
      },
    );
    assert.equal(summary(ask({ policy: pinned })), "update 1.4.0");
    assert.equal(summary(ask({ policy: pinned, id: idIn("last", "1.5.0") })), "update 1.5.0");
  });

  it("a pin holds until the second at which it expires, and then the next one counts", () => {
    const expires = T0 + HOUR;
    const pinned = policy({}, { products: { agent: { pin: { version: "1.3.0", expires } } } });
    assert.equal(summary(ask({ policy: pinned, now: expires - 1 })), "stay 1.3.0");
    assert.equal(summary(ask({ policy: pinned, now: expires })), "update 1.4.0");
  });

  it("a pin to a yanked or unknown version moves nothing, and the minimum is still told", () => {
    const pinned = (version: string) =>
      policy({ yanked: ["1.4.0"], minVersion: "1.4.0" }, { products: { agent: { pin: { version } } } });
    for (const version of ["1.4.0", "9.9.9"]) {
      const decision = ask({ policy: pinned(version) });
      assert.equal(summary(decision), "refuse pinned-version-unavailable");
      assert.equal(decision.action !== "paused" && decision.belowMinimum, "1.4.0");
    }
  });

  it("a version that the release key never signed is not offered", () => {
    assert.equal(
      summary(ask({ policy: policy({ channels: { stable: channel(["9.9.9"]) } }) })),
      "refuse no-such-release",
    );
  });

  it("a version without an artifact for the platform is refused", () => {
    assert.equal(summary(ask({ platform: "darwin-arm64" })), "refuse no-artifact-for-platform");
  });
});

describe("rule 4: minVersion", () => {
  const late = idIn("last", "1.4.0", "1.3.0");
  const rollout = WAVES;
  const channels = { stable: channel(["1.2.0", "1.3.0", "1.4.0"], { rollout }) };

  it("the highest of fleet, product and channel counts", () => {
    const minimums = policy({
      fleet: { defaultChannel: "stable", minVersion: "1.2.0" },
      minVersion: "1.3.0",
      channels: { stable: channel(["1.4.0"], { minVersion: "1.2.5" }) },
    });
    assert.equal(ask({ policy: minimums, installed: "1.2.6" }).belowMinimum, "1.3.0");
    assert.equal(ask({ policy: minimums, installed: "1.3.0" }).belowMinimum, undefined);
  });

  it("a device whose wave has not come takes the previous version if that satisfies the minimum", () => {
    const decision = ask({ policy: policy({ channels, minVersion: "1.3.0" }), id: late, installed: "1.2.0" });
    assert.equal(summary(decision), "update 1.3.0");
  });

  it("where the previous version does not satisfy it, waves and windows do not hold the device", () => {
    const window = {
      days: ["wed"],
      start: "02:00",
      duration: HOUR,
      timeZone: "UTC",
      onReturn: "window",
    } as const;
    const decision = ask({
      policy: policy({ channels, minVersion: "1.4.0" }, { window }),
      id: late,
      installed: "1.2.0",
    });
    assert.equal(summary(decision), "update 1.4.0");
    assert.ok(trailOf(decision).includes("rollout skip"));
    assert.ok(trailOf(decision).includes("window skip"));
  });

  it("a halt holds it: it takes the previous version, and waits where that is installed", () => {
    const halted = policy({
      channels: {
        stable: channel(["1.2.0", "1.3.0", "1.4.0"], { rollout, halted: { reason: "gate", at: T0 } }),
      },
      minVersion: "1.4.0",
    });
    assert.equal(summary(ask({ policy: halted, id: late, installed: "1.2.0" })), "update 1.3.0");
    assert.equal(summary(ask({ policy: halted, id: late, installed: "1.3.0" })), "wait 1.4.0 for halt");
  });
});

describe("rule 5: compare", () => {
  const down = (from: string[], rollbackTo?: string) => ({
    policy: policy({ channels: { stable: channel(["1.4.0", "1.3.0"], { rollback: { from } }) } }),
    releases: [release("1.3.0"), release("1.4.0", rollbackTo === undefined ? {} : { rollbackTo })],
    installed: "1.4.0",
  });

  it("a lower version is refused", () => {
    assert.equal(summary(ask({ installed: "1.5.0" })), "refuse downgrade-not-declared");
  });
  it("a rollback that is declared from exactly this version and signed is done", () => {
    assert.equal(summary(ask(down(["1.4.0"], ">=1.3.0"))), "rollback 1.3.0");
  });
  it("a rollback that the release key did not allow, or not to there, is refused", () => {
    assert.equal(summary(ask(down(["1.4.0"]))), "refuse downgrade-not-signed");
    assert.equal(summary(ask(down(["1.4.0"], ">=1.3.5"))), "refuse downgrade-not-signed");
  });
  it("a rollback from another version is refused", () => {
    assert.equal(summary(ask(down(["1.4.1"], ">=1.3.0"))), "refuse downgrade-not-declared");
  });
  it("a second step down is refused where the newest version that ran here must not go", () => {
    const releases = [
      release("1.3.0"),
      release("1.4.0", { rollbackTo: ">=1.3.0" }),
      release("1.5.0", { rollbackTo: ">=1.4.0" }),
      release("1.6.0", { rollbackTo: ">=1.3.0" }),
    ];
    const asking = { ...down(["1.4.0"]), releases };
    assert.equal(summary(ask(asking)), "rollback 1.3.0", "nothing newer ever ran here");
    const after = (newestConfirmed: string) => ask({ ...asking, local: { newestConfirmed } });
    const refused = after("1.5.0");
    assert.equal(summary(refused), "refuse downgrade-not-signed");
    assert.equal(
      refused.trail.at(-1)?.text,
      "the release key allows 1.5.0, the newest that ran here, to be rolled back only to >=1.4.0, not to 1.3.0",
    );
    assert.equal(
      summary(after("1.6.0")),
      "rollback 1.3.0",
      "its builder knew that older ones can read its data",
    );
    assert.equal(summary(after("1.3.0")), "rollback 1.3.0");
  });
  it("nothing is rolled back where the newest version that ran here is not signed or not known, and all goes up", () => {
    for (const newestConfirmed of ["1.7.0", "unknown", "", "1.5"]) {
      const local = { newestConfirmed };
      assert.equal(summary(ask({ ...down(["1.4.0"], ">=1.3.0"), local })), "refuse downgrade-not-signed");
      assert.equal(summary(ask({ installed: "1.3.0", local })), "update 1.4.0");
      assert.equal(summary(ask({ installed: null, local })), "update 1.4.0");
    }
  });
  it("a halt of the version that is rolled back to holds it", () => {
    const asking = down(["1.4.0"], ">=1.3.0");
    const stable = channel(["1.4.0", "1.3.0"], {
      rollback: { from: ["1.4.0"] },
      halted: { reason: "no", at: T0 },
    });
    assert.equal(
      summary(ask({ ...asking, policy: policy({ channels: { stable } }) })),
      "wait 1.3.0 for halt",
    );
  });
  it("an installed version that cannot be read is refused", () => {
    for (const installed of ["", "v1.3.0", "1.3", "1.3.0+build", "latest", "__proto__"]) {
      assert.equal(summary(ask({ installed })), "refuse installed-version-unreadable", installed);
    }
  });
  it("dotted versions have any number of numeric parts, compared left to right", () => {
    const channels = { stable: channel(["4.9.12.1", "4.10"]) };
    const versionScheme = "dotted";
    const releases = [
      release("4.9.12.1", { versionScheme }),
      release("4.10", { versionScheme, upgradeFrom: ">=4.9 <4.10 || =3" }),
    ];
    const dotted = { policy: policy({ versionScheme, channels }), releases };
    assert.equal(summary(ask({ ...dotted, installed: "4.9.12.1" })), "update 4.10");
    assert.equal(summary(ask({ ...dotted, installed: "4.8" })), "update 4.9.12.1 > 4.10");
    assert.equal(summary(ask({ ...dotted, installed: "4.10.0" })), "stay 4.10");
    assert.equal(summary(ask({ ...dotted, installed: "4.10.0.1" })), "refuse downgrade-not-declared");
  });
});

describe("rule 6: path", () => {
  const releases = [
    release("1.2.0"),
    release("1.3.0"),
    release("1.3.5-rc.1"),
    release("1.4.0", { upgradeFrom: ">=1.3.0" }),
  ];
  it("a barrier leads through the newest active version that accepts the installed one", () => {
    assert.equal(summary(ask({ releases, installed: "1.1.0" })), "update 1.3.0 > 1.4.0");
  });
  it("a path does not lead through a yanked, a withdrawn or an unfinished version", () => {
    assert.equal(
      summary(ask({ releases, installed: "1.1.0", policy: policy({ yanked: ["1.3.0"] }) })),
      "refuse no-path",
    );
    const rollback = { from: ["1.3.0"] };
    const withdrawn = policy({ channels: { stable: channel(["1.4.0"], { rollback }) } });
    assert.equal(summary(ask({ releases, installed: "1.1.0", policy: withdrawn })), "refuse no-path");
  });
  it("a path goes only through what the channel has pointed to or lists, and says what would have to be listed", () => {
    const through = (stable: ChannelPolicy): Policy =>
      policy({ channels: { stable, beta: channel(["1.3.0"]) } });
    const testing = ask({ releases, installed: "1.1.0", policy: through(channel(["1.2.0", "1.4.0"])) });
    assert.equal(summary(testing), "refuse no-path");
    assert.match(
      testing.trail.at(-1)?.text ?? "",
      /no active version of stable.*1\.3\.0 would, if its `via` listed it/,
    );
    const listed = through(channel(["1.2.0", "1.4.0"], { steps: ["1.3.0"] }));
    assert.equal(summary(ask({ releases, installed: "1.1.0", policy: listed })), "update 1.3.0 > 1.4.0");
    const pointedTo = through(channel(["1.3.0", "1.2.0", "1.4.0"]));
    assert.equal(summary(ask({ releases, installed: "1.1.0", policy: pointedTo })), "update 1.3.0 > 1.4.0");
  });
  it("a pre-release leads to another pre-release", () => {
    const nightly = [...releases, release("1.5.0-rc.1", { upgradeFrom: ">=1.3.1" })];
    const channels = { stable: channel(["1.3.5-rc.1", "1.5.0-rc.1"]) };
    assert.equal(
      summary(
        ask({
          releases: nightly.filter(({ version }) => version !== "1.4.0"),
          installed: "1.1.0",
          policy: policy({ channels }),
        }),
      ),
      "update 1.3.5-rc.1 > 1.5.0-rc.1",
    );
  });
  it("a fresh install needs no path", () => {
    assert.equal(summary(ask({ releases, installed: null })), "update 1.4.0");
  });
});

describe("rule 7: blocked", () => {
  const until = T0 + 2 * HOUR;
  const blocked = (version: string) => ({ blocked: [{ version, reason: "self-test failed", until }] });
  it("a version that failed here waits until its backoff ends, also when a person asks", () => {
    const local = { ...blocked("1.4.0"), updateNow: true };
    assert.equal(summary(ask({ local })), "wait 1.4.0 for backoff +7200");
    assert.equal(summary(ask({ local, now: until })), "update 1.4.0");
  });
  it("so does a path whose first step failed here; another version does not matter", () => {
    const releases = [release("1.3.0"), release("1.4.0", { upgradeFrom: ">=1.3.0" })];
    assert.equal(
      summary(ask({ releases, installed: "1.2.0", local: blocked("1.3.0") })),
      "wait 1.4.0 for backoff +7200",
    );
    assert.equal(summary(ask({ local: blocked("1.2.0") })), "update 1.4.0");
  });
});

describe("rule 8: rollout", () => {
  const channels = { stable: channel(["1.2.0", "1.3.0", "1.4.0"], { rollout: WAVES }) };
  it("a device waits for its wave and is told when it comes", () => {
    const asking = { policy: policy({ channels }), id: idIn("last", "1.4.0"), installed: "1.3.0" };
    assert.equal(summary(ask(asking)), "wait 1.4.0 for wave +86400");
    assert.equal(summary(ask({ ...asking, now: T0 + DAY })), "update 1.4.0");
  });
  it("until then it takes the previous version, if that had reached it", () => {
    const reached = { policy: policy({ channels }), id: idIn("last", "1.4.0", "1.3.0"), installed: "1.2.0" };
    assert.equal(summary(ask(reached)), "update 1.3.0");
  });
  it("a superseded version goes on to nobody whom it had not reached", () => {
    const quick = channel(["1.2.0", "1.3.0", "1.4.0"], {
      rollout: {
        strategy: "steps",
        waves: [
          { ppm: 500_000, after: 0 },
          { ppm: 1_000_000, after: 3 * DAY },
        ],
      },
    });
    const asking = { policy: policy({ channels: { stable: quick } }), installed: "1.2.0" };
    const id = [...Array(200).keys()]
      .map((i) => `d-${i}`)
      .find(
        (candidate) =>
          cohort("agent", "1.3.0", candidate) >= 0.5 && cohort("agent", "1.4.0", candidate) >= 0.5,
      );
    assert.equal(
      summary(ask({ ...asking, id: id ?? "", now: T0 + 2.5 * DAY })),
      "wait 1.4.0 for wave +259200",
    );
  });
  it("a machine that has nothing yet takes the oldest version rather than staying empty", () => {
    const waves = [{ ppm: 1_000_000, after: 3 * DAY }];
    const slow = channel(["1.2.0", "1.3.0", "1.4.0"], { rollout: { strategy: "steps", waves } });
    const asking = { policy: policy({ channels: { stable: slow } }), installed: null };
    assert.equal(summary(ask({ ...asking, now: T0 })), "update 1.2.0");
    const first = channel(["1.2.0"], { rollout: { strategy: "steps", waves } });
    const alone = { policy: policy({ channels: { stable: first } }), installed: null };
    assert.match(summary(ask({ ...alone, now: T0 })), /^wait 1\.2\.0 for wave/);
  });
  it("a version that the channel points to again goes on to whom it had reached before, and to a machine that has nothing", () => {
    const waves = [WAVES.waves[0], { ppm: 1_000_000, after: 12 * HOUR }];
    const again = channel(["1.2.0", "1.3.0", "1.2.0"], { rollout: { strategy: "steps", waves } });
    const yanked = policy({ channels: { stable: again }, yanked: ["1.3.0"] });
    const id = idIn("last", "1.2.0");
    assert.equal(summary(ask({ policy: yanked, id, installed: null })), "update 1.2.0");
    const older = { releases: [release("1.1.0"), ...RELEASES], id, installed: "1.1.0" };
    assert.equal(summary(ask({ ...older, policy: yanked })), "update 1.2.0", "its wave had come");
    assert.deepEqual(
      ask({ ...older, policy: yanked }).trail.findLast(({ rule }) => rule === "rollout")?.text,
      "the channel had pointed to 1.2.0 before: it need not wait for that again",
    );
    const halted = { ...again, halted: { reason: "loses reports", at: T0 } };
    assert.equal(
      summary(ask({ policy: policy({ channels: { stable: halted } }), id, installed: null })),
      "wait 1.2.0 for halt",
    );
  });
  it("a version that was halted when the channel moved on goes on to nobody", () => {
    const previous = channels.stable.previous.map((p) =>
      p.version === "1.3.0" ? { ...p, halted: true } : p,
    );
    const asking = { id: idIn("last", "1.4.0", "1.3.0"), installed: "1.2.0" };
    const stable = { ...channels.stable, previous };
    assert.equal(
      summary(ask({ ...asking, policy: policy({ channels: { stable } }) })),
      "wait 1.4.0 for wave +86400",
    );
  });
  it("canaries come first, by id and by group", () => {
    const none = [{ ppm: 1_000_000, after: DAY }];
    const rollout = {
      strategy: "steps",
      waves: none,
      canary: { devices: ["d-2"], groups: ["acme/canaries"] },
    } as const;
    const canaries = policy(
      { channels: { stable: channel(["1.3.0", "1.4.0"], { rollout }) } },
      { groups: [{ name: "canaries", devices: ["d-1"] }] },
    );
    assert.equal(summary(ask({ policy: canaries, id: "d-1" })), "update 1.4.0");
    assert.equal(summary(ask({ policy: canaries, id: "d-2" })), "update 1.4.0");
    assert.equal(summary(ask({ policy: canaries, id: "d-3" })), "wait 1.4.0 for wave +86400");
  });
  it("a halt stops everybody, also who is eligible, pinned or asks for it now", () => {
    const halted = { halted: { reason: "3 of 20 failed", at: T0 } };
    const stable = channel(["1.3.0", "1.4.0"], halted);
    const asking = { policy: policy({ channels: { stable } }) };
    assert.equal(summary(ask(asking)), "wait 1.4.0 for halt");
    assert.equal(summary(ask({ ...asking, local: { updateNow: true } })), "wait 1.4.0 for halt");
    const pinned = policy({ channels: { stable } }, { products: { agent: { pin: { version: "1.4.0" } } } });
    assert.equal(summary(ask({ policy: pinned })), "wait 1.4.0 for halt");
  });
  it("a person's request passes waves", () => {
    const asking = { policy: policy({ channels }), id: idIn("last", "1.4.0"), local: { updateNow: true } };
    assert.equal(summary(ask(asking)), "update 1.4.0");
  });
});

describe("a version that the channel points to again", () => {
  it("is waited for until the wave of its earlier promotion, where that comes first", () => {
    const spread = { strategy: "steps", waves: [{ ppm: 1_000_000, after: DAY }] } as const;
    const again = channel(["1.4.0", "1.4.0"], { rollout: { ...spread, startsAt: T0 + 3 * HOUR } });
    const asked = { policy: policy({ channels: { stable: again } }), installed: "1.3.0" };
    // Promoted a day before T0, so that its first wave opens at T0, and again with a start three hours later.
    assert.equal(summary(ask({ ...asked, now: T0 - HOUR })), "wait 1.4.0 for wave +0");
    assert.equal(summary(ask({ ...asked, now: T0 })), "update 1.4.0");
  });
});

describe("rules 9 and 10: window and autoUpdate", () => {
  // T0 is a Friday.
  const window = {
    days: ["sat"],
    start: "02:00",
    duration: 4 * HOUR,
    timeZone: "UTC",
    onReturn: "window",
  } as const;
  const inTenant = (rest: object) => policy({}, rest);

  it("outside the window an update waits for the next opening", () => {
    assert.equal(summary(ask({ policy: inTenant({ window }) })), `wait 1.4.0 for window +${DAY + 2 * HOUR}`);
    assert.equal(summary(ask({ policy: inTenant({ window }), now: T0 + DAY + 2 * HOUR })), "update 1.4.0");
    assert.equal(
      summary(ask({ policy: inTenant({ window }), now: T0 + DAY + 6 * HOUR })),
      `wait 1.4.0 for window +${8 * DAY + 2 * HOUR}`,
    );
  });
  it("with `onReturn: now` a device that was offline through its last window need not wait", () => {
    const now = T0 + 2 * DAY;
    const returning = (lastCheckAt: number, onReturn: "now" | "window") =>
      summary(ask({ policy: inTenant({ window: { ...window, onReturn } }), now, local: { lastCheckAt } }));
    assert.equal(returning(T0, "now"), "update 1.4.0");
    assert.equal(returning(T0, "window"), `wait 1.4.0 for window +${8 * DAY + 2 * HOUR}`);
    assert.equal(returning(T0 + DAY + 3 * HOUR, "now"), `wait 1.4.0 for window +${8 * DAY + 2 * HOUR}`);
  });
  it("a person's request passes the window and `autoUpdate: false`", () => {
    const both = inTenant({ window, autoUpdate: false });
    assert.equal(summary(ask({ policy: both, local: { updateNow: true } })), "update 1.4.0");
    assert.equal(summary(ask({ policy: inTenant({ autoUpdate: false }) })), "wait 1.4.0 for request");
  });
  it("the nearest scope that speaks of it decides", () => {
    const nearer = inTenant({ autoUpdate: false, devices: { "d-1": { autoUpdate: true } } });
    assert.equal(summary(ask({ policy: nearer })), "update 1.4.0");
  });
});

describe("hostile names", () => {
  it("names of Object.prototype find nothing that nobody wrote", () => {
    for (const name of ["constructor", "__proto__", "toString", "hasOwnProperty"]) {
      const id = name;
      const decision = decide(
        policy(),
        RELEASES,
        { id, platform: name, tenant: name, site: name },
        { version: "1.3.0" },
        {},
        T0,
      );
      assert.equal(summary(decision), "refuse no-artifact-for-platform");
      assert.equal(summary(ask({ local: { channel: name } })), "refuse unknown-channel");
      assert.equal(summary(ask({ policy: policy({ product: name }) })), "update 1.4.0");
    }
  });
});
