import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { raisedRequirements } from "../../controller/state/compare-requirements.ts";
import { unmetRequirements } from "../../protocol/requirements.ts";
import { isVersion, versionInRange } from "../../protocol/version.ts";
import { facts, requirements } from "../protocol/arbitrary-policies.ts";

describe("what a version requires more than another", () => {
  it("is nothing only where every machine that could take the one can take the other", () => {
    fc.assert(
      fc.property(requirements, requirements, facts, (before, after, known) => {
        const { unknown: _, ...old } = before;
        const { unknown: __, ...later } = after;
        if (raisedRequirements(old, later).length > 0 || unmetRequirements(old, known).length > 0) return;
        assert.deepEqual(unmetRequirements(later, known), []);
      }),
      { numRuns: 20_000 },
    );
  });

  it("is a range that leaves out what the earlier one held, at its bounds and between them", () => {
    const part = fc.integer({ min: 0, max: 4 });
    const version = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join("."));
    const comparator = fc
      .tuple(fc.constantFrom(">=", "<=", ">", "<", "="), version)
      .map((two) => two.join(""));
    const alternative = fc.array(comparator, { minLength: 1, maxLength: 2 }).map((all) => all.join(" "));
    const range = fc.array(alternative, { minLength: 1, maxLength: 2 }).map((all) => all.join(" || "));
    fc.assert(
      fc.property(range, range, version, (was, is, asked) => {
        const raised = raisedRequirements({ glibc: was }, { glibc: is });
        if (versionInRange("dotted", asked, was) && !versionInRange("dotted", asked, is)) {
          assert.equal(raised.length, 1);
        }
      }),
      { numRuns: 20_000 },
    );
  });

  it("is named with both values", () => {
    assert.deepEqual(
      raisedRequirements(
        { glibc: ">=2.28", memory: 2 ** 30, cpu: ["avx"], os: { debian: ">=11", ubuntu: ">=20.04" } },
        { glibc: ">=2.31", memory: 2 ** 31, cpu: ["avx", "avx2"], os: { debian: ">=11" }, kernel: ">=4.18" },
      ),
      [
        { name: "glibc", before: ">=2.28", after: ">=2.31" },
        { name: "kernel", after: ">=4.18" },
        { name: "os", before: "debian >=11 or ubuntu >=20.04", after: "debian >=11" },
        { name: "cpu", before: "avx", after: "avx avx2" },
        { name: "memory", before: "1GiB", after: "2GiB" },
      ],
    );
    assert.deepEqual(raisedRequirements({ glibc: ">=2.31" }, { glibc: ">=2.17" }), []);
    assert.deepEqual(raisedRequirements({ glibc: ">=2.31" }, undefined), []);
  });

  it("is no mistake of a range that cannot be read, or is longer than any version", () => {
    const long = `>=${Array.from({ length: 10 }, () => "9".repeat(15)).join(".")}`;
    assert.ok(!isVersion("dotted", long.slice(2)));
    assert.deepEqual(raisedRequirements({ glibc: "new" }, { glibc: ">=2.31" }), []);
    assert.doesNotThrow(() => raisedRequirements({ glibc: ">=2.31" }, { glibc: long }));
  });
});
