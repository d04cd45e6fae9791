import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { applyOverlays, stricterOf, withNews } from "../../controller/desired/apply-overlays.ts";
import type { Overlay } from "../../controller/desired/overlay.ts";
import type { RolloutRecord, TallyRow } from "../../controller/fleet/store/records.ts";
import {
  type JudgedRollout,
  judgeRollout,
  type RolloutSituation,
} from "../../controller/rollout/judge-rollout.ts";
import { opensAfter } from "../../controller/rollout/open-waves.ts";
import { NO_STRATA } from "../../protocol/gate/strata.ts";
import type { ChannelPolicy, ProductPolicy, Rollout } from "../../protocol/policy.ts";
import { channel, DAY, HOUR, product, T0 } from "../protocol/build-policies.ts";

const STEPS: Rollout = {
  strategy: "steps",
  waves: [
    { ppm: 10_000, after: 0 },
    { ppm: 100_000, after: 4 * HOUR },
    { ppm: 1_000_000, after: DAY },
  ],
  gate: { maxFailure: 20_000, minReports: 20, silentAfter: DAY },
};
const HEALTHY: Rollout = { ...STEPS, advance: "healthy", opened: 0 };
const CANARY = { devices: ["d-1"], groups: [] };

function tally(rest: Partial<TallyRow> = {}): TallyRow {
  const row = {
    platform: "linux-x64",
    tenant: "acme",
    site: null,
    traits: {},
    confirmed: 0,
    failed: 0,
    excused: 0,
    silent: 0,
    underWay: 0,
    ...rest,
  };
  const { confirmed, failed, excused, silent, underWay } = row;
  return { offered: confirmed + failed + excused + silent + underWay, ...row };
}

/** One rollout that is looked at again and again, as the loop does it. */
class Watched {
  channel: ChannelPolicy;
  policy: ProductPolicy;
  overlays: Overlay[] = [];
  before: RolloutRecord | undefined;
  isServed = true;
  listeningSince = 0;

  constructor(rollout: Rollout | undefined, rest: Partial<ChannelPolicy> = {}) {
    this.channel = channel(["1.3.0", "1.4.0"], { ...(rollout === undefined ? {} : { rollout }), ...rest });
    this.policy = product({ channels: { stable: this.channel } });
  }

  look(
    after: number,
    tallies: readonly TallyRow[] = [],
    rest: Partial<RolloutSituation> = {},
  ): JudgedRollout {
    const situation: RolloutSituation = {
      product: this.policy,
      channelName: "stable",
      channel: this.channel,
      severity: "normal",
      isYanked: false,
      overlays: this.overlays,
      before: this.before,
      strata: NO_STRATA,
      tallies,
      checks: [],
      listeningSince: this.listeningSince,
      now: T0 + after,
      ...rest,
    };
    const copy = structuredClone(situation);
    const judged = judgeRollout(situation);
    assert.deepEqual(judgeRollout(copy), judged, "equal inputs, equal outputs");
    assert.deepEqual(situation, copy, "nothing that is given is changed");
    this.overlays = withNews(this.overlays, judged.overlays);
    this.before = judged.record;
    if (this.isServed) this.serve();
    return judged;
  }

  /** What was added is published: the next look sees it in policy. */
  serve(): void {
    const products = new Map([["agent", this.policy]]);
    const served = applyOverlays(products, this.overlays, undefined).get("agent");
    assert.ok(served?.channels.stable !== undefined);
    this.policy = served;
    this.channel = served.channels.stable;
  }

  get states(): string[] {
    return (this.before?.marks ?? []).map(({ kind }) => kind);
  }
}

test("time opens the waves, and each look says how it stands and what comes next", () => {
  const watched = new Watched(STEPS);
  const first = watched.look(60).record;
  assert.equal(first.state, "active");
  assert.equal(first.allowed, 10_000);
  assert.equal(first.nextAt, T0 + 4 * HOUR);
  assert.match(first.reason, /wave 1 of 3 is open: 1% of the fleet; wave 2 opens at 2026-11-20T04:00:00Z/);
  assert.equal(watched.look(4 * HOUR).record.allowed, 100_000);
  const last = watched.look(DAY, [tally({ confirmed: 10 })]).record;
  assert.deepEqual([last.state, last.allowed], ["active", 1_000_000]);
  assert.match(last.reason, /not proven yet: 10 of the 20 reports/);
  assert.equal(watched.look(2 * DAY, [tally({ confirmed: 40 })]).record.state, "done");
  assert.deepEqual(watched.states, ["began", "wave", "wave", "wave", "done"]);
});

