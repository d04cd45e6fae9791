import { findRelease } from "../../protocol/candidates.ts";
import { CONFIDENCE, type Gate } from "../../protocol/policy.ts";
import { own } from "../../protocol/scope.ts";
import { type Ppm, WHOLE_PPM } from "../../protocol/share.ts";
import { SimulateError } from "./simulate-error.ts";
import { simulateRollout } from "./simulate-rollout.ts";
import type { SimulationRequest, SimulationResult } from "./simulation.ts";

const MAX_RUNS = 10_000;
/** A bad version, where nobody says how bad: so many times the limit, and at least one device in a hundred. */
const BAD = { timesLimit: 5, atLeast: 10_000 } as const;

/** Many simulations of one promotion, which differ by their seed. */
export interface RunsRequest extends Omit<SimulationRequest, "endsAtHalt"> {
  /** Of each case. */
  readonly runs: number;
  /** Share of devices on which a good version fails; absent: the limit of the gate, the worst that it allows. */
  readonly goodRate?: Ppm;
}

/** What a gate does to good versions and to bad ones. Equal requests give equal results. */
export interface RunsResult {
  readonly product: string;
  readonly channel: string;
  readonly version: string;
  readonly agents: number;
  readonly until: number;
  readonly runs: number;
  /** Of the first run; each of the others has the next number. */
  readonly seed: number;
  readonly maxFailure: Ppm;
  readonly confidence: Ppm;
  readonly cases: readonly RunsCase[];
}

/** One version, rolled out again and again. */
export interface RunsCase {
  /** Whether it is within the limit of the gate on every platform: then a halt is a false one. */
  readonly isGood: boolean;
  /** Share of devices on which it fails, by platform; `*` for those not named. */
  readonly failureRates: Readonly<Record<string, Ppm>>;
  /** How many runs were halted. */
  readonly halted: number;
  /** In how many of those the gate named where it fails, by `dimension value`. */
  readonly named: Readonly<Record<string, number>>;
  /** Devices that were offered the version, until the halt or the end. */
  readonly reached: Spread;
  /** Devices on which it failed. */
  readonly failed: Spread;
  /** Seconds from the promotion to the halt, of the runs that were halted. */
  readonly haltedAfter?: Spread;
}

/** What half of the runs, and 95 of 100, did not exceed. */
export interface Spread {
  readonly median: number;
  readonly p95: number;
}

/** How far the runs are. */
export interface RunsProgress {
  readonly done: number;
  readonly total: number;
}

/**
 * Runs each case through the fleet many times, and says after each run how far it is, so that whoever asked may stop.
 * The cases are a good version, one that is as bad everywhere as asked, and for each platform one that is as bad there
 * alone.
 *
 * @throws SimulateError
 */
export function* simulateRuns(request: RunsRequest): Generator<RunsProgress, RunsResult> {
  const { product, channel, version, agents, until, runs, seed } = request;
  if (runs < 1 || runs > MAX_RUNS) {
    throw new SimulateError("simulate/too-large", "no runs, or too many of them", {
      help: `at most ${MAX_RUNS} runs`,
    });
  }
  const gate = gateOf(request);
  const rates = casesOf(request, gate);
  const total = rates.length * runs;
  let done = 0;
  const cases: RunsCase[] = [];
  for (const failureRates of rates) {
    const results: SimulationResult[] = [];
    for (let run = 0; run < runs; run++) {
      results.push(simulateRollout({ ...request, failureRates, seed: seed + run, endsAtHalt: true }));
      yield { done: ++done, total };
    }
    cases.push(caseOf(gate, failureRates, results));
  }
  return {
    product: product.product,
    channel,
    version,
    agents,
    until,
    runs,
    seed,
    maxFailure: gate.maxFailure,
    confidence: gate.confidence ?? CONFIDENCE,
    cases,
  };
}

function gateOf({ product, channel }: RunsRequest): Gate {
  const policy = own(product.channels, channel);
  // An unknown channel is told by the simulation itself.
  const gate =
    policy === undefined ? ({ maxFailure: 0, minReports: 1 } satisfies Gate) : policy.rollout?.gate;
  if (gate === undefined) {
    throw new SimulateError("simulate/no-gate", `channel \`${channel}\` has no gate: nothing would halt`, {
      help: "add one to the channel, such as `rollout: {gate: {maxFailureRate: 2%, minReports: 20}}`",
    });
  }
  return gate;
}

function casesOf(request: RunsRequest, { maxFailure }: Gate): ReadonlyMap<string, Ppm>[] {
  const { goodRate = maxFailure, failureRates, machines, releases, version } = request;
  const good = new Map([["*", goodRate]]);
  const isByPlatform = [...failureRates.keys()].some((platform) => platform !== "*");
  if (isByPlatform) return [good, failureRates];
  const bad =
    failureRates.get("*") ?? Math.min(WHOLE_PPM, Math.max(maxFailure * BAD.timesLimit, BAD.atLeast));
  const artifacts = findRelease(releases, version)?.artifacts ?? [];
  const platforms = [...new Set((machines ?? artifacts).map(({ platform }) => platform))].sort();
  return [
    good,
    new Map([["*", bad]]),
    ...(platforms.length < 2 ? [] : platforms.map((platform) => new Map([[platform, bad]]))),
  ];
}

function caseOf(
  { maxFailure }: Gate,
  failureRates: ReadonlyMap<string, Ppm>,
  results: readonly SimulationResult[],
): RunsCase {
  const halts = results.flatMap(({ halt }) => halt ?? []);
  const named: Record<string, number> = {};
  for (const { stratum } of halts) {
    if (stratum === undefined) continue;
    const name = `${stratum.dimension} ${stratum.value}`;
    named[name] = (Object.hasOwn(named, name) ? (named[name] ?? 0) : 0) + 1;
  }
  return {
    isGood: [...failureRates.values()].every((rate) => rate <= maxFailure),
    failureRates: Object.fromEntries(failureRates),
    halted: halts.length,
    named,
    reached: spreadOf(results.map(({ offered }) => offered)),
    failed: spreadOf(results.map(({ failed }) => failed)),
    ...(halts.length === 0 ? {} : { haltedAfter: spreadOf(halts.map(({ at }) => at)) }),
  };
}

function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
  return { median: at(0.5), p95: at(0.95) };
}
