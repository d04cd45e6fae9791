import assert from "node:assert/strict";
import { test } from "node:test";
import type { NextSituation, NextWaves } from "../../controller/rollout/next-situation.ts";
import { nextStep } from "../../controller/rollout/next-step.ts";

const HOUR = 3_600;
const DAY = 24 * HOUR;
/** Fri 15 Jan 2027 08:00:00 UTC */
const NOW = 1_800_000_000;

const WAVES: NextWaves = {
  all: [
    { ppm: 10_000, at: NOW - 5 * HOUR },
    { ppm: 100_000, at: NOW - HOUR },
    { ppm: 500_000, at: NOW + 18 * HOUR },
    { ppm: 1_000_000, at: NOW + 42 * HOUR },
  ],
  open: 2,
  share: 100_000,
  dueShare: 100_000,
  openedBy: "time",
  isLinear: false,
};

function situation(more: Partial<NextSituation> = {}): NextSituation {
  return {
    product: "agent",
    channel: "stable",
    version: "1.4.2",
    isOnlyProduct: true,
    start: NOW - 5 * HOUR,
    now: NOW,
    waves: WAVES,
    hasCanary: true,
    machines: { following: 11_640, canaries: 48, running: 943, failed: 41, waiting: 10_697 },
    platforms: [
      { platform: "linux-x64", following: 6_980, running: 597, failed: 1 },
      { platform: "linux-arm64", following: 1_420, running: 71, failed: 37 },
      { platform: "windows-x64", following: 2_630, running: 222, failed: 3 },
      { platform: "darwin-arm64", following: 610, running: 53, failed: 0 },
    ],
    gate: {
      verdict: "inconclusive",
      reason: "2 of 96 failed, more than 2%, and chance can still explain it",
    },
    windows: [],
    mayDecide: true,
    ...more,
  };
}

const HALTED = {
  halted: { reason: "platform linux-arm64: 6 of 67 failed", at: NOW - 720, by: "gate" },
  gate: { verdict: "halt", reason: "platform linux-arm64: 6 of 67 failed", platform: "linux-arm64" },
} as const;

test("a halt says that nothing moves, what stays, and which wave does not open", () => {
  const next = nextStep(situation(HALTED));
  assert.deepEqual(
    [next.kind, next.headline, next.at],
    ["halted", "Nothing moves until a commit decides.", undefined],
  );
  assert.equal(
    next.text,
    "10,697 machines stay on what they run, and 943 machines on 1.4.2 keep it. " +
      "Left as it is, the next wave, 50 % on Sat 16 Jan 02:00 UTC, does not open.",
  );
});

test("after a halt a person may leave the platform out, resume, or take the version back, and is told how many move", () => {
  const { choices } = nextStep(situation(HALTED));
  assert.deepEqual(
    choices.map(({ kind, machines }) => [kind, machines]),
    [
      // 10 % of the 10,220 others are 1,022, and 872 of them run it.
      ["leave-out", 150],
      ["resume", 221],
      ["take-back", 0],
    ],
  );
  assert.deepEqual(choices[0]?.commands, [
    'fairlead yank 1.4.2 --platform linux-arm64 --reason "fails on linux-arm64"',
    'fairlead resume --channel stable --halt --reason "only linux-arm64 failed, which is left out"',
  ]);
  assert.match(choices[0]?.text ?? "", /1,349 machines stay, the 71 on it keep it/);
});

test("what the failed machines share says how many more would fail, and a signed way down is offered in place of a yank", () => {
  const { choices } = nextStep(
    situation({
      ...HALTED,
      rollbackTo: "1.4.1",
      alike: { what: "glibc 2.31", more: 351, isAtLeast: false },
      waves: { ...WAVES, dueShare: 500_000 },
    }),
  );
  const resume = choices.find(({ kind }) => kind === "resume");
  assert.equal(resume?.machines, 5_820 - 943, "waves went on during the halt");
  assert.match(resume?.text ?? "", /351 more machines have what the failed ones share: glibc 2.31/);
  const back = choices.find(({ kind }) => kind === "roll-back");
  assert.deepEqual(
    [back?.machines, back?.commands],
    [943, ['fairlead rollback stable --to 1.4.1 --reason "..."']],
  );
  assert.ok(!choices.some(({ kind }) => kind === "take-back"));
});

