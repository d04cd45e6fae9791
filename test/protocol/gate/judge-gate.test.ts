import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { CAUSES_AGAINST_RELEASE, CAUSES_OF_THE_MACHINE } from "../../../protocol/gate/failure-causes.ts";
import {
  type CheckResult,
  evaluateGate as evaluate,
  type GateResult,
  type GateVerdict,
  judgeGate,
} from "../../../protocol/gate/judge-gate.ts";
import type { OutcomeReport } from "../../../protocol/gate/standing.ts";
import type { ExpectedDevice } from "../../../protocol/gate/tallies.ts";
import type { Gate } from "../../../protocol/policy.ts";

const GATE: Gate = { maxFailure: 20_000, minReports: 20, silentAfter: 3600 };
const NOW = 1_000_000;

function offered(count: number, offeredAt = NOW): { device: string; offeredAt: number }[] {
  return Array.from({ length: count }, (_, i) => ({ device: `d-${i}`, offeredAt }));
}

/** The first devices fail, the next confirm. */
function reports(failed: number, confirmed: number, cause = "self-test-failed"): OutcomeReport[] {
  return Array.from({ length: failed + confirmed }, (_, i) =>
    i < failed
      ? { device: `d-${i}`, outcome: "failed", cause, at: NOW }
      : { device: `d-${i}`, outcome: "confirmed", at: NOW },
  );
}

function verdict(gate: Gate, given: OutcomeReport[], expected = offered(given.length)): GateVerdict {
  return evaluateGate(gate, given, expected, NOW).verdict;
}

describe("the gate", () => {
  it("stays open while no more fail than it allows, and halts with the next one", () => {
    assert.equal(verdict(GATE, reports(2, 98)), "open");
    assert.equal(verdict(GATE, reports(3, 97)), "halt");
  });

  it("says nothing before enough devices have spoken", () => {
    assert.equal(verdict(GATE, reports(0, 19), offered(100)), "inconclusive");
    assert.equal(verdict(GATE, []), "inconclusive");
  });

  it("halts early when what is still to come can change nothing", () => {
    assert.equal(verdict(GATE, reports(5, 0), offered(5)), "halt");
    assert.equal(verdict(GATE, reports(5, 0), offered(1000)), "inconclusive");
  });

  it("counts only causes that speak against the release", () => {
    for (const cause of CAUSES_AGAINST_RELEASE)
      assert.equal(verdict(GATE, reports(10, 90, cause)), "halt", cause);
    for (const cause of CAUSES_OF_THE_MACHINE) {
      const result = evaluateGate(GATE, reports(10, 90, cause), offered(100), NOW);
      assert.equal(result.verdict, "open", cause);
      assert.deepEqual([result.excused, result.counted, result.failures], [10, 90, 0]);
    }
  });

  it("counts a cause that it does not know, or none", () => {
    assert.equal(verdict(GATE, reports(10, 90, "gremlins")), "halt");
    const without = reports(10, 90).map(({ cause: _, ...report }) => report);
    assert.equal(verdict(GATE, without), "halt");
  });

  it("counts silence after the deadline, and not before", () => {
    const silent = (offeredAt: number) => evaluateGate(GATE, reports(0, 90), offered(100, offeredAt), NOW);
    assert.deepEqual([silent(NOW - 3599).verdict, silent(NOW - 3599).waiting], ["open", 10]);
    assert.deepEqual([silent(NOW - 3600).verdict, silent(NOW - 3600).silent], ["halt", 10]);
    const patient = { maxFailure: 20_000, minReports: 20 };
    assert.equal(evaluateGate(patient, reports(0, 90), offered(100, 0), NOW).waiting, 10);
  });

  it("takes the last report of a device, and of two at once the worse", () => {
    const of = (...said: OutcomeReport[]) => evaluateGate(GATE, said, offered(1), NOW);
    const confirmed: OutcomeReport = { device: "d-0", outcome: "confirmed", at: NOW };
    const failed: OutcomeReport = { device: "d-0", outcome: "failed", cause: "crash-loop", at: NOW };
    assert.equal(of(failed, { ...confirmed, at: NOW + 1 }).confirmed, 1);
    assert.equal(of({ ...failed, at: NOW + 1 }, confirmed).failed, 1);
    assert.equal(of(confirmed, failed).failed, 1);
    assert.equal(of(failed, confirmed).failed, 1);
  });

  it("does not listen to devices that were never offered the version", () => {
    const strangers = reports(50, 0).map((report) => ({ ...report, device: `x-${report.device}` }));
    assert.equal(verdict(GATE, [...reports(0, 30), ...strangers], offered(30)), "open");
  });

  it("fails closed for numbers that cannot be read", () => {
    const bad: Partial<Gate>[] = [
      { maxFailure: Number.NaN },
      { maxFailure: -1 },
      { maxFailure: 1_000_001 },
      { maxFailure: 0.5 },
      { minReports: 0 },
      { minReports: Number.NaN },
      { silentAfter: Number.NaN },
      { silentAfter: -1 },
    ];
    for (const rest of bad)
      assert.equal(verdict({ ...GATE, ...rest }, reports(0, 100)), "halt", JSON.stringify(rest));
    const garbled = reports(0, 100).map((report) => ({ ...report, at: Number.NaN }));
    assert.equal(verdict(GATE, garbled), "halt");
    const unknown = JSON.parse(JSON.stringify(reports(0, 100)).replaceAll("confirmed", "fine"));
    assert.equal(verdict(GATE, unknown), "halt");
    assert.equal(evaluateGate(GATE, [], offered(30, Number.NaN), NOW).verdict, "halt");
  });

  it("explains itself in one sentence with the numbers", () => {
    assert.equal(
      evaluateGate(GATE, reports(3, 97), offered(100), NOW).reason,
      "3 of 100 failed, more than 2%",
    );
    assert.equal(
      evaluateGate(GATE, reports(1, 30), offered(40, 0), NOW).reason,
      "10 of 40 failed (9 by silence), more than 2%",
    );
  });
});

