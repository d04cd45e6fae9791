/**
 * What was computed from a value, kept for as long as that value lives and found again by its identity.
 *
 * The invariant of every such memory: **a value that something is kept by is never changed again, nor anything in it**.
 * Documents, models, roles and the bytes that they were read from are made once and then replaced as a whole; whoever
 * changed one in place would get the answer of before. The types say so (`readonly`), and `npm test` holds it: there
 * whatever is kept by is frozen, so that a change throws.
 */
export class KeptByIdentity<Key extends object, Value extends NonNullable<unknown>> {
  private readonly kept = new WeakMap<Key, Value>();

  get(key: Key): Value | undefined {
    watch?.(key);
    return this.kept.get(key);
  }

  set(key: Key, value: Value): void {
    watch?.(key);
    this.kept.set(key, value);
  }

  /** What is kept by `key`; computed when it is first asked for. */
  of(key: Key, compute: (key: Key) => Value): Value {
    const known = this.get(key);
    if (known !== undefined) return known;
    const value = compute(key);
    this.set(key, value);
    return value;
  }
}

let watch: ((key: object) => void) | undefined;

/** For tests: has `check` called with each value, whenever something is kept by it or asked of it. */
export function watchKept(check: (key: object) => void): void {
  watch = check;
}
