import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SeededRandom } from "../../../controller/simulate/seeded-random.ts";
import { judgeGate } from "../../../protocol/gate/judge-gate.ts";
import { logEvidence } from "../../../protocol/gate/sequential-test.ts";
import { MAX_STRATA, NO_STRATA, withOffered } from "../../../protocol/gate/strata.ts";
import { Tallies } from "../../../protocol/gate/tallies.ts";
import type { Gate } from "../../../protocol/policy.ts";
import { type ReportedFleet, type ReportedRollout, reportRollout } from "./reported-rollout.ts";

const GATE: Gate = { maxFailure: 20_000, minReports: 20, silentAfter: 86_400 };
const LIMIT = 0.02;
const FOUR = ["darwin-arm64", "linux-arm64", "linux-x64", "win32-x64"];

function rollouts(runs: number, fleet: ReportedFleet, gate = GATE): ReportedRollout[] {
  return Array.from({ length: runs }, (_, seed) => reportRollout(gate, fleet, seed));
}

function halted(all: readonly ReportedRollout[]): ReportedRollout[] {
  return all.filter(({ last }) => last.verdict === "halt");
}

/** The fewest halts of `runs` that happen with less than one chance in 10,000 at a true chance of `alpha`. */
function tooMany(runs: number, alpha: number): number {
  let chance = (1 - alpha) ** runs;
  let sum = chance;
  let halts = 0;
  while (sum < 0.9999) {
    chance *= ((runs - halts) / (halts + 1)) * (alpha / (1 - alpha));
    halts++;
    sum += chance;
  }
  return halts + 1;
}

describe("a version that fails no more than the limit allows", () => {
  const fleets: Record<string, ReportedFleet> = {
    "one platform, one device after the other": {
      devices: 600,
      platforms: ["linux-x64"],
      failureRate: () => LIMIT,
    },
    "four platforms, hundreds at once": {
      devices: 600,
      platforms: FOUR,
      failureRate: () => LIMIT,
      wave: 300,
    },
    "half of the failures silent": {
      devices: 600,
      platforms: FOUR,
      failureRate: () => LIMIT,
      wave: 300,
      silent: 0.5,
    },
    "half of the devices away for half a day": {
      devices: 600,
      platforms: FOUR,
      failureRate: () => LIMIT,
      wave: 300,
      slow: 0.5,
    },
  };
  for (const [what, fleet] of Object.entries(fleets)) {
    it(`is ever halted with no more than the chance that the gate names: ${what}`, () => {
      for (const confidence of [950_000, 800_000]) {
        const runs = 150;
        const halts = halted(rollouts(runs, fleet, { ...GATE, confidence })).length;
        const bound = tooMany(runs, 1 - confidence / 1_000_000);
        assert.ok(halts < bound, `${halts} of ${runs} halted at ${confidence}, ${bound} are too many`);
      }
    });
  }

  it("is halted no more often where nobody knew the fleet and devices come in the worst order", () => {
    for (const confidence of [950_000, 800_000]) {
      const runs = 200;
      const gate = { ...GATE, confidence };
      const halts = Array.from({ length: runs }, (_, seed) => goesOnWhereItFails(gate, seed)).filter(Boolean);
      const bound = tooMany(runs, 1 - confidence / 1_000_000);
      assert.ok(halts.length < bound, `${halts.length} of ${runs} halted, ${bound} are too many`);
    }
  });

  it("is hardly ever halted at half of the limit", () => {
    const half = { devices: 600, platforms: FOUR, failureRate: () => LIMIT / 2, wave: 300 };
    assert.ok(halted(rollouts(150, half)).length <= 3);
  });
});

