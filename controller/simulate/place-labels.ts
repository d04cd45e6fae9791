/** A mark on an axis that has a name. */
export interface Mark<T> {
  /** Where it stands, in whatever unit widths are. */
  readonly at: number;
  readonly of: T;
}

/** A label for one mark, or for several that stand so close that each cannot have its own. */
export interface PlacedLabel<T> {
  readonly marks: readonly [Mark<T>, ...Mark<T>[]];
  readonly text: string;
  /** Its left edge. */
  readonly from: number;
  readonly width: number;
}

export interface LabelRow<T> {
  readonly textOf: (marks: readonly [Mark<T>, ...Mark<T>[]]) => string;
  readonly widthOf: (text: string) => number;
  /** What stays free between two labels. */
  readonly gap: number;
  /** The edges of the row. */
  readonly left: number;
  readonly right: number;
}

/**
 * Labels in one row, each beginning at its mark or moved left as far as the edge asks for. Those that would touch become
 * one, so that every mark is named and no two labels overlap.
 *
 * @param marks from left to right
 */
export function placeLabels<T>(marks: readonly Mark<T>[], row: LabelRow<T>): PlacedLabel<T>[] {
  const placed: PlacedLabel<T>[] = [];
  for (const mark of marks) {
    let next = place([mark], row);
    for (let last = placed.at(-1); last !== undefined; last = placed.at(-1)) {
      if (last.from + last.width + row.gap <= next.from) break;
      placed.pop();
      next = place([...last.marks, ...next.marks], row);
    }
    placed.push(next);
  }
  return placed;
}

function place<T>(marks: readonly [Mark<T>, ...Mark<T>[]], row: LabelRow<T>): PlacedLabel<T> {
  const { textOf, widthOf, left, right } = row;
  const text = textOf(marks);
  const width = widthOf(text);
  return { marks, text, from: Math.max(left, Math.min(marks[0].at, right - width)), width };
}

/**
 * Moves labels apart that stand above each other, as little as is needed.
 *
 * @param ys     where each would stand, from the highest to the lowest; larger is lower
 * @param bottom where the last one stands at most
 */
export function spreadDown(ys: readonly number[], gap: number, bottom: number): number[] {
  let least = Number.NEGATIVE_INFINITY;
  const down = ys.map((y) => {
    const place = Math.max(y, least);
    least = place + gap;
    return place;
  });
  let most = bottom;
  return down
    .toReversed()
    .map((y) => {
      const place = Math.min(y, most);
      most = place - gap;
      return place;
    })
    .toReversed();
}
