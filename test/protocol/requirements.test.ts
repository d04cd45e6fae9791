import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { decide, type Policy } from "../../protocol/decide.ts";
import type { Decision } from "../../protocol/decision.ts";
import type { Release } from "../../protocol/release.ts";
import {
  describeUnmet,
  type Facts,
  type Requirements,
  summariseUnmet,
  unmetRequirements,
} from "../../protocol/requirements.ts";
import { unmetBy } from "../../protocol/rules/check-requirements.ts";
import { askedCase, facts, requirements } from "./arbitrary-policies.ts";
import { channel, DAY, device, HOUR, policy, release, T0 } from "./build-policies.ts";

function requiring(version: string, requires: Requirements, rest: Partial<Release> = {}): Release {
  const built = release(version, rest);
  return { ...built, artifacts: built.artifacts.map((artifact) => ({ ...artifact, requires })) };
}

const NEWER_GLIBC = requiring("2.0.0", { glibc: ">=2.34" });
const OLD_MACHINE: Facts = { glibc: "2.31" };

interface Asking {
  readonly policy: Policy;
  readonly releases: readonly Release[];
  readonly installed?: string | null;
  readonly facts?: Facts | undefined;
  readonly updateNow?: boolean;
  readonly now?: number;
}

function ask({ policy: asked, releases, installed = "1.0.0", now = T0 + HOUR, ...rest }: Asking): Decision {
  const known = "facts" in rest ? rest.facts : OLD_MACHINE;
  const machine = device("d-1", known === undefined ? {} : { facts: known });
  const local = rest.updateNow === undefined ? {} : { updateNow: rest.updateNow };
  return decide(asked, releases, machine, { version: installed }, local, now);
}

function stable(versions: readonly string[], rest: Parameters<typeof channel>[1] = {}): Policy {
  return policy({ channels: { stable: channel(versions, rest) } });
}

function describeAll(requires: Requirements, known: Facts): string[] {
  return unmetRequirements(requires, known).map(describeUnmet);
}

describe("what a machine does not meet", () => {
  it("names the requirement, what is required and what there is", () => {
    assert.deepEqual(describeAll({ glibc: ">=2.34" }, { glibc: "2.31" }), [
      "glibc >=2.34 is required, and this machine has 2.31",
    ]);
    assert.deepEqual(describeAll({ glibc: ">=2.34" }, { musl: "1.2.3" }), [
      "glibc >=2.34 is required, and this machine has none, or it could not be found out",
    ]);
    assert.deepEqual(
      describeAll({ memory: 2 * 2 ** 30, disk: 512 * 2 ** 20 }, { memory: 2 * 2 ** 30 - 1, disk: 7 }),
      [
        "memory 2GiB is required, and this machine has 1.9GiB",
        "disk 512MiB is required, and this machine has 7 bytes",
      ],
    );
    assert.deepEqual(describeAll({ cpu: ["avx", "avx2", "fma"] }, { cpu: ["avx"] }), [
      "cpu avx2 fma is required, and this machine has other features",
    ]);
    assert.deepEqual(
      describeAll({ os: { debian: ">=12", ubuntu: ">=22.04" } }, { os: "debian", osVersion: "11" }),
      ["os debian >=12 or ubuntu >=22.04 is required, and this machine has debian 11"],
    );
  });

  it("counts by dots, so that 2.9 is older than 2.31", () => {
    assert.equal(unmetRequirements({ glibc: ">=2.31" }, { glibc: "2.9" }).length, 1);
    assert.equal(unmetRequirements({ glibc: ">=2.9" }, { glibc: "2.31" }).length, 0);
    assert.equal(unmetRequirements({ windowsBuild: ">=17763" }, { windowsBuild: "9600" }).length, 1);
  });

  it("is everything that is required where the machine could find out nothing", () => {
    fc.assert(
      fc.property(requirements, (requires) => {
        const { unknown = [], ...others } = requires;
        assert.equal(unmetRequirements(requires, {}).length, Object.keys(others).length + unknown.length);
      }),
    );
  });

  it("is nothing where nobody knows anything of the machine", () => {
    fc.assert(
      fc.property(requirements, (requires) => assert.deepEqual(unmetRequirements(requires, undefined), [])),
    );
  });

  it("is what cannot be compared, and what this version does not know", () => {
    assert.equal(unmetRequirements({ glibc: ">=2.31" }, { glibc: "2.36-9+deb12u4" }).length, 1);
    assert.equal(unmetRequirements({ glibc: "some" }, { glibc: "2.36" }).length, 1);
    assert.equal(
      unmetRequirements({ os: { debian: ">=11" } }, { os: "constructor", osVersion: "12" }).length,
      1,
    );
    assert.deepEqual(describeAll({ unknown: ["tpm"] }, { glibc: "2.36" }), [
      "it requires tpm, which this version of Fairlead does not know",
    ]);
  });

  it("counts the free space beside what the update itself takes", () => {
    const requires = { disk: 1000 };
    assert.deepEqual(unmetRequirements(requires, { disk: 1500 }, 500), []);
    assert.deepEqual(unmetRequirements(requires, { disk: 1499 }, 500).map(describeUnmet), [
      "disk 1000 bytes beside the 500 bytes of the update is required, and this machine has 1.4KiB",
    ]);
  });

  it("never grows with a newer glibc, more memory or more features where only lower bounds are required", () => {
    const lower: Requirements = { glibc: ">=2.31", memory: 2 ** 31, cpu: ["avx"] };
    fc.assert(
      fc.property(facts, (known) => {
        const better = { ...known, glibc: "2.99", memory: 2 ** 40, cpu: ["avx", ...(known.cpu ?? [])] };
        assert.ok(unmetRequirements(lower, better).length <= unmetRequirements(lower, known).length);
      }),
    );
  });

  it("is one text for all machines with one cause", () => {
    const one = (requires: Requirements, known: Facts): string[] =>
      unmetRequirements(requires, known).map(summariseUnmet);
    assert.deepEqual(one({ glibc: ">=2.34" }, { glibc: "2.31" }), ["glibc 2.31 < 2.34"]);
    assert.deepEqual(one({ glibc: ">=2.28 <2.30" }, { glibc: "2.31" }), [
      "glibc 2.31 is not in >=2.28 <2.30",
    ]);
    assert.deepEqual(one({ glibc: ">=2.34" }, {}), ["glibc >=2.34 is required, and none is known"]);
    assert.deepEqual(one({ memory: 2 ** 31 }, { memory: 1234567 }), ["memory below 2GiB"]);
    assert.deepEqual(one({ cpu: ["avx2"] }, { cpu: [] }), ["cpu without avx2"]);
    assert.deepEqual(one({ os: { debian: ">=12" } }, { os: "debian", osVersion: "11" }), [
      "debian 11 is not debian >=12",
    ]);
  });
});

