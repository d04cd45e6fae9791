import { setTimeout as sleep } from "node:timers/promises";
import type { Agent } from "../agent.ts";
import { isActionable } from "../agent.ts";
import type { Evaluation } from "../decision/evaluate.ts";
import { FetchError } from "../fetch/fetch-error.ts";
import { InstallError } from "../installation/install-error.ts";
import { describeDecision } from "../output/describe-decision.ts";
import type { Log } from "../output/log.ts";
import { refusalOf } from "../output/refusal.ts";
import { CheckInTurns } from "./check-in-turns.ts";
import { applyDelay, type PollResult, pollDelay, pollInterval, wakeDelay } from "./poll-delay.ts";

/** The longest that a timer can be set to; where polling is off, the daemon only waits for its signal. */
const FOREVER_MILLISECONDS = 2 ** 31 - 1;

/**
 * Polls until the signal ends it. Never throws for what one look came to: it is logged, and the next look comes later.
 */
export async function pollForever(agent: Agent, log: Log, signal: AbortSignal): Promise<void> {
  log.event("info", "started", `keeping ${agent.config.product} at ${agent.config.installPath} up to date`, {
    device: agent.device.id,
  });
  const loop = new PollLoop(agent, log, signal);
  const checkIns = new CheckInTurns(agent, log, signal);
  while (!signal.aborted) {
    let nextLook = inSeconds(await loop.look());
    checkIns.lookEnded();
    while (!signal.aborted && performance.now() < nextLook) {
      const asked = await checkIns.turn(loop.interval);
      if (asked !== undefined) nextLook = Math.min(nextLook, inSeconds(asked));
      const left = (nextLook - performance.now()) / 1000;
      await pause(Math.max(0, Math.min(left, checkIns.wait ?? left)), signal);
    }
  }
  log.event("info", "stopped", "stopped by a signal");
}

/** By `performance.now()`, since the wall clock may be set. */
function inSeconds(seconds: number): number {
  return performance.now() + seconds * 1000;
}

class PollLoop {
  private failures = 0;
  private lastSaid = "";
  private policyInterval: number | undefined;
  private readonly agent: Agent;
  private readonly log: Log;
  private readonly signal: AbortSignal;

  constructor(agent: Agent, log: Log, signal: AbortSignal) {
    this.agent = agent;
    this.log = log;
    this.signal = signal;
  }

  /** Seconds between two looks. */
  get interval(): number {
    return pollInterval(this.agent.config.checkInterval, this.policyInterval);
  }

  /** One look. Returns seconds until the next. */
  async look(): Promise<number> {
    let result: PollResult;
    let eligibleAt: number | undefined;
    try {
      eligibleAt = await this.lookOnce();
      this.failures = 0;
      result = { kind: "fine" };
    } catch (error) {
      if (this.signal.aborted) return 0;
      await this.agent.recordFailedCheck(error);
      this.failures++;
      this.log.refusal(refusalOf(error));
      const isDelayed = error instanceof InstallError || error instanceof FetchError;
      const retryAfter = isDelayed ? error.retryAfter : undefined;
      result = { kind: "failed", failures: this.failures, retryAfter };
    }
    const { interval } = this;
    if (interval === 0) return FOREVER_MILLISECONDS / 1000;
    const delay = pollDelay(interval, result, Math.random());
    return wakeDelay(delay, interval, eligibleAt, Math.floor(Date.now() / 1000), Math.random());
  }

  /** @returns the second from which a version that waits may be installed, where one does */
  private async lookOnce(): Promise<number | undefined> {
    const resumed = await this.agent.resume();
    if (resumed !== undefined) {
      this.log.event("info", "resumed", `the interrupted update is ${resumed.outcome}`);
    }
    if (this.agent.config.checkInterval === 0) return undefined;
    const evaluation = await this.agent.check(false);
    this.policyInterval = evaluation.policy.fleet.checkInterval;
    this.say(evaluation);
    if (!isActionable(evaluation.decision)) {
      this.agent.recordCheck(evaluation);
      return eligibleTime(evaluation);
    }
    await pause(applyDelay(this.interval, Math.random()), this.signal);
    if (this.signal.aborted) return undefined;
    const { evaluation: after, outcomes } = await this.agent.update(false);
    if (outcomes.some(({ outcome }) => outcome !== "confirmed")) this.failures++;
    this.say(after);
    return eligibleTime(after);
  }

  /** A quiet fleet writes no log: only what differs from the last time. */
  private say({ decision, installed }: Evaluation): void {
    const text = describeDecision(this.agent.config.product, installed?.version, decision);
    if (text === this.lastSaid) return;
    this.lastSaid = text;
    this.log.event("info", "decided", text, { action: decision.action });
  }
}

function eligibleTime({ decision }: Evaluation): number | undefined {
  return decision.action === "wait" ? decision.eligibleAt : undefined;
}

async function pause(seconds: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(Math.min(seconds * 1000, FOREVER_MILLISECONDS), undefined, { signal });
  } catch {
    // Stopped: the caller looks at the signal.
  }
}
