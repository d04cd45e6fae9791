import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { NO_STRATA } from "../../../protocol/gate/strata.ts";
import { Tallies } from "../../../protocol/gate/tallies.ts";
import { capTenants } from "../../../protocol/gate/tenant-cap.ts";

function fleetOf(tenants: readonly (readonly [failed: number, confirmed: number])[]) {
  const rows = tenants.map(([failed, confirmed], i) => ({
    tenant: `t-${i}`,
    tally: {
      expected: failed + confirmed,
      confirmed,
      failed,
      silent: 0,
      excused: 0,
      underWay: 0,
      waiting: 0,
    },
  }));
  return Tallies.fromRows(NO_STRATA, rows).fleet;
}

describe("a tenant's share of the failures", () => {
  it("is no more than it may be, cuts no more than it must, and keeps each tenant's failure rate", () => {
    const tenants = fc.array(fc.tuple(fc.nat(200), fc.nat(200)), { minLength: 2, maxLength: 6 });
    const share = fc.double({ min: 0.01, max: 1, noNaN: true });
    fc.assert(
      fc.property(tenants, share, (tenants, share) => {
        const fleet = fleetOf(tenants);
        const capped = capTenants(fleet, share, tenants.length);
        const most = Math.max(share, 1 / tenants.length);
        const all = tenants.reduce((sum, [failed]) => sum + failed, 0);
        const heaviest = Math.max(...tenants.map(([failed]) => failed));
        const slack = 1e-6 * (1 + all);
        if (capped.tenants.length === 0) {
          assert.equal(capped.failures, all);
          assert.ok(heaviest <= most * all + slack);
          return;
        }
        assert.ok(heaviest > most * all - slack);
        // Whoever is cut counts with exactly the share of what is left, so nobody could count with more.
        const cut = capped.tenants.length;
        const uncut = tenants
          .map(([failed], i) => (capped.tenants.some(({ tenant }) => tenant === `t-${i}`) ? 0 : failed))
          .reduce((sum, failed) => sum + failed, 0);
        const each = (capped.failures - uncut) / cut;
        assert.ok(Math.abs(each - most * capped.failures) < slack, `${each} of ${capped.failures}`);
        assert.ok(capped.counted >= capped.failures - slack);
      }),
    );
  });

  it("of one tenant alone is all of them, and of two that fail alike a half", () => {
    assert.deepEqual(capTenants(fleetOf([[10, 0]]), 0.5, 1), { failures: 10, counted: 10, tenants: [] });
    assert.deepEqual(
      capTenants(
        fleetOf([
          [10, 5],
          [10, 5],
        ]),
        0.1,
        2,
      ),
      { failures: 20, counted: 30, tenants: [] },
    );
    const sevenths = fleetOf(Array.from({ length: 49 }, () => [3, 4] as const));
    assert.equal(
      capTenants(sevenths, 0.0001, 49).failures,
      147,
      "an equal part is not cut by a rounding error",
    );
  });
});
