import type { Gate } from "./policy.ts";
import { formatPpm, WHOLE_PPM } from "./share.ts";

/** Failures that speak against the release: the gate counts them. */
export const CAUSES_AGAINST_RELEASE = [
  "self-test-failed",
  "confirm-failed",
  "bad-binary",
  "crash-loop",
  "wrong-arch",
  "silent",
] as const;

/** Failures of the machine or its surroundings: reported and shown, but no reason to halt the rollout. */
export const CAUSES_OF_THE_MACHINE = [
  "disk-full",
  "network",
  "not-writable",
  "noexec",
  "tls-interception",
  "antivirus",
  "locked",
  "clock-skew",
  "interrupted",
] as const;

/** Why an update did not come about on a device. */
export type FailureCause = (typeof CAUSES_AGAINST_RELEASE)[number] | (typeof CAUSES_OF_THE_MACHINE)[number];

/** Whether a cause counts at the gate. An unknown or missing cause counts: what cannot be read fails closed. */
export function speaksAgainstRelease(cause: string | undefined): boolean {
  return !(CAUSES_OF_THE_MACHINE as readonly (string | undefined)[]).includes(cause);
}

/** What a device said about one version, unchecked. A report whose fields cannot be read counts as a failure. */
export interface OutcomeReport {
  readonly device: string;
  readonly outcome: "confirmed" | "failed";
  readonly cause?: string;
  /** Seconds since 1970. Of several reports of a device, the last one counts. */
  readonly at: number;
}

/** A device that was offered the version, and is expected to say how it went. */
export interface ExpectedDevice {
  readonly device: string;
  /** Seconds since 1970. */
  readonly offeredAt: number;
}

/** How an offer of one version stands. `expected` is the sum of the five others. */
export interface GateTally {
  readonly expected: number;
  readonly confirmed: number;
  /** Failed for a cause that speaks against the release. */
  readonly failed: number;
  /** Said nothing until the deadline: counts as failed. */
  readonly silent: number;
  /** Failed for a cause of the machine: left out of the failure rate. */
  readonly excused: number;
  /** Said nothing, and the deadline has not come. */
  readonly waiting: number;
}

/** `halt`: nobody else gets the version. `inconclusive`: too little is known to say either. */
export type GateVerdict = "open" | "halt" | "inconclusive";

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
}

/**
 * Whether a rollout may go on. Pure: equal reports, policy and time give the same verdict, so a simulation, several
 * controllers and a later look at the same reports agree. Only devices that were offered the version count, each once.
 *
 * @param now seconds since 1970
 */
export function evaluateGate(
  gate: Gate,
  reports: Iterable<OutcomeReport>,
  expected: Iterable<ExpectedDevice>,
  now: number,
): GateResult {
  return judgeTally(gate, tallyOutcomes(gate, reports, expected, now));
}

/** Counts each expected device once, by its last report or by its silence. */
export function tallyOutcomes(
  gate: Gate,
  reports: Iterable<OutcomeReport>,
  expected: Iterable<ExpectedDevice>,
  now: number,
): GateTally {
  const last = new Map<string, OutcomeReport>();
  for (const report of reports) {
    const known = last.get(report.device);
    if (known === undefined || supersedes(report, known)) last.set(report.device, report);
  }
  const offers = new Map<string, number>();
  for (const { device, offeredAt } of expected) {
    offers.set(device, Math.min(offeredAt, offers.get(device) ?? offeredAt));
  }

  const tally = { expected: offers.size, confirmed: 0, failed: 0, silent: 0, excused: 0, waiting: 0 };
  for (const [device, offeredAt] of offers) tally[standing(gate, last.get(device), offeredAt, now)]++;
  return tally;
}

/** Of two reports with the same time, or with none, the worse one counts. */
function supersedes(report: OutcomeReport, known: OutcomeReport): boolean {
  if (report.at > known.at) return true;
  if (report.at < known.at) return false;
  return severity(report) > severity(known);
}

function severity(report: OutcomeReport): number {
  if (report.outcome === "confirmed" && Number.isFinite(report.at)) return 0;
  return report.outcome === "failed" && !speaksAgainstRelease(report.cause) ? 1 : 2;
}

function standing(
  gate: Gate,
  report: OutcomeReport | undefined,
  offeredAt: number,
  now: number,
): "confirmed" | "failed" | "silent" | "excused" | "waiting" {
  if (report !== undefined)
    return (["confirmed", "excused", "failed"] as const)[severity(report)] ?? "failed";
  if (gate.silentAfter === undefined) return "waiting";
  // The comparison is this way round so that a time or a deadline that is NaN counts as silence.
  return offeredAt + gate.silentAfter > now ? "waiting" : "silent";
}

/**
 * The verdict on a tally. Halts when enough devices have reported and more of them failed than the gate allows. Halts
 * before that when the reports still to come could not bring the rate below the limit: five canaries that all fail
 * need not wait for the twentieth report.
 */
export function judgeTally(gate: Gate, tally: GateTally): GateResult {
  const failures = tally.failed + tally.silent;
  const counted = tally.confirmed + failures;
  const failureRate = counted === 0 ? 0 : Math.floor((failures * WHOLE_PPM) / counted);
  const result = (verdict: GateVerdict, reason: string): GateResult => ({
    ...tally,
    verdict,
    failures,
    counted,
    failureRate,
    reason,
  });

  if (!isReadable(gate) || !isConsistent(tally)) {
    return result(
      "halt",
      "the gate or its numbers cannot be read: nothing goes on until a person has looked",
    );
  }
  const exceeds = (denominator: number): boolean => failures * WHOLE_PPM > gate.maxFailure * denominator;
  const limit = formatPpm(gate.maxFailure);
  const rate = `${failures} of ${counted} failed${tally.silent === 0 ? "" : ` (${tally.silent} by silence)`}`;
  if (counted >= gate.minReports) {
    return exceeds(counted)
      ? result("halt", `${rate}, more than ${limit}`)
      : result("open", `${rate}, at most ${limit}`);
  }
  if (exceeds(Math.max(gate.minReports, counted + tally.waiting))) {
    return result("halt", `${rate}, more than ${limit} whatever the others will say`);
  }
  return result("inconclusive", `${counted} of the ${gate.minReports} reports that the gate needs`);
}

function isReadable({ maxFailure, minReports, silentAfter }: Gate): boolean {
  return (
    Number.isInteger(maxFailure) &&
    maxFailure >= 0 &&
    maxFailure <= WHOLE_PPM &&
    Number.isInteger(minReports) &&
    minReports >= 1 &&
    (silentAfter === undefined || (Number.isFinite(silentAfter) && silentAfter >= 0))
  );
}

function isConsistent({ expected, confirmed, failed, silent, excused, waiting }: GateTally): boolean {
  const parts = [confirmed, failed, silent, excused, waiting];
  return (
    parts.every((part) => Number.isInteger(part) && part >= 0) &&
    parts.reduce((sum, part) => sum + part, 0) === expected
  );
}
