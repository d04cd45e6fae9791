/**
 * Keeps swaps and critical sections apart: neither begins while the other is under way. Sections may overlap.
 */
export class SwapGate {
  private open = 0;
  private isClosed = false;
  private readonly waiting = new Set<() => void>();

  /** Runs a critical section; it begins after a swap that is under way. What it throws is passed on. */
  async critical<T>(work: () => Promise<T> | T): Promise<T> {
    while (this.isClosed) await this.change();
    this.open++;
    try {
      return await work();
    } finally {
      this.open--;
      this.tell();
    }
  }

  /**
   * Waits until no section is open, and lets none begin from then on.
   *
   * @param seconds to wait at most
   * @returns whether it is closed now
   */
  async close(seconds: number): Promise<boolean> {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      this.tell();
    }, seconds * 1000);
    timer.unref();
    while (this.open > 0 && !isLate) await this.change();
    clearTimeout(timer);
    this.isClosed = this.open === 0;
    return this.isClosed;
  }

  /** The swap is over, or will not be. */
  reopen(): void {
    this.isClosed = false;
    this.tell();
  }

  private change(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.waiting.add(resolve);
    return promise;
  }

  private tell(): void {
    for (const resolve of this.waiting) resolve();
    this.waiting.clear();
  }
}
