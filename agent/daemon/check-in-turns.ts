import type { Agent } from "../agent.ts";
import { type Backoff, backoffDelay } from "../fetch/backoff.ts";
import type { Log } from "../output/log.ts";
import { type Refusal, refusalOf } from "../output/refusal.ts";
import { retryAfterOf } from "./poll-delay.ts";

/** Seconds. A check-in that came to nothing is tried again before the next poll, if that is far. */
export const CHECK_IN_BACKOFF: Backoff = { base: 60, cap: 3600 };
/** Seconds over which devices spread that hear of a newer manifest. */
export const LOOK_SPREAD = 10;

/** When the daemon checks in: after each look, and again after one that came to nothing. Never throws, never hurries. */
export class CheckInTurns {
  private readonly agent: Agent;
  private readonly log: Log;
  private readonly signal: AbortSignal;
  private isDue = false;
  private wasTaken = false;
  private failures = 0;
  /** By `performance.now()`: a clock that is set changes no wait. */
  private notBefore = 0;
  private lookedFor = 0;
  private lastSaid = "";

  constructor(agent: Agent, log: Log, signal: AbortSignal) {
    this.agent = agent;
    this.log = log;
    this.signal = signal;
  }

  /** There is something to tell. */
  lookEnded(): void {
    this.isDue = this.agent.config.checkIn;
  }

  /** Something waits for this device: now, whatever the last try came to. */
  isCalledFor(): void {
    this.isDue = this.agent.config.checkIn;
    this.notBefore = 0;
  }

  /** Whether the controller took the last one. */
  get areTaken(): boolean {
    return this.wasTaken;
  }

  /** Seconds until it is to be tried again; `undefined`: not before the next look. */
  get wait(): number | undefined {
    return this.isDue ? Math.max(0, this.notBefore - performance.now()) / 1000 : undefined;
  }

  /**
   * Checks in, if it is time.
   *
   * @param interval seconds between two polls
   * @returns seconds until the manifest is to be looked at because of it; `undefined`: when it would be anyway
   */
  async turn(interval: number): Promise<number | undefined> {
    if (this.wait !== 0 || this.signal.aborted) return undefined;
    try {
      const result = await this.agent.checkIn(0);
      this.isDue = false;
      this.failures = 0;
      this.notBefore = 0;
      this.wasTaken = result !== undefined;
      this.say(result?.trouble === undefined ? undefined : refusalOf(result.trouble));
      if (result === undefined) return undefined;
      return result.carriedOut > 0 ? 0 : this.lookFor(result.manifest, interval);
    } catch (error) {
      if (this.signal.aborted) return undefined;
      this.failures++;
      this.wasTaken = false;
      const delay = backoffDelay(CHECK_IN_BACKOFF, this.failures, Math.random(), retryAfterOf(error));
      this.notBefore = performance.now() + Math.max(1, delay) * 1000;
      this.say(refusalOf(error));
      return undefined;
    }
  }

  /** Once for each manifest: one that a mirror on the way does not have yet is not asked for again and again. */
  private lookFor(manifest: number | undefined, interval: number): number | undefined {
    const known = this.agent.manifestVersion() ?? 0;
    if (manifest === undefined || manifest <= known || manifest <= this.lookedFor) return undefined;
    this.lookedFor = manifest;
    return Math.random() * Math.min(LOOK_SPREAD, interval);
  }

  /** A fleet whose controller is away writes no log: only what differs from the last time. */
  private say(refusal: Refusal | undefined): void {
    const said = refusal?.id ?? "";
    if (said === this.lastSaid) return;
    this.lastSaid = said;
    if (refusal === undefined) this.log.event("info", "checked-in", "the controller takes check-ins again");
    else this.log.refusal(refusal);
  }
}
