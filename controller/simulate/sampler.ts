/** Samples at most; with one more, every other one is left out. Two for each column of the widest terminal. */
const MOST_SAMPLES = 512;

/**
 * Looks at something in regular steps, without knowing for how long: each time there are too many samples the step doubles,
 * so that they lie as close to each other as the time of all that happened allows.
 */
export class Sampler<T> {
  private readonly look: (at: number) => T;
  private samples: T[] = [];
  /** Seconds. */
  private step = 1;

  /** @param look what is seen at a second; it is called for each second in order */
  constructor(look: (at: number) => T) {
    this.look = look;
  }

  /** Time goes on until before `at`: nothing has changed since the second that it was called with last. */
  before(at: number): void {
    while (this.samples.length * this.step < at) {
      this.samples.push(this.look(this.samples.length * this.step));
      if (this.samples.length <= MOST_SAMPLES) continue;
      this.samples = this.samples.filter((_, index) => index % 2 === 0);
      this.step *= 2;
    }
  }

  /** All of them, and how it was at the end. */
  end(last: number, until: number): T[] {
    this.before(last + 1);
    const next = this.samples.length * this.step;
    return [...this.samples, ...(next < until ? [this.look(next)] : []), this.look(until)];
  }
}
