import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { CAUSES_AGAINST_RELEASE, CAUSES_OF_THE_MACHINE } from "../../../protocol/gate/failure-causes.ts";
import {
  type CheckResult,
  evaluateGate,
  type GateResult,
  type GateVerdict,
  judgeGate,
} from "../../../protocol/gate/judge-gate.ts";
import type { OutcomeReport } from "../../../protocol/gate/standing.ts";
import { NO_STRATA } from "../../../protocol/gate/strata.ts";
import { type ExpectedDevice, Tallies } from "../../../protocol/gate/tallies.ts";
import type { Gate } from "../../../protocol/policy.ts";

const GATE: Gate = { maxFailure: 20_000, minReports: 20, silentAfter: 86_400 };
const NOW = 1_000_000;
const HOUR = 3600;

function offered(count: number, offeredAt = NOW, rest: Partial<ExpectedDevice> = {}): ExpectedDevice[] {
  return Array.from({ length: count }, (_, i) => ({ device: `d-${i}`, offeredAt, ...rest }));
}

/** The first devices fail, the next confirm. */
function reports(failed: number, confirmed: number, cause = "self-test-failed"): OutcomeReport[] {
  return Array.from({ length: failed + confirmed }, (_, i) =>
    i < failed
      ? { device: `d-${i}`, outcome: "failed", cause, at: NOW }
      : { device: `d-${i}`, outcome: "confirmed", at: NOW },
  );
}

function judged(gate: Gate, given: OutcomeReport[], expected = offered(given.length)): GateResult {
  return evaluateGate(gate, NO_STRATA, given, expected, NOW);
}

function verdict(gate: Gate, given: OutcomeReport[], expected?: ExpectedDevice[]): GateVerdict {
  return judged(gate, given, expected).verdict;
}

/** Devices of several tenants and platforms, counted: `[tenant, platform, failed, confirmed]`. */
function tallied(platforms: string[], ...parts: [string, string, number, number][]): Tallies {
  const keys = platforms.map((value) => ({ dimension: "platform", value }));
  const tallies = new Tallies({ keys, chosen: keys.length });
  for (const [tenant, platform, failed, confirmed] of parts) {
    const device = { tenant, values: { platform } };
    for (let i = 0; i < failed; i++) tallies.add(device, undefined, "failed");
    for (let i = 0; i < confirmed; i++) tallies.add(device, undefined, "confirmed");
  }
  return tallies;
}

