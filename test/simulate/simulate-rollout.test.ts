import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { EventQueue } from "../../controller/simulate/event-queue.ts";
import { LoadMeter } from "../../controller/simulate/origin-load.ts";
import { printSummary } from "../../controller/simulate/print-summary.ts";
import { SeededRandom } from "../../controller/simulate/seeded-random.ts";
import { SimulateError, type SimulateErrorCode } from "../../controller/simulate/simulate-error.ts";
import type { SimulationRequest, SimulationResult } from "../../controller/simulate/simulation.ts";
import { channel, DAY, HOUR, product, RELEASES, release, T0 } from "../protocol/build-policies.ts";
import { ROLLOUT, simulate } from "./sample-simulations.ts";

/** Wide enough that nothing is broken. */
const WIDE = 1000;

describe("a simulated promotion", () => {
  it("of a version that requires something leaves out who does not have it, and fails nowhere", () => {
    const demanding = release("1.4.0");
    const requires = { glibc: ">=2.34" };
    const releases = [
      release("1.3.0"),
      { ...demanding, artifacts: demanding.artifacts.map((artifact) => ({ ...artifact, requires })) },
    ];
    const machines = ["2.31", "2.36", "2.36", undefined].map((glibc) =>
      glibc === undefined ? { platform: "linux-x64" } : { platform: "linux-x64", facts: { glibc } },
    );
    const result = simulate({ releases, machines });
    assert.deepEqual([result.adopted, result.failed, result.halt], [2250, 0, undefined]);
    assert.deepEqual(
      result.withheld.map(({ cause, agents }) => [cause, agents]),
      [["requirement-not-met", 750]],
    );
    assert.match(printSummary(result, WIDE), /^ {2}why: {3}750 \(25%\): 1\.4\.0 cannot run here: .*glibc/m);
    assert.doesNotMatch(printSummary(simulate(), WIDE), /without/);
  });

  it("reaches the machines of the formats that it has an artifact of, and loads the origin with those", () => {
    const built = release("1.4.0");
    const releases = [
      release("1.3.0"),
      {
        ...built,
        artifacts: built.artifacts.map((one) => ({ ...one, format: "deb" as const, size: 7_000_000 })),
      },
    ];
    const machines = ["deb", "binary"].map((format) => ({ platform: "linux-x64", format }));
    const { adopted, withheld, origin } = simulate({ releases, machines });
    assert.equal(adopted, 1500);
    assert.deepEqual(
      withheld.map(({ cause, agents }) => [cause, agents]),
      [["no-artifact-for-platform", 1500]],
    );
    const downloads = 1500 * 7_000_000;
    assert.ok(origin.bytes > downloads && origin.bytes < 1.5 * downloads, `${origin.bytes} bytes`);
  });

  it("of a good version reaches everybody, wave by wave", () => {
    const { adopted, failed, halt, samples, gate } = simulate();
    assert.deepEqual([adopted, failed, halt, gate?.verdict], [3000, 0, undefined, "proven"]);
    const at = (second: number) => samples.findLast((sample) => sample.at <= second)?.adopted ?? 0;
    assert.ok(at(3.9 * HOUR) > 30 && at(3.9 * HOUR) < 95, "the 2 % wave");
    assert.ok(at(23 * HOUR) > 500 && at(23 * HOUR) < 700, "the 20 % wave");
    for (const [i, { adopted }] of samples.entries()) assert.ok(adopted >= (samples[i - 1]?.adopted ?? 0));
  });

  it("of a bad version is halted by the gate, before most of the fleet has met it", () => {
    const { halt, adopted, failed, gate } = simulate({ failureRates: new Map([["*", 500_000]]) });
    assert.ok(halt !== undefined && halt.at < HOUR);
    assert.match(halt.reason, /failed, more than 5%/);
    assert.ok(halt.exposed < 100, `${halt.exposed} devices were exposed`);
    assert.ok(adopted + failed <= halt.exposed, "what was under way ended, and nobody began afterwards");
    assert.equal(gate?.verdict, "halt");
  });

  it("begins at `startsAt`, and is as if somebody opened each wave at its time where a person opens them", () => {
    const byHand = { ...ROLLOUT, advance: "manual", opened: 0, startsAt: T0 + DAY } as const;
    const result = simulate({ until: 3 * DAY }, byHand);
    assert.deepEqual([result.beginsAfter, result.advance, result.adopted], [DAY, "manual", 3000]);
    const before = result.samples.findLast(({ at }) => at < DAY);
    assert.equal(before?.adopted, 0);
    const text = printSummary(result, WIDE);
    assert.match(text, /\nbegins: {2}after 1d, at `startsAt`\nwaves: {3}2% after 1d, /);
    assert.match(text, /\n {9}as if somebody opened each at its time \(`advance: manual`/);
  });

  it("of a security release goes by the waves for those", () => {
    const security = { strategy: "steps", waves: [{ ppm: 1_000_000, after: 0 }] } as const;
    const releases = [...RELEASES.filter(({ version }) => version !== "1.4.0")];
    releases.push(release("1.4.0", { severity: "security" }));
    const rollout = { ...ROLLOUT, advance: "manual", opened: 0, bySeverity: { security } } as const;
    const { adopted, advance } = simulate({ releases, until: HOUR }, rollout);
    assert.deepEqual([adopted, advance], [3000, undefined]);
  });

  it("without a gate goes on whatever fails", () => {
    const { gate: _, ...ungated } = ROLLOUT;
    const { halt, failed } = simulate({ failureRates: new Map([["linux-arm64", 500_000]]) }, ungated);
    assert.equal(halt, undefined);
    assert.ok(failed > 650 && failed < 850, `${failed} of 1,500 failed`);
  });

  it("waits for devices that are away until they come back", () => {
    const all = simulate({ until: 2 * DAY });
    const some = simulate({ until: 2 * DAY, offline: 500_000 });
    const at = (result: SimulationResult, second: number) =>
      result.samples.findLast((sample) => sample.at <= second)?.adopted ?? 0;
    assert.ok(at(some, 1.2 * DAY) < at(all, 1.2 * DAY) * 0.9);
    assert.ok(some.adopted > 2900);
  });

  it("follows barriers and takes a step at a time", () => {
    const releases = [release("1.2.0"), release("1.3.0"), release("1.4.0", { upgradeFrom: ">=1.3.0" })];
    const channels = { stable: channel(["1.2.0"], { steps: ["1.3.0"] }) };
    const result = simulate({ product: product({ channels }), releases, agents: 10 });
    assert.equal(result.adopted, 10);
    assert.equal(result.origin.requests > 10 * 2, true);
  });

  it("says who stays: before a barrier, on a dead end, and where the version is yanked", () => {
    const barrier = { reason: "moves the database" };
    const barred = [release("1.2.0"), release("1.3.0", { barrier }), release("1.4.0")];
    const channels = { stable: channel(["1.2.0"]) };
    const before = simulate({ product: product({ channels }), releases: barred, agents: 10 });
    assert.equal(before.adopted, 0);
    assert.match(
      printSummary(before, WIDE),
      /\nwithout: 10 \(100%\)\n {2}why: {3}10 \(100%\): everybody older than 1\.3\.0 passes through it/,
    );

    const ended = RELEASES.map((one) =>
      one.version === "1.3.0" ? { ...one, deadEnd: { reason: "cannot update itself" } } : one,
    );
    assert.deepEqual(simulate({ releases: ended, agents: 10 }).withheld, [
      { cause: "dead-end", reason: "1.3.0 is a dead end: cannot update itself", agents: 10 },
    ]);

    const yanked = product({
      channels: { stable: channel(["1.3.0"]) },
      yankedFor: { "1.4.0": ["linux-x64"] },
    });
    const half = simulate({ product: yanked, agents: 10 });
    assert.equal(half.adopted, 5);
    const reason = "1.4.0 is yanked for linux-x64: the channel falls back to 1.3.0";
    assert.deepEqual(half.withheld, [{ cause: "fallback", reason, agents: 5 }]);
  });

  it("moves nobody where the state is paused", () => {
    const channels = { stable: channel(["1.3.0"]) };
    assert.equal(simulate({ product: product({ channels, paused: {} }) }).adopted, 0);
  });

  it("goes on when a pause or a pin ends by itself", () => {
    const pin = { version: "1.3.0", expires: T0 + 6 * HOUR };
    for (const fleet of [{ paused: { until: T0 + 6 * HOUR } }, { pin }]) {
      const channels = { stable: channel(["1.3.0"]) };
      const held = product({ channels, fleet: { defaultChannel: "stable", ...fleet } });
      const { adopted, samples, withheld } = simulate({ product: held });
      assert.deepEqual([adopted, withheld], [3000, []]);
      assert.equal(samples.findLast(({ at }) => at < 6 * HOUR)?.adopted, 0);
      const before = simulate({ product: held, until: 5 * HOUR });
      assert.deepEqual([before.adopted, before.withheld[0]?.agents], [0, 3000]);
      assert.equal(before.withheld[0]?.next, 6 * HOUR);
    }
  });

  it("says why: who waits for a wave, a halt, a window, a person, another pin, or has not asked again", () => {
    const causes = (result: SimulationResult) =>
      Object.fromEntries(result.withheld.map(({ cause, agents }) => [cause, agents]));
    const fleet = (rest: object) =>
      product({ fleet: { defaultChannel: "stable", ...rest }, channels: { stable: channel(["1.3.0"]) } });
    const early = simulate({ until: 12 * HOUR });
    assert.deepEqual(causes(early), { wave: 3000 - early.allowed });
    assert.equal(early.withheld[0]?.next, DAY);
    assert.deepEqual(Object.keys(causes(simulate({ failureRates: new Map([["*", 500_000]]) }))), ["halt"]);
    assert.deepEqual(causes(simulate({ product: fleet({ autoUpdate: false }) })), { request: 3000 });
    assert.deepEqual(causes(simulate({ product: fleet({ unknownDevices: "hold" }) })), {
      "unknown-device": 3000,
    });
    assert.deepEqual(causes(simulate({ product: fleet({ pin: { version: "1.2.0" } }) })), { pin: 3000 });
    const { adopted, withheld } = simulate({ product: fleet({}), until: 100 });
    assert.equal(adopted + withheld.reduce((sum, { agents }) => sum + agents, 0), 3000);
    assert.deepEqual(withheld.map(({ cause }) => cause).sort(), ["next-poll", "under-way"]);
  });

  it("lets a machine below the minimum pass the waves, and says how many did", () => {
    const channels = { stable: channel(["1.3.0"], { rollout: ROLLOUT, minVersion: "1.4.0" }) };
    const result = simulate({ product: product({ channels }), until: HOUR });
    assert.equal(result.adopted, 3000);
    assert.ok(result.passedWaves > 2800 && result.passedWaves < 3000, `${result.passedWaves} passed`);
    assert.match(
      printSummary(result, WIDE),
      /before their turn in the waves: below the minimum, or pinned to it/,
    );
  });

  it("is as if somebody had resumed a version that stands halted, and says so", () => {
    const halted = { reason: "crashes on ARM", at: T0 };
    const channels = { stable: channel(["1.3.0", "1.4.0"], { halted }) };
    const result = simulate({ product: product({ channels }) });
    assert.deepEqual([result.adopted, result.ignoredHalt], [3000, "crashes on ARM"]);
    assert.match(
      printSummary(result, WIDE),
      /\nresumed: 1\.4\.0 stands halted \(crashes on ARM\): here as if/,
    );
    assert.equal(simulate({ product: product({ channels }), version: "1.5.0" }).ignoredHalt, undefined);
  });

  it("repeats itself for a seed, and differs for another", () => {
    const request = { agents: 500, failureRates: new Map([["*", 100_000]]), offline: 200_000 };
    assert.deepEqual(simulate(request), simulate(request));
    assert.notDeepEqual(simulate(request).samples, simulate({ ...request, seed: 2 }).samples);
  });

  it("counts what the origin serves: polls, changes and downloads", () => {
    const { origin, adopted } = simulate({ agents: 100, until: DAY, pollInterval: 3600 });
    // 24 polls a device, five requests for the change, one download.
    assert.equal(origin.requests, 100 * 24 + 100 * 5 + adopted);
    assert.ok(origin.peakRequests.value >= 5 && origin.peakRequests.value < 100);
  });

  it("is refused for names that state does not have, and for sizes beyond its bounds", () => {
    const refuses = (code: SimulateErrorCode, rest: Partial<SimulationRequest>) =>
      assert.throws(
        () => simulate(rest),
        (error) => error instanceof SimulateError && error.code === code,
      );
    refuses("simulate/unknown-channel", { channel: "constructor" });
    refuses("simulate/unknown-version", { version: "9.9.9" });
    refuses("simulate/too-large", { agents: 0 });
    refuses("simulate/too-large", { agents: 1_000_001 });
    refuses("simulate/too-large", { until: 0 });
    refuses("simulate/too-large", { until: 91 * DAY });
    refuses("simulate/unknown-platform", { failureRates: new Map([["linux-arm46", 50_000]]) });
  });
});

it("a summary has the halt, what it reached, and the load", () => {
  const text = printSummary(simulate({ failureRates: new Map([["*", 500_000]]), agents: 1000 }), WIDE);
  assert.match(text, /^agent 1\.4\.0 on stable: 1,000 agents, 2d, seed 1\n/);
  assert.match(text, /\nhalted: {2}after .*more than 5%/);
  assert.match(text, /\norigin: {2}at most [\d,]+ requests\/s/);
});

describe("the parts of a simulation", () => {
  it("events come out by time, and in order within a second", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20 })), (times) => {
        const queue = new EventQueue<number>();
        for (const [i, at] of times.entries()) queue.add(at, i);
        const taken: { at: number; event: number }[] = [];
        for (let next = queue.take(); next !== undefined; next = queue.take())
          taken.push({ at: next.at, event: next.event });
        const sorted = times
          .map((at, event) => ({ at, event }))
          .sort((a, b) => a.at - b.at || a.event - b.event);
        assert.deepEqual(taken, sorted);
      }),
    );
  });
  it("random numbers are spread evenly and repeat", () => {
    const random = new SeededRandom(7);
    const numbers = Array.from({ length: 10_000 }, () => random.next());
    const mean = numbers.reduce((sum, n) => sum + n, 0) / numbers.length;
    assert.ok(Math.abs(mean - 0.5) < 0.02 && numbers.every((n) => n >= 0 && n < 1));
    const again = new SeededRandom(7);
    assert.deepEqual(
      numbers.slice(0, 10),
      Array.from({ length: 10 }, () => again.next()),
    );
  });
  it("polls are counted as one by one", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(60)), fc.integer({ min: 1, max: 20 }), (firsts, interval) => {
        const meter = new LoadMeter(50);
        meter.addPolls(firsts, interval);
        let polls = 0;
        for (const first of firsts) for (let at = first; at < 50; at += interval) polls++;
        assert.equal(meter.summary().requests, polls);
      }),
    );
  });
});
