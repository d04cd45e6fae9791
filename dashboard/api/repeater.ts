/**
 * Does something again upon changes: one at a time, a moment after the change, and once more where others came meanwhile.
 * However slow it is and however often things change, each time is done to its end.
 */
export class Repeater {
  private readonly run: () => Promise<void>;
  private readonly spread: number;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isRunning = false;
  private isWanted = false;
  private isStopped = false;

  /**
   * @param run never rejects
   * @param spread milliseconds within which it begins, at random, so that many pages do not ask at once
   */
  constructor(run: () => Promise<void>, spread: number) {
    this.run = run;
    this.spread = spread;
  }

  /** Does it now. */
  async now(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.isWanted = false;
    this.isRunning = true;
    await this.run();
    this.isRunning = false;
    if (this.isWanted) this.soon();
  }

  /** Does it a moment from now, or after what is under way. */
  soon(): void {
    if (this.isStopped) return;
    this.isWanted = true;
    if (!this.isRunning) this.timer ??= setTimeout(() => void this.now(), Math.random() * this.spread);
  }

  stop(): void {
    this.isStopped = true;
    clearTimeout(this.timer);
  }
}
