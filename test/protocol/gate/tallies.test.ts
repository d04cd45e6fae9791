import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { FAILURE_CAUSES } from "../../../protocol/gate/failure-causes.ts";
import {
  nextStandingAt,
  type OutcomeReport,
  STANDINGS,
  type Standing,
  standingOf,
  supersedes,
  UNDER_WAY_FOR,
} from "../../../protocol/gate/standing.ts";
import {
  chooseStrata,
  MAX_STRATA,
  type Strata,
  shareOfStratum,
  withOffered,
} from "../../../protocol/gate/strata.ts";
import { type ExpectedDevice, Tallies } from "../../../protocol/gate/tallies.ts";
import type { Gate } from "../../../protocol/policy.ts";

const PLATFORMS = ["linux-arm64", "linux-x64"] as const;
const STRATA: Strata = {
  keys: [...PLATFORMS, "constructor"].map((value) => ({ dimension: "platform", value })),
  chosen: 2,
};

const gates: fc.Arbitrary<Pick<Gate, "causes" | "silentAfter">> = fc.record(
  { silentAfter: fc.integer({ min: 0, max: 3 * UNDER_WAY_FOR }), causes: fc.subarray([...FAILURE_CAUSES]) },
  { requiredKeys: [] },
);
const device: fc.Arbitrary<Omit<ExpectedDevice, "device" | "offeredAt">> = fc.record(
  {
    tenant: fc.constantFrom("acme", "globex"),
    values: fc.record({ platform: fc.constantFrom(...PLATFORMS, "sun-sparc") }, { requiredKeys: [] }),
  },
  { requiredKeys: [] },
);
/** What happens to a device, in order: offers, reports and looks at the clock. */
const happenings = fc.array(
  fc.record({
    device: fc.nat(9),
    after: fc.integer({ min: 0, max: UNDER_WAY_FOR }),
    report: fc.option(
      fc.record({
        outcome: fc.constantFrom("confirmed" as const, "failed" as const),
        cause: fc.constantFrom(...FAILURE_CAUSES, "gremlins"),
        late: fc.integer({ min: 0, max: 7200 }),
      }),
      { nil: undefined },
    ),
  }),
  { maxLength: 60 },
);

describe("tallies that are changed device by device", () => {
  it("are what a recount from the reports gives, at any time", () => {
    fc.assert(
      fc.property(
        gates,
        fc.array(device, { minLength: 10, maxLength: 10 }),
        happenings,
        (gate, fleet, happens) => {
          const running = new Tallies(STRATA);
          const reports: OutcomeReport[] = [];
          const known = new Map<string, OutcomeReport>();
          const offers = new Map<string, ExpectedDevice>();
          const standings = new Map<string, Standing>();
          let now = 1_000_000;
          const count = (id: string): void => {
            const offer = offers.get(id);
            if (offer === undefined) return;
            const standing = standingOf(gate, known.get(id), offer.offeredAt, now);
            running.add(offer, standings.get(id), standing);
            standings.set(id, standing);
          };
          for (const { device: index, after, report } of happens) {
            now += after;
            const id = `d-${index}`;
            if (report === undefined) {
              if (!offers.has(id)) offers.set(id, { ...fleet[index], device: id, offeredAt: now });
            } else {
              const { outcome, cause, late } = report;
              const said: OutcomeReport = { device: id, outcome, cause, at: now - late };
              reports.push(said);
              const last = known.get(id);
              if (last === undefined || supersedes(gate, said, last)) known.set(id, said);
              count(id);
            }
            for (const offered of offers.keys()) count(offered);
            const recounted = Tallies.recount(gate, STRATA, reports, offers.values(), now);
            assert.deepEqual(running.fleet, recounted.fleet);
            assert.deepEqual(running.strata, recounted.strata);
          }
          assert.deepEqual(Tallies.fromRows(STRATA, running.rows()).fleet, running.fleet);
          assert.deepEqual(Tallies.fromRows(STRATA, running.rows()).strata, running.strata);
          const { expected, ...parts } = running.fleet.tally;
          assert.equal(expected, offers.size);
          assert.equal(
            Object.values(parts).reduce((sum, part) => sum + part, 0),
            expected,
          );
        },
      ),
    );
  });

  it("count nobody who has left, and forget a tenant without devices", () => {
    const tallies = new Tallies(STRATA);
    const one = { tenant: "acme", values: { platform: "linux-x64" } };
    tallies.add(one, undefined, "failed");
    assert.deepEqual([...tallies.fleet.tenants.keys()], ["acme"]);
    tallies.add(one, "failed", undefined);
    assert.deepEqual(tallies.fleet, new Tallies(STRATA).fleet);
    assert.deepEqual([...tallies.rows()], []);
  });
});