describe("decide, where a release requires something", () => {
  const releases = [release("1.0.0"), release("1.9.0"), NEWER_GLIBC];

  it("refuses before anything is downloaded, and names both values and the place", () => {
    const decision = ask({ policy: stable(["2.0.0"]), releases });
    assert.equal(decision.action, "refuse");
    assert.ok(decision.action === "refuse" && decision.code === "requirement-not-met");
    const said = decision.trail.at(-1);
    assert.equal(said?.rule, "requires");
    assert.equal(said?.text, "2.0.0 cannot run here: glibc >=2.34 is required, and this machine has 2.31");
    assert.equal(said?.where, "products/agent/versions/2.0.0.yaml#/requires");
    assert.deepEqual(decision.misfit, {
      target: "2.0.0",
      version: "2.0.0",
      unmet: [{ name: "glibc", required: ">=2.34", got: "2.31" }],
    });
  });

  it("takes the newest version before it that fits, and rests there", () => {
    const asked = { policy: stable(["1.0.0", "1.9.0", "2.0.0"]), releases };
    const decision = ask(asked);
    assert.ok(decision.action === "update" && decision.target === "1.9.0");
    assert.equal(decision.misfit?.target, "2.0.0");
    const then = ask({ ...asked, installed: "1.9.0" });
    assert.ok(then.action === "stay" && then.target === "1.9.0" && then.misfit?.target === "2.0.0");
  });

  it("does not go down from what is newer than all that fits", () => {
    const decision = ask({
      policy: stable(["1.0.0", "2.0.0"]),
      releases: [...releases, release("1.9.5")],
      installed: "1.9.5",
    });
    assert.ok(decision.action === "refuse" && decision.code === "requirement-not-met");
  });

  it("lets what the controller knows nothing of through, and the trail says so", () => {
    const decision = ask({ policy: stable(["1.0.0", "2.0.0"]), releases, facts: undefined });
    assert.ok(decision.action === "update" && decision.target === "2.0.0");
    assert.ok(
      decision.trail.some(({ rule, text }) => rule === "requires" && text.startsWith("nothing is known")),
    );
  });

  it("the waves of the version that fits count on after the channel moved on", () => {
    const rollout = {
      strategy: "steps",
      waves: [
        { ppm: 1, after: 0 },
        { ppm: 1_000_000, after: 3 * DAY },
      ],
    } as const;
    const asked = { policy: stable(["1.0.0", "1.9.0", "2.0.0"], { rollout }), releases };
    const early = ask(asked);
    // 1.9.0 was promoted a day before 2.0.0, and 2.0.0 at T0: its last wave opens two days after T0.
    assert.ok(early.action === "wait" && early.target === "1.9.0");
    assert.equal(early.action === "wait" ? early.eligibleAt : 0, T0 + 2 * DAY);
    const late = ask({ ...asked, now: T0 + 2 * DAY });
    assert.ok(late.action === "update" && late.target === "1.9.0");
  });

  it("goes another way where a step of the path does not fit", () => {
    const target = release("3.0.0", { upgradeFrom: ">=1.9.0" });
    const decision = ask({
      policy: stable(["1.0.0", "1.9.0", "2.0.0", "3.0.0"]),
      releases: [...releases, target],
    });
    assert.deepEqual(decision.action === "update" ? decision.path : decision, ["1.9.0", "3.0.0"]);
  });

  it("names the step that does not fit where there is no other way, and takes what it can", () => {
    const target = release("3.0.0", { upgradeFrom: ">=2.0.0" });
    const decision = ask({
      policy: stable(["1.0.0", "1.9.0", "2.0.0", "3.0.0"]),
      releases: [...releases, target],
    });
    assert.ok(decision.action === "update" && decision.target === "1.9.0");
    assert.deepEqual([decision.misfit?.target, decision.misfit?.version], ["3.0.0", "2.0.0"]);
    const stopped = decision.trail.find(({ rule }) => rule === "requires");
    assert.match(stopped?.text ?? "", /^2\.0\.0, on the way to 3\.0\.0, cannot run here: glibc/);
  });

  it("a machine below the minimum takes at once what it can, where that satisfies the minimum", () => {
    const rollout = { strategy: "steps", waves: [{ ppm: 1_000_000, after: 9 * DAY }] } as const;
    const asked = { releases, policy: stable(["1.0.0", "1.9.0", "2.0.0"], { rollout, minVersion: "1.5.0" }) };
    const decision = ask(asked);
    assert.ok(decision.action === "update" && decision.target === "1.9.0");
    assert.equal(decision.belowMinimum, "1.5.0");
  });

  it("is passed by neither a pin, a minimum nor a person", () => {
    const pinned = policy(
      { channels: { stable: channel(["1.0.0", "1.9.0"]) } },
      { pin: { version: "2.0.0", reason: "certified" } },
    );
    const code = (decision: Decision): string =>
      decision.action === "refuse" ? decision.code : decision.action;
    assert.equal(code(ask({ policy: pinned, releases })), "requirement-not-met");
    const minimum = stable(["2.0.0"], { minVersion: "2.0.0" });
    assert.equal(code(ask({ policy: minimum, releases })), "requirement-not-met");
    assert.equal(code(ask({ policy: stable(["2.0.0"]), releases, updateNow: true })), "requirement-not-met");
  });

  it("holds for a declared rollback too", () => {
    const old = requiring("1.0.0", { kernel: "<5.0" });
    const bad = release("2.0.0", { rollbackTo: ">=1.0.0" });
    const asked = {
      policy: stable(["2.0.0", "1.0.0"], { rollback: { from: ["2.0.0"] } }),
      releases: [old, bad],
      installed: "2.0.0",
    };
    const decision = ask({ ...asked, facts: { kernel: "6.1" } });
    assert.ok(decision.action === "refuse" && decision.code === "requirement-not-met");
    assert.equal(ask({ ...asked, facts: { kernel: "4.19" } }).action, "rollback");
  });

  it("a machine on a version that it could not take anew stays there in peace", () => {
    const decision = ask({ policy: stable(["1.0.0", "2.0.0"]), releases, installed: "2.0.0" });
    assert.ok(decision.action === "stay" && decision.misfit === undefined);
  });

  it("no step of any path is one that the machine cannot run", () => {
    fc.assert(
      fc.property(askedCase, (asked) => {
        const decision = decide(
          asked.policy,
          asked.releases,
          asked.device,
          { version: asked.installed },
          asked.local,
          asked.now,
        );
        if (decision.action !== "update" && decision.action !== "rollback") return;
        for (const step of decision.path) {
          const found = asked.releases.find(({ version }) => version === step);
          assert.ok(found !== undefined && unmetBy(found, asked.device) === undefined, step);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it("changes nothing for a machine of which nobody knows anything, but for the line that says so", () => {
    fc.assert(
      fc.property(askedCase, (asked) => {
        const { facts: _, ...stranger } = asked.device;
        const undemanding = asked.releases.map((known) => ({
          ...known,
          artifacts: known.artifacts.map(({ requires: __, ...artifact }) => artifact),
        }));
        const all = (releases: readonly Release[]): object => {
          const { policy: said, installed, local, now } = asked;
          const decision = decide(said, releases, stranger, { version: installed }, local, now);
          return { ...decision, trail: decision.trail.filter(({ rule }) => rule !== "requires") };
        };
        assert.deepEqual(all(asked.releases), all(undemanding));
      }),
      { numRuns: 1000 },
    );
  });
});
