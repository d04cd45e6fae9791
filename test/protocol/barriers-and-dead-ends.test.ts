import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { decide, type Policy } from "../../protocol/decide.ts";
import type { Decision } from "../../protocol/decision.ts";
import type { Release } from "../../protocol/release.ts";
import { channel, device, policy, release, T0 } from "./build-policies.ts";

interface Asked {
  readonly policy: Policy;
  readonly releases: readonly Release[];
  readonly installed: string | null;
  readonly platform?: string;
}

function ask({ policy: said, releases, installed, platform = "linux-x64" }: Asked): Decision {
  return decide(said, releases, device("d-1", { platform }), { version: installed }, {}, T0);
}

/** What is done, and what the rule that ended it said. */
function summary(decision: Decision): string {
  const { action, trail } = decision;
  if (action === "update" || action === "rollback") return `${action} ${decision.path.join(", ")}`;
  const last = trail.findLast(({ outcome }) => outcome === "stop");
  return `${action}${action === "refuse" ? ` ${decision.code}` : ""}: ${last?.text}`;
}

const BARRIER = { barrier: { reason: "moves the database" } };

/** The release without its artifact for a platform, or with that yanked. */
function on(whole: Release, platform: string, change: "missing" | "yanked"): Release {
  const artifacts = whole.artifacts.flatMap((artifact) => {
    if (artifact.platform !== platform) return artifact;
    return change === "missing" ? [] : { ...artifact, active: false as const };
  });
  return { ...whole, artifacts };
}

describe("a barrier", () => {
  const stable = channel(["1.0.0", "1.5.0", "2.0.0"]);
  const releases = [release("1.0.0"), release("1.5.0", BARRIER), release("1.8.0"), release("2.0.0")];
  const pointed = policy({ channels: { stable } });

  it("is passed through by everybody older, and by nobody else", () => {
    assert.equal(summary(ask({ policy: pointed, releases, installed: "1.0.0" })), "update 1.5.0, 2.0.0");
    assert.equal(summary(ask({ policy: pointed, releases, installed: "1.5.0" })), "update 2.0.0");
    assert.equal(summary(ask({ policy: pointed, releases, installed: "1.8.0" })), "update 2.0.0");
    assert.equal(summary(ask({ policy: pointed, releases, installed: null })), "update 2.0.0");
  });

  it("is passed through on the way to a pin, too", () => {
    const pinned = policy({ channels: { stable } }, { pin: { version: "1.8.0" } });
    assert.equal(summary(ask({ policy: pinned, releases, installed: "1.0.0" })), "update 1.5.0, 1.8.0");
  });

  it("after another is passed through after it", () => {
    const two = [...releases.slice(0, 2), release("1.8.0", BARRIER), release("2.0.0")];
    const both = policy({ channels: { stable: { ...stable, steps: ["1.8.0"] } } });
    assert.equal(
      summary(ask({ policy: both, releases: two, installed: "1.0.0" })),
      "update 1.5.0, 1.8.0, 2.0.0",
    );
  });

  it("that the channel does not lead through holds the machine, and the trail names it with its reason", () => {
    const skipped = policy({ channels: { stable: channel(["1.0.0", "2.0.0"]) } });
    const decision = ask({ policy: skipped, releases, installed: "1.0.0" });
    assert.equal(
      summary(decision),
      "refuse no-path: everybody older than 1.5.0 passes through it on the way to 2.0.0 (moves the database), " +
        "and it is neither in the channel's past nor in its `via`",
    );
    assert.equal(decision.trail.at(-1)?.where, "products/agent/versions/1.5.0.yaml#/barrier");
  });

  it("holds nobody any more once its yank is signed, and holds on while policy alone says so", () => {
    const signed = releases.map((one) => (one.version === "1.5.0" ? { ...one, active: false } : one));
    assert.equal(summary(ask({ policy: pointed, releases: signed, installed: "1.0.0" })), "update 2.0.0");
    const yanked = policy({ channels: { stable }, yanked: ["1.5.0"] });
    assert.match(
      summary(ask({ policy: yanked, releases, installed: "1.0.0" })),
      /^refuse no-path: .*it is yanked$/,
    );
  });

  it("that was yanked for one platform holds the others", () => {
    const signed = releases.map((one) => (one.version === "1.5.0" ? on(one, "linux-x64", "yanked") : one));
    const of = (platform: string) => ask({ policy: pointed, releases: signed, installed: "1.0.0", platform });
    assert.equal(summary(of("linux-x64")), "update 2.0.0");
    assert.equal(summary(of("linux-arm64")), "update 1.5.0, 2.0.0");
  });

  it("that was not built for a platform holds it all the same", () => {
    const built = releases.map((one) => (one.version === "1.5.0" ? on(one, "linux-x64", "missing") : one));
    assert.match(
      summary(ask({ policy: pointed, releases: built, installed: "1.0.0" })),
      /^refuse no-path: .*it has no artifact for linux-x64$/,
    );
  });

  it("before a finished version holds only on the way to another such", () => {
    const early = [release("1.0.0"), release("1.5.0-rc.1", BARRIER), release("1.6.0-rc.1"), release("2.0.0")];
    const pre = policy({ channels: { stable: channel(["1.5.0-rc.1", "1.6.0-rc.1"]) } });
    assert.equal(
      summary(ask({ policy: pre, releases: early, installed: "1.0.0" })),
      "update 1.5.0-rc.1, 1.6.0-rc.1",
    );
    const finished = policy({ channels: { stable: channel(["1.5.0-rc.1", "2.0.0"]) } });
    assert.equal(summary(ask({ policy: finished, releases: early, installed: "1.0.0" })), "update 2.0.0");
  });

  it("that cannot be reached is named with what it accepts", () => {
    const far = [
      release("1.0.0"),
      release("1.5.0", { ...BARRIER, upgradeFrom: ">=1.3.0" }),
      release("2.0.0"),
    ];
    const decision = ask({ policy: pointed, releases: far, installed: "1.0.0" });
    assert.match(
      summary(decision),
      /^refuse no-path: 1\.5\.0 accepts >=1\.3\.0, and no active version of stable/,
    );
    assert.equal(decision.trail.at(-1)?.where, "products/agent/versions/1.5.0.yaml#/upgradeFrom");
  });
});

