import { CONFIDENCE, type Gate, MAX_TENANT_SHARE } from "../policy.ts";
import { formatPpm, WHOLE_PPM } from "../share.ts";
import { logEvidence } from "./sequential-test.ts";
import { type OutcomeReport, STANDINGS } from "./standing.ts";
import { type Strata, type StratumKey, shareOfStratum } from "./strata.ts";
import {
  type ExpectedDevice,
  type GateTally,
  type Tallied,
  type TalliedDevices,
  Tallies,
} from "./tallies.ts";
import { type CappedTenant, type CountedDevices, capTenants, countDevices } from "./tenant-cap.ts";

/**
 * - `halt`: nobody else gets the version
 * - `proven`: enough devices have reported, no more of them failed than the gate allows, and every check passes
 * - `inconclusive`: too little is known to say either
 */
export type GateVerdict = "halt" | "proven" | "inconclusive";

/** What a check of the running version said (`gate.checks`). No answer is `inconclusive`. */
export interface CheckResult {
  readonly name: string;
  readonly verdict: "pass" | "fail" | "inconclusive";
  /** One line: what was seen, and what is asked. */
  readonly text: string;
}

/** How one test stands: of all devices, or of one stratum. It halts when `evidence` reaches `needed`. */
export interface GateTest extends Partial<StratumKey> {
  readonly failures: number;
  /** Confirmed, failed and silent devices. */
  readonly counted: number;
  /** How many times likelier the failures are above the limit than at it; at most 10^12. */
  readonly evidence: number;
  readonly needed: number;
}

export interface GateResult extends GateTally {
  readonly verdict: GateVerdict;
  /** Failed and silent devices. */
  readonly failures: number;
  /** The denominator: confirmed, failed and silent devices. */
  readonly counted: number;
  /** `failures` of `counted` in parts per million, rounded down; 0 while nothing is counted. */
  readonly failureRate: number;
  /** One sentence with the numbers, lower case, no full stop. */
  readonly reason: string;
  /** The fleet first, then the strata as they were given. */
  readonly tests: readonly GateTest[];
  /** The stratum that halted, where the fleet as a whole would not. */
  readonly stratum?: StratumKey;
  /** Tenants whose failures, of all devices, count in part. */
  readonly capped: readonly CappedTenant[];
}

const MAX_EVIDENCE = 1e12;

/**
 * Whether a rollout may go on. Pure: equal reports, policy and time give the same verdict, so a simulation, several
 * controllers and a later look at the same reports agree. Only devices that were offered the version count, each once.
 *
 * @param strata what is tested by itself (`chooseStrata`, `withOffered`)
 * @param now seconds since 1970
 */
export function evaluateGate(
  gate: Gate,
  strata: Strata,
  reports: Iterable<OutcomeReport>,
  expected: Iterable<ExpectedDevice>,
  now: number,
): GateResult {
  return judgeGate(gate, Tallies.recount(gate, strata, reports, expected, now));
}

/**
 * The verdict on what was counted.
 *
 * It halts when the failures could hardly have come about at a rate within the limit: the chance that a version within
 * it is ever halted is at most 1 - confidence, however often this is asked (`sequential-test.ts`). Half of that chance is
 * for the fleet as a whole, and half is shared among the strata, those to come included (`shareOfStratum`). Devices under
 * way are taken as confirmed for the test, and a tenant counts with no more than its share of the failures. What would
 * halt but for that share is for a person to look at. A failed check halts.
 *
 * Numbers that cannot be read halt.
 */
