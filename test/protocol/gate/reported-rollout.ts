import { EventQueue } from "../../../controller/simulate/event-queue.ts";
import { SeededRandom } from "../../../controller/simulate/seeded-random.ts";
import { type GateResult, judgeGate } from "../../../protocol/gate/judge-gate.ts";
import {
  nextStandingAt,
  type OutcomeReport,
  type Standing,
  standingOf,
} from "../../../protocol/gate/standing.ts";
import { chooseStrata, NO_STRATA, withOffered } from "../../../protocol/gate/strata.ts";
import { Tallies } from "../../../protocol/gate/tallies.ts";
import type { Gate } from "../../../protocol/policy.ts";

/** A fleet that takes a version, without anything that decides who gets it: offers, reports and silence. */
export interface ReportedFleet {
  readonly devices: number;
  /** Of the devices, in turn; one that stands here more often is more frequent. */
  readonly platforms: readonly string[];
  /** How likely the version fails on a device of a platform, 0 to 1. */
  readonly failureRate: (platform: string) => number;
  /** How many of the failures say nothing, 0 to 1. */
  readonly silent?: number;
  /** Devices that are offered the version at once, each hour; absent: a second apart. */
  readonly wave?: number;
  /** How many devices take half a day to answer, whatever the answer, 0 to 1. */
  readonly slow?: number;
  /** Nothing was known of the fleet at the promotion, and one platform comes after the other. */
  readonly isUnknown?: boolean;
}

/** How a rollout ended: halted, or with everybody's report. */
export interface ReportedRollout {
  readonly last: GateResult;
  /** Devices that had reported, or whose silence had been noted. */
  readonly reported: number;
}

/** Failures are known in seconds, confirmations after minutes. */
const FAILS_AFTER = [5, 60] as const;
const CONFIRMS_AFTER = [60, 360] as const;
const SLOW_BY = 43_200;

/**
 * Has a fleet report, and the gate judge after each report and each deadline that passes. Ends at the first halt.
 * A seed repeats it.
 */
export function reportRollout(gate: Gate, fleet: ReportedFleet, seed: number): ReportedRollout {
  const random = new SeededRandom(seed);
  const { devices, platforms, failureRate, silent = 0, wave, slow = 0, isUnknown = false } = fleet;
  const sizes = [...new Set(platforms)].map((value) => ({ dimension: "platform", value, devices: 1 }));
  let strata = isUnknown ? NO_STRATA : chooseStrata(sizes);
  let tallies = new Tallies(strata);
  const events = new EventQueue<() => void>();
  let now = 0;
  for (let i = 0; i < devices; i++) {
    const platform =
      platforms[isUnknown ? Math.floor((i * platforms.length) / devices) : i % platforms.length] ?? "";
    const device = { values: { platform } };
    const offeredAt = wave === undefined ? i : Math.floor(i / wave) * 3600;
    const fails = random.next() < failureRate(platform);
    const saysNothing = fails && random.next() < silent;
    const [from, to] = fails ? FAILS_AFTER : CONFIRMS_AFTER;
    const reportsAt = offeredAt + random.between(from, to) + (random.next() < slow ? SLOW_BY : 0);
    const report: OutcomeReport = {
      device: "",
      outcome: fails ? "failed" : "confirmed",
      cause: "bad-binary",
      at: 0,
    };
    let standing: Standing | undefined;
    let said: OutcomeReport | undefined;
    const count = (): void => {
      const grown = withOffered(strata, [device.values]);
      if (grown !== strata) {
        strata = grown;
        tallies = Tallies.fromRows(strata, tallies.rows());
      }
      const next = standingOf(gate, said, offeredAt, now);
      tallies.add(device, standing, next);
      standing = next;
      if (said !== undefined) return;
      const at = nextStandingAt(gate, offeredAt, now);
      if (at !== undefined && (saysNothing || at < reportsAt)) events.add(at, count);
    };
    events.add(offeredAt, count);
    if (!saysNothing) {
      events.add(reportsAt, () => {
        said = report;
        count();
      });
    }
  }
  let last = judgeGate(gate, tallies);
  for (let event = events.take(); event !== undefined; event = events.take()) {
    now = event.at;
    event.event();
    last = judgeGate(gate, tallies);
    if (last.verdict === "halt") break;
  }
  return { last, reported: last.counted };
}
