import { EventEmitter } from "node:events";
import { Agent } from "../agent.ts";
import { pollDelay, pollInterval } from "../daemon/poll-delay.ts";
import { channelDeferral, deferralBound } from "../decision/deferral-bound.ts";
import type { AgentHome } from "../home/agent-home.ts";
import { InstallError } from "../installation/install-error.ts";
import type { InstallOutcome } from "../life-cycle/installation.ts";
import type { InstallPlan, Journal } from "../life-cycle/journal.ts";
import { type HandedOver, startSuccessor } from "../process/hand-over.ts";
import type { LocalProduct } from "../product/local-product.ts";
import { SwapGate } from "./swap-gate.ts";
import type { Change, Consent, Offer, UpdaterEvents } from "./updater-events.ts";

export interface UpdaterOptions {
  /** Where this device keeps its things: `agentHome(...)`. It is enrolled there. */
  readonly home: AgentHome;
  /** Name of the product that is this very program. */
  readonly self?: string;
  /** How that program becomes its new version: `replaceProcess`, or a way of its own. */
  readonly reExec?: (path: string) => never;
  /**
   * In its place, where connections are to outlive an update: what the new version takes over (`takeHandedOver`). It is
   * another process, which this one makes room for.
   */
  readonly handOver?: () => Promise<readonly HandedOver[]> | readonly HandedOver[];
  /** Ends `start`, downloads and waits. */
  readonly signal?: AbortSignal;
  /** Asked when a version is ready, right before it is swapped in. Absent: now. What it throws counts as later. */
  readonly mayUpdate?: (offer: Offer) => Promise<Consent> | Consent;
  /**
   * Seconds from the first question after which a version is installed without another. Where `defer_at_most` in the
   * machine's config.yaml or `deferAtMost` of the channel is less, that counts: a program puts nothing off for longer than
   * its administrator and the fleet let it.
   */
  readonly deferAtMost?: number;
  /** Seconds that a swap waits for critical sections and for an answer; then it is put off to the next look. */
  readonly waitAtMost?: number;
  /** Seconds between two looks; absent: as config.yaml, the fleet and the default have it. */
  readonly interval?: number;
  /** Seconds since 1970; the machine's clock unless given. */
  readonly now?: () => number;
}

const DEFER_AT_MOST = 7 * 86_400;
const WAIT_AT_MOST = 300;
/** Seconds until a host is asked again that gave no answer. */
const UNANSWERED = 3600;
const LONGEST_TIMER = 2 ** 31 - 1;

/**
 * The agent inside another program: looks, decides, asks its host, installs and proves, and says what it does. Its timers
 * keep no process alive. What a listener throws is a warning of the process and stops nothing.
 */
export class Updater extends EventEmitter<UpdaterEvents> {
  readonly agent: Agent;
  private readonly options: UpdaterOptions;
  private readonly gate: SwapGate;
  private readonly now: () => number;
  private timer: NodeJS.Timeout | undefined;
  private isStarted = false;
  private working: Promise<void> = Promise.resolve();
  /** A person asks for this look, and so is not asked. */
  private isAsked = false;
  private failures = 0;
  private policyInterval: number | undefined;
  /** By product: for how long its channel lets anybody put off what it offers, by the last look. */
  private readonly policyBounds = new Map<string, number | undefined>();

  private constructor(agent: Agent, options: UpdaterOptions, gate: SwapGate) {
    super();
    this.agent = agent;
    this.options = options;
    this.gate = gate;
    this.now = options.now ?? (() => Math.floor(Date.now() / 1000));
  }

