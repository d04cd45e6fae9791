import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { LogFactorials, logFisher } from "../../controller/fleet/shared-traits/fisher-exact.ts";
import { sharedTraits } from "../../controller/fleet/shared-traits/shared-traits.ts";
import type { DeviceOutcome } from "../../controller/fleet/store/fleet-store.ts";

type Machine = DeviceOutcome["device"];

/** A small generator with a seed, so that each run sees the same fleets. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function machineOf(random: () => number, index: number): Machine {
  const one = <T>(...of: readonly [T, ...T[]]): T => of[Math.floor(random() * of.length)] ?? of[0];
  const tenant = one("acme", "globex", "initech");
  return {
    id: `d-${index}`,
    tenant,
    site: one("berlin", "oslo"),
    labels: { ring: one("canary", "early", "late"), asset: `a-${index}` },
    platform: one("linux-x64", "linux-arm64"),
    facts: {
      os: "debian",
      osVersion: one("11", "12"),
      glibc: one("2.31", "2.36"),
      kernel: one("5.10.0", "6.1.0"),
      cpu: one(["avx", "avx2"], ["avx"]),
      memory: one(2, 8) * 2 ** 30,
    },
  };
}

function fleetOf(
  size: number,
  seed: number,
  outcome: (machine: Machine, random: () => number) => DeviceOutcome["outcome"],
): DeviceOutcome[] {
  const random = randomOf(seed);
  return Array.from({ length: size }, (_, index) => {
    const device = machineOf(random, index);
    const said = outcome(device, random);
    return { device, outcome: said, cause: said === "failed" ? "confirm-failed" : null };
  });
}

/** A third has not tried it; of the others those fail that `fails` names. */
function failing(fails: (machine: Machine) => boolean) {
  return (machine: Machine, random: () => number): DeviceOutcome["outcome"] =>
    random() < 1 / 3 ? null : fails(machine) ? "failed" : "confirmed";
}

function choose(n: number, k: number): bigint {
  let result = 1n;
  for (let i = 0; i < k; i++) result = (result * BigInt(n - i)) / BigInt(i + 1);
  return result;
}

test("Fisher's test is what counting all tables by hand gives", () => {
  const sizes = fc.tuple(fc.integer({ min: 1, max: 25 }), fc.integer({ min: 1, max: 25 })).chain(([f, h]) =>
    fc.record({
      failed: fc.integer({ min: 0, max: f }),
      healthy: fc.integer({ min: 0, max: h }),
      ofFailed: fc.constant(f),
      ofHealthy: fc.constant(h),
    }),
  );
  fc.assert(
    fc.property(sizes, (split) => {
      const having = split.failed + split.healthy;
      let tail = 0n;
      for (let x = split.failed; x <= Math.min(having, split.ofFailed); x++) {
        if (having - x <= split.ofHealthy)
          tail += choose(split.ofFailed, x) * choose(split.ofHealthy, having - x);
      }
      const expected = Number(tail) / Number(choose(split.ofFailed + split.ofHealthy, having));
      const got = Math.exp(logFisher(split, new LogFactorials(60)));
      assert.ok(Math.abs(got - expected) < 1e-9 * Math.max(1, 1 / expected), `${got} ${expected}`);
    }),
    { numRuns: 500 },
  );
});

test("of failures with one cause, that cause is named first, with all numbers right", () => {
  const causes: readonly [string, (machine: Machine) => boolean][] = [
    ["glibc 2.31", ({ facts }) => facts?.glibc === "2.31"],
    ["platform linux-arm64", ({ platform }) => platform === "linux-arm64"],
    ["label ring=canary", ({ labels }) => labels.ring === "canary"],
    ["tenant globex", ({ tenant }) => tenant === "globex"],
    ["site acme/oslo", ({ tenant, site }) => tenant === "acme" && site === "oslo"],
    ["debian 11", ({ facts }) => facts?.osVersion === "11"],
    ["cpu without avx2", ({ facts }) => facts?.cpu?.includes("avx2") === false],
    ["memory up to 2 GiB", ({ facts }) => facts?.memory === 2 * 2 ** 30],
  ];
  fc.assert(
    fc.property(fc.integer(), fc.constantFrom(...causes), (seed, [name, fails]) => {
      const fleet = fleetOf(240, seed, failing(fails));
      const [first] = sharedTraits(fleet);
      assert.ok(first !== undefined, name);
      const count = (outcome: DeviceOutcome["outcome"], who = fails) =>
        fleet.filter((row) => row.outcome === outcome && who(row.device)).length;
      assert.deepEqual(
        [first.failed, first.ofFailed, first.healthy, first.more],
        [count("failed"), count("failed", () => true), 0, count(null)],
      );
      assert.ok(first.text.includes(name), first.text);
      assert.match(
        first.text,
        /^\d+ of \d+ that failed have .+, and none of \d+ that are healthy; \d+ more have it$/,
      );
    }),
    { numRuns: 60 },
  );
});

