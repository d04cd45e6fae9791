import type { Logger } from "pino";
import { areasForTenants, areasOf } from "./areas-of.ts";
import type { Area } from "./fact.ts";
import {
  type KeptNotifications,
  type KeptReceiver,
  type KeptReceivers,
  NEW_RECEIVER,
} from "./kept-notifications.ts";
import { type Message, messageOf } from "./message.ts";
import { nextNews } from "./next-news.ts";
import { afterAttempt, type Delivery, nextStep, withNews } from "./outbox.ts";
import { isRouted, type Receiver, type Route, routedAreas } from "./receiver.ts";
import type { MachineCounts, Situation } from "./situation.ts";

/** What came of news for one receiver. */
export type NotificationResult = "delivered" | "failed" | "given-up" | "dropped";

export interface NotifierParts {
  readonly receivers: readonly Receiver[];
  readonly kept: Pick<KeptNotifications, "read" | "write">;
  /** What can be seen now, without machines. */
  readonly observe: () => Omit<Situation, "machines">;
  /** Counts machines; rejects, or absent: nobody can tell. @param tenants `null`: all */
  readonly countMachines?: ((tenants: readonly string[] | null) => Promise<MachineCounts>) | undefined;
  /** Sends a message once; never rejects. */
  readonly deliver: (receiver: Receiver, message: Message, stop: AbortSignal) => Promise<Delivery>;
  /** For links. */
  readonly origin: string | undefined;
  readonly count: (receiver: string, result: NotificationResult, news: number) => void;
  readonly log: Logger;
  /** Seconds since 1970. */
  readonly now: () => number;
  readonly random: () => number;
}

/** Milliseconds: changes come in groups, and what only time changes is looked for now and then. */
const SETTLE_MS = 500;
const LOOK_MS = 30_000;
/** Seconds after which all machines are counted again, which looks at every row; and for how long an old count is better than none. */
const COUNT_AGAIN = 300;
const COUNT_GOOD = 3_600;

/**
 * Tells receivers what is news. What is told is on disk before it is sent, so that a restart neither repeats nor forgets it;
 * each receiver has its own queue and timer, and none waits for another, nor anybody for one of them.
 */
export class Notifier {
  private readonly parts: NotifierParts;
  private kept: Map<string, KeptReceiver>;
  private readonly machines = new Map<string, { readonly at: number; readonly counts: MachineCounts }>();
  /** Scopes that are being counted. */
  private readonly counting = new Set<string>();
  private readonly sending = new Map<string, Promise<void>>();
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private readonly ending = new AbortController();
  private looking: Promise<void> | undefined;
  private writing: Promise<void> = Promise.resolve();
  private isDue = false;
  private soon: NodeJS.Timeout | undefined;
  private regular: NodeJS.Timeout | undefined;
  private wasUnkept = false;

  constructor(parts: NotifierParts) {
    this.parts = parts;
    const known: KeptReceivers = parts.kept.read();
    // Those that are not configured any more are forgotten.
    this.kept = new Map(parts.receivers.map(({ name }) => [name, known.get(name) ?? NEW_RECEIVER]));
  }

  start(): void {
    this.regular = setInterval(() => this.look(), LOOK_MS);
    this.changed();
    for (const receiver of this.parts.receivers) this.proceed(receiver);
  }

  /** Something may be news. */
  changed(): void {
    if (this.ending.signal.aborted) return;
    this.soon ??= setTimeout(() => {
      this.soon = undefined;
      this.look();
    }, SETTLE_MS);
  }

  /** How many pieces of news wait, by receiver. */
  waiting(): ReadonlyMap<string, number> {
    return new Map(
      [...this.kept].map(([name, { outbox }]) => [name, outbox.sending.length + outbox.waiting.length]),
    );
  }

  /** What is under way is cut off, and sent again after the next start. */
  async stop(): Promise<void> {
    this.ending.abort();
    clearTimeout(this.soon);
    clearInterval(this.regular);
    for (const timer of this.timers.values()) clearTimeout(timer);
    await this.looking;
    await Promise.all(this.sending.values());
    await this.writing;
  }

  private look(): void {
    this.isDue = true;
    this.looking ??= this.drain().finally(() => {
      this.looking = undefined;
    });
  }

  private async drain(): Promise<void> {
    while (this.isDue && !this.ending.signal.aborted) {
      this.isDue = false;
      try {
        await this.lookOnce();
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        const stack = error instanceof Error ? error.stack : undefined;
        this.parts.log.error({ event: "notify.failed", stack }, `news cannot be looked for: ${message}`);
      }
    }
  }

