import { stat } from "node:fs/promises";
import type { Retention, Upkeep } from "../../fleet/store/fleet-store.ts";

const DAY = 86_400;
/** How long it is kept, seconds. */
const RETENTION: Retention = { attempts: 400 * DAY, audit: 3 * 365 * DAY, rollouts: 400 * DAY };
/** Milliseconds between two looks, and before the first: a start has other things to do. */
const INTERVAL_MS = 3_600_000;
const FIRST_MS = 60_000;

/**
 * Drops from time to time what the store need not keep any longer, and writes a backup of it once a day: whatever backs up
 * the state folder then finds a whole database there, which the one in use is not.
 */
export class RegularUpkeep {
  private readonly store: Upkeep;
  private readonly backup: string;
  private readonly now: () => number;
  private readonly onFailure: (why: string) => void;
  private timer: NodeJS.Timeout | undefined;

  /**
   * @param backup file that the backup is written to
   * @param now    seconds since 1970
   */
  constructor(store: Upkeep, backup: string, now: () => number, onFailure: (why: string) => void) {
    this.store = store;
    this.backup = backup;
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

  /** What is due now. What fails is told, and keeps nothing else from being done. */
  async runOnce(): Promise<void> {
    await this.attempt(() => this.store.expire(RETENTION, this.now()));
    await this.attempt(() => this.backUpDaily());
  }

  private async run(): Promise<void> {
    await this.runOnce();
    // Stopped meanwhile: then nothing comes after it.
    if (this.timer !== undefined) this.later(INTERVAL_MS);
  }

  private async attempt(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.onFailure(error instanceof Error ? error.message : String(error));
    }
  }

  private async backUpDaily(): Promise<void> {
    const known = await stat(this.backup).catch(() => undefined);
    // One that seems to come from the future was written by a clock that has been set back since.
    const age = known === undefined ? DAY : Math.abs(this.now() - known.mtimeMs / 1000);
    if (age >= DAY) await this.store.backUp(this.backup);
  }
}
