import type { Retention, Upkeep } from "../../fleet/store/fleet-store.ts";

const DAY = 86_400;
/** How long it is kept, seconds. */
const RETENTION: Retention = { attempts: 400 * DAY, audit: 3 * 365 * DAY, rollouts: 400 * DAY };
/** Milliseconds between two looks, and before the first: a start has other things to do. */
const INTERVAL_MS = 3_600_000;
const FIRST_MS = 60_000;

/** Drops from time to time what the store need not keep any longer. */
export class RegularUpkeep {
  private readonly store: Upkeep;
  private readonly now: () => number;
  private readonly onFailure: (why: string) => void;
  private timer: NodeJS.Timeout | undefined;

  /** @param now seconds since 1970 */
  constructor(store: Upkeep, now: () => number, onFailure: (why: string) => void) {
    this.store = store;
    this.now = now;
    this.onFailure = onFailure;
  }

  start(): void {
    this.later(FIRST_MS);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private later(milliseconds: number): void {
    this.timer = setTimeout(() => void this.run(), milliseconds).unref();
  }

  private async run(): Promise<void> {
    try {
      await this.store.expire(RETENTION, this.now());
    } catch (error) {
      this.onFailure(error instanceof Error ? error.message : String(error));
    }
    // Stopped meanwhile: then nothing comes after it.
    if (this.timer !== undefined) this.later(INTERVAL_MS);
  }
}