test("a promotion that has not begun is pending, and canaries come before the waves", () => {
  const later = { ...STEPS, startsAt: T0 + HOUR };
  const pending = new Watched(later).look(0).record;
  assert.deepEqual([pending.state, pending.allowed, pending.nextAt], ["pending", 0, T0 + HOUR]);
  const late = { ...STEPS, canary: CANARY, waves: [{ ppm: 1_000_000, after: HOUR }] };
  assert.equal(new Watched(late).look(0).record.state, "canary");
});

test("failures beyond the limit halt, with the numbers, and the halt is an overlay of this very promotion", () => {
  const watched = new Watched(STEPS);
  watched.isServed = false;
  const { record, overlays } = watched.look(HOUR, [tally({ confirmed: 1, failed: 3 })]);
  assert.equal(record.state, "halted");
  assert.match(
    record.reason,
    /halted by the gate at 2026-11-20T01:00:00Z: 3 of 4 failed, more than 2%; it ends/,
  );
  const { version, commit } = watched.channel.current;
  const [halt] = overlays;
  assert.deepEqual(halt, {
    kind: "halt",
    product: "agent",
    channel: "stable",
    version,
    commit,
    reason: "3 of 4 failed, more than 2%",
    at: T0 + HOUR,
  });
  // Good news that come later change nothing, whether it is served already or not.
  assert.equal(watched.look(2 * HOUR, [tally({ confirmed: 1000, failed: 3 })]).record.state, "halted");
  watched.serve();
  const after = watched.look(DAY * 2, [tally({ confirmed: 1000 })]);
  assert.deepEqual([after.record.state, after.record.allowed, after.overlays], ["halted", 10_000, []]);
  assert.deepEqual(watched.states, ["began", "wave", "halt"]);
});

test("a resumption ends the halt, counts anew, and a later halt holds again", () => {
  const watched = new Watched(STEPS);
  watched.look(HOUR, [tally({ failed: 4 })]);
  const { halted: _, ...unhalted } = watched.channel;
  watched.channel = { ...unhalted, resumed: { reason: "a proxy", at: T0 + 2 * HOUR } };
  watched.policy = { ...watched.policy, channels: { stable: watched.channel } };
  const resumed = watched.look(2 * HOUR + 60).record;
  assert.deepEqual([resumed.state, resumed.countedFrom], ["active", T0 + 2 * HOUR]);
  assert.equal(watched.look(3 * HOUR, [tally({ failed: 5 })]).record.state, "halted");
  assert.deepEqual(watched.states, ["began", "wave", "halt", "resume", "halt"]);
});

test("health opens a wave when its time has come and the one before is proven, one at a time", () => {
  const watched = new Watched({ ...HEALTHY, canary: CANARY });
  assert.equal(watched.look(0).record.state, "canary");
  const waiting = watched.look(HOUR, [tally({ confirmed: 3 })]);
  assert.deepEqual([waiting.record.state, waiting.overlays], ["held", []]);
  assert.match(
    waiting.record.reason,
    /canaries have it; wave 1 waits for proof: 3 of the 20 reports that the gate needs; `fairlead advance stable` opens it/,
  );
  const proven = watched.look(2 * HOUR, [tally({ confirmed: 20 })]);
  assert.deepEqual(
    proven.overlays.map((overlay) => overlay.kind === "opened" && overlay.waves),
    [1],
  );
  assert.equal(watched.channel.rollout?.opened, 1);
  assert.match(watched.look(3 * HOUR, [tally({ confirmed: 20 })]).record.reason, /wave 2 opens if proven at/);
  // Its time has come, and nobody of wave 1 has answered.
  const silent = watched.look(5 * HOUR, [tally({ confirmed: 20, underWay: 30 })]);
  assert.deepEqual([silent.record.state, silent.overlays], ["held", []]);
  assert.match(silent.record.reason, /wave 2 waits for wave 1: 0 of 15 reports since it opened/);
  assert.equal(watched.look(6 * HOUR, [tally({ confirmed: 40, underWay: 10 })]).overlays.length, 1);
  assert.equal(watched.look(7 * HOUR, [tally({ confirmed: 50 })]).overlays.length, 0);
});