  private async lookOnce(): Promise<void> {
    const { receivers, observe } = this.parts;
    let isNew = false;
    // One look for all: what is news for two is the same news.
    const seen = observe();
    const areas = new Map<string, readonly Area[]>();
    for (const { route } of receivers) {
      const scope = scopeOf(route);
      if (areas.has(scope)) continue;
      const situation: Situation = { ...seen, machines: this.machinesOf(route) };
      areas.set(scope, route.tenants === undefined ? areasOf(situation) : areasForTenants(situation));
    }
    for (const receiver of receivers) {
      const before = this.kept.get(receiver.name) ?? NEW_RECEIVER;
      const { told, news } = nextNews(
        before.told,
        routedAreas(areas.get(scopeOf(receiver.route)) ?? [], receiver.route),
        receiver.repeatAfter,
        seen.now,
      );
      if (news.length === 0 && before.told !== undefined && isSame(before.told, told)) continue;
      // Where the configuration has changed, what is not to be told any more is not told to have ended either.
      const routed = news.filter(({ event, subject }) => isRouted(receiver.route, event, subject));
      const { outbox, dropped } = withNews(before.outbox, routed);
      if (dropped > 0) this.parts.count(receiver.name, "dropped", dropped);
      this.kept.set(receiver.name, { told, outbox });
      isNew = true;
    }
    if (!isNew) return;
    await this.write();
    for (const receiver of receivers) this.proceed(receiver);
  }

  /** What was counted last. Counting anew goes on beside it: a database that hangs delays no other news. */
  private machinesOf(route: Route): MachineCounts | undefined {
    const { countMachines, now } = this.parts;
    if (countMachines === undefined) return undefined;
    const scope = scopeOf(route);
    const known = this.machines.get(scope);
    const age = known === undefined ? Number.POSITIVE_INFINITY : Math.abs(now() - known.at);
    if (age >= COUNT_AGAIN && !this.counting.has(scope)) {
      this.counting.add(scope);
      countMachines(route.tenants ?? null)
        .then((counts) => {
          this.machines.set(scope, { at: now(), counts });
          this.changed();
        })
        // It is asked again with the next look.
        .catch(() => undefined)
        .finally(() => this.counting.delete(scope));
    }
    return age < COUNT_GOOD ? known?.counts : undefined;
  }

  /** Sends what waits for a receiver, one message after the other. */
  private proceed(receiver: Receiver): void {
    const { name } = receiver;
    if (this.ending.signal.aborted || this.sending.has(name)) return;
    clearTimeout(this.timers.get(name));
    this.timers.delete(name);
    const before = this.kept.get(name) ?? NEW_RECEIVER;
    const { now } = this.parts;
    const step = nextStep(before.outbox, receiver.burst, now());
    switch (step.kind) {
      case "idle":
        return;
      case "wait": {
        const milliseconds = Math.min(3_600_000, Math.max(250, (step.until - now()) * 1000));
        this.timers.set(
          name,
          setTimeout(() => this.proceed(receiver), milliseconds),
        );
        return;
      }
      case "send": {
        this.kept.set(name, { ...before, outbox: step.outbox });
        const sent = this.send(receiver).finally(() => {
          this.sending.delete(name);
          this.proceed(receiver);
        });
        this.sending.set(name, sent);
      }
    }
  }

  private async send(receiver: Receiver): Promise<void> {
    const { name } = receiver;
    const { deliver, origin, now, random, count, log } = this.parts;
    // What becomes one message stays one, also over a restart.
    await this.write();
    const { sending } = (this.kept.get(name) ?? NEW_RECEIVER).outbox;
    const message = messageOf(sending, origin);
    const delivery = await deliver(receiver, message, this.ending.signal);
    // Cut off: nobody knows what became of it.
    if (this.ending.signal.aborted && delivery.kind !== "delivered") return;
    const kept = this.kept.get(name) ?? NEW_RECEIVER;
    const { outbox, isGivenUp } = afterAttempt(kept.outbox, delivery, now(), random());
    this.kept.set(name, { ...kept, outbox });
    await this.write();
    const fields = { receiver: name, id: message.id, type: message.type };
    if (delivery.kind === "delivered") {
      count(name, "delivered", sending.length);
      log.info({ event: "notify.delivered", ...fields }, `${name} is told: ${message.title}`);
    } else if (isGivenUp) {
      count(name, "given-up", sending.length);
      log.error(
        { event: "notify.given-up", ...fields },
        `${name} is not told, and will not be: ${delivery.why}`,
      );
    } else {
      count(name, "failed", sending.length);
      // The first failure is news; what follows is the same.
      const level = kept.outbox.failures === 0 ? "warn" : "debug";
      log[level]({ event: "notify.retried", ...fields }, `${name} is not told yet: ${delivery.why}`);
    }
  }

  /** One after the other. A full disk is said once, and holds nothing up. */
  private write(): Promise<void> {
    this.writing = this.writing.then(async () => {
      try {
        await this.parts.kept.write(this.kept);
        this.wasUnkept = false;
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        if (!this.wasUnkept) {
          this.parts.log.error(
            { event: "notify.unkept" },
            `what was told is not on disk, and may be told again after a restart: ${message}`,
          );
        }
        this.wasUnkept = true;
      }
    });
    return this.writing;
  }
}

/** Whose machines a receiver may hear of, as a name for it. */
function scopeOf({ tenants = [] }: Route): string {
  return JSON.stringify(tenants);
}

function isSame(before: ReadonlyMap<string, unknown>, after: ReadonlyMap<string, unknown>): boolean {
  return before.size === after.size && [...after].every(([key, told]) => before.get(key) === told);
}
