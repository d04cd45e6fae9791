/** Samples at most; with one more, every other one is left out. Two for each column of the widest terminal. */
const MOST_SAMPLES = 512;

/** How something was at a second, and until the next sample. */
export interface Sampled<T> {
  readonly at: number;
  readonly value: T;
}

/**
 * Looks in regular steps at something that changes now and then, without knowing how long it will: each time there are too
 * many samples the step doubles. So they lie as close together as the time until the last change allows, however long
 * nothing happens after it.
 */
export class Sampler<T> {
  private value: T;
  private samples: T[] = [];
  /** Seconds between two samples. */
  private step = 1;
  private last = 0;

  constructor(first: T) {
    this.value = first;
  }

  /** From `at` on it is so; seconds come in order. */
  change(at: number, value: T): void {
    this.fillUpTo(at);
    this.value = value;
    this.last = at;
  }

  /**
   * All of them, and one at the end.
   *
   * @param last  second before the end until which something may change that is not told here
   * @param until the end, after all that was told
   */
  end(last: number, until: number): Sampled<T>[] {
    this.fillUpTo(Math.max(last, this.last) + 1);
    const { step, value } = this;
    const samples = this.samples.map((value, index) => ({ at: index * step, value }));
    const next = samples.length * step;
    return [...samples, ...(next < until ? [{ at: next, value }] : []), { at: until, value }];
  }

  /** All that lie before a second: nothing has changed since the last change. */
  private fillUpTo(at: number): void {
    while (this.samples.length * this.step < at) {
      this.samples.push(this.value);
      if (this.samples.length <= MOST_SAMPLES) continue;
      this.samples = this.samples.filter((_, index) => index % 2 === 0);
      this.step *= 2;
    }
  }
}
