import { FailuresByAddress } from "../fleet/failures-by-address.ts";

/** Right tokens that are remembered. */
const MOST_RIGHT = 1_000;

/**
 * Keeps one address from having the fleet's database look for tokens that it makes up. Nobody guesses 256 bits: it is the
 * looking that costs. A token that was right here a while ago is always looked for, as behind a proxy all people may have
 * one address, and nobody may lock the others out.
 */
export class WrongTokens {
  private readonly failures = new FailuresByAddress();
  /** Digests, the one that was shown longest ago first. */
  private readonly right = new Set<string>();

  /**
   * Whether a token is to be looked for.
   *
   * @param now seconds since 1970
   */
  mayAsk(digest: string, address: string, now: number): boolean {
    return this.right.has(digest) || !this.failures.isOver(address, now);
  }

  wasRight(digest: string): void {
    this.right.delete(digest);
    this.right.add(digest);
    const [oldest] = this.right;
    if (this.right.size > MOST_RIGHT && oldest !== undefined) this.right.delete(oldest);
  }

  wasWrong(digest: string, address: string, now: number): void {
    this.right.delete(digest);
    this.failures.add(address, now);
  }
}
