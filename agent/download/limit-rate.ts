import { setTimeout as sleepFor } from "node:timers/promises";

/** How time passes. Milliseconds. */
export interface Clock {
  readonly now: () => number;
  readonly sleep: (milliseconds: number, signal: AbortSignal | undefined) => Promise<unknown>;
}

const REAL: Clock = {
  now: () => performance.now(),
  sleep: (milliseconds, signal) => sleepFor(milliseconds, undefined, signal === undefined ? {} : { signal }),
};

/** Credit that a slow stretch leaves: what was not used then must not come as a burst later. */
const BURST_MILLISECONDS = 1000;

/**
 * Keeps a download to so many bytes a second, for who shares the line with it. Bytes that are not taken wait in the
 * connection, whose window closes: the sender slows down by itself.
 */
export class RateLimit {
  private readonly bytesPerSecond: number;
  private readonly clock: Clock;
  /** When all that was taken so far is paid for. */
  private paidAt: number;

  constructor(bytesPerSecond: number, clock: Clock = REAL) {
    this.bytesPerSecond = bytesPerSecond;
    this.clock = clock;
    this.paidAt = clock.now();
  }

  /** Waits until bytes that have just been taken are paid for. Rejects at the signal. */
  async pay(bytes: number, signal: AbortSignal | undefined): Promise<void> {
    const now = this.clock.now();
    this.paidAt = Math.max(this.paidAt, now - BURST_MILLISECONDS) + (bytes * 1000) / this.bytesPerSecond;
    if (this.paidAt > now) await this.clock.sleep(this.paidAt - now, signal);
  }
}
