/** A fraction in [0, 1) at each call, the same ones for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** So many of the items, in their order; all where there are no more. */
export function chosen<T>(
  items: readonly T[],
  count: number | undefined,
  random: () => number,
): readonly T[] {
  if (count === undefined || count >= items.length) return items;
  const drawn = items.map((item, index) => ({ item, index, by: random() }));
  const kept = drawn.toSorted((a, b) => a.by - b.by).slice(0, count);
  return kept.toSorted((a, b) => a.index - b.index).map(({ item }) => item);
}
