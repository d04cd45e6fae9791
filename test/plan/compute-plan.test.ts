import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { asMergedNow, type DesiredState } from "../../controller/desired/desired-state.ts";
import type { InventoryRecord } from "../../controller/inventory/inventory-record.ts";
import { computePlan } from "../../controller/plan/compute-plan.ts";
import { breaches } from "../../controller/plan/fail-on.ts";
import type { Plan } from "../../controller/plan/plan.ts";
import { printPlanMarkdown } from "../../controller/plan/print-plan-markdown.ts";
import { printPlanText } from "../../controller/plan/print-plan-text.ts";
import { scopeRecords } from "../../controller/plan/scope-records.ts";
import { decide } from "../../protocol/decide.ts";
import type { Gate } from "../../protocol/policy.ts";
import { channel, DAY, HOUR, RELEASES, release, T0 } from "../protocol/build-policies.ts";
import { devices, state } from "./build-states.ts";

const WAVES = {
  strategy: "steps",
  waves: [
    { ppm: 100_000, after: 0 },
    { ppm: 1_000_000, after: DAY },
  ],
} as const;
const BEFORE = state({ channels: { stable: channel(["1.3.0"]) } });
const PROMOTED = state({ channels: { stable: channel(["1.3.0", "1.4.0"], { rollout: WAVES }) } });

function plan(before: DesiredState, after: DesiredState, records: readonly InventoryRecord[]): Plan {
  return computePlan(
    before,
    asMergedNow(before, after, T0),
    { kind: "devices", name: "fleet.csv", records },
    T0,
  );
}

function codes({ warnings }: Plan): string[] {
  return warnings.map(({ code }) => code);
}

