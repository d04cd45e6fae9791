/**
 * The candidate that `word` was most likely meant to be, or `undefined` when none is near: at most a third of the
 * word may differ, and never more than three edits. Among equals the first in alphabetical order wins.
 */
export function nearestMatch(word: string, candidates: Iterable<string>): string | undefined {
  const limit = Math.min(3, Math.max(1, Math.floor(word.length / 3)));
  let best: { candidate: string; distance: number } | undefined;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) > limit) continue;
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase(), limit);
    if (distance > limit) continue;
    if (
      best === undefined ||
      distance < best.distance ||
      (distance === best.distance && candidate < best.candidate)
    ) {
      best = { candidate, distance };
    }
  }
  return best?.candidate;
}

/**
 * Damerau-Levenshtein distance in its optimal string alignment form (insert, delete, replace, swap neighbours).
 * Stops early and answers `limit + 1` when the words are further apart than `limit`.
 */
export function editDistance(a: string, b: string, limit: number): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let smallest = i;
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let distance = Math.min((row[j - 1] ?? 0) + 1, (last[j] ?? 0) + 1, (last[j - 1] ?? 0) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        distance = Math.min(distance, (beforeLast[j - 2] ?? 0) + 1);
      }
      row.push(distance);
      smallest = Math.min(smallest, distance);
    }
    if (smallest > limit) return limit + 1;
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}

/** Names that are listed; of more, the last ones: of versions, the newest. */
const MOST_LISTED = 12;

/** What a message says of a name that nothing has: which one was probably meant, or what there is. */
export function nearestOrListed(word: string, known: readonly string[]): string {
  const nearest = nearestMatch(word, known);
  if (nearest !== undefined) return `did you mean \`${nearest}\`?`;
  const shown = known.length > MOST_LISTED ? [...known.slice(-MOST_LISTED), "..."] : known;
  return `there is: ${shown.join(", ") || "none"}`;
}