describe("the gate, over any reports", () => {
  const gate = fc.record({
    maxFailure: fc.integer({ min: 0, max: 1_000_000 }),
    minReports: fc.integer({ min: 1, max: 60 }),
    silentAfter: fc.integer({ min: 0, max: 100 }),
  });
  const report: fc.Arbitrary<OutcomeReport> = fc.record({
    device: fc.integer({ min: 0, max: 50 }).map((n) => `d-${n}`),
    outcome: fc.constantFrom("confirmed", "failed"),
    cause: fc.constantFrom(...CAUSES_AGAINST_RELEASE, ...CAUSES_OF_THE_MACHINE),
    at: fc.integer({ min: NOW - 100, max: NOW }),
  });
  const given = fc.array(report, { maxLength: 80 });
  const expected = fc.integer({ min: 0, max: 50 }).map((count) => offered(count, NOW - 50));

  it("every offered device is counted exactly once, in whatever order reports come", () => {
    fc.assert(
      fc.property(gate, given, expected, (gate, given, expected) => {
        const result = evaluateGate(gate, given, expected, NOW);
        const { confirmed, failed, silent, excused, waiting } = result;
        assert.equal(confirmed + failed + silent + excused + waiting, expected.length);
        assert.deepEqual(evaluateGate(gate, given.toReversed(), expected.toReversed(), NOW), result);
      }),
    );
  });

  it("one more failure never opens a gate, and one more confirmation never halts it", () => {
    const order: GateVerdict[] = ["open", "inconclusive", "halt"];
    fc.assert(
      fc.property(gate, given, expected, (gate, given, expected) => {
        if (expected.length === 0) return;
        const before = evaluateGate(gate, given, expected, NOW);
        const last = (outcome: "confirmed" | "failed") => ({
          device: "d-0",
          outcome,
          cause: "bad-binary",
          at: NOW + 1,
        });
        const worse = evaluateGate(gate, [...given, last("failed")], expected, NOW);
        const better = evaluateGate(gate, [...given, last("confirmed")], expected, NOW);
        if (before.verdict === "halt") assert.equal(worse.verdict, "halt");
        assert.ok(order.indexOf(worse.verdict) >= order.indexOf(better.verdict));
        if (better.verdict === "halt") assert.equal(before.verdict === "open", false);
      }),
    );
  });
});
