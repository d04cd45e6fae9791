/**
 * What a gate halts, and how soon: the test that it uses beside the plain ratio with a minimum of reports, over the same
 * reports. Then what a judgement costs.
 */
import { SeededRandom } from "../controller/simulate/seeded-random.ts";
import { alphaOfFleet, judgeGate } from "../protocol/gate/judge-gate.ts";
import { isExceeded } from "../protocol/gate/sequential-test.ts";
import { MAX_STRATA, NO_STRATA } from "../protocol/gate/strata.ts";
import { Tallies } from "../protocol/gate/tallies.ts";
import { interleave, median, printTable } from "./measure.ts";

const RUNS = 1000;
const REPORTS = 3000;
const LIMIT = 0.02;
/** What the whole fleet is tested at; as much is kept for strata. */
const ALPHA = alphaOfFleet({});
/** Reports that a plain ratio has to wait for, so as not to halt at the first failure. */
const MIN_REPORTS = 20;
const RATES = [0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.3, 1] as const;

export async function benchGate(): Promise<void> {
  console.log(`\n${RUNS} rollouts of ${REPORTS} reports each, limit 2 %: halted; after median, 95th reports`);
  console.log(`  ${"failure rate".padEnd(14)}${"plain ratio".padEnd(24)}the gate at 95 %`);
  for (const rate of RATES) {
    const plain: (number | undefined)[] = [];
    const tested: (number | undefined)[] = [];
    for (let seed = 0; seed < RUNS; seed++) {
      const { ratio, test } = haltsOf(rate, seed);
      plain.push(ratio);
      tested.push(test);
    }
    console.log(`  ${`${rate * 100} %`.padEnd(14)}${summary(plain).padEnd(24)}${summary(tested)}`);
  }
  await judgeCost();
}

/** After how many reports each of the two halts. */
function haltsOf(rate: number, seed: number): { ratio: number | undefined; test: number | undefined } {
  const random = new SeededRandom(seed);
  let failures = 0;
  let ratio: number | undefined;
  let test: number | undefined;
  for (let counted = 1; counted <= REPORTS; counted++) {
    if (random.next() < rate) failures++;
    if (ratio === undefined && counted >= MIN_REPORTS && failures > LIMIT * counted) ratio = counted;
    if (test === undefined && isExceeded(LIMIT, failures, counted, ALPHA)) test = counted;
  }
  return { ratio, test };
}

function summary(halts: readonly (number | undefined)[]): string {
  const after = halts.flatMap((halt) => halt ?? []).sort((a, b) => a - b);
  const share = `${Math.round((after.length * 1000) / halts.length) / 10} %`;
  if (after.length === 0) return share;
  return `${share}; ${Math.round(median(after))}, ${after[Math.ceil(after.length * 0.95) - 1]}`;
}

/** A judgement of a large fleet with many strata and tenants, beside one of a single count. */
async function judgeCost(): Promise<void> {
  const gate = { maxFailure: 20_000, minReports: 20 };
  const keys = Array.from({ length: MAX_STRATA }, (_, i) => ({ dimension: "platform", value: `p-${i}` }));
  const strata = { keys, chosen: keys.length };
  const one = new Tallies(NO_STRATA);
  const many = new Tallies(strata);
  for (let i = 0; i < 100_000; i++) {
    const device = { tenant: `t-${i % 1000}`, values: { platform: `p-${i % MAX_STRATA}` } };
    const standing = i % 100 === 0 ? "failed" : "confirmed";
    one.add({}, undefined, standing);
    many.add(device, undefined, standing);
  }
  const time = (tallies: Tallies) => async (): Promise<number> => {
    const from = performance.now();
    for (let i = 0; i < 200; i++) judgeGate(gate, tallies);
    return ((performance.now() - from) * 1000) / 200;
  };
  const rows = await interleave(9, [
    { name: "one count", unit: "us", once: time(one) },
    { name: `${MAX_STRATA} strata, 1,000 tenants`, unit: "us", once: time(many) },
  ]);
  printTable("one judgement over 100,000 reports", rows);
}