  /** @throws ConfigError where this device is not enrolled or its settings cannot be used; HomeError */
  static async open(options: UpdaterOptions): Promise<Updater> {
    const hooks: { updater?: Updater } = {};
    const { home, self, reExec, handOver, signal, now } = options;
    const agent = await Agent.open(home, {
      ...(self === undefined ? {} : { self }),
      ...(reExec === undefined ? {} : { reExec }),
      ...(handOver === undefined ? {} : { handOver: (path) => startSuccessor(path, handOver) }),
      ...(signal === undefined ? {} : { signal }),
      ...(now === undefined ? {} : { now }),
      onState: (journal) => hooks.updater?.entered(journal),
      onProgress: (received, size, product) => hooks.updater?.say("downloading", { product, received, size }),
      beforeSwap: async (plan, product) => hooks.updater?.askHost(plan, product),
    });
    hooks.updater = new Updater(agent, options, new SwapGate());
    return hooks.updater;
  }

  /**
   * "I am up": confirms the version that runs, or makes room for the one before. To be called once the program works.
   *
   * @throws InstallError as `LocalProduct.resume`
   */
  ready(): Promise<void> {
    return this.alone(async () => {
      for (const product of this.agent.products.toReversed()) {
        this.ended(product, await product.resume());
      }
    });
  }

  /** Looks now, and from then on from time to time. */
  start(): void {
    if (this.isStarted) return;
    this.isStarted = true;
    this.options.signal?.addEventListener("abort", () => void this.stop(), { once: true });
    this.lookIn(0);
  }

  /** Looks no more, and waits for what is under way. */
  async stop(): Promise<void> {
    this.isStarted = false;
    clearTimeout(this.timer);
    await this.working;
  }

  /**
   * One look at all products, with the updates that it leads to. Never throws: what failed is told as `failed`.
   *
   * @param updateNow a person asks: passes waves, windows and what was put off
   */
  look(updateNow = false): Promise<void> {
    return this.alone(() => this.lookAtAll(updateNow));
  }

  /** Runs work during which nothing is swapped. It waits for a swap that is under way; what it throws is passed on. */
  critical<T>(work: () => Promise<T> | T): Promise<T> {
    return this.gate.critical(work);
  }

  /** One thing at a time. */
  private alone(work: () => Promise<void>): Promise<void> {
    const done = this.working.then(work);
    this.working = done.catch(() => undefined);
    return done;
  }

  private lookIn(seconds: number): void {
    if (!this.isStarted) return;
    this.timer = setTimeout(
      () => void this.look().then(() => this.lookIn(this.delay())),
      Math.min(seconds * 1000, LONGEST_TIMER),
    );
    this.timer.unref();
  }

  private delay(): number {
    const { interval = pollInterval(this.agent.config.checkInterval, this.policyInterval) } = this.options;
    const result =
      this.failures === 0
        ? ({ kind: "fine" } as const)
        : ({ kind: "failed", failures: this.failures } as const);
    return interval === 0 ? LONGEST_TIMER / 1000 : pollDelay(interval, result, Math.random());
  }

  private async lookAtAll(updateNow: boolean): Promise<void> {
    this.isAsked = updateNow;
    try {
      await this.agent.refresh();
      this.failures = 0;
    } catch (error) {
      this.failures++;
      for (const product of this.agent.products) product.recordFailedCheck(error);
      this.fail(error);
      return;
    }
    this.say("checked", { manifest: this.agent.manifestVersion() });
    for (const product of this.agent.products) {
      if (this.options.signal?.aborted === true) return;
      await this.lookAt(product, updateNow);
    }
    this.isAsked = false;
    await this.checkIn();
  }

  private async lookAt(product: LocalProduct, updateNow: boolean): Promise<void> {
    try {
      const evaluation = await product.decide(updateNow);
      const { decision, installed, policy } = evaluation;
      this.policyInterval = policy.fleet.checkInterval;
      this.policyBounds.set(product.name, channelDeferral(evaluation));
      this.say("decided", { product: product.name, installed: installed?.version ?? null, decision });
      const next = "path" in decision ? decision.path[0] : undefined;
      if (next === undefined || (!updateNow && this.isPutOff(product, next))) {
        product.recordCheck(evaluation);
        return;
      }
      const { outcomes } = await product.update(updateNow);
      for (const outcome of outcomes) this.ended(product, outcome);
    } catch (error) {
      if (error instanceof InstallError && error.code === "install/postponed") return;
      product.recordFailedCheck(error);
      this.fail(error, product.name);
    } finally {
      this.gate.reopen();
    }
  }