test("after an outage of the controller nothing opens before devices had time to say something", () => {
  const watched = new Watched(HEALTHY);
  watched.look(0);
  watched.look(HOUR, [tally({ confirmed: 30 })]);
  assert.equal(watched.channel.rollout?.opened, 1);
  watched.listeningSince = T0 + 3 * DAY;
  const back = watched.look(3 * DAY, [tally({ confirmed: 30 })]);
  assert.deepEqual([back.record.state, back.record.nextAt], ["active", T0 + 3 * DAY + 600]);
  assert.deepEqual(back.overlays, []);
  assert.equal(watched.look(3 * DAY + 600, [tally({ confirmed: 30 })]).overlays.length, 1);
  // The same for the wave after it: its time has long come.
  assert.equal(watched.look(3 * DAY + 660, [tally({ confirmed: 30 })]).overlays.length, 0);
});

test("a person opens waves by hand, and nothing else does", () => {
  const watched = new Watched({ ...STEPS, advance: "manual", opened: 1 });
  const { record, overlays } = watched.look(DAY, [tally({ confirmed: 100 })]);
  assert.deepEqual([record.state, overlays], ["held", []]);
  assert.match(record.reason, /wave 2 waits for a person: `fairlead advance stable` opens it/);
});

test("without a gate health opens no wave after the first", () => {
  const { gate: _, ...ungated } = HEALTHY;
  const watched = new Watched(ungated);
  assert.equal(watched.look(0).overlays.length, 1);
  assert.match(watched.look(DAY, [tally({ confirmed: 100 })]).record.reason, /no gate says what healthy is/);
});

test("a pause, a yank and a halt by a commit each say why nothing moves", () => {
  const paused = new Watched(HEALTHY, { paused: { reason: "fair" } }).look(DAY);
  assert.deepEqual(
    [paused.record.state, paused.record.reason, paused.overlays],
    ["held", "channel stable is paused: fair", []],
  );
  const yanked = new Watched(STEPS).look(DAY, [], { isYanked: true }).record;
  assert.equal(yanked.state, "held");
  const halted = new Watched(STEPS, { halted: { reason: "loses reports", at: T0 } }).look(DAY).record;
  assert.deepEqual([halted.state, halted.reason], ["halted", "halted by a commit: loses reports"]);
});

test("a failed check halts, and one without an answer proves nothing", () => {
  const check = { name: "errors", text: "0.3, more than 0.01", at: T0, failingSince: T0 };
  const failed = new Watched(STEPS).look(HOUR, [], { checks: [{ ...check, verdict: "fail" }] });
  assert.match(failed.record.reason, /check errors: 0.3, more than 0.01/);
  assert.equal(failed.overlays[0]?.kind, "halt");
  const silent = new Watched(STEPS).look(2 * DAY, [tally({ confirmed: 100 })], {
    checks: [{ ...check, verdict: "inconclusive", text: "no answer" }],
  });
  assert.deepEqual([silent.record.state, silent.overlays], ["active", []]);
});

test("numbers that cannot be read halt", () => {
  const { record } = new Watched(STEPS).look(HOUR, [{ ...tally({ confirmed: 30 }), offered: 2 }]);
  assert.match(record.reason, /cannot be read/);
});

