import type { KeptByIdentity } from "../../protocol/kept-by-identity.ts";

/** Most entries of a chunk; one that grows beyond is cut in two. */
const MOST_ENTRIES = 256;

/** Some neighbouring entries of a {@link ChunkedMap}, in the order of their keys. Never changed once it is part of one. */
export type Chunk<Value> = ReadonlyMap<string, Value>;

/**
 * A sorted map that is never changed: `with` gives another one, which shares with this every chunk in which nothing
 * changed. So a map of 50,000 entries of which one is new costs one chunk, and what was computed from each of the
 * others is found again by its identity.
 */
export class ChunkedMap<Value> implements ReadonlyMap<string, Value> {
  readonly size: number;
  readonly chunks: readonly Chunk<Value>[];
  /** The first key of each chunk. */
  private readonly firsts: readonly string[];

  private constructor(chunks: readonly Chunk<Value>[], firsts: readonly string[], size: number) {
    this.chunks = chunks;
    this.firsts = firsts;
    this.size = size;
  }

  static empty<Value>(): ChunkedMap<Value> {
    return new ChunkedMap<Value>([], [], 0);
  }

  /** @param entries of different keys, in any order */
  static of<Value>(entries: Iterable<readonly [string, Value]>): ChunkedMap<Value> {
    return ChunkedMap.joined(cut([...entries].sort(byKey), MOST_ENTRIES / 2));
  }

  get(key: string): Value | undefined {
    return this.chunks[this.chunkOf(key)]?.get(key);
  }

  has(key: string): boolean {
    return this.chunks[this.chunkOf(key)]?.has(key) === true;
  }

  /** The same with these changes. @param changes `undefined` takes an entry away */
  with(changes: ReadonlyMap<string, Value | undefined>): ChunkedMap<Value> {
    const byChunk = new Map<number, Map<string, Value | undefined>>();
    for (const [key, value] of changes) {
      const index = Math.max(this.chunkOf(key), 0);
      const some = byChunk.get(index) ?? new Map<string, Value | undefined>();
      byChunk.set(index, some.set(key, value));
    }
    if (byChunk.size === 0) return this;
    const chunks = this.chunks.map((chunk): readonly Chunk<Value>[] => [chunk]);
    for (const [index, some] of byChunk) {
      const changed = new Map<string, Value>(this.chunks[index]);
      for (const [key, value] of some) {
        if (value === undefined) changed.delete(key);
        else changed.set(key, value);
      }
      chunks[index] = cut([...changed].sort(byKey), MOST_ENTRIES);
    }
    return ChunkedMap.joined(chunks.flat());
  }

  /** The map of what `compute` makes of each entry, chunk for chunk; `known` keeps what it made of which chunk. */
  derive<Derived>(
    known: KeptByIdentity<Chunk<Value>, Chunk<Derived>>,
    compute: (value: Value, key: string) => Derived,
  ): ChunkedMap<Derived> {
    const chunks = this.chunks.map((chunk) =>
      known.of(chunk, () => new Map([...chunk].map(([key, value]) => [key, compute(value, key)]))),
    );
    return new ChunkedMap(chunks, this.firsts, this.size);
  }

  *entries(): MapIterator<[string, Value]> {
    for (const chunk of this.chunks) yield* chunk;
  }

  *keys(): MapIterator<string> {
    for (const chunk of this.chunks) yield* chunk.keys();
  }

  *values(): MapIterator<Value> {
    for (const chunk of this.chunks) yield* chunk.values();
  }

  [Symbol.iterator](): MapIterator<[string, Value]> {
    return this.entries();
  }

  forEach(callback: (value: Value, key: string, map: ReadonlyMap<string, Value>) => void): void {
    for (const [key, value] of this) callback(value, key, this);
  }

  /** The last chunk that begins at or before the key; -1 where all begin after it. */
  private chunkOf(key: string): number {
    let low = 0;
    let high = this.firsts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.firsts[middle] ?? "") <= key) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** @param chunks in their order, none of them empty */
  private static joined<Value>(chunks: readonly Chunk<Value>[]): ChunkedMap<Value> {
    const firsts = chunks.map((chunk) => chunk.keys().next().value ?? "");
    return new ChunkedMap(
      chunks,
      firsts,
      chunks.reduce((size, chunk) => size + chunk.size, 0),
    );
  }
}

/** A key of which two maps say different things, with what each says. */
export type ChangedEntry<Value> = readonly [key: string, before: Value | undefined, now: Value | undefined];

/** What differs between two maps, by the identity of values. Chunks that they share are not looked into. */
export function* changedEntries<Value extends NonNullable<unknown>>(
  before: ReadonlyMap<string, Value> | undefined,
  now: ReadonlyMap<string, Value>,
): Generator<ChangedEntry<Value>> {
  if (before === now) return;
  const [left, right] = unsharedChunks(before ?? new Map<string, Value>(), now);
  for (const [index, chunk] of right.entries()) {
    // Mostly one chunk has been put in the place of another one.
    const likely = left[index];
    for (const [key, value] of chunk) {
      const earlier = likely?.get(key) ?? before?.get(key);
      if (earlier !== value) yield [key, earlier, value];
    }
  }
  for (const [index, chunk] of left.entries()) {
    const likely = right[index];
    for (const [key, value] of chunk) {
      if (likely?.has(key) !== true && !now.has(key)) yield [key, value, undefined];
    }
  }
}

function unsharedChunks<Value>(
  before: ReadonlyMap<string, Value>,
  now: ReadonlyMap<string, Value>,
): readonly [readonly Chunk<Value>[], readonly Chunk<Value>[]] {
  if (!(before instanceof ChunkedMap && now instanceof ChunkedMap)) return [[before], [now]];
  const [left, right] = [before.chunks, now.chunks];
  const most = Math.min(left.length, right.length);
  let begin = 0;
  while (begin < most && left[begin] === right[begin]) begin++;
  let end = 0;
  while (end < most - begin && left.at(-1 - end) === right.at(-1 - end)) end++;
  // Between what both begin and end with there is nearly always one chunk.
  const gone = new Set<Chunk<Value>>(left.slice(begin, left.length - end));
  const come = new Set<Chunk<Value>>(right.slice(begin, right.length - end));
  return [[...gone.difference(come)], [...come.difference(gone)]];
}

/** The chunks of a map; all of it as one where it has none. */
export function chunksOf<Value>(map: ReadonlyMap<string, Value>): readonly Chunk<Value>[] {
  return map instanceof ChunkedMap ? map.chunks : [map];
}

function cut<Value>(sorted: readonly (readonly [string, Value])[], most: number): Chunk<Value>[] {
  const parts = Math.ceil(sorted.length / most);
  return Array.from(
    { length: parts },
    (_, part) =>
      new Map(
        sorted.slice(
          Math.floor((part * sorted.length) / parts),
          Math.floor(((part + 1) * sorted.length) / parts),
        ),
      ),
  );
}

function byKey(a: readonly [string, unknown], b: readonly [string, unknown]): number {
  return a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0;
}