describe("how a device stands", () => {
  it("changes with time at no other second than the one that is told", () => {
    fc.assert(
      fc.property(gates, fc.nat(4 * UNDER_WAY_FOR), fc.nat(4 * UNDER_WAY_FOR), (gate, now, later) => {
        const at = nextStandingAt(gate, 0, now);
        const before = standingOf(gate, undefined, 0, now);
        if (at === undefined) assert.equal(standingOf(gate, undefined, 0, now + later), before);
        else assert.equal(standingOf(gate, undefined, 0, at - 1), before);
      }),
    );
  });

  it("is one of the standings for any report", () => {
    for (const at of [0, Number.NaN]) {
      for (const outcome of ["confirmed", "failed"] as const) {
        assert.ok(STANDINGS.includes(standingOf({}, { device: "d", outcome, at }, 0, 0)));
      }
    }
  });
});

describe("what is tested by itself", () => {
  const size = (dimension: string, value: string, devices = 1) => ({ dimension, value, devices });

  it("is each value of a dimension in which devices differ", () => {
    assert.deepEqual(
      chooseStrata([
        size("platform", "linux-x64", 90),
        size("platform", "linux-arm64", 10),
        size("platform", "win32-x64", 0),
        size("glibc", "2.36", 100),
      ]),
      {
        keys: [
          { dimension: "platform", value: "linux-arm64" },
          { dimension: "platform", value: "linux-x64" },
        ],
        chosen: 2,
      },
    );
  });

  it("is the most frequent of too many: devices that make values up do not hide the others", () => {
    const made = Array.from({ length: 1000 }, (_, i) => size("platform", `x-${i}`));
    const { keys: chosen } = chooseStrata([
      ...made,
      size("platform", "linux-x64", 90),
      size("platform", "linux-arm64", 10),
    ]);
    assert.equal(chosen.length, MAX_STRATA);
    assert.ok(["linux-x64", "linux-arm64"].every((name) => chosen.some(({ value }) => value === name)));
    assert.deepEqual(chooseStrata([...made].reverse()), chooseStrata(made));
  });

  it("grows at its end by what devices have that are offered the version, and never beyond what is kept", () => {
    const chosen = chooseStrata([size("platform", "linux-x64"), size("platform", "linux-arm64")]);
    const offered = [{ platform: "linux-x64", glibc: "2.31" }, { platform: "win32-x64" }];
    const grown = withOffered(chosen, offered);
    assert.deepEqual(grown, {
      keys: [
        ...chosen.keys,
        { dimension: "glibc", value: "2.31" },
        { dimension: "platform", value: "win32-x64" },
      ],
      chosen: 2,
    });
    assert.equal(withOffered(grown, offered), grown);
    const made = Array.from({ length: 1000 }, (_, i) => ({ platform: `x-${i}` }));
    const full = withOffered(grown, made);
    assert.deepEqual([full.keys.length, full.keys.slice(0, 4)], [MAX_STRATA, grown.keys]);
  });

  it("has parts of the chance of a false halt that make up no more than the whole, however many came later", () => {
    for (const chosen of [0, 1, 2, 7, MAX_STRATA]) {
      const parts = Array.from({ length: 10_000 }, (_, index) => shareOfStratum(index + 1, chosen));
      const sum = parts.reduce((total, part) => total + part, 0);
      assert.ok(sum <= 1 && sum > 0.999, `${sum} of ${chosen} and those that came later`);
    }
  });
});
