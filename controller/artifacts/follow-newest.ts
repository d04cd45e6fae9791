/** One run over the newest value that was given. */
export interface Round {
  /** Aborted when everything ends. */
  readonly signal: AbortSignal;
  /** Whether a newer value waits: the run should end after the item that it is at. */
  readonly isStale: () => boolean;
}

/** Runs in the background over the newest of what it is given, one run at a time, and again when the run asks for it. */
export class FollowNewest<T> {
  private readonly work: (newest: T, round: Round) => Promise<number | undefined>;
  private readonly stop = new AbortController();
  private newest: { readonly value: T } | undefined;
  private running: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;

  /** @param work never throws; answers in how many milliseconds to run again for the same value, if at all */
  constructor(work: (newest: T, round: Round) => Promise<number | undefined>) {
    this.work = work;
  }

  give(value: T): void {
    this.newest = { value };
    clearTimeout(this.timer);
    this.running ??= this.run();
  }

  /** Cuts the run short and waits for its end. */
  async close(): Promise<void> {
    this.stop.abort();
    clearTimeout(this.timer);
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stop;
    let again: number | undefined;
    for (let at: { readonly value: T } | undefined; at !== this.newest && !signal.aborted; ) {
      const current = this.newest;
      if (current === undefined) break;
      at = current;
      again = await this.work(current.value, { signal, isStale: () => this.newest !== current });
    }
    this.running = undefined;
    if (again === undefined || signal.aborted) return;
    this.timer = setTimeout(() => {
      this.running ??= this.run();
    }, again).unref();
  }
}
