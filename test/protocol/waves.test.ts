import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { cohort } from "../../protocol/cohort.ts";
import type { Rollout, Wave } from "../../protocol/policy.ts";
import { WHOLE_PPM } from "../../protocol/share.ts";
import { turnOf, waveDelay } from "../../protocol/waves.ts";
import { waves } from "./arbitrary-policies.ts";

const fraction = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const FLEET = Array.from({ length: 100_000 }, (_, i) => `d-${i}`);

function steps(plan: readonly Wave[]): Rollout {
  return { strategy: "steps", waves: plan };
}
function linear(plan: readonly Wave[]): Rollout {
  return { strategy: "linear", waves: plan };
}

describe("the share of a wave", () => {
  for (const percent of [1, 10, 50]) {
    it(`of 100,000 devices, ${percent} % are in a ${percent} % wave, within statistical error`, () => {
      const plan = [
        { ppm: percent * 10_000, after: 0 },
        { ppm: WHOLE_PPM, after: 100 },
      ];
      for (const version of ["1.4.0", "1.4.1"]) {
        const inside = FLEET.filter(
          (id) => waveDelay(steps(plan), cohort("agent", version, id)) === 0,
        ).length;
        const share = percent / 100;
        const deviation = Math.sqrt(FLEET.length * share * (1 - share));
        assert.ok(Math.abs(inside - FLEET.length * share) < 4 * deviation, `${inside} devices`);
      }
    });
  }

  it("is exactly nobody at 0 % and exactly everybody at 100 %", () => {
    const nobody = steps([{ ppm: 0, after: 0 }]);
    const everybody = steps([{ ppm: WHOLE_PPM, after: 7 }]);
    for (const id of FLEET) {
      assert.equal(waveDelay(nobody, cohort("agent", "1.4.0", id)), undefined);
      assert.equal(waveDelay(everybody, cohort("agent", "1.4.0", id)), 7);
    }
    assert.equal(waveDelay(nobody, 0), undefined, "not even the first of the queue");
  });

  it("is drawn anew for each version: those who are first for one are not first for the next", () => {
    const first = (version: string) => FLEET.filter((id) => cohort("agent", version, id) < 0.1);
    const both = new Set(first("1.4.0")).intersection(new Set(first("1.4.1"))).size;
    assert.ok(both > 800 && both < 1200, `${both} devices are in both`);
  });
});

describe("steps", () => {
  it("adding a wave never takes eligibility away", () => {
    const ppm = fc.integer({ min: 0, max: WHOLE_PPM });
    fc.assert(
      fc.property(
        waves,
        ppm,
        fraction,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (plan, ppm, at, between) => {
          const index = plan.findIndex((wave) => wave.ppm >= ppm);
          const low = plan[index - 1]?.after ?? 0;
          const high = plan[index]?.after ?? low;
          const added = { ppm, after: Math.floor(low + between * (high - low)) };
          const before = waveDelay(steps(plan), at);
          const after = waveDelay(steps(plan.toSpliced(index, 0, added)), at);
          assert.ok(before !== undefined && after !== undefined && after <= before);
        },
      ),
    );
  });
});

describe("linear", () => {
  it("who stands further back in the queue never comes earlier", () => {
    fc.assert(
      fc.property(waves, fraction, fraction, (plan, a, b) => {
        const [front, back] = a < b ? [a, b] : [b, a];
        assert.ok((waveDelay(linear(plan), front) ?? 0) <= (waveDelay(linear(plan), back) ?? 0));
      }),
    );
  });

  it("hits both ends of each wave, and lies between them", () => {
    const plan = [
      { ppm: 100_000, after: 0 },
      { ppm: 500_000, after: 1000 },
      { ppm: WHOLE_PPM, after: 5000 },
    ];
    assert.equal(waveDelay(linear(plan), 0), 0);
    assert.equal(waveDelay(linear(plan), 0.0999), 0);
    assert.equal(waveDelay(linear(plan), 0.1), 0);
    assert.equal(waveDelay(linear(plan), 0.3), 500);
    assert.equal(waveDelay(linear(plan), 0.5), 1000);
    assert.equal(waveDelay(linear(plan), 0.75), 3000);
    assert.equal(waveDelay(linear(plan), 1 - Number.EPSILON), 5000);
  });

  it("is never later than the same waves in steps", () => {
    fc.assert(
      fc.property(waves, fraction, (plan, at) => {
        assert.ok((waveDelay(linear(plan), at) ?? 0) <= (waveDelay(steps(plan), at) ?? 0));
      }),
    );
  });
});

it("without waves, and for canaries, the start itself is the time", () => {
  const rollout = {
    ...steps([{ ppm: WHOLE_PPM, after: 50 }]),
    canary: { devices: ["d-1"], groups: ["acme/first"] },
  };
  const at = (rollout: Rollout | undefined, id: string, groups: string[]) =>
    turnOf(
      rollout,
      { release: { version: "1.4.0", severity: "normal" }, start: { at: 1000, by: "commit" } },
      "agent",
      { id, groups },
    ).at;
  assert.equal(at(undefined, "d-9", []), 1000);
  assert.equal(at(rollout, "d-1", []), 1000);
  assert.equal(at(rollout, "d-9", ["acme/first"]), 1000);
  assert.equal(at(rollout, "d-9", ["globex/first"]), 1050);
});