test("two traits are named together only where neither alone explains the failures", () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const both = ({ platform, facts }: Machine) => platform === "linux-arm64" && facts?.glibc === "2.31";
      const [first, ...others] = sharedTraits(fleetOf(600, seed, failing(both)));
      assert.deepEqual(first?.traits.map(({ value }) => value).sort(), ["2.31", "linux-arm64"]);
      assert.deepEqual([first?.failed, first?.healthy], [first?.ofFailed, 0]);
      assert.ok(others.every(({ healthy }) => healthy > 0));

      const one = ({ platform }: Machine) => platform === "linux-arm64";
      const singles = sharedTraits(fleetOf(600, seed, failing(one)));
      assert.ok(singles.every(({ traits }) => traits.length === 1));
    }),
    { numRuns: 40 },
  );
});

test("failures by chance are blamed on nothing, however many traits there are", () => {
  let blamed = 0;
  const fleets = 400;
  for (let seed = 0; seed < fleets; seed++) {
    const fleet = fleetOf(200, seed, (_machine, random) => (random() < 0.2 ? "failed" : "confirmed"));
    if (sharedTraits(fleet).length > 0) blamed++;
  }
  // 1 % at most is promised: of 400 that is 4, and more than 10 come about once in 300 runs.
  assert.ok(blamed <= 10, `${blamed} of ${fleets}`);
});

test("what failed for a reason of the machine, or alone, or with nobody healthy beside it, explains nothing", () => {
  const arm = ({ platform }: Machine) => platform === "linux-arm64";
  const excused = fleetOf(200, 1, (machine) => (arm(machine) ? "excused" : "confirmed"));
  assert.deepEqual(sharedTraits(excused), []);
  assert.deepEqual(sharedTraits(fleetOf(200, 1, () => "failed")), []);
  const alone = fleetOf(200, 1, (machine) => (machine.id === "d-7" ? "failed" : "confirmed"));
  assert.deepEqual(sharedTraits(alone), []);
  assert.deepEqual(sharedTraits([]), []);
});

test("the order of the devices changes nothing", () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const random = randomOf(seed);
      const fleet = fleetOf(
        200,
        seed,
        failing(({ facts, tenant }) => facts?.glibc === "2.31" && tenant !== "acme"),
      );
      const shuffled = fleet.map((row) => ({ row, at: random() })).sort((a, b) => a.at - b.at);
      const texts = (rows: readonly DeviceOutcome[]) => sharedTraits(rows).map(({ text }) => text);
      assert.deepEqual(texts(shuffled.map(({ row }) => row)), texts(fleet));
    }),
    { numRuns: 40 },
  );
});

test("a hundred thousand devices, each with labels and a processor of its own, are looked through", () => {
  const random = randomOf(5);
  const fleet = Array.from({ length: 100_000 }, (_, index): DeviceOutcome => {
    const machine = machineOf(random, index);
    const labels = Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`l${n}`, `${index}-${n}`]));
    const cpu = ["avx", `own-${index % 5000}`];
    const device = { ...machine, labels, facts: { ...machine.facts, cpu } };
    const fails = machine.platform === "linux-arm64" && machine.site === "oslo" && machine.tenant === "acme";
    return { device, outcome: index % 4 === 0 ? (fails ? "failed" : "confirmed") : null, cause: null };
  });
  const [first] = sharedTraits(fleet);
  assert.deepEqual(first?.traits.map(({ value }) => value).sort(), ["acme/oslo", "linux-arm64"]);
});
