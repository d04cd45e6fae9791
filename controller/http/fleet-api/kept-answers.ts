/** Milliseconds for which an answer is good at least. */
const FRESH_MS = 1_000;
/** One that took long is good for so many times as long: whoever makes it has more to do. */
const TIMES_AS_LONG = 20;
/** Askers that are kept apart; the one who asked first is forgotten. */
const MOST_KEPT = 64;

interface KeptAnswer<Value> {
  readonly answer: Promise<Value>;
  /** What it was made of besides the asker: with anything else it is no answer. */
  readonly of: unknown;
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

  /** @param key who asks, as far as the answer depends on it @param of the rest that it depends on, by identity */
  of(key: string, of: unknown, make: () => Promise<Value>): Promise<Value> {
    const known = this.kept.get(key);
    const isFresh = known !== undefined && (known.until === undefined || known.until > this.now());
    if (isFresh && known.of === of) return known.answer;
    const began = this.now();
    const answer = make();
    const next: KeptAnswer<Value> = { answer, of, until: undefined };
    this.kept.delete(key);
    this.kept.set(key, next);
    for (const oldest of this.kept.keys()) {
      if (this.kept.size <= MOST_KEPT) break;
      this.kept.delete(oldest);
    }
    answer.then(
      () => {
        const end = this.now();
        next.until = end + Math.max(FRESH_MS, (end - began) * TIMES_AS_LONG);
      },
      () => {
        if (this.kept.get(key) === next) this.kept.delete(key);
      },
    );
    return answer;
  }
}