test("no platform is left out where failures are everywhere, or where it is the only one", () => {
  const even = situation().platforms.map((row) => ({ ...row, failed: 10 }));
  const everywhere = situation({ ...HALTED, gate: { verdict: "halt", reason: "" }, platforms: even });
  assert.deepEqual(
    nextStep(everywhere).choices.map(({ kind }) => kind),
    ["resume", "take-back"],
  );
  const alone = situation({ ...HALTED, platforms: situation().platforms.slice(1, 2) });
  assert.ok(!nextStep(alone).choices.some(({ kind }) => kind === "leave-out"));
});

test("who may not see all machines is told the state and offered no decision for all", () => {
  for (const one of [HALTED, { yanked: {} }, { paused: { scope: "channel", pause: {} } }] as const) {
    const next = nextStep(situation({ ...one, mayDecide: false }));
    assert.deepEqual(next.choices, []);
  }
});

test("a yanked version says what is offered instead, or that nothing is", () => {
  const fallback = nextStep(situation({ yanked: { fallback: "1.4.1" } }));
  assert.deepEqual(
    [fallback.kind, fallback.headline, fallback.text],
    [
      "nothing-offered",
      "Nobody gets 1.4.2 any more.",
      "1.4.2 is yanked, and stable offers 1.4.1. 943 machines on it keep it.",
    ],
  );
  assert.deepEqual(fallback.choices[0]?.commands, ['fairlead unyank 1.4.2 --reason "..."']);
  assert.equal(nextStep(situation({ yanked: {} })).headline, "stable offers nothing.");
});

test("before it begins it says when, and who is first", () => {
  const start = NOW + 2 * HOUR;
  const canaries = nextStep(situation({ start }));
  assert.deepEqual(
    [canaries.kind, canaries.headline, canaries.text, canaries.at],
    [
      "pending",
      "1.4.2 begins Fri 15 Jan 10:00 UTC.",
      "48 canaries first; until then nobody is offered it.",
      start,
    ],
  );
  assert.match(nextStep(situation({ start, hasCanary: false })).text, /^1 % first/);
});

test("a pause names its scope, its reason and its end, and its command", () => {
  const until = NOW + DAY;
  const next = nextStep(situation({ paused: { scope: "channel", pause: { reason: "stocktaking", until } } }));
  assert.deepEqual(
    [next.kind, next.headline, next.at],
    ["paused", "Nothing moves while stable is paused, until Sat 16 Jan 08:00 UTC.", until],
  );
  assert.match(next.text, /^Stocktaking\. /);
  assert.deepEqual(next.choices[0]?.commands, ["fairlead resume --channel stable"]);
  const fleet = nextStep(situation({ isOnlyProduct: false, paused: { scope: "fleet", pause: {} } }));
  assert.deepEqual(fleet.choices[0]?.commands, ["fairlead resume --fleet"]);
});

test("while canaries have it, it says when the first wave opens and who has it", () => {
  const all = WAVES.all.map((wave, index) => ({ ...wave, at: NOW + (index + 1) * HOUR }));
  const next = nextStep(situation({ waves: { ...WAVES, all, open: 0, share: 0, dueShare: 0 } }));
  assert.deepEqual(
    [next.kind, next.headline, next.at],
    ["canary", "Wave 1 of 4, 1 % opens Fri 15 Jan 09:00 UTC.", NOW + HOUR],
  );
  assert.match(next.text, /^48 canaries have it so far\. 116 machines more may have it then\./);
});

test("a wave that opens by time says when, and how many more may have it then", () => {
  const next = nextStep(situation());
  assert.deepEqual(
    [next.kind, next.headline, next.at, next.choices],
    ["by-time", "Wave 3 of 4, 50 % opens Sat 16 Jan 02:00 UTC.", NOW + 18 * HOUR, []],
  );
  assert.equal(
    next.text,
    "10 % may have it: 943 of 1,207 run it. 4,637 machines more may have it then. " +
      "2 of 96 failed, more than 2%, and chance can still explain it.",
  );
  const linear = nextStep(situation({ waves: { ...WAVES, isLinear: true } }));
  assert.match(linear.headline, /^The share grows evenly; wave 3 of 4, 50 % begins /);
});