describe("a dead end", () => {
  const END = { deadEnd: { reason: "cannot update itself", url: "https://docs.acme.example/reinstall" } };
  const SAID = "1.4.0 is a dead end: cannot update itself; see https://docs.acme.example/reinstall";
  const releases = [release("1.3.0"), release("1.4.0", { ...END, rollbackTo: ">=1.3.0" }), release("1.5.0")];
  const stableAt = (...versions: string[]): Policy => policy({ channels: { stable: channel(versions) } });

  it("keeps the machines that run it, and says why and where to read on", () => {
    const decision = ask({ policy: stableAt("1.4.0", "1.5.0"), releases, installed: "1.4.0" });
    assert.equal(summary(decision), `refuse dead-end: ${SAID}`);
    assert.equal(decision.trail.at(-1)?.where, "products/agent/versions/1.4.0.yaml#/deadEnd");
    assert.equal(
      summary(ask({ policy: stableAt("1.3.0", "1.4.0"), releases, installed: "1.4.0" })),
      `stay: 1.4.0 is installed; ${SAID}`,
    );
  });

  it("is left by a declared rollback", () => {
    const back = channel(["1.4.0", "1.3.0"], { rollback: { from: ["1.4.0"] } });
    const decision = ask({ policy: policy({ channels: { stable: back } }), releases, installed: "1.4.0" });
    assert.equal(summary(decision), "rollback 1.3.0");
  });

  it("is given to no machine: the channel falls back to what it pointed to before", () => {
    const asked = { policy: stableAt("1.3.0", "1.4.0"), releases };
    assert.equal(summary(ask({ ...asked, installed: null })), "update 1.3.0");
    assert.equal(summary(ask({ ...asked, installed: "1.3.0" })), "stay: 1.3.0 is installed");
    assert.equal(
      summary(ask({ policy: stableAt("1.4.0"), releases, installed: null })),
      `refuse dead-end: ${SAID}; no machine is sent there`,
    );
  });

  it("is given to no machine by a pin either, and a pin to it holds who runs it", () => {
    const pinned = policy({ channels: { stable: channel(["1.5.0"]) } }, { pin: { version: "1.4.0" } });
    assert.equal(
      summary(ask({ policy: pinned, releases, installed: "1.3.0" })),
      `refuse dead-end: ${SAID}; no machine is sent there`,
    );
    assert.equal(
      summary(ask({ policy: pinned, releases, installed: "1.4.0" })),
      `stay: 1.4.0 is installed; ${SAID}`,
    );
  });

  it("leads nowhere: the way goes by another version, or there is none", () => {
    const far = [...releases.slice(0, 2), release("1.4.1"), release("2.0.0", { upgradeFrom: ">=1.4.0" })];
    const by = stableAt("1.3.0", "1.4.1", "1.4.0", "2.0.0");
    assert.equal(summary(ask({ policy: by, releases: far, installed: "1.3.0" })), "update 1.4.1, 2.0.0");
    const only = stableAt("1.3.0", "1.4.0", "2.0.0");
    assert.match(summary(ask({ policy: only, releases: far, installed: "1.3.0" })), /^refuse no-path: /);
  });
});

