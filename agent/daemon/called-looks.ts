import { setTimeout as sleep } from "node:timers/promises";
import type { LookMessage } from "../../protocol/push/look-message.ts";
import type { Agent } from "../agent.ts";
import { LookStream } from "../push/look-stream.ts";

/**
 * What the controller calls for between two polls: that the manifest is looked at, spread over the fleet, or that this
 * very device checks in. Nothing depends on it: without a stream the daemon polls.
 */
export class CalledLooks {
  private readonly agent: Pick<Agent, "requestSigner" | "manifestVersion" | "config">;
  private readonly signal: AbortSignal;
  private stream: LookStream | undefined;
  private isOpening = false;
  /** By `performance.now()`; the manifest that is to be had then. */
  private called: { readonly at: number; readonly manifest: number } | undefined;
  private isWaitedFor = false;
  private readonly sleepers = new Set<() => void>();

  constructor(agent: Pick<Agent, "requestSigner" | "manifestVersion" | "config">, signal: AbortSignal) {
    this.agent = agent;
    this.signal = signal;
  }

  /** Begins to listen; once the controller has taken a check-in, since a mirror has no stream. */
  async listen(): Promise<void> {
    if (this.stream !== undefined || this.isOpening) return;
    this.isOpening = true;
    try {
      const sign = await this.agent.requestSigner();
      const { server } = this.agent.config;
      this.stream = new LookStream({
        ...{ server, sign, signal: this.signal, random: Math.random },
        known: () => this.agent.manifestVersion(),
        onLook: (message) => this.hear(message),
        now: () => Math.floor(Date.now() / 1000),
      });
    } catch {
      // The next check-in that is taken brings the next try.
    } finally {
      this.isOpening = false;
    }
  }

  /** When to look at the manifest, by `performance.now()`; `Infinity`: nobody has called for it. */
  get lookAt(): number {
    if (this.called === undefined) return Number.POSITIVE_INFINITY;
    return this.called.manifest > (this.agent.manifestVersion() ?? 0)
      ? this.called.at
      : Number.POSITIVE_INFINITY;
  }

  /** A look has begun: one that was called for before is this one. */
  lookBegins(): void {
    this.called = undefined;
  }

  /** Whether something waits at the controller for this device; once for each call. */
  takeWaiting(): boolean {
    const { isWaitedFor } = this;
    this.isWaitedFor = false;
    return isWaitedFor;
  }

  /**
   * Waits, and ends sooner when something waits for this device, or at a stop.
   *
   * @param endsForLooks whether it ends for news of a manifest, too
   */
  async pause(seconds: number, endsForLooks: boolean): Promise<void> {
    if (this.isWaitedFor || this.signal.aborted) return;
    const ended = new AbortController();
    const end = (): void => {
      if (endsForLooks || this.isWaitedFor) ended.abort();
    };
    this.sleepers.add(end);
    try {
      const milliseconds = Math.min(seconds * 1000, LONGEST_MILLISECONDS);
      await sleep(milliseconds, undefined, { signal: AbortSignal.any([this.signal, ended.signal]) });
    } catch {
      // Called, or stopped: the caller looks.
    } finally {
      this.sleepers.delete(end);
    }
  }

  private hear({ manifest, within }: LookMessage): void {
    if (manifest === undefined) this.isWaitedFor = true;
    else if (manifest > (this.called?.manifest ?? this.agent.manifestVersion() ?? 0)) {
      const at = performance.now() + Math.random() * within * 1000;
      this.called = { at: Math.min(at, this.called?.at ?? at), manifest };
    }
    for (const end of this.sleepers) end();
  }
}

/** The longest that a timer can be set to. */
const LONGEST_MILLISECONDS = 2 ** 31 - 1;
