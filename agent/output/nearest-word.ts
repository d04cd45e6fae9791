/** More edits than that, and another word was meant. */
const MOST_EDITS = 2;

/** The name that `word` most likely stands for, or `undefined` when none is near; the first of equals. */
export function nearestWord(word: string, names: Iterable<string>): string | undefined {
  let nearest: string | undefined;
  let fewest = MOST_EDITS + 1;
  for (const name of names) {
    const edits = name.startsWith(word) ? 1 : editsBetween(word, name);
    if (edits < fewest) {
      nearest = name;
      fewest = edits;
    }
  }
  return nearest;
}

/** Levenshtein distance, one row at a time. */
function editsBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      const replaced = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