describe("a plan", () => {
  it("of a promotion says who moves from what to what, and when", () => {
    const { blast, transitions, by, warnings } = plan(BEFORE, PROMOTED, devices(1000));
    assert.deepEqual(blast, {
      devices: 1000,
      share: 1_000_000,
      stopped: 0,
      retimed: 0,
      touched: 1000,
      touchedShare: 1_000_000,
    });
    assert.equal(transitions.length, 1);
    const [move] = transitions;
    assert.deepEqual(
      [move?.product, move?.channel, move?.from, move?.to, move?.devices],
      ["agent", "stable", "1.3.0", "1.4.0", 1000],
    );
    assert.deepEqual(move?.waves, [
      { share: 100_000, at: T0 },
      { share: 1_000_000, at: T0 + DAY },
    ]);
    assert.deepEqual(
      move?.schedule.map(({ at }) => at),
      [T0, T0 + DAY],
    );
    const first = move?.schedule[0]?.devices ?? 0;
    assert.ok(first > 60 && first < 140, `${first} devices in the first wave`);
    assert.deepEqual(by.site, [{ name: "acme/berlin", total: 1000, moving: 1000 }]);
    assert.deepEqual(warnings, []);
  });

  it("counts for each device the artifacts of its format alone, and all where nobody knows it", () => {
    const built = release("1.4.0");
    const required = { glibc: ">=2.34" };
    const artifacts = [
      ...built.artifacts,
      ...built.artifacts.map((artifact) => ({ ...artifact, format: "deb" as const, requires: required })),
    ];
    const releases = [release("1.3.0"), { ...built, artifacts }];
    const before = state({ channels: { stable: channel(["1.3.0"]) } }, {}, releases);
    const after = state({ channels: { stable: channel(["1.3.0", "1.4.0"]) } }, {}, releases);
    const facts = { glibc: "2.31" };
    const { blast, misfits, refusals } = plan(before, after, [
      ...devices(5, { facts, format: "binary" }, "binary"),
      ...devices(4, { facts, format: "deb" }, "deb"),
      ...devices(3, { facts, format: "rpm" }, "rpm"),
      ...devices(2, { facts }, "unknown"),
    ]);
    assert.equal(blast.devices, 5);
    assert.deepEqual(
      misfits.map(({ devices, cause }) => [devices, cause]),
      [[6, "glibc 2.31 < 2.34"]],
    );
    assert.deepEqual(
      refusals.map(({ devices, code }) => [devices, code]),
      [[3, "no-artifact-for-platform"]],
    );
  });

  it("tells which waves it opens by hand and who waits for others, and promises them no time", () => {
    const byHand = (opened: number) =>
      state({
        channels: {
          stable: channel(["1.3.0", "1.4.0"], { rollout: { ...WAVES, advance: "manual", opened } }),
        },
      });
    const none = plan(BEFORE, byHand(0), devices(1000));
    assert.deepEqual([none.blast.devices, none.openings], [0, []]);
    assert.deepEqual(
      none.held.map(({ by, reason }) => [by, reason]),
      [
        ["wave", "its wave 2 is not opened yet: `fairlead advance stable` opens it"],
        ["wave", "its wave 1 is not opened yet: `fairlead advance stable` opens it"],
      ],
    );
    const first = plan(byHand(0), byHand(1), devices(1000));
    assert.ok(first.blast.devices > 60 && first.blast.devices < 140, `${first.blast.devices} devices`);
    assert.deepEqual(first.openings, [
      {
        product: "agent",
        channel: "stable",
        version: "1.4.0",
        from: 1,
        to: 1,
        of: 2,
        share: 100_000,
        at: T0,
      },
    ]);
    assert.match(
      printPlanText(first),
      /\n {2}opens wave 1 of 2 of agent stable 1\.4\.0: 10% from 2026-11-20T/,
    );
    assert.match(
      printPlanMarkdown(first),
      /\| wave 1 of 2 \| agent stable \| 1\.4\.0 \| `▋\u00a0+` 10% now \|/,
    );
    assert.deepEqual(plan(byHand(2), byHand(1), devices(1)).openings, []);
  });

  it("says since when waves count, where that is not the merge", () => {
    const later = { ...WAVES, startsAt: T0 + DAY } as const;
    const after = state({ channels: { stable: channel(["1.3.0", "1.4.0"], { rollout: later }) } });
    const promoted = plan(BEFORE, after, devices(10));
    assert.deepEqual(promoted.transitions[0]?.begins, { at: T0 + DAY, by: "startsAt" });
    assert.match(printPlanText(promoted), /\n {4}waves count from 2026-11-21T00:00:00Z, its `startsAt`\n/);
    assert.match(printPlanMarkdown(promoted), /<br>waves count from Sat 21 Nov 00:00, its `startsAt`/);
    assert.deepEqual(plan(BEFORE, PROMOTED, devices(10)).transitions[0]?.begins, {
      at: T0,
      by: "publication",
    });
    const moved = { sites: { berlin: { channel: "beta" } } };
    const channels = { stable: channel(["1.3.0"]), beta: channel(["1.3.0", "1.4.0"], { rollout: WAVES }) };
    const joined = plan(state({ channels }), state({ channels }, moved), devices(10));
    assert.deepEqual(joined.transitions[0]?.begins, { at: T0, by: "commit" });
  });

  it("of nothing is empty", () => {
    const { blast, transitions, held, refusals } = plan(PROMOTED, PROMOTED, devices(10));
    assert.deepEqual([blast.devices, blast.stopped, blast.retimed], [0, 0, 0]);
    assert.deepEqual([transitions, held, refusals], [[], [], []]);
  });

  it("takes waves from the merge, not from the days that the branch is old", () => {
    const old = state({
      channels: {
        stable: {
          ...channel(["1.3.0", "1.4.0"], { rollout: WAVES }),
          current: { version: "1.4.0", at: T0 - 9 * DAY, commit: "b".repeat(40) },
        },
      },
    });
    const { transitions } = plan(BEFORE, old, devices(100));
    assert.deepEqual(
      transitions[0]?.schedule.map(({ at }) => at),
      [T0, T0 + DAY],
    );
  });

  it("counts only devices whose way changes: a promotion that was under way already is not part of it", () => {
    const siteOnBeta = { sites: { berlin: { channel: "beta" } } };
    const channels = { stable: channel(["1.3.0", "1.4.0"]), beta: channel(["1.4.0"]) };
    const { blast } = plan(state({ channels }), state({ channels }, siteOnBeta), devices(10));
    assert.equal(blast.devices, 0);
  });

  it("warns of everybody at once, where the channel has no waves", () => {
    const after = state({ channels: { stable: channel(["1.3.0", "1.4.0"]) } });
    assert.deepEqual(codes(plan(BEFORE, after, devices(10))), ["plan/all-at-once"]);
  });

  it("names who is held by a pin, a pause, a window and `autoUpdate: false`, with the place in state", () => {
    const window = {
      days: ["sat"],
      start: "02:00",
      duration: HOUR,
      timeZone: "UTC",
      onReturn: "window",
    } as const;
    const scopes = {
      sites: { paris: { paused: { reason: "audit" } }, rome: { window }, oslo: { autoUpdate: false } },
      devices: { "pinned-0": { products: { agent: { pin: { version: "1.3.0", reason: "certified" } } } } },
    };
    const before = state({ channels: { stable: channel(["1.3.0"]) } }, scopes);
    const after = state({ channels: { stable: channel(["1.3.0", "1.4.0"]) } }, scopes);
    const result = plan(before, after, [
      ...devices(1, {}, "pinned"),
      ...devices(2, { site: "paris" }, "p"),
      ...devices(3, { site: "rome" }, "r"),
      ...devices(4, { site: "oslo" }, "o"),
      ...devices(5),
    ]);
    assert.deepEqual(
      result.held.map(({ by, devices, where }) => [by, devices, where]),
      [
        ["request", 4, "tenants/acme.yaml#/sites/oslo/autoUpdate"],
        ["window", 3, "tenants/acme.yaml#/sites/rome/window"],
        ["pause", 2, "tenants/acme.yaml#/sites/paris/paused"],
        ["pin", 1, "tenants/acme.yaml#/devices/pinned-0/products/agent/pin"],
      ],
    );
    assert.equal(result.blast.devices, 8, "a window delays and does not stop");
  });

  it("says who falls below a new minimum, and who of them is stuck", () => {
    const releases = [
      release("1.2.0"),
      release("1.3.0"),
      release("1.4.0", { upgradeFrom: ">=1.3.0" }),
    ].filter(({ version }) => version !== "1.2.0");
    const channels = { stable: channel(["1.4.0"], { rollout: WAVES }) };
    const yanked = ["1.3.0"];
    const before = state({ channels, yanked }, {}, releases);
    const after = state({ channels, yanked, minVersion: "1.3.0" }, {}, releases);
    const result = plan(before, after, [
      ...devices(7, { installed: "1.2.0" }),
      ...devices(3, { installed: "1.4.0" }, "new"),
    ]);
    assert.deepEqual(
      result.belowMinimum.map(({ examples: _, ...rest }) => rest),
      [{ product: "agent", installed: "1.2.0", minimum: "1.3.0", stuck: 7, devices: 7 }],
    );
    assert.deepEqual(codes(result), ["plan/minimum-strands"]);
    assert.deepEqual(breaches(result, { failOn: ["refusals"] }), ["7 refusals (--fail-on refusals)"]);
  });

  it("says who has no path any more", () => {
    const barred = [release("1.3.0"), release("1.4.0", { upgradeFrom: ">=1.3.5" })];
    const after = state({ channels: { stable: channel(["1.3.0", "1.4.0"]) } }, {}, barred);
    const result = plan(BEFORE, after, devices(4));
    assert.deepEqual(codes(result), ["plan/no-path"]);
    assert.deepEqual([result.refusals[0]?.devices, result.refusals[0]?.added], [4, 4]);
  });

  it("counts who stands before a barrier that the channel does not lead through, and names it", () => {
    const barred = [
      release("1.3.0"),
      release("1.3.5", { barrier: { reason: "moves the data" } }),
      release("1.4.0"),
    ];
    const after = state({ channels: { stable: channel(["1.3.0", "1.4.0"]) } }, {}, barred);
    const result = plan(BEFORE, after, [...devices(4), ...devices(2, { installed: "1.3.5" }, "past")]);
    assert.deepEqual(codes(result), ["plan/no-path", "plan/all-at-once"]);
    assert.deepEqual(
      result.refusals.map(({ devices: count, added }) => [count, added]),
      [[4, 4]],
    );
    for (const text of [printPlanText(result), printPlanMarkdown(result), JSON.stringify(result)]) {
      assert.match(
        text,
        /everybody older than 1\.3\.5 passes through it on the way to 1\.4\.0 \(moves the data\)/,
      );
    }
    const via = state(
      { channels: { stable: channel(["1.3.0", "1.4.0"], { steps: ["1.3.5"] }) } },
      {},
      barred,
    );
    assert.deepEqual(plan(BEFORE, via, devices(4)).transitions[0]?.via, ["1.3.5"]);
  });

  it("counts who stays on a dead end, and sends nobody else there", () => {
    const deadEnd = { reason: "cannot update itself", url: "https://docs.acme.example/reinstall" };
    const signed = [release("1.3.0"), release("1.4.0", { deadEnd }), release("1.5.0")];
    const after = state({ channels: { stable: channel(["1.3.0", "1.4.0", "1.5.0"]) } }, {}, signed);
    const result = plan(BEFORE, after, [...devices(4, { installed: "1.4.0" }), ...devices(3, {}, "other")]);
    assert.deepEqual(codes(result), ["plan/dead-end", "plan/all-at-once"]);
    assert.equal(result.warnings[0]?.devices, 4);
    assert.match(printPlanMarkdown(result), /dead end: cannot update itself; see <https:/);
    const found = state({ channels: { stable: channel(["1.3.0", "1.4.0"]) } }, {}, signed);
    assert.equal(plan(PROMOTED, found, devices(5)).blast.stopped, 5);
  });

  it("warns of those whom a pin, a pause or a freeze keeps below a security release", () => {
    const signed = [release("1.3.0"), release("1.4.0", { severity: "security" }), release("1.5.0")];
    const held = {
      channels: { stable: channel(["1.3.0", "1.5.0"]) },
    };
    const pinned = { devices: { "pinned-0": { products: { agent: { pin: { version: "1.3.0" } } } } } };
    const records = [...devices(3), ...devices(1, {}, "pinned")];
    const result = plan(state({}, {}, signed), state(held, pinned, signed), records);
    const warning = result.warnings.find(({ code }) => code === "plan/security-held");
    assert.equal(
      warning?.message,
      "1 device would stay below agent 1.4.0 on stable, a security release: a pin holds them",
    );
    const harmless = [release("1.3.0"), release("1.4.0"), release("1.5.0")];
    const without = plan(state({}, {}, harmless), state(held, pinned, harmless), records);
    assert.ok(!codes(without).includes("plan/security-held"));
  });

  it("lets machines of the platform that a yank is for fall back, and no others", () => {
    const yanked = state({
      channels: { stable: channel(["1.3.0", "1.4.0"]) },
      yankedFor: { "1.4.0": ["linux-arm64"] },
    });
    const result = plan(PROMOTED, yanked, [
      ...devices(3, { platform: "linux-arm64" }),
      ...devices(2, { platform: "linux-arm64", installed: "1.4.0" }, "there"),
      ...devices(4, {}, "x64"),
    ]);
    assert.equal(result.blast.stopped, 3);
    // The waves are gone as well, so those on x64 get it at once.
    assert.deepEqual(codes(result), ["plan/refused", "plan/all-at-once", "plan/yanked-in-use"]);
    assert.match(result.warnings[2]?.message ?? "", /2 devices .*1\.4\.0, which is yanked for linux-arm64/);
  });

  it("warns of a downgrade, and of devices that stay on a yanked version", () => {
    const signed = [release("1.3.0"), release("1.4.0", { rollbackTo: ">=1.3.0" })];
    const before = state({ channels: { stable: channel(["1.3.0", "1.4.0"]) } }, {}, signed);
    const back = channel(["1.3.0", "1.4.0", "1.3.0"], { rollback: { from: ["1.4.0"] } });
    const down = plan(
      before,
      state({ channels: { stable: back } }, {}, signed),
      devices(6, { installed: "1.4.0" }),
    );
    assert.ok(codes(down).includes("plan/downgrade"));
    assert.equal(down.transitions[0]?.goesDown, true);

    const yank = state({ channels: { stable: channel(["1.3.0", "1.4.0"]) }, yanked: ["1.4.0"] }, {}, signed);
    const stay = plan(before, yank, devices(6, { installed: "1.4.0" }));
    assert.deepEqual(codes(stay), ["plan/refused", "plan/yanked-in-use"]);
  });

  it("lets nobody go down further than the newest version that ran there allows", () => {
    const signed = [
      release("1.3.0"),
      release("1.4.0", { rollbackTo: ">=1.3.0" }),
      release("1.5.0", { rollbackTo: ">=1.4.0" }),
    ];
    const rollback = { from: ["1.4.0", "1.5.0"] };
    const before = state({ channels: { stable: channel(["1.3.0", "1.5.0"]) } }, {}, signed);
    const after = state({ channels: { stable: channel(["1.5.0", "1.3.0"], { rollback }) } }, {}, signed);
    const went = plan(before, after, [
      ...devices(6, { installed: "1.4.0" }),
      ...devices(4, { installed: "1.4.0", newestConfirmed: "1.5.0" }, "newer"),
    ]);
    assert.deepEqual([went.blast.devices, went.refusals[0]?.devices], [6, 4]);
    assert.match(went.refusals[0]?.reason ?? "", /allows 1\.5\.0, the newest that ran here/);
  });

  it("says who no longer moves", () => {
    const paused = state({ channels: PROMOTED.products.get("agent")?.policy.channels ?? {}, paused: {} });
    const result = plan(PROMOTED, paused, devices(5));
    assert.deepEqual([result.blast.devices, result.blast.stopped], [0, 5]);
    assert.equal(result.stopped[0]?.to, "1.4.0");
  });

  describe("of a change that moves waves in time", () => {
    const at = (ppm: number, after: number): DesiredState =>
      state({
        channels: {
          stable: channel(["1.3.0", "1.4.0"], {
            rollout: {
              strategy: "steps",
              waves: [
                { ppm, after: 0 },
                { ppm: 1_000_000, after },
              ],
            },
          }),
        },
      });
    const running = at(100_000, DAY);
    const opened = at(100_000, 0);
    const slower = at(100_000, 3 * DAY);

    it("counts who gets the version earlier or later, in every printer and against every limit", () => {
      const sooner = plan(running, opened, devices(100));
      const { blast, retimed } = sooner;
      assert.deepEqual([blast.devices, blast.stopped, blast.retimed], [0, 0, blast.touched]);
      assert.ok(blast.retimed > 60 && blast.retimed < 100, `${blast.retimed}`);
      assert.deepEqual([retimed[0]?.earlier, retimed[0]?.later], [blast.retimed, 0]);
      assert.deepEqual(codes(sooner), ["plan/all-at-once"]);
      assert.match(printPlanText(sooner), /stable: 1\.4\.0 at another time {2}\d+ devices: \d+ earlier/);
      assert.match(
        printPlanMarkdown(sooner),
        /\| \*\*\d+\u00a0devices\*\* earlier<br>agent stable 1\.4\.0 \|/,
      );
      assert.equal(breaches(sooner, { failOn: [], maxBlast: 10_000 }).length, 1);
      assert.equal(breaches(sooner, { failOn: ["moves"] }).length, 1);
      assert.equal(breaches(sooner, { failOn: ["retimed"] }).length, 1);
      assert.deepEqual(breaches(sooner, { failOn: ["stopped", "downgrades"] }), []);
      const later = plan(running, slower, devices(100));
      assert.deepEqual([later.retimed[0]?.earlier, later.retimed[0]?.later], [0, later.blast.retimed]);
      assert.deepEqual(codes(later), []);
    });

    it("counts the scopes where nobody knows the machines", () => {
      const over = (before: DesiredState, after: DesiredState): Plan => {
        const merged = asMergedNow(before, after, T0);
        const records = scopeRecords(before, merged, T0);
        return computePlan(before, merged, { kind: "scopes", name: "scopes", records }, T0);
      };
      const sooner = over(running, opened);
      assert.equal(sooner.blast.retimed, sooner.inventory.total);
      assert.deepEqual(codes(sooner), ["plan/all-at-once"]);
      assert.match(printPlanText(sooner), /without it {7}10% now, 100% from/);
      assert.equal(breaches(sooner, { failOn: [], maxBlast: 10_000 }).length, 1);
      assert.deepEqual(over(running, running).retimed, []);
    });
  });

  it("shows no waves for a declared rollback, which waits for none", () => {
    const signed = [release("1.3.0"), release("1.4.0", { rollbackTo: ">=1.3.0" })];
    const back = channel(["1.3.0", "1.4.0", "1.3.0"], { rollback: { from: ["1.4.0"] }, rollout: WAVES });
    const before = state({ channels: { stable: channel(["1.3.0", "1.4.0"]) } }, {}, signed);
    const down = plan(
      before,
      state({ channels: { stable: back } }, {}, signed),
      devices(6, { installed: "1.4.0" }),
    );
    assert.deepEqual([down.transitions[0]?.goesDown, down.transitions[0]?.waves], [true, []]);
    assert.deepEqual(
      codes(down),
      ["plan/downgrade"],
      "nobody is told to add waves that it would not wait for",
    );
  });

  it("limits a change by its blast radius and by what it brings", () => {
    const result = plan(BEFORE, PROMOTED, [...devices(5), ...devices(95, { installed: "1.5.0" }, "new")]);
    assert.deepEqual(breaches(result, { failOn: [], maxBlast: 50_000 }), []);
    assert.deepEqual(breaches(result, { failOn: ["moves"], maxBlast: 49_999 }), [
      "5 moves (--fail-on moves)",
      "5% of the fleet would move, more than 4.9999% (--max-blast)",
    ]);
  });

  it("mentions devices of tenants and products that state does not name", () => {
    const result = plan(BEFORE, PROMOTED, [
      ...devices(2, { tenant: "globex" }),
      ...devices(3, { product: "other" }, "o"),
    ]);
    assert.deepEqual(codes(result), ["plan/unknown-tenant", "plan/unknown-product"]);
  });

  it("without an inventory is made over the scopes that state names", () => {
    const scopes = { sites: { berlin: {}, rome: {} }, groups: [{ name: "first", devices: ["d-1"] }] };
    const before = state({ channels: { stable: channel(["1.3.0"]) } }, scopes);
    const after = state({ channels: { stable: channel(["1.3.0", "1.4.0"], { rollout: WAVES }) } }, scopes);
    const records = scopeRecords(before, asMergedNow(before, after, T0), T0);
    assert.equal(records.length, 2 * 5, "two platforms; the fleet, the tenant, two sites, a group");
    assert.ok(records.every(({ installed }) => installed === "1.3.0"));
    assert.equal(plan(before, after, records).blast.devices, 10);
  });

  it("prints what state says as text, never as markup", () => {
    const hostile = { sites: { berlin: { paused: { reason: "| <img src=x> @everybody [x](y) `z`" } } } };
    const result = plan(
      state({ channels: { stable: channel(["1.3.0"]) } }, hostile),
      state({}, hostile),
      devices(1),
    );
    const markdown = printPlanMarkdown(result);
    assert.ok(!markdown.includes("<img") && !markdown.includes("@everybody") && !markdown.includes("[x]("));
    assert.ok(printPlanText(result).includes("| <img src=x>"));
  });
});

