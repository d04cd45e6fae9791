import { MAX_CLOCK_AHEAD, MAX_REQUEST_AGE } from "../../protocol/http-signatures/profile.ts";

export interface ReplayGuardLimits {
  /** Signatures remembered at once, of all devices. */
  readonly entries: number;
  /** Of one device, so that no single one can use up what all of them share. */
  readonly perDevice: number;
}

/** About 100 MB where every entry is used: a fleet of 100,000 that asks each five minutes uses up to 400,000. */
const DEFAULT_LIMITS: ReplayGuardLimits = { entries: 1_000_000, perDevice: 256 };

/** Seconds from the earliest moment at which a signature is taken to the last. */
const ACCEPTED_SECONDS = MAX_REQUEST_AGE + MAX_CLOCK_AHEAD;

/** `too-many` and `full`: nothing says that it is a replay, and it must be refused all the same. */
export type Admission = "new" | "replayed" | "too-many" | "full";

/**
 * Remembers signatures for as long as they would be taken, so that each is taken once: in two generations, of which the
 * older is forgotten when the newer is as old as a signature can be. It holds for one process and its life. What is
 * sent again after a restart, or to another replica, is for the device's sequence number in the store to find.
 */
export class ReplayGuard {
  private readonly limits: ReplayGuardLimits;
  private current: Generation;
  private before: Generation;

  /** @param now seconds since 1970 */
  constructor(now: number, limits: ReplayGuardLimits = DEFAULT_LIMITS) {
    this.limits = limits;
    this.current = new Generation(now);
    this.before = new Generation(now - ACCEPTED_SECONDS);
  }

  /**
   * Remembers a signature that holds. To be asked last of all: whoever could have the nonces of others remembered could
   * have their requests refused.
   *
   * @param now seconds since 1970; a clock that goes back only makes it remember for longer
   */
  admit(keyid: string, nonce: string, now: number): Admission {
    this.rotate(now);
    const [older, newer] = [this.before.of(keyid), this.current.of(keyid)];
    if (older.includes(nonce) || newer.includes(nonce)) return "replayed";
    if (older.length + newer.length >= this.limits.perDevice) return "too-many";
    if (this.before.size + this.current.size >= this.limits.entries) return "full";
    this.current.add(keyid, nonce);
    return "new";
  }

  private rotate(now: number): void {
    const age = now - this.current.since;
    if (age < ACCEPTED_SECONDS) return;
    this.before = age < 2 * ACCEPTED_SECONDS ? this.current : new Generation(now);
    this.current = new Generation(now);
  }
}

const NONE: readonly string[] = [];

class Generation {
  readonly since: number;
  size = 0;
  private readonly nonces = new Map<string, string[]>();

  constructor(since: number) {
    this.since = since;
  }

  of(keyid: string): readonly string[] {
    return this.nonces.get(keyid) ?? NONE;
  }

  add(keyid: string, nonce: string): void {
    const known = this.nonces.get(keyid);
    if (known === undefined) this.nonces.set(copy(keyid), [copy(nonce)]);
    else known.push(copy(nonce));
    this.size++;
  }
}

/** A part of a string keeps the whole of it in memory: here all header fields of a request, for a few characters. */
function copy(text: string): string {
  return Buffer.from(text, "latin1").toString("latin1");
}
