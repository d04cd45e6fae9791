import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { InstallPlan, Journal } from "../../agent/life-cycle/journal.ts";
import { parseJournal } from "../../agent/life-cycle/journal-file.ts";
import { type MachineFacts, mustResume, nextStep, secondsLeft } from "../../agent/life-cycle/next-step.ts";

const OLD = "0".repeat(64);
const NEW = "1".repeat(64);
const LIMITS = { maxAttempts: 3, maxRestarts: 2, seconds: 400 };
const plan: InstallPlan = {
  kind: "update",
  from: { version: "1.0.0", id: OLD },
  to: { version: "1.1.0", id: NEW },
  startedAt: 100,
  attempt: "0".repeat(32),
};

const count = fc.nat({ max: 5 });
const anyJournal: fc.Arbitrary<Journal> = fc.oneof(
  fc.constant<Journal>({ state: "idle" }),
  fc
    .constantFrom("downloading", "verified", "staged", "self-tested", "swapped", "confirmed" as const)
    .map((state): Journal => ({ state, plan })),
  fc
    .record(
      {
        restarts: count,
        restarted: fc.boolean(),
        attempts: count,
        deadline: fc.nat({ max: 1000 }),
        program: fc.constant({ boot: "b", pid: 7, started: "12" }),
        since: fc.constant({ boot: "b", seconds: 9 }),
      },
      { requiredKeys: ["restarts", "restarted", "attempts", "deadline"] },
    )
    .map((rest): Journal => ({ state: "confirming", plan, ...rest })),
  fc
    .constantFrom("rolling-back", "rolled-back", "not-restored" as const)
    .map((state): Journal => ({ state, plan, reason: "it failed" })),
);
const anyFacts: fc.Arbitrary<MachineFacts> = fc.record({
  installed: fc.constantFrom("planned", "other", "unknown"),
  program: fc.constantFrom("this", "running", "ended", "rebooted", undefined),
});
const BEFORE: MachineFacts = { installed: "other" };
const AFTER: MachineFacts = { installed: "planned" };
const confirming: Journal = {
  state: "confirming",
  plan,
  restarts: 0,
  restarted: false,
  attempts: 0,
  deadline: 500,
};

test("each state leads to its step", () => {
  const steps = (state: "downloading" | "verified" | "staged" | "self-tested" | "swapped" | "confirmed") =>
    nextStep({ state, plan }, BEFORE, LIMITS, 100).step;
  assert.deepEqual(
    (["downloading", "verified", "staged", "self-tested", "swapped", "confirmed"] as const).map(steps),
    ["download", "stage", "self-test", "swap", "begin-confirming", "finish"],
  );
  assert.equal(nextStep({ state: "idle" }, BEFORE, LIMITS, 100).step, "none");
  for (const [state, step] of [
    ["rolling-back", "restore"],
    ["rolled-back", "finish"],
    ["not-restored", "finish"],
  ] as const) {
    assert.equal(nextStep({ state, plan, reason: "" }, AFTER, LIMITS, 100).step, step);
  }
});

test("a swap that a kill left unnoted is not done again", () => {
  assert.equal(nextStep({ state: "self-tested", plan }, AFTER, LIMITS, 100).step, "begin-confirming");
});

test("confirming restarts first, at most as often as allowed, then checks, and gives up at each limit", () => {
  const step = (change: object, now = 100, facts = AFTER) =>
    nextStep({ ...confirming, ...change }, facts, LIMITS, now);
  assert.equal(step({}).step, "restart");
  assert.equal(step({ restarts: 1 }).step, "restart");
  assert.equal(step({ restarts: 2 }).step, "confirm");
  assert.equal(step({ restarts: 1, restarted: true, attempts: 2 }).step, "confirm");
  assert.match(JSON.stringify(step({ attempts: 3 })), /give-up.*3 attempts/);
  assert.equal(step({}, 499).step, "restart");
  assert.match(JSON.stringify(step({}, 500)), /give-up.*deadline/);
  assert.match(JSON.stringify(step({}, 100, BEFORE)), /give-up.*no longer/);
});