describe("the gate", () => {
  it("halts on the second of two failures, and needs no minimum of reports for it", () => {
    assert.equal(verdict(GATE, reports(1, 0)), "inconclusive");
    assert.equal(verdict(GATE, reports(2, 0)), "halt");
  });

  it("does not halt on what chance explains, and halts where it no longer does", () => {
    assert.equal(verdict(GATE, reports(3, 97)), "inconclusive");
    assert.equal(verdict(GATE, reports(7, 93)), "inconclusive");
    assert.equal(verdict(GATE, reports(8, 92)), "halt");
  });

  it("takes more failures to halt where more confidence is asked", () => {
    assert.equal(verdict({ ...GATE, confidence: 999_000 }, reports(8, 92)), "inconclusive");
    assert.equal(verdict({ ...GATE, confidence: 999_000 }, reports(12, 88)), "halt");
    assert.equal(verdict({ ...GATE, confidence: 800_000 }, reports(7, 93)), "halt");
  });

  it("is proven by enough reports of which no more than the limit failed", () => {
    assert.equal(verdict(GATE, reports(0, 19), offered(100)), "inconclusive");
    assert.equal(verdict(GATE, reports(0, 20), offered(100)), "proven");
    assert.equal(verdict(GATE, reports(2, 98)), "proven");
    assert.equal(verdict(GATE, reports(3, 97)), "inconclusive");
    assert.equal(verdict(GATE, []), "inconclusive");
  });

  it("halts at any failure where none is allowed, and never where all are", () => {
    assert.equal(verdict({ ...GATE, maxFailure: 0 }, reports(1, 999)), "halt");
    assert.equal(verdict({ ...GATE, maxFailure: 0 }, reports(0, 20)), "proven");
    assert.equal(verdict({ ...GATE, maxFailure: 1_000_000 }, reports(500, 0)), "proven");
  });

  it("takes devices under way as confirmed, for an hour: failures are known before confirmations are", () => {
    const given = reports(5, 0);
    assert.equal(verdict(GATE, given, offered(100, NOW - HOUR + 1)), "inconclusive");
    assert.equal(verdict(GATE, given, offered(100, NOW - HOUR)), "halt");
    const { underWay, counted } = judged(GATE, given, offered(100));
    assert.deepEqual([underWay, counted], [95, 5], "they are no reports");
  });

  it("counts only causes that speak against the release", () => {
    for (const cause of CAUSES_AGAINST_RELEASE)
      assert.equal(verdict(GATE, reports(10, 90, cause)), "halt", cause);
    for (const cause of CAUSES_OF_THE_MACHINE) {
      const result = judged(GATE, reports(10, 90, cause));
      assert.equal(result.verdict, "proven", cause);
      assert.deepEqual([result.excused, result.counted, result.failures], [10, 90, 0]);
    }
  });

  it("counts the causes that it lists, and no others that are known", () => {
    const disk: Gate = { ...GATE, causes: ["disk-full"] };
    assert.equal(verdict(disk, reports(10, 90, "disk-full")), "halt");
    assert.equal(verdict(disk, reports(10, 90, "crash-loop")), "proven");
    assert.equal(verdict(disk, reports(10, 90, "gremlins")), "halt");
    const silent = judged(disk, reports(0, 90), offered(100, 0));
    assert.deepEqual([silent.verdict, silent.silent, silent.excused], ["proven", 0, 10]);
  });

  it("counts a cause that it does not know, or none", () => {
    assert.equal(verdict(GATE, reports(10, 90, "gremlins")), "halt");
    const without = reports(10, 90).map(({ cause: _, ...report }) => report);
    assert.equal(verdict(GATE, without), "halt");
  });

  it("counts silence after the deadline, and not before", () => {
    const silent = (offeredAt: number) => judged(GATE, reports(0, 90), offered(100, offeredAt));
    const before = silent(NOW - 86_399);
    assert.deepEqual([before.verdict, before.waiting], ["proven", 10]);
    const after = silent(NOW - 86_400);
    assert.deepEqual([after.verdict, after.silent], ["halt", 10]);
    const patient = { maxFailure: 20_000, minReports: 20 };
    assert.equal(judged(patient, reports(0, 90), offered(100, 0)).waiting, 10);
  });

  it("takes the last report of a device, and of two at once the worse", () => {
    const of = (...said: OutcomeReport[]) => judged(GATE, said, offered(1));
    const confirmed: OutcomeReport = { device: "d-0", outcome: "confirmed", at: NOW };
    const failed: OutcomeReport = { device: "d-0", outcome: "failed", cause: "crash-loop", at: NOW };
    assert.equal(of(failed, { ...confirmed, at: NOW + 1 }).confirmed, 1);
    assert.equal(of({ ...failed, at: NOW + 1 }, confirmed).failed, 1);
    assert.equal(of(confirmed, failed).failed, 1);
    assert.equal(of(failed, confirmed).failed, 1);
  });

  it("does not listen to devices that were never offered the version", () => {
    const strangers = reports(50, 0).map((report) => ({ ...report, device: `x-${report.device}` }));
    assert.equal(verdict(GATE, [...reports(0, 30), ...strangers], offered(30)), "proven");
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
      { confidence: 500_000 },
      { confidence: 1_000_000 },
      { confidence: Number.NaN },
      { maxTenantShare: 0 },
      { maxTenantShare: 1_000_001 },
      { maxTenantShare: Number.NaN },
    ];
    for (const rest of bad)
      assert.equal(verdict({ ...GATE, ...rest }, reports(0, 100)), "halt", JSON.stringify(rest));
    const garbled = reports(0, 100).map((report) => ({ ...report, at: Number.NaN }));
    assert.equal(verdict(GATE, garbled), "halt");
    const unknown = JSON.parse(JSON.stringify(reports(0, 100)).replaceAll("confirmed", "fine"));
    assert.equal(verdict(GATE, unknown), "halt");
    assert.equal(verdict(GATE, [], offered(30, Number.NaN)), "halt");
    const torn = tallied([], ["acme", "linux-x64", 0, 30]);
    torn.add({ tenant: "acme" }, "failed", "confirmed");
    assert.equal(judgeGate(GATE, torn).verdict, "halt");
  });

  it("explains itself in one sentence with the numbers", () => {
    assert.equal(judged(GATE, reports(8, 92)).reason, "8 of 100 failed, more than 2%");
    assert.equal(
      judged(GATE, reports(1, 30), offered(40, 0)).reason,
      "10 of 40 failed (9 by silence), more than 2%",
    );
    assert.equal(judged(GATE, reports(0, 3)).reason, "3 of the 20 reports that the gate needs");
    assert.equal(
      judged(GATE, reports(3, 97)).reason,
      "3 of 100 failed, more than 2%, and chance can still explain it",
    );
    assert.equal(judged(GATE, reports(2, 98)).reason, "2 of 100 failed, at most 2%");
  });

  it("gives numbers that JSON can carry, however clear the case is", () => {
    const results = [judged({ ...GATE, maxFailure: 0 }, reports(9, 0)), judged(GATE, reports(5000, 0))];
    for (const result of results) {
      assert.deepEqual(JSON.parse(JSON.stringify(result)), result);
      assert.deepEqual(
        result.tests.map(({ evidence }) => evidence),
        [1e12],
      );
    }
  });
});