  /** What the host put off is neither staged nor proven again before its time. */
  private isPutOff(product: LocalProduct, version: string): boolean {
    const { postponed } = product.status().state;
    if (postponed?.version !== version) return false;
    return this.now() < Math.min(postponed.until, this.deadlineOf(product, postponed.since));
  }

  private deadlineOf({ name, config }: LocalProduct, since: number): number {
    return (
      since + (deferralBound(config, this.options.deferAtMost, this.policyBounds.get(name)) ?? DEFER_AT_MOST)
    );
  }

  /** Between the proof of what is staged and its swap. */
  private async askHost(plan: InstallPlan, name: string): Promise<void> {
    const product = this.agent.product(name);
    const change = changeOf(plan, name);
    const { postponed } = product.status().state;
    const since = postponed?.id === plan.to.id ? postponed.since : this.now();
    const deadline = this.deadlineOf(product, since);
    this.say("staged", change);
    const later =
      this.isAsked || this.now() >= deadline
        ? undefined
        : await this.answer({ ...change, build: plan.to, deadline });
    if (later !== undefined) {
      const until = Math.min(Math.max(later, this.now() + 1), deadline);
      product.postpone({ ...plan.to, since, until });
      this.say("deferred", { ...change, until, deadline });
      throw new InstallError("install/postponed", `${plan.to.version} of ${name} is put off`);
    }
    const { waitAtMost = WAIT_AT_MOST } = this.options;
    if (!(await this.gate.close(waitAtMost))) {
      throw new InstallError("install/postponed", "a critical section is open; the next look tries again");
    }
    if (postponed !== undefined) product.postpone(undefined);
    this.say("swapping", change);
  }

  /** @returns the second until which the host wants to wait; `undefined`: now */
  private async answer(offer: Offer): Promise<number | undefined> {
    const { mayUpdate, waitAtMost = WAIT_AT_MOST } = this.options;
    if (mayUpdate === undefined) return undefined;
    const silence = Promise.withResolvers<"silent">();
    const timer = setTimeout(() => silence.resolve("silent"), waitAtMost * 1000);
    timer.unref();
    try {
      const answer = await Promise.race([mayUpdate(offer), silence.promise]);
      if (answer === "now") return undefined;
      return answer === "silent" ? this.now() + UNANSWERED : answer.postponeUntil;
    } catch (error) {
      this.fail(error, offer.product);
      return this.now() + UNANSWERED;
    } finally {
      clearTimeout(timer);
    }
  }

  private entered(journal: Journal): void {
    if (journal.state === "idle") this.gate.reopen();
  }

  private ended(product: LocalProduct, outcome: InstallOutcome | undefined): void {
    if (outcome === undefined) return;
    const change = changeOf(outcome.plan, product.name);
    switch (outcome.outcome) {
      case "confirmed":
        this.say("confirmed", change);
        return;
      case "rolled-back":
        this.say("rolled-back", { ...change, reason: outcome.reason });
        return;
      case "not-restored":
        this.fail(
          new Error(`${change.to} failed and could not be taken back: ${outcome.reason}`),
          product.name,
        );
    }
  }

  private async checkIn(): Promise<void> {
    try {
      await this.agent.checkIn(0);
    } catch (error) {
      this.fail(error);
    }
  }

  private fail(error: unknown, product?: string): void {
    const told = error instanceof Error ? error : new Error(String(error));
    this.say("failed", { ...(product === undefined ? {} : { product }), error: told });
  }

  private say<Name extends keyof UpdaterEvents>(name: Name, ...told: UpdaterEvents[Name]): void {
    try {
      this.emit<keyof UpdaterEvents>(name, ...told);
    } catch (error) {
      process.emitWarning(error instanceof Error ? error : String(error));
    }
  }
}

function changeOf({ from, to }: InstallPlan, product: string): Change {
  return { product, from: from?.version ?? null, to: to.version };
}
