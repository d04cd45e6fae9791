import type { Agent } from "../agent.ts";
import type { Log } from "../output/log.ts";
import { refusalOf } from "../output/refusal.ts";
import { isActionable } from "../product/local-product.ts";
import { CalledLooks } from "./called-looks.ts";
import { CheckInTurns } from "./check-in-turns.ts";
import {
  applyDelay,
  type PollResult,
  pollDelay,
  pollInterval,
  retryAfterOf,
  wakeDelay,
} from "./poll-delay.ts";
import { ProductTurns, type Turn } from "./product-turns.ts";

/** Seconds between two looks at config.yaml. */
const LOOK_AT_CONFIG = 30;
/** Seconds; where polling is off, the daemon only waits for its signal and for what the controller calls for. */
const FOREVER = Number.POSITIVE_INFINITY;

/**
 * Polls until the signal ends it. Never throws for what one look came to: it is logged, and the next look comes later.
 *
 * @param onRest called whenever there is nothing to do for a while
 */
export async function pollForever(
  agent: Agent,
  log: Log,
  signal: AbortSignal,
  onRest: () => void = () => {},
): Promise<void> {
  const kept = agent.products.map(({ name, config }) => `${name} at ${config.installPath}`).join(", ");
  log.event("info", "started", `keeping ${kept} up to date`, { device: agent.device.id });
  const called = new CalledLooks(agent, signal);
  const loop = new PollLoop(agent, log, signal, called);
  const checkIns = new CheckInTurns(agent, log, signal);
  const choices = new ChosenSettings(agent, log);
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
      onRest();
      await called.pause(Math.max(0, Math.min(left, checkIns.wait ?? left, LOOK_AT_CONFIG)), true);
      if (!signal.aborted && (await choices.haveChanged())) break;
    }
  }
  log.event("info", "stopped", "stopped by a signal");
}

/** By `performance.now()`, since the wall clock may be set. */
function inSeconds(seconds: number): number {
  return performance.now() + seconds * 1000;
}

/** What a person chooses while the daemon runs. */
class ChosenSettings {
  private readonly agent: Agent;
  private readonly log: Log;
  private lastTrouble = "";

  constructor(agent: Agent, log: Log) {
    this.agent = agent;
    this.log = log;
  }

  async haveChanged(): Promise<boolean> {
    try {
      const changed = await this.agent.followChoices();
      this.lastTrouble = "";
      if (changed) this.log.event("info", "config", "config.yaml has changed: looking again");
      return changed;
    } catch (error) {
      // An editor is about to write it, or a person mistyped: what held before goes on to hold.
      const refusal = refusalOf(error);
      if (refusal.message !== this.lastTrouble) this.log.refusal(refusal);
      this.lastTrouble = refusal.message;
      return false;
    }
  }
}

class PollLoop {
  private failures = 0;
  private policyInterval: number | undefined;
  private readonly agent: Agent;
  private readonly log: Log;
  private readonly signal: AbortSignal;
  private readonly called: CalledLooks;
  /** In the order of their updates: the updater itself last. */
  private readonly turns: readonly ProductTurns[];

  constructor(agent: Agent, log: Log, signal: AbortSignal, called: CalledLooks) {
    this.agent = agent;
    this.log = log;
    this.signal = signal;
    this.called = called;
    const isNamed = agent.products.length > 1;
    this.turns = agent.products.map((product) => new ProductTurns(product, isNamed, log, signal));
  }

  /** Seconds between two looks. */
  get interval(): number {
    return pollInterval(this.agent.config.checkInterval, this.policyInterval);
  }

  /** One look, for all products. Returns seconds until the next. */
  async look(): Promise<number> {
    const results = await this.resume();
    if (this.agent.config.checkInterval === 0) return FOREVER;
    const unread = await this.refresh();
    if (this.signal.aborted) return 0;
    if (unread !== undefined) return pollDelay(this.interval, unread, Math.random());
    const manifest = this.agent.manifestVersion();
    const due = this.turns.filter((turns) => !results.has(turns) && turns.isDue(manifest));
    for (const turns of due) results.set(turns, await turns.decide());
    this.readInterval(results);
    await this.updateActionable(results);
    return this.signal.aborted ? 0 : this.nextLook(results, manifest);
  }

  /** The updater itself first: this is how its new version says that it is up. Gives the products that it failed for. */
  private async resume(): Promise<Map<ProductTurns, Turn>> {
    const failed = new Map<ProductTurns, Turn>();
    for (const turns of this.turns.toReversed()) {
      const failure = await turns.resume();
      if (failure !== undefined) failed.set(turns, failure);
    }
    return failed;
  }

  private async refresh(): Promise<PollResult | undefined> {
    try {
      await this.agent.refresh();
      this.failures = 0;
      return undefined;
    } catch (error) {
      this.failures++;
      if (!this.signal.aborted) {
        for (const product of this.agent.products) product.recordFailedCheck(error);
        this.log.refusal(refusalOf(error));
      }
      return { kind: "failed", failures: this.failures, retryAfter: retryAfterOf(error) };
    }
  }

  private readInterval(results: ReadonlyMap<ProductTurns, Turn>): void {
    for (const turn of results.values()) {
      // It stands in the policy of each product, the same.
      if (turn.kind === "fine") this.policyInterval = turn.evaluation.policy.fleet.checkInterval;
    }
  }

  private async updateActionable(results: Map<ProductTurns, Turn>): Promise<void> {
    const actionable = this.turns.filter((turns) => {
      const turn = results.get(turns);
      return turn?.kind === "fine" && isActionable(turn.evaluation.decision);
    });
    if (actionable.length === 0) return;
    // What an operator asks of this very machine does not wait for that.
    await this.called.pause(applyDelay(this.interval, Math.random()), false);
    for (const turns of actionable) {
      if (this.signal.aborted) return;
      results.set(turns, await turns.update());
    }
  }

  /** The earliest at which one of them is to be looked at. */
  private nextLook(results: ReadonlyMap<ProductTurns, Turn>, manifest: number | undefined): number {
    const { interval } = this;
    const delay = pollDelay(interval, { kind: "fine" }, Math.random());
    const waits = this.turns.map((turns) => {
      const turn = results.get(turns);
      if (turn === undefined) return turns.wait;
      if (turn.kind === "failed") {
        turns.rest(pollDelay(interval, turn, Math.random()), manifest);
        return turns.wait;
      }
      const { decision } = turn.evaluation;
      const eligibleAt = decision.action === "wait" ? decision.eligibleAt : undefined;
      return wakeDelay(delay, interval, eligibleAt, Math.floor(Date.now() / 1000), Math.random());
    });
    return Math.min(...waits);
  }
}