describe("a yank for one platform", () => {
  const releases = [release("1.3.0"), release("1.4.0"), release("1.5.0")];
  const yankedFor = { "1.4.0": ["linux-arm64"] };
  const said = policy({ yankedFor, minVersion: "1.4.0" });
  const of = (platform: string, installed: string | null, rest: Partial<Asked> = {}): string =>
    summary(ask({ policy: said, releases, installed, platform, ...rest }));

  it("makes its machines fall back, also below the minimum, and leaves the others alone", () => {
    assert.equal(of("linux-arm64", null), "update 1.3.0");
    assert.equal(of("linux-x64", null), "update 1.4.0");
    const offer = ask({ policy: said, releases, installed: "1.2.0", platform: "linux-arm64" });
    assert.equal(summary(offer), "update 1.3.0");
    assert.equal(offer.action === "update" && offer.belowMinimum, "1.4.0");
  });

  it("holds by the word of policy alone and by the word of the release key alone", () => {
    const signed = releases.map((one) => (one.version === "1.4.0" ? on(one, "linux-arm64", "yanked") : one));
    assert.equal(of("linux-arm64", null, { policy: policy(), releases: signed }), "update 1.3.0");
    assert.equal(of("linux-x64", null, { policy: policy(), releases: signed }), "update 1.4.0");
  });

  it("beats a pin, and says for which platform", () => {
    const pinned = policy({ yankedFor }, { pin: { version: "1.4.0" } });
    assert.equal(
      of("linux-arm64", "1.3.0", { policy: pinned }),
      "refuse pinned-version-unavailable: 1.4.0 is yanked for linux-arm64",
    );
    assert.equal(of("linux-x64", "1.3.0", { policy: pinned }), "update 1.4.0");
  });

  it("takes the version out of the ways of its machines", () => {
    const far = [...releases.slice(0, 2), release("2.0.0", { upgradeFrom: ">=1.4.0" })];
    const led = policy({ channels: { stable: channel(["1.3.0", "1.4.0", "2.0.0"]) }, yankedFor });
    assert.equal(of("linux-x64", "1.3.0", { policy: led, releases: far }), "update 1.4.0, 2.0.0");
    assert.match(of("linux-arm64", "1.3.0", { policy: led, releases: far }), /^refuse no-path: /);
  });
});
