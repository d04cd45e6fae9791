import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { printRuns } from "../../controller/simulate/print-runs.ts";
import { SimulateError } from "../../controller/simulate/simulate-error.ts";
import { type RunsRequest, type RunsResult, simulateRuns } from "../../controller/simulate/simulate-runs.ts";
import type { Rollout } from "../../protocol/policy.ts";
import { channel, DAY, HOUR, product, RELEASES, T0 } from "../protocol/build-policies.ts";
import { fairlead } from "../support/run-command.ts";
import { StateRepository } from "../support/state-repository.ts";
import { HAS_TERMINAL, Terminal } from "../support/terminal.ts";

const ROLLOUT: Rollout = {
  strategy: "steps",
  waves: [
    { ppm: 100_000, after: 0 },
    { ppm: 1_000_000, after: 4 * HOUR },
  ],
  gate: { maxFailure: 20_000, minReports: 20, silentAfter: DAY },
};

function runs(rest: Partial<RunsRequest> = {}, rollout: Rollout = ROLLOUT): RunsResult {
  const work = simulateRuns({
    product: product({ channels: { stable: channel(["1.3.0"], { rollout }) } }),
    releases: RELEASES,
    channel: "stable",
    version: "1.4.0",
    agents: 1000,
    failureRates: new Map(),
    offline: 0,
    until: 2 * DAY,
    pollInterval: 300,
    seed: 1,
    startsAt: T0,
    runs: 20,
    ...rest,
  });
  let told = 0;
  for (;;) {
    const next = work.next();
    if (next.done === true) return next.value;
    assert.equal(next.value.done, ++told);
  }
}

describe("a promotion that is simulated many times", () => {
  it("shows both sides: the gate lets a good version through, and stops a bad one before most have met it", () => {
    const { cases } = runs();
    assert.deepEqual(
      cases.map(({ isGood, failureRates }) => [isGood, failureRates]),
      [
        [true, { "*": 20_000 }],
        [false, { "*": 100_000 }],
        [false, { "linux-arm64": 100_000 }],
        [false, { "linux-x64": 100_000 }],
      ],
    );
    const [good, bad, onArm] = cases;
    assert.ok(good !== undefined && bad !== undefined && onArm !== undefined);
    assert.ok(good.halted <= 4, `${good.halted} of 20 halted`);
    assert.deepEqual([good.reached.median, good.failed.median > 10], [1000, true]);
    assert.equal(bad.halted, 20);
    assert.ok(bad.reached.p95 <= 300, `${bad.reached.p95} of 1,000 reached`);
    assert.equal(onArm.halted, 20);
    assert.ok(
      (onArm.named["platform linux-arm64"] ?? 0) > 5 && onArm.named["platform linux-x64"] === undefined,
    );
  });

  it("takes the rates that it is given, and repeats itself", () => {
    const given = { goodRate: 5_000, failureRates: new Map([["linux-x64", 300_000]]), runs: 5 };
    const { cases } = runs(given);
    assert.deepEqual(
      cases.map(({ failureRates }) => failureRates),
      [{ "*": 5_000 }, { "linux-x64": 300_000 }],
    );
    assert.deepEqual(runs(given).cases, cases);
  });

  it("waits for the deadline where failures are silent", () => {
    const loud = runs({ failureRates: new Map([["*", 300_000]]), runs: 5 }).cases[1];
    const silent = runs({ failureRates: new Map([["*", 300_000]]), silent: 1_000_000, runs: 5 }).cases[1];
    assert.ok(loud?.haltedAfter !== undefined && loud.haltedAfter.median < HOUR);
    assert.ok(silent?.haltedAfter !== undefined && silent.haltedAfter.median >= DAY);
    const patient = { ...ROLLOUT, gate: { maxFailure: 20_000, minReports: 20 } };
    const never = runs({ failureRates: new Map([["*", 300_000]]), silent: 1_000_000, runs: 5 }, patient)
      .cases[1];
    assert.deepEqual([never?.halted, never?.haltedAfter], [0, undefined]);
  });

  it("is printed as a table that says what the gate promises", () => {
    const text = printRuns(runs({ runs: 5 }));
    assert.match(text, /^agent 1\.4\.0 on stable: 5 runs each of 1,000 agents, 2d, seeds from 1\n/);
    assert.match(
      text,
      /\ngate: at most 2% fail; a version within that is halted in at most 5% of rollouts\n/,
    );
    assert.match(text, /\ngood: 2% everywhere +\d/);
    assert.match(text, /\nbad: 10% on linux-arm64 alone +100% /);
  });

  it("needs a gate, and a number of runs that it can hold", () => {
    const { gate: _, ...ungated } = ROLLOUT;
    const refuses = (code: string, task: () => unknown) =>
      assert.throws(task, (error) => error instanceof SimulateError && error.code === code);
    refuses("simulate/no-gate", () => runs({}, ungated));
    refuses("simulate/too-large", () => runs({ runs: 0 }));
    refuses("simulate/too-large", () => runs({ runs: 10_001 }));
    refuses("simulate/unknown-channel", () => runs({ channel: "nightly" }));
  });
});

describe("`fairlead simulate --runs`", () => {
  const GATED =
    "rollout:\n  waves: [{percent: 100, after: 0s}]\n  gate: {maxFailureRate: 2%, minReports: 20, confidence: 99%}\n";
  const ARGUMENTS = ["simulate", "--channel", "stable", "--version", "1.1.0", "--agents", "200"];

  it("prints the table, or the same as JSON", async (t) => {
    const state = await StateRepository.create(t);
    for (const version of ["1.0.0", "1.1.0"]) await state.addVersion(version);
    await state.point("stable", "1.0.0", GATED);
    await state.commit("begin");
    const options = { cwd: state.directory };
    const text = await fairlead([...ARGUMENTS, "--runs", "3"], options);
    assert.equal(text.code, 0, text.stderr);
    assert.match(text.stdout, /^good: 2% everywhere/m);
    const json = await fairlead([...ARGUMENTS, "--runs", "3", "--json"], options);
    const result: RunsResult = JSON.parse(json.stdout);
    assert.deepEqual([result.runs, result.cases.length], [3, 2]);
    assert.deepEqual([result.maxFailure, result.confidence], [20_000, 990_000]);
    for (const wrong of [
      ["--runs", "many"],
      ["--runs", "3", "--format", "svg"],
      ["--good-rate", "1%"],
    ]) {
      assert.equal((await fairlead([...ARGUMENTS, ...wrong], options)).code, 2, wrong.join(" "));
    }
  });

  it("ends at Ctrl-C, takes its bar away and writes nothing", {
    skip: !HAS_TERMINAL && "no `script` here",
  }, async (t) => {
    const state = await StateRepository.create(t);
    for (const version of ["1.0.0", "1.1.0"]) await state.addVersion(version);
    await state.point("stable", "1.0.0", GATED);
    await state.commit("begin");
    const terminal = new Terminal(
      t,
      [...ARGUMENTS, "--runs", "10000", "--out", "result.txt"],
      state.directory,
    );
    await terminal.answer(/simulating .* \d+\/20000 runs/, "\x03");
    assert.equal(await terminal.end(), 130);
    assert.equal(existsSync(join(state.directory, "result.txt")), false);
    assert.doesNotMatch(terminal.screen, /error|good:/);
    assert.match(terminal.screen, /interrupted after \d+ of 20000 runs: nothing was written/);
  });
});
