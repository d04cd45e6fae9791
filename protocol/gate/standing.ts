import type { Gate } from "../policy.ts";
import { countsAtGate } from "./failure-causes.ts";

/** What a device said about one version, unchecked. A report whose fields cannot be read counts as a failure. */
export interface OutcomeReport {
  readonly device: string;
  readonly outcome: "confirmed" | "failed";
  readonly cause?: string;
  /** Seconds since 1970. Of several reports of a device, the last one counts. */
  readonly at: number;
}

/**
 * How a device stands to a version that it was offered.
 *
 * - `confirmed`: runs it, and it proved healthy
 * - `failed`: for a cause that counts
 * - `silent`: said nothing until the deadline, which counts as failed
 * - `excused`: failed for a cause that does not count: left out of the rate
 * - `underWay`: offered less than an hour ago, nothing said yet
 * - `waiting`: nothing said for longer, and the deadline has not come
 */
export type Standing = "confirmed" | "failed" | "silent" | "excused" | "underWay" | "waiting";
export const STANDINGS = ["confirmed", "failed", "silent", "excused", "underWay", "waiting"] as const;

/**
 * For how long after the offer a device that said nothing is taken to be at it, in seconds. A failure is often known in
 * seconds, and a confirmation minutes later. If devices at work were left out, the first reports of each wave would be
 * its failures, and a gate that looks at each report would halt good versions.
 */
export const UNDER_WAY_FOR = 3600;

/** Of two reports of a device, whether the first counts: the later one, and of two at one time the worse. */
export function supersedes(gate: Pick<Gate, "causes">, report: OutcomeReport, known: OutcomeReport): boolean {
  if (report.at > known.at) return true;
  if (report.at < known.at) return false;
  return severity(gate, report) > severity(gate, known);
}

function severity(gate: Pick<Gate, "causes">, report: OutcomeReport): number {
  if (report.outcome === "confirmed" && Number.isFinite(report.at)) return 0;
  return report.outcome === "failed" && !countsAtGate(gate, report.cause) ? 1 : 2;
}

/**
 * @param report the report that counts, where there is one
 * @param offeredAt seconds since 1970
 * @param now seconds since 1970
 */
export function standingOf(
  gate: Pick<Gate, "causes" | "silentAfter">,
  report: OutcomeReport | undefined,
  offeredAt: number,
  now: number,
): Standing {
  if (report !== undefined) {
    return (["confirmed", "excused", "failed"] as const)[severity(gate, report)] ?? "failed";
  }
  const { silentAfter } = gate;
  // Comparisons are this way round so that a time or a deadline that is NaN counts as silence.
  if (silentAfter !== undefined && !(offeredAt + silentAfter > now)) {
    return countsAtGate(gate, "silent") ? "silent" : "excused";
  }
  return now - offeredAt < UNDER_WAY_FOR ? "underWay" : "waiting";
}

/**
 * When time alone changes the standing of a device that said nothing.
 *
 * @returns seconds since 1970, after `now`; `undefined`: never
 */
export function nextStandingAt(
  { silentAfter }: Pick<Gate, "silentAfter">,
  offeredAt: number,
  now: number,
): number | undefined {
  const turns = [offeredAt + UNDER_WAY_FOR];
  if (silentAfter !== undefined) turns.push(offeredAt + silentAfter);
  const ahead = turns.filter((at) => at > now);
  return ahead.length === 0 ? undefined : Math.min(...ahead);
}