describe("a plan and the agents", () => {
  it("agree: 1,000 agents that poll for three weeks end where it said they would, and not earlier", () => {
    const window = {
      days: ["sat", "sun"],
      start: "02:00",
      duration: 4 * HOUR,
      timeZone: "Europe/Berlin",
      onReturn: "window",
    } as const;
    const scopes = {
      sites: { rome: { window }, oslo: { paused: {} }, paris: { channel: "beta" } },
      groups: [{ name: "canaries", devices: ["d-1", "d-2", "d-3"] }],
      devices: {
        "d-10": { products: { agent: { pin: { version: "1.3.0", expires: T0 - 1 } } } },
        "d-11": { products: { agent: { pin: { version: "1.3.0" } } } },
        "d-12": { autoUpdate: false },
      },
    };
    const rollout = {
      strategy: "linear",
      waves: [
        { ppm: 10_000, after: 0 },
        { ppm: 300_000, after: 2 * DAY },
        { ppm: 1_000_000, after: 6 * DAY },
      ],
      canary: { devices: [], groups: ["acme/canaries"] },
    } as const;
    const releases = [
      release("1.2.0"),
      release("1.3.0"),
      release("1.4.0", { upgradeFrom: ">=1.3.0" }),
      release("1.5.0", { rollbackTo: ">=1.4.0" }),
    ];
    const beta = channel(["1.3.0", "1.4.0"]);
    const before = state(
      { channels: { stable: channel(["1.2.0", "1.3.0"], { rollout }), beta } },
      scopes,
      releases,
    );
    const stable = channel(["1.2.0", "1.3.0", "1.4.0"], { rollout, rollback: { from: ["1.5.0"] } });
    const after = asMergedNow(
      before,
      state({ channels: { stable, beta }, minVersion: "1.2.0" }, scopes, releases),
      T0,
    );
    const sites = ["berlin", "rome", "oslo", "paris"];
    const versions = ["1.1.0", "1.2.0", "1.3.0", "1.4.0", "1.5.0"];
    const records = devices(1000).map((record, i) => ({
      ...record,
      site: sites[i % 4] ?? "",
      platform: i % 9 === 0 ? "darwin-arm64" : "linux-x64",
      installed: i % 50 === 49 ? null : (versions[i % 7] ?? "1.3.0"),
    }));

    const planned = computePlan(before, after, { kind: "devices", name: "fleet", records }, T0);
    const agents = computeByPolling(before, after, records);
    const told = new Map(planned.transitions.map((move) => [keyOf(move, move.from, move.to), move.devices]));
    assert.ok(told.size >= 5, "the fleet is varied");
    assert.deepEqual([...told].sort(), [...agents].map(([key, { length }]) => [key, length]).sort());
    for (const move of planned.transitions) {
      const arrivals = agents.get(keyOf(move, move.from, move.to)) ?? [];
      for (const { at, devices } of move.schedule) {
        const early = arrivals.filter((second) => second < at).length;
        // Who is asleep for the end of one window waits for the next.
        const arrived = arrivals.filter((second) => second < at + 7 * DAY).length;
        const told = `${move.from} to ${move.to} at +${at - T0}: ${early} to ${arrived}, told ${devices}`;
        assert.ok(early <= devices && arrived >= devices, told);
      }
    }
  });
});

