/** How failed and healthy devices are parted by a trait. */
export interface Split {
  /** Failed devices with the trait, of all that failed. */
  readonly failed: number;
  readonly ofFailed: number;
  readonly healthy: number;
  readonly ofHealthy: number;
}

/** Logarithms of factorials up to a bound, made once for many questions. */
export class LogFactorials {
  private readonly sums: Float64Array;

  constructor(most: number) {
    this.sums = new Float64Array(most + 1);
    for (let n = 2; n <= most; n++) this.sums[n] = (this.sums[n - 1] ?? 0) + Math.log(n);
  }

  /** The logarithm of "n choose k". */
  choose(n: number, k: number): number {
    return (this.sums[n] ?? 0) - (this.sums[k] ?? 0) - (this.sums[n - k] ?? 0);
  }
}

/**
 * Fisher's exact test, one-sided (R. A. Fisher, Statistical Methods for Research Workers, 5th ed. 1934, section 21.02): the
 * logarithm of the probability that so many of the failed devices, or more, have the trait, if the trait had nothing to do
 * with it. It holds for small numbers, where a chi-squared test does not.
 *
 * @param logs up to the number of all devices at least
 */
export function logFisher({ failed, ofFailed, healthy, ofHealthy }: Split, logs: LogFactorials): number {
  const having = failed + healthy;
  const most = Math.min(having, ofFailed);
  const all = logs.choose(ofFailed + ofHealthy, having);
  const termOf = (count: number): number =>
    logs.choose(ofFailed, count) + logs.choose(ofHealthy, having - count) - all;
  // Past the mode of the distribution the terms fall, so what is left soon adds nothing; before it the answer is near 1.
  const first = termOf(failed);
  let sum = 1;
  for (let count = failed + 1; count <= most; count++) {
    const part = Math.exp(termOf(count) - first);
    sum += part;
    if (part < sum * 1e-17) break;
  }
  return Math.min(0, first + Math.log(sum));
}
