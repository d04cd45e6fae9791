import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { failuresToHalt, isExceeded, logEvidence } from "../../../protocol/gate/sequential-test.ts";

describe("the evidence against a limit", () => {
  it("is the mean of the likelihood ratios, as multiplying them out gives it", () => {
    const rates = [1.25, 1.5, 2, 3, 5, 10, 25, 49].map((multiple) => multiple * 0.02);
    const mean = (f: number, n: number): number =>
      rates.reduce((sum, p) => sum + (p / 0.02) ** f * ((1 - p) / 0.98) ** (n - f), 0) / rates.length;
    for (const [f, n] of [
      [0, 0],
      [0, 10],
      [1, 1],
      [2, 2],
      [3, 40],
      [8, 100],
    ] as const) {
      const evidence = Math.exp(logEvidence(0.02, f, n));
      assert.ok(Math.abs(evidence / mean(f, n) - 1) < 1e-9, `${f} of ${n}: ${evidence}`);
    }
  });

  it("does not change on average while the true rate is the limit, and falls below it: a supermartingale", () => {
    const share = fc.integer({ min: 1, max: 999_999 }).map((ppm) => ppm / 1_000_000);
    fc.assert(
      fc.property(
        share,
        fc.nat(300),
        fc.nat(3000),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (limit, f, more, part) => {
          const here = logEvidence(limit, f, f + more);
          const expectedAt = (rate: number): number =>
            rate * Math.exp(logEvidence(limit, f + 1, f + more + 1) - here) +
            (1 - rate) * Math.exp(logEvidence(limit, f, f + more + 1) - here);
          assert.ok(Math.abs(expectedAt(limit) - 1) < 1e-6);
          assert.ok(expectedAt(limit * part) < 1 + 1e-6);
        },
      ),
    );
  });

  it("is none before the first report, none where everything may fail, and infinite where nothing may", () => {
    assert.equal(logEvidence(0.02, 0, 0), 0);
    assert.equal(logEvidence(1, 50, 50), 0);
    assert.equal(logEvidence(0, 0, 50), 0);
    assert.equal(logEvidence(0, 1, 50), Number.POSITIVE_INFINITY);
  });

  it("stays a number for the largest fleets and the highest limits", () => {
    for (const limit of [0.000001, 0.02, 0.5, 0.98, 0.999999]) {
      for (const [f, n] of [
        [0, 1e7],
        [1e7, 1e7],
        [5e6, 1e7],
      ] as const) {
        assert.ok(Number.isFinite(logEvidence(limit, f, n)), `${limit}: ${f} of ${n}`);
      }
    }
  });
});

describe("how many failures halt", () => {
  it("are the fewest that do, where any number does", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1000 }).map((permille) => permille / 1000),
        fc.integer({ min: 1, max: 500 }),
        fc.double({ min: 0.0001, max: 0.49, noNaN: true }),
        (limit, counted, alpha) => {
          const fewest = failuresToHalt(limit, counted, alpha);
          if (fewest === undefined) assert.equal(isExceeded(limit, counted, counted, alpha), false);
          else {
            assert.equal(isExceeded(limit, fewest, counted, alpha), true);
            assert.equal(isExceeded(limit, fewest - 1, counted, alpha), false);
          }
        },
      ),
    );
  });

  it("are two of two at a limit of 2%, and no single canary", () => {
    assert.equal(failuresToHalt(0.02, 1, 0.05), undefined);
    assert.equal(failuresToHalt(0.02, 2, 0.05), 2);
    assert.equal(failuresToHalt(0.02, 100, 0.05), 8);
    assert.equal(failuresToHalt(0, 100, 0.05), 1);
  });
});
