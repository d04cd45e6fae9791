import type { Agent } from "../agent.ts";
import { isActionable } from "../agent.ts";
import type { Evaluation } from "../decision/evaluate.ts";
import { FetchError } from "../fetch/fetch-error.ts";
import { InstallError } from "../installation/install-error.ts";
import { describeDecision } from "../output/describe-decision.ts";
import type { Log } from "../output/log.ts";
import { refusalOf } from "../output/refusal.ts";
import { CalledLooks } from "./called-looks.ts";
import { CheckInTurns } from "./check-in-turns.ts";
import { applyDelay, type PollResult, pollDelay, pollInterval, wakeDelay } from "./poll-delay.ts";

/** Seconds; where polling is off, the daemon only waits for its signal and for what the controller calls for. */
const FOREVER = Number.POSITIVE_INFINITY;

/**
 * Polls until the signal ends it. Never throws for what one look came to: it is logged, and the next look comes later.
 */
export async function pollForever(agent: Agent, log: Log, signal: AbortSignal): Promise<void> {
  log.event("info", "started", `keeping ${agent.config.product} at ${agent.config.installPath} up to date`, {
    device: agent.device.id,
  });
  const called = new CalledLooks(agent, signal);
  const loop = new PollLoop(agent, log, signal, called);
  const checkIns = new CheckInTurns(agent, log, signal);
  while (!signal.aborted) {
    called.lookBegins();
    let nextLook = inSeconds(await loop.look());
    checkIns.lookEnded();
    while (!signal.aborted && performance.now() < Math.min(nextLook, called.lookAt)) {
      if (called.takeWaiting()) checkIns.isCalledFor();
      const asked = await checkIns.turn(loop.interval);
      if (checkIns.areTaken) await called.listen();
      if (asked !== undefined) nextLook = Math.min(nextLook, inSeconds(asked));
      const left = (Math.min(nextLook, called.lookAt) - performance.now()) / 1000;
      await called.pause(Math.max(0, Math.min(left, checkIns.wait ?? left)), true);
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
  private readonly called: CalledLooks;

  constructor(agent: Agent, log: Log, signal: AbortSignal, called: CalledLooks) {
    this.agent = agent;
    this.log = log;
    this.signal = signal;
    this.called = called;
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
    if (interval === 0) return FOREVER;
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
    // What an operator asks of this very machine does not wait for that.
    await this.called.pause(applyDelay(this.interval, Math.random()), false);
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