const count = fc.nat(60);
const arbitraryTally = fc.record({
  platform: fc.constantFrom("linux-x64", "linux-arm64"),
  tenant: fc.constantFrom("acme", "bolt", null),
  confirmed: count,
  failed: fc.nat(3),
  excused: fc.nat(3),
  silent: fc.nat(3),
  underWay: count,
});
const arbitraryRollout: fc.Arbitrary<Rollout> = fc
  .record({
    strategy: fc.constantFrom("steps" as const, "linear" as const),
    steps: fc.array(fc.record({ ppm: fc.nat(999_999), after: fc.nat(DAY) }), { maxLength: 4 }),
    advance: fc.constantFrom("time" as const, "healthy" as const, "manual" as const),
    opened: fc.nat(6),
    hasCanary: fc.boolean(),
    minReports: fc.integer({ min: 1, max: 30 }),
  })
  .map(({ strategy, steps, advance, opened, hasCanary, minReports }) => {
    const ppms = steps.map(({ ppm }) => ppm).sort((a, b) => a - b);
    const afters = steps.map(({ after }) => after).sort((a, b) => a - b);
    return {
      strategy,
      waves: [
        ...ppms.map((ppm, index) => ({ ppm, after: afters[index] ?? 0 })),
        { ppm: 1_000_000, after: (afters.at(-1) ?? 0) + HOUR },
      ],
      gate: { maxFailure: 20_000, minReports },
      ...(advance === "time" ? {} : { advance, opened }),
      ...(hasCanary ? { canary: CANARY } : {}),
    };
  });
const arbitraryLooks = fc.array(
  fc.record({
    // Clocks are set back too.
    step: fc.integer({ min: -HOUR, max: 8 * HOUR }),
    tallies: fc.array(arbitraryTally.map(tally), { maxLength: 4 }),
    isServed: fc.boolean(),
    forgets: fc.boolean(),
  }),
  { maxLength: 12 },
);

test("whatever is reported and whenever it is looked at: nothing opens beyond git's waves, and no halt is undone", () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(arbitraryRollout, arbitraryLooks, (rollout, looks) => {
      const watched = new Watched(rollout);
      let isHalted = false;
      let at = 0;
      for (const { step, tallies, isServed, forgets } of looks) {
        at = Math.max(0, at + step);
        watched.isServed = isServed;
        if (forgets) watched.before = undefined;
        const floor = watched.channel.rollout?.opened ?? 0;
        const { record, overlays } = watched.look(at, tallies);
        for (const overlay of overlays) {
          seen.add(overlay.kind);
          assert.ok(!isHalted, "nothing is added to a halt");
          if (overlay.kind === "halt") continue;
          assert.equal(rollout.advance, "healthy");
          assert.ok(overlay.waves <= rollout.waves.length);
          assert.ok(opensAfter(rollout, overlay.waves - 1) <= at, "its time has come");
          assert.ok(overlay.waves >= floor);
        }
        isHalted ||= record.state === "halted";
        assert.equal(record.state === "halted", isHalted);
        assert.match(record.reason, /^\S[^\n]*[^\s.]$/);
        const timely = rollout.waves.filter((_, index) => opensAfter(rollout, index) <= at).at(-1)?.ppm ?? 0;
        assert.ok(isHalted || record.allowed <= timely);
        assert.equal(record.nextAt === null || record.nextAt > T0 + at, true);
      }
    }),
    { numRuns: 2000 },
  );
  assert.deepEqual([...seen].sort(), ["halt", "opened"]);
});

test("of two memories the stricter counts, in whatever order they are asked", () => {
  const key = { product: "agent", channel: "stable", version: "1.4.0", commit: "c".repeat(40) };
  const arbitraryOverlays: fc.Arbitrary<Overlay[]> = fc.array(
    fc.oneof(
      fc
        .record({ waves: fc.nat(5) })
        .map(({ waves }) => ({ ...key, kind: "opened" as const, waves, at: T0 })),
      fc.record({ at: fc.nat(5) }).map(({ at }) => ({ ...key, kind: "halt" as const, reason: "bad", at })),
    ),
    { maxLength: 3 },
  );
  fc.assert(
    fc.property(arbitraryOverlays, arbitraryOverlays, (a, b) => {
      const both = stricterOf(a, b);
      const isHalted = (list: readonly Overlay[]): boolean => list.some(({ kind }) => kind === "halt");
      assert.equal(isHalted(both), isHalted(a) || isHalted(b));
      const byKind = (one: Overlay, other: Overlay): number => (one.kind < other.kind ? -1 : 1);
      assert.deepEqual(stricterOf(b, a).sort(byKind), both.toSorted(byKind));
      assert.equal(isHalted(withNews(a, b)), isHalted(both));
    }),
  );
});