describe("a version that fails more than the limit allows", () => {
  const after = (all: readonly ReportedRollout[]): number =>
    all.map(({ reported }) => reported).sort((a, b) => a - b)[all.length >> 1] ?? 0;

  it("is stopped, and the sooner the worse it is: the figures of docs/gate.md", () => {
    const table: [number, number, number, number][] = [
      // failure rate, halted at least, median reports between
      [0.05, 0.99, 150, 300],
      [0.1, 1, 30, 60],
      [0.3, 1, 5, 10],
      [1, 1, 2, 2],
    ];
    for (const [rate, share, from, to] of table) {
      const fleet = { devices: 3000, platforms: ["linux-x64"], failureRate: () => rate };
      // One report after the other, as the figures are: nobody is under way.
      const all = Array.from({ length: 100 }, (_, seed) => inOrder(GATE, fleet, seed));
      const median = after(all);
      assert.ok(halted(all).length >= share * 100, `${rate}: ${halted(all).length} of 100 halted`);
      assert.ok(median >= from && median <= to, `${rate}: halted after ${median} reports`);
    }
  });

  it("is stopped within the wave that it comes with, also where failures are silent", () => {
    const fleet = { devices: 3000, platforms: FOUR, failureRate: () => 0.3, wave: 300 };
    for (const silent of [0, 0.5]) {
      const all = rollouts(50, { ...fleet, silent });
      assert.equal(halted(all).length, 50);
      assert.ok(all.every(({ last }) => last.expected === 300));
    }
    const dead = rollouts(20, { ...fleet, silent: 1 });
    assert.equal(halted(dead).length, 20, "nothing but silence, after its deadline");
  });

  it("is found on the one platform where it fails, although the others dilute it", () => {
    const alone = (platform: string): number => (platform === "linux-arm64" ? 0.15 : 0.001);
    const platforms = [...Array<string>(9).fill("linux-x64"), "linux-arm64"];
    const fleet = { devices: 3000, platforms, failureRate: alone, wave: 300 };
    const all = rollouts(50, fleet);
    assert.equal(halted(all).length, 50);
    const named = all.filter(({ last }) => last.stratum?.value === "linux-arm64");
    assert.ok(named.length >= 25, `${named.length} of 50 name the platform`);
  });

  it("is found on the one platform where it fails, also at the first promotion of a fleet that nobody knew", () => {
    const alone = (platform: string): number => (platform === "linux-arm64" ? 0.3 : 0.001);
    const platforms = [...Array<string>(9).fill("linux-x64"), "linux-arm64"];
    const all = rollouts(50, { devices: 3000, platforms, failureRate: alone, isUnknown: true });
    const named = all.filter(({ last }) => last.stratum?.value === "linux-arm64");
    assert.equal(named.length, 50);
    const median = after(all);
    assert.ok(median <= 2725, `halted after ${median}: 2,700 of another platform came first`);
  });
});

/** Each device reports before the next is offered the version. */
function inOrder(gate: Gate, { devices, failureRate }: ReportedFleet, seed: number): ReportedRollout {
  return reportRollout(gate, { devices, platforms: ["linux-x64"], failureRate, wave: 1 }, seed);
}

/**
 * A fleet of which nothing was known at the promotion, and somebody who decides after each report which platform comes
 * next: the same as long as its failures speak against the limit, and else one that was not there yet.
 *
 * @returns whether it was ever halted
 */
function goesOnWhereItFails(gate: Gate, seed: number): boolean {
  const random = new SeededRandom(seed);
  let strata = NO_STRATA;
  let tallies = new Tallies(strata);
  for (let platform = 0; platform < MAX_STRATA; platform++) {
    const device = { values: { platform: `platform-${platform}` } };
    strata = withOffered(strata, [device.values]);
    tallies = Tallies.fromRows(strata, tallies.rows());
    let failures = 0;
    for (let counted = 1; counted <= 400; counted++) {
      const fails = random.next() < LIMIT;
      tallies.add(device, undefined, fails ? "failed" : "confirmed");
      if (fails) failures++;
      // Nothing but a failure raises the evidence.
      if (fails && judgeGate(gate, tallies).verdict === "halt") return true;
      if (logEvidence(LIMIT, failures, counted) < -0.5) break;
    }
  }
  return false;
}
