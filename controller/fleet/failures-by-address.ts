/** How many attempts may fail from one address, and of how many addresses that is remembered. */
export interface FailureLimits {
  readonly failures: number;
  /** Seconds in which they are counted. */
  readonly seconds: number;
  readonly addresses: number;
}

const LIMITS: FailureLimits = { failures: 30, seconds: 60, addresses: 10_000 };

/**
 * Counts by address what was tried with a wrong token. Those with a right one are taken whatever failed from theirs
 * before: behind a proxy all devices may have one address, and nobody may lock the others out.
 */
export class FailuresByAddress {
  private readonly limits: FailureLimits;
  /** In the order of their first failure, so that the oldest is the first to be forgotten. */
  private readonly counted = new Map<string, { readonly since: number; failures: number }>();

  constructor(limits: FailureLimits = LIMITS) {
    this.limits = limits;
  }

  /**
   * One more failed. @returns whether they are too many by now
   *
   * @param now seconds since 1970
   */
  add(address: string | null, now: number): boolean {
    const from = address ?? "";
    const { failures, seconds, addresses } = this.limits;
    let count = this.counted.get(from);
    if (count === undefined || now - count.since >= seconds || now < count.since) {
      count = { since: now, failures: 0 };
      this.counted.delete(from);
      this.counted.set(from, count);
      const [oldest] = this.counted.keys();
      if (this.counted.size > addresses && oldest !== undefined) this.counted.delete(oldest);
    }
    count.failures++;
    return count.failures > failures;
  }

  /** Whether as many have failed as may. */
  isOver(address: string | null, now: number): boolean {
    const { failures, seconds } = this.limits;
    const count = this.counted.get(address ?? "");
    return (
      count !== undefined && now >= count.since && now - count.since < seconds && count.failures >= failures
    );
  }
}