export function judgeGate(gate: Gate, tallied: Tallied, checks: readonly CheckResult[] = []): GateResult {
  const { fleet, strata } = tallied;
  const { tally } = fleet;
  const { failures, counted } = reported(tally);
  const isSound = isReadable(gate) && [fleet, ...strata].every((devices) => isConsistent(devices.tally));
  const tests = isSound ? testsOf(gate, tallied) : [];
  const capped = isSound ? capTenants(fleet, tenantShare(gate), fleet.tenants.size).tenants : [];
  const result = (verdict: GateVerdict, reason: string, stratum?: StratumKey): GateResult => ({
    ...tally,
    verdict,
    failures,
    counted,
    failureRate: counted === 0 ? 0 : Math.floor((failures * WHOLE_PPM) / counted),
    reason,
    tests: tests.map(({ halts: _, ...test }) => test),
    ...(stratum === undefined ? {} : { stratum }),
    capped,
  });

  if (!isSound) {
    return result(
      "halt",
      "the gate or its numbers cannot be read: nothing goes on until a person has looked",
    );
  }
  const failedCheck = checks.find(({ verdict }) => verdict === "fail");
  if (failedCheck !== undefined) return result("halt", `check ${failedCheck.name}: ${failedCheck.text}`);

  const limit = formatPpm(gate.maxFailure);
  const exceeding = tests.filter(({ evidence, needed }) => evidence >= needed);
  const halting = exceeding.find(({ halts }) => halts);
  if (halting !== undefined) {
    const { dimension, value } = halting;
    return dimension === undefined || value === undefined
      ? result("halt", `${rate(fleet.tally)}, more than ${limit}`)
      : result("halt", `${dimension} ${value}: ${shareOf(halting)}, more than ${limit}`, {
          dimension,
          value,
        });
  }
  const [onlyOneTenant] = exceeding;
  if (onlyOneTenant !== undefined) {
    const { dimension, value } = onlyOneTenant;
    const of = dimension === undefined || value === undefined ? "" : `${dimension} ${value}: `;
    return result(
      "inconclusive",
      `${of}${shareOf(onlyOneTenant)}, more than ${limit}, but too many of them at one tenant: a person decides`,
    );
  }
  if (counted < gate.minReports) {
    return result("inconclusive", `${counted} of the ${gate.minReports} reports that the gate needs`);
  }
  if (failures * WHOLE_PPM > gate.maxFailure * counted) {
    return result("inconclusive", `${rate(tally)}, more than ${limit}, and chance can still explain it`);
  }
  const unanswered = checks.find(({ verdict }) => verdict !== "pass");
  if (unanswered !== undefined) {
    return result("inconclusive", `check ${unanswered.name}: ${unanswered.text}`);
  }
  return result("proven", `${rate(tally)}, at most ${limit}`);
}

/** The chance of a false halt that the test of the whole fleet has. */
export function alphaOfFleet({ confidence = CONFIDENCE }: Pick<Gate, "confidence">): number {
  return (1 - confidence / WHOLE_PPM) / 2;
}

interface HaltTest extends GateTest {
  /** It also halts with each tenant cut to its share. */
  readonly halts: boolean;
}

function testsOf(gate: Gate, { fleet, strata, chosen }: Tallied): HaltTest[] {
  const takingPart = fleet.tenants.size;
  // The strata together have as much as the fleet.
  const alpha = alphaOfFleet(gate);
  return [
    testOf(gate, fleet, takingPart, alpha),
    ...strata.map((stratum, index) => ({
      dimension: stratum.dimension,
      value: stratum.value,
      ...testOf(gate, stratum, takingPart, alpha * shareOfStratum(index + 1, chosen)),
    })),
  ];
}

function testOf(gate: Gate, devices: TalliedDevices, takingPart: number, alpha: number): HaltTest {
  const limit = gate.maxFailure / WHOLE_PPM;
  const needed = 1 / alpha;
  const evidenceOf = ({ failures, counted }: CountedDevices): number =>
    Math.min(Math.exp(logEvidence(limit, failures, counted)), MAX_EVIDENCE);
  const evidence = evidenceOf(countDevices(devices.tally));
  const halts =
    evidence >= needed && evidenceOf(capTenants(devices, tenantShare(gate), takingPart)) >= needed;
  return { ...reported(devices.tally), evidence, needed, halts };
}

function reported({ confirmed, failed, silent }: GateTally): CountedDevices {
  return { failures: failed + silent, counted: confirmed + failed + silent };
}

function tenantShare({ maxTenantShare = MAX_TENANT_SHARE }: Gate): number {
  return maxTenantShare / WHOLE_PPM;
}

function rate(tally: GateTally): string {
  return `${shareOf(reported(tally))}${tally.silent === 0 ? "" : ` (${tally.silent} by silence)`}`;
}

function shareOf({ failures, counted }: CountedDevices): string {
  return `${failures} of ${counted} failed`;
}

function isReadable(gate: Gate): boolean {
  const { maxFailure, minReports, silentAfter, confidence = CONFIDENCE, maxTenantShare = 1 } = gate;
  return (
    isPpm(maxFailure) &&
    Number.isInteger(minReports) &&
    minReports >= 1 &&
    (silentAfter === undefined || (Number.isFinite(silentAfter) && silentAfter >= 0)) &&
    isPpm(confidence) &&
    confidence > WHOLE_PPM / 2 &&
    confidence < WHOLE_PPM &&
    isPpm(maxTenantShare) &&
    maxTenantShare > 0
  );
}

function isPpm(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= WHOLE_PPM;
}

function isConsistent(tally: GateTally): boolean {
  const parts = STANDINGS.map((standing) => tally[standing]);
  return (
    parts.every((part) => Number.isInteger(part) && part >= 0) &&
    parts.reduce((sum, part) => sum + part, 0) === tally.expected
  );
}