test("failures that are one tenant's, which halt nothing by themselves, are put before a person with when the next wave opens", () => {
  const gate = { verdict: "inconclusive", reason: "79 of 1119 failed", isForPerson: true } as const;
  const next = nextStep(situation({ gate }));
  assert.deepEqual([next.kind, next.at], ["for-person", NOW + 18 * HOUR]);
  assert.match(next.text, /^79 of 1119 failed\. Left as it is, wave 3 of 4, 50 % opens Sat 16 Jan 02:00 UTC/);
  assert.deepEqual(
    next.choices.map(({ commands }) => commands[0]),
    [
      'fairlead yank 1.4.2 --platform linux-arm64 --reason "fails on linux-arm64"',
      'fairlead pause --channel stable --reason "..."',
      'fairlead yank 1.4.2 --reason "..."',
    ],
  );
  assert.equal(nextStep(situation({ gate, mayDecide: false })).kind, "by-time");
});

test("a wave that opens by health says from when, then that it waits for proof, and how a person opens it", () => {
  const waves = { ...WAVES, openedBy: "health" } as const;
  assert.deepEqual(
    [nextStep(situation({ waves })).kind, nextStep(situation({ waves })).headline],
    ["by-health", "Wave 3 of 4, 50 % opens Sat 16 Jan 02:00 UTC, if what is open is proven by then."],
  );
  const due = { ...waves, all: WAVES.all.map((wave) => ({ ...wave, at: NOW - 60 })) };
  const held = nextStep(situation({ waves: due }));
  assert.deepEqual([held.kind, held.headline], ["held", "Wave 3 of 4, 50 % waits for proof."]);
  assert.deepEqual(
    held.choices.map(({ kind, machines, commands }) => [kind, machines, commands]),
    [["advance", 4_637, ["fairlead advance stable"]]],
  );
  const proven = nextStep(situation({ waves: due, gate: { verdict: "proven", reason: "1 of 96 failed" } }));
  assert.equal(proven.headline, "Wave 3 of 4, 50 % opens as soon as machines had time to report.");
});

test("a wave that waits for a person says so, and names the product where there are several", () => {
  const all = WAVES.all.map((wave) => ({ ...wave, at: NOW - 60 }));
  const next = nextStep(situation({ isOnlyProduct: false, waves: { ...WAVES, all, openedBy: "hand" } }));
  assert.deepEqual([next.kind, next.headline], ["held", "Wave 3 of 4, 50 % waits for a person."]);
  assert.deepEqual(next.choices[0]?.commands, ["fairlead advance stable --product agent"]);
  const early = nextStep(situation({ waves: { ...WAVES, openedBy: "hand" } }));
  assert.deepEqual(
    [early.kind, early.headline],
    ["by-hand", "Wave 3 of 4, 50 % waits for a person, Sat 16 Jan 02:00 UTC at the earliest."],
  );
});

const ALL_OPEN: NextWaves = { ...WAVES, open: 4, share: 1_000_000, dueShare: 1_000_000 };
const PROVEN = { verdict: "proven", reason: "1 of 900 failed, at most 2%" } as const;

test("with all waves open it says who is left, whose window comes next, or that all is done", () => {
  const window = nextStep(
    situation({
      waves: ALL_OPEN,
      gate: PROVEN,
      windows: [
        { tenant: "globex", opensAt: NOW + 9 * HOUR, machines: 3 },
        { tenant: "initech", opensAt: NOW + 6 * HOUR, machines: 2_850 },
      ],
    }),
  );
  assert.deepEqual(
    [window.kind, window.headline, window.at],
    ["window", "The window of initech opens Fri 15 Jan 14:00 UTC.", NOW + 6 * HOUR],
  );
  assert.match(
    window.text,
    /2,850 machines of initech wait for it\. 1 other tenant waits for a window too\./,
  );

  const machines = { following: 100, canaries: 0, running: 90, failed: 0, waiting: 10 };
  const left = nextStep(situation({ waves: ALL_OPEN, gate: PROVEN, machines }));
  assert.deepEqual([left.kind, left.headline], ["done", "Everybody may have 1.4.2."]);
  assert.match(left.text, /^90 of 100 machines run 1\.4\.2\. The other 10 get it/);
  const unproven = nextStep(situation({ waves: ALL_OPEN, machines }));
  assert.equal(unproven.kind, "last-wave");
  const done = nextStep(
    situation({ waves: ALL_OPEN, gate: PROVEN, machines: { ...machines, running: 100, waiting: 0 } }),
  );
  assert.deepEqual([done.kind, done.headline], ["done", "Everybody runs 1.4.2."]);
});