test("a version that went on by itself is left alone while it lives, and given up where it has ended", () => {
  const step = (program: MachineFacts["program"], now = 100) =>
    nextStep({ ...confirming, restarts: 1, restarted: true }, { installed: "planned", program }, LIMITS, now);
  assert.match(JSON.stringify(step("ended")), /give-up.*ended before/);
  assert.deepEqual(step("running"), { step: "wait", seconds: 400 });
  assert.match(JSON.stringify(step("running", 500)), /give-up.*deadline/);
  for (const fate of ["this", "rebooted", undefined] as const) assert.equal(step(fate).step, "confirm");
});

test("while the system runs, no clock that is set ends a confirmation early or late; after its start none gives more time", () => {
  const step = (now: number, elapsed?: number) =>
    nextStep(confirming, { installed: "planned", elapsed }, LIMITS, now).step;
  assert.equal(step(10 ** 9, 399), "restart");
  assert.equal(step(0, 400), "give-up");
  assert.equal(step(499), "restart");
  assert.equal(step(10 ** 9), "give-up");
  const left = (now: number, elapsed?: number) => secondsLeft(confirming, { elapsed }, LIMITS, now);
  assert.deepEqual([left(0, 100), left(10 ** 9, 100), left(100), left(-(10 ** 9))], [300, 300, 400, 400]);
});

test("a build that cannot be read is neither swapped nor given up for that alone", () => {
  assert.equal(nextStep(confirming, { installed: "unknown" }, LIMITS, 100).step, "restart");
  assert.match(
    JSON.stringify(nextStep(confirming, { installed: "unknown" }, LIMITS, 500)),
    /give-up.*deadline/,
  );
});

test("nothing but a self-tested build is ever swapped, and only a swapped one is restarted or confirmed", () => {
  fc.assert(
    fc.property(anyJournal, anyFacts, fc.nat({ max: 1000 }), (journal, facts, now) => {
      const { step } = nextStep(journal, facts, LIMITS, now);
      if (step === "swap") assert.equal(journal.state, "self-tested");
      if (step === "restart" || step === "confirm") {
        assert.equal(journal.state, "confirming");
        assert.notEqual(facts.installed, "other");
      }
    }),
  );
});

test("an interrupted installation goes on exactly where what is installed may have changed", () => {
  fc.assert(
    fc.property(anyJournal, anyFacts, (journal, facts) => {
      const before = ["idle", "downloading", "verified", "staged"].includes(journal.state);
      const swapped = journal.state === "self-tested" ? facts.installed === "planned" : !before;
      assert.equal(mustResume(journal, facts), swapped);
    }),
  );
});

test("a journal is read as it was written, and anything else as none", () => {
  fc.assert(
    fc.property(anyJournal, (journal) => {
      assert.deepEqual(parse(JSON.stringify({ format: 2, ...journal })), journal);
    }),
  );
  const damaged = [
    "",
    "{",
    "\0\0\0\0",
    "null",
    JSON.stringify({ format: 3, state: "idle" }),
    JSON.stringify({ format: 2, state: "swapped" }),
    JSON.stringify({ format: 2, state: "dancing", plan }),
    JSON.stringify({ format: 2, ...confirming, attempts: -1 }),
    JSON.stringify({ format: 2, state: "swapped", plan: { ...plan, to: { ...plan.to, id: "../zz" } } }),
  ];
  for (const text of damaged) assert.equal(parse(text), undefined, text);
});

test("a journal that an agent before this one wrote is still understood", () => {
  const text = JSON.stringify({
    format: 1,
    state: "swapped",
    plan: {
      kind: "update",
      from: { version: "1.0.0", sha256: OLD },
      to: { version: "1.1.0", sha256: NEW, size: 10 },
      startedAt: 100,
      attempt: "0".repeat(32),
    },
  });
  assert.deepEqual(parse(text), { state: "swapped", plan });
});

function parse(text: string): Journal | undefined {
  return parseJournal(Buffer.from(text));
}
