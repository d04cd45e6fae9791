/** Milliseconds for which an answer is good at least. */
const FRESH_MS = 1_000;
/** One that took long is good for so many times as long: whoever makes it has more to do. */
const TIMES_AS_LONG = 20;
/** However long it took: a machine that was busy for a moment does not show what is old for minutes. */
const LONGEST_MS = 15_000;
/** Between what an answer tells of and what is asked about: as long as it is good at most, and as long to make it. */
const MOST_APART_MS = 2 * LONGEST_MS;
/** Askers that are kept apart; the one who asked first is forgotten. */
const MOST_KEPT = 64;

interface KeptAnswer<Value> {
  readonly answer: Promise<Value>;
  /** What it was made of besides the asker: with anything else it is no answer. */
  readonly of: unknown;
  /** The moment that it tells of, seconds since 1970. */
  readonly at: number;
  /** Milliseconds of a clock that never goes back; `undefined` while it is made. */
  until: number | undefined;
}

/** Answers that many ask for at a time: made once for all of them, and again after a while. */
export class KeptAnswers<Value> {
  private readonly kept = new Map<string, KeptAnswer<Value>>();
  private readonly now: () => number;

  /** @param now milliseconds of a clock that never goes back */
  constructor(now: () => number = () => performance.now()) {
    this.now = now;
  }

  /**
   * @param key who asks, as far as the answer depends on it
   * @param of  the rest that it depends on, by identity
   * @param at  the moment that is asked about, seconds since 1970: a clock may be set, and a machine that slept wakes a day
   *            later with the answers of yesterday
   */
  of(key: string, of: unknown, at: number, make: () => Promise<Value>): Promise<Value> {
    const known = this.kept.get(key);
    const isFresh =
      known !== undefined &&
      known.of === of &&
      (known.until === undefined || known.until > this.now()) &&
      Math.abs(at - known.at) * 1_000 <= MOST_APART_MS;
    if (isFresh) return known.answer;
    const began = this.now();
    const answer = make();
    const next: KeptAnswer<Value> = { answer, of, at, until: undefined };
    this.kept.delete(key);
    this.kept.set(key, next);
    for (const oldest of this.kept.keys()) {
      if (this.kept.size <= MOST_KEPT) break;
      this.kept.delete(oldest);
    }
    answer.then(
      () => {
        const end = this.now();
        next.until = end + Math.min(LONGEST_MS, Math.max(FRESH_MS, (end - began) * TIMES_AS_LONG));
      },
      () => {
        if (this.kept.get(key) === next) this.kept.delete(key);
      },
    );
    return answer;
  }
}