test("the last linear wave says until when it grows, and a channel without waves that everybody may have it", () => {
  const growing = nextStep(situation({ waves: { ...ALL_OPEN, share: 700_000, isLinear: true } }));
  assert.deepEqual(
    [growing.kind, growing.headline, growing.at],
    ["last-wave", "The last wave grows evenly until Sun 17 Jan 02:00 UTC.", NOW + 42 * HOUR],
  );
  const { waves: _, gate: __, ...plain } = situation();
  assert.equal(nextStep(plain).headline, "Everybody may have 1.4.2.");
});

const FREEZE = { scope: "fleet", from: NOW - HOUR, to: NOW + 30 * HOUR, reason: "stocktaking" } as const;

test("while everybody is frozen it says until when and why, and before that which wave opens into a freeze", () => {
  const frozen = nextStep(situation({ freezes: [FREEZE] }));
  assert.deepEqual(
    [frozen.kind, frozen.headline, frozen.at],
    ["frozen", "Nothing moves before Sat 16 Jan 14:00 UTC: the fleet is frozen.", FREEZE.to],
  );
  assert.match(frozen.text, /^Stocktaking\. The time of waves goes on; 10,697 machines stay as they are/);
  const ahead = { ...FREEZE, scope: "channel", from: NOW + HOUR } as const;
  const before = nextStep(situation({ freezes: [ahead] }));
  assert.equal(before.kind, "by-time");
  assert.match(
    before.text,
    /may have it then\. Stable is frozen then, so nobody moves before Sat 16 Jan 14:00 UTC: stocktaking\./,
  );
  assert.equal(nextStep(situation({ freezes: [{ ...FREEZE, to: NOW }] })).kind, "by-time", "it is over");
  assert.equal(
    nextStep(situation({ ...HALTED, freezes: [FREEZE] })).kind,
    "halted",
    "a halt ends by no clock",
  );
});

test("a tenant's own pause or freeze is told of with its machines, and is what is next where all else is done", () => {
  const held = [
    { tenant: "globex", by: "freeze", until: NOW + DAY, machines: 3 },
    { tenant: "acme", by: "pause", machines: 40 },
  ] as const;
  const open = nextStep(situation({ held }));
  assert.equal(open.kind, "by-time");
  assert.match(
    open.text,
    /40 machines of acme stay: it is paused until somebody resumes it, and 1 other tenant is held too\./,
  );
  const machines = { following: 100, canaries: 0, running: 57, failed: 0, waiting: 43 };
  const all = { waves: ALL_OPEN, gate: PROVEN, machines };
  const left = nextStep(situation({ ...all, held }));
  assert.deepEqual(
    [left.kind, left.headline, left.at],
    ["tenant-held", "Everybody may have 1.4.2; acme is paused until somebody resumes it.", undefined],
  );
  const frozen = nextStep(situation({ ...all, held: held.slice(0, 1) }));
  assert.deepEqual(
    [frozen.headline, frozen.at],
    ["Everybody may have 1.4.2; globex is frozen until Sat 16 Jan 08:00 UTC.", NOW + DAY],
  );
});

test("every sentence stands by itself: it begins with a capital or a name, and ends with one full stop", () => {
  for (const one of [
    HALTED,
    { yanked: {} },
    {},
    { waves: ALL_OPEN },
    { start: NOW + 60 },
    { freezes: [FREEZE] },
  ]) {
    const { headline, text, choices } = nextStep(situation(one));
    for (const said of [headline, text, ...choices.map((choice) => choice.text)]) {
      assert.match(said, /^(\S.*[^.]\.)?$/, said);
      assert.doesNotMatch(said, /undefined|NaN|\.\./);
    }
  }
});