const POLL = 4 * HOUR;

function keyOf(
  way: { channel: string; via: readonly string[] },
  from: string | null,
  to: string | null,
): string {
  return `${way.channel}: ${[from, ...way.via, to].join(" > ")}`;
}

/** What really happens: each agent asks `decide` every four hours, and installs what it says. Arrivals by way. */
function computeByPolling(before: DesiredState, after: DesiredState, records: readonly InventoryRecord[]) {
  const arrivals = new Map<string, number[]>();
  for (const record of records) {
    const without = poll(before, record);
    const withChange = poll(after, record);
    if (withChange.version === without.version || withChange.version === record.installed) continue;
    const key = keyOf(withChange, record.installed, withChange.version);
    arrivals.set(key, [...(arrivals.get(key) ?? []), withChange.at]);
  }
  return arrivals;
}

function poll(state: DesiredState, { device, platform, tenant = "", site = "", installed }: InventoryRecord) {
  const product = state.products.get("agent");
  const policy = state.tenants.get(tenant);
  assert.ok(product !== undefined && policy !== undefined);
  const taken: string[] = [];
  let version = installed;
  let channel = "";
  let at = T0;
  for (let now = T0; now < T0 + 21 * DAY; now += POLL) {
    for (;;) {
      const asker = { id: device, platform, tenant, site };
      const both = { product: product.policy, tenant: policy };
      const decision = decide(both, product.releases, asker, { version }, {}, now);
      channel = decision.action === "paused" ? "" : (decision.channel ?? "");
      if (decision.action !== "update" && decision.action !== "rollback") break;
      version = decision.path[0];
      taken.push(version);
      at = now;
    }
  }
  return { version, channel, at, via: taken.slice(0, -1) };
}