describe("a platform by itself", () => {
  const platforms = ["linux-arm64", "linux-x64", "win32-x64"];

  it("is halted for where it fails alone, although the others dilute it", () => {
    const result = judgeGate(
      GATE,
      tallied(platforms, ["", "linux-arm64", 3, 1], ["", "linux-x64", 0, 500], ["", "win32-x64", 0, 500]),
    );
    assert.equal(result.verdict, "halt");
    assert.deepEqual(result.stratum, { dimension: "platform", value: "linux-arm64" });
    assert.equal(result.reason, "platform linux-arm64: 3 of 4 failed, more than 2%");
    const diluted = tallied([], ["", "linux-arm64", 3, 1], ["", "linux-x64", 0, 1000]);
    assert.equal(judgeGate(GATE, diluted).verdict, "proven");
  });

  it("shares the chance of a false halt with the others and those to come: half for the fleet, half for them", () => {
    const of = (platforms: string[]) =>
      judgeGate(GATE, tallied(platforms, ["", "linux-arm64", 0, 1])).tests.map(({ needed }) =>
        Math.round(needed),
      );
    assert.deepEqual(of([]), [40]);
    assert.deepEqual(of(platforms), [40, 160, 160, 160]);
  });
});

describe("one tenant", () => {
  it("does not halt a fleet alone, by lying or by what is its own: a person decides", () => {
    const tallies = tallied(
      ["linux-arm64", "linux-x64"],
      ["liar", "linux-arm64", 50, 0],
      ["acme", "linux-x64", 0, 50],
    );
    const result = judgeGate(GATE, tallies);
    assert.equal(result.verdict, "inconclusive");
    assert.equal(
      result.reason,
      "50 of 100 failed, more than 2%, but too many of them at one tenant: a person decides",
    );
    assert.deepEqual(result.capped, [{ tenant: "liar", failures: 50, countAs: 0 }]);
    assert.equal(judgeGate({ ...GATE, maxTenantShare: 1_000_000 }, tallies).verdict, "halt");
  });

  it("halts where no other takes part", () => {
    assert.equal(judgeGate(GATE, tallied([], ["acme", "linux-x64", 3, 3])).verdict, "halt");
  });

  it("with nearly all devices does not hide a version that fails everywhere", () => {
    const result = judgeGate(
      GATE,
      tallied([], ["big", "linux-x64", 90, 810], ["small", "linux-x64", 10, 90]),
    );
    assert.equal(result.verdict, "halt");
    assert.deepEqual(result.capped, [{ tenant: "big", failures: 90, countAs: 10 }]);
  });

  it("is cut to an equal part where the share is smaller than that", () => {
    const gate = { ...GATE, maxTenantShare: 100_000 };
    const three: [string, string, number, number][] = ["a", "b", "c"].map((name) => [
      name,
      "linux-x64",
      9,
      9,
    ]);
    const result = judgeGate(gate, tallied([], ...three));
    assert.deepEqual([result.verdict, result.capped], ["halt", []]);
  });
});

describe("a check of the running version", () => {
  const good = tallied([], ["", "linux-x64", 0, 30]);
  const check = (verdict: CheckResult["verdict"]): CheckResult => ({
    name: "errors",
    verdict,
    text: "0.2, at most 0.1",
  });

  it("halts when it fails, however well the version installs", () => {
    const { verdict, reason } = judgeGate(GATE, good, [check("pass"), check("fail")]);
    assert.deepEqual([verdict, reason], ["halt", "check errors: 0.2, at most 0.1"]);
  });

  it("without an answer leaves the version unproven, and does not hide a halt", () => {
    assert.equal(judgeGate(GATE, good, [check("pass")]).verdict, "proven");
    assert.equal(judgeGate(GATE, good, [check("inconclusive")]).verdict, "inconclusive");
    const bad = tallied([], ["", "linux-x64", 30, 0]);
    assert.equal(judgeGate(GATE, bad, [check("inconclusive")]).verdict, "halt");
  });
});

describe("the gate, over any reports", () => {
  const gate = fc.record({
    maxFailure: fc.integer({ min: 0, max: 1_000_000 }),
    minReports: fc.integer({ min: 1, max: 60 }),
    silentAfter: fc.integer({ min: 0, max: 100 }),
    confidence: fc.integer({ min: 500_001, max: 999_999 }),
    maxTenantShare: fc.integer({ min: 1, max: 1_000_000 }),
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
        const result = judged(gate, given, expected);
        const { confirmed, failed, silent, excused, underWay, waiting } = result;
        assert.equal(confirmed + failed + silent + excused + underWay + waiting, expected.length);
        assert.deepEqual(judged(gate, given.toReversed(), expected.toReversed()), result);
      }),
    );
  });

  it("one more failure never takes a halt away, and one more confirmation never brings one", () => {
    fc.assert(
      fc.property(gate, given, expected, (gate, given, expected) => {
        if (expected.length === 0) return;
        const before = judged(gate, given, expected).verdict;
        const last = (outcome: "confirmed" | "failed"): OutcomeReport => ({
          device: "d-0",
          outcome,
          cause: "bad-binary",
          at: NOW + 1,
        });
        const worse = verdict(gate, [...given, last("failed")], expected);
        const better = verdict(gate, [...given, last("confirmed")], expected);
        if (before === "halt") assert.equal(worse, "halt");
        if (better === "halt") assert.equal(before, "halt");
        if (worse === "proven") assert.equal(better, "proven");
      }),
    );
  });
});