describe("a plan of what scopes say", () => {
  const canary = { devices: ["d-0"], groups: [], of: "platform" } as const;
  const AFTER = state({
    channels: { stable: channel(["1.3.0", "1.4.0"], { rollout: { ...WAVES, canary } }) },
  });
  const fleet = [...devices(50), ...devices(8, { platform: "linux-arm64" }, "arm")];

  it("warns of a platform that no canary covers, with how many devices get the version untried", () => {
    const warning = plan(BEFORE, AFTER, fleet).warnings.find(({ code }) => code === "plan/canary-misses");
    assert.equal(
      warning?.message,
      "no canary of agent stable covers platform linux-arm64: 8 devices get 1.4.0 untried",
    );
    const shared = { ...canary, share: 1_000_000 };
    const covered = state({
      channels: { stable: channel(["1.3.0", "1.4.0"], { rollout: { ...WAVES, canary: shared } }) },
    });
    assert.ok(!codes(plan(BEFORE, covered, fleet)).includes("plan/canary-misses"));
  });

  it("warns of a gate that so few devices come before that it would not halt if all of them failed", () => {
    const warned = (gate: Gate, records = devices(40), canaries: readonly string[] = []) => {
      const rollout = {
        ...WAVES,
        waves: [
          { ppm: 1, after: 0 },
          { ppm: 1_000_000, after: DAY },
        ],
        gate,
      };
      const canary = { devices: canaries, groups: [] };
      const after = state({
        channels: { stable: channel(["1.3.0", "1.4.0"], { rollout: { ...rollout, canary } }) },
      });
      return plan(BEFORE, after, records).warnings.find(({ code }) => code === "plan/gate-undecided");
    };
    const gate = { maxFailure: 20_000, minReports: 20 };
    const [one = "", two = "", three = ""] = devices(40).map(({ device }) => device);
    assert.equal(
      warned(gate, devices(40), [one])?.message,
      "the gate of agent stable would not halt before the second wave: 1.4.0 reaches 1 device until then, too few to tell from 2%",
    );
    assert.equal(warned(gate, devices(40), [one])?.devices, 39);
    assert.equal(warned(gate)?.devices, 40);
    assert.equal(warned(gate, devices(40), [one, two]), undefined);
    assert.notEqual(warned({ ...gate, maxFailure: 200_000 }, devices(40), [one, two]), undefined);
    assert.equal(warned({ ...gate, maxFailure: 200_000 }, devices(40), [one, two, three]), undefined);
    assert.equal(warned(gate, devices(1), [one]), undefined, "nobody comes later");
  });

  it("says what a freeze holds, why, and where that is written", () => {
    const freeze = [{ from: T0 - DAY, to: T0 + 3 * DAY, reason: "audit" }];
    const frozen = state({ channels: PROMOTED.products.get("agent")?.policy.channels ?? {} }, { freeze });
    const { held, transitions } = plan(BEFORE, frozen, devices(20));
    assert.deepEqual(
      held.map(({ by, reason, where, devices: count }) => [by, reason, where, count]),
      [
        [
          "freeze",
          "tenant acme is frozen until 2026-11-23T00:00:00Z: audit",
          "tenants/acme.yaml#/freeze/0",
          20,
        ],
      ],
    );
    assert.deepEqual(transitions[0]?.schedule, [{ at: T0 + 3 * DAY, devices: 20 }]);
  });

  it("counts devices that no tenant names, and says whether they are held", () => {
    const strangers = devices(3).map(({ tenant: _, site: __, ...record }) => record);
    const message = (after: DesiredState): string | undefined =>
      plan(BEFORE, after, strangers).warnings.find(({ code }) => code === "plan/unknown-device")?.message;
    assert.match(message(PROMOTED) ?? "", /^3 devices named by no tenant: the fleet's own settings hold/);
    const held = state({
      channels: { stable: channel(["1.3.0", "1.4.0"]) },
      fleet: { defaultChannel: "stable", unknownDevices: "hold" },
    });
    assert.equal(message(held), "3 devices named by no tenant: they are held");
  });

  it("without an inventory has a scope for a group that selects by labels", () => {
    const after = state({}, { groups: [{ name: "ring", devices: [], match: { ring: ["canary"] } }] });
    const records = scopeRecords(BEFORE, after, T0);
    assert.ok(records.some(({ labels }) => labels?.ring === "canary"));
  });
});

describe("a plan of a version that requires something", () => {
  const demanding = release("2.0.0");
  const releases = [
    ...RELEASES,
    {
      ...demanding,
      artifacts: demanding.artifacts.map((artifact) => ({ ...artifact, requires: { glibc: ">=2.34" } })),
    },
  ];
  const before = state({ channels: { stable: channel(["1.3.0", "1.4.0"]) } }, {}, releases);
  const after = state({ channels: { stable: channel(["1.3.0", "1.4.0", "2.0.0"]) } }, {}, releases);
  const fleet = [
    ...devices(3, { facts: { glibc: "2.31" } }, "old"),
    ...devices(2, { facts: { glibc: "2.31" }, installed: "1.5.0" }, "ahead"),
    ...devices(4, { facts: { glibc: "2.17" }, installed: "1.4.0" }, "older"),
    ...devices(5, { facts: { glibc: "2.36" } }, "new"),
    ...devices(7, {}, "unknown"),
  ];

  it("has one entry a cause, and says what they run instead", () => {
    const { misfits, blast, refusals } = plan(before, after, fleet);
    assert.deepEqual(
      misfits.map(({ target, cause, devices: count, added, instead }) => [
        target,
        cause,
        count,
        added,
        instead,
      ]),
      [
        [
          "2.0.0",
          "glibc 2.31 < 2.34",
          5,
          5,
          [
            { version: "1.4.0", devices: 3 },
            { version: "1.5.0", devices: 2 },
          ],
        ],
        ["2.0.0", "glibc 2.17 < 2.34", 4, 4, [{ version: "1.4.0", devices: 4 }]],
      ],
    );
    assert.equal(blast.devices, 12, "those that fit and those of whom nothing is known");
    assert.deepEqual(refusals, []);
  });

  it("warns of those for whom it is new, and can fail on them", () => {
    const changed = plan(before, after, fleet);
    const warning = changed.warnings.find(({ code }) => code === "plan/requirement-not-met");
    assert.equal(
      warning?.message,
      "9 devices could not take agent 2.0.0 on stable: glibc 2.31 < 2.34 (5); glibc 2.17 < 2.34 (4)",
    );
    assert.equal(warning.devices, 9);
    assert.deepEqual(breaches(changed, { failOn: ["refusals"] }), ["9 refusals (--fail-on refusals)"]);
    const later = state(
      { channels: { stable: channel(["1.3.0", "1.4.0", "2.0.0"], { rollout: WAVES }) } },
      {},
      releases,
    );
    const again = plan(after, later, fleet);
    assert.equal(again.misfits.length, 2);
    assert.deepEqual(
      again.misfits.map(({ added }) => added),
      [0, 0],
    );
    assert.ok(!codes(again).includes("plan/requirement-not-met"));
  });

  it("says so in text and in Markdown", () => {
    const changed = plan(before, after, fleet);
    const line = "5 machines cannot take 2.0.0: glibc 2.31 < 2.34; 3 run 1.4.0, 2 run 1.5.0 instead";
    assert.ok(printPlanText(changed).includes(`  agent stable: ${line}`), printPlanText(changed));
    const markdown = printPlanMarkdown(changed);
    assert.ok(
      markdown.includes(
        "| **5\u00a0devices**<br>agent stable | 2.0.0 | glibc 2.31 &lt; 2.34 | 1.4.0: 3<br>1.5.0: 2 |",
      ),
      markdown,
    );
  });
});
