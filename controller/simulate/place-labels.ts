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
  /** Counted from 0. */
  readonly row: number;
}

export interface LabelRows<T> {
  readonly textOf: (marks: readonly [Mark<T>, ...Mark<T>[]]) => string;
  readonly widthOf: (text: string) => number;
  readonly rows: number;
  /** What stays free between two labels. */
  readonly gap: number;
  /** The edges of a row. */
  readonly left: number;
  readonly right: number;
}

/**
 * Labels in as few rows as they fit in, each beginning at its mark or moved left as far as the edge asks for. Where all
 * rows are taken a label becomes one with the label before it, so that every mark is named and no two labels overlap.
 *
 * @param marks from left to right
 */
export function placeLabels<T>(marks: readonly Mark<T>[], into: LabelRows<T>): PlacedLabel<T>[] {
  const placed: PlacedLabel<T>[] = [];
  for (const mark of marks) {
    let group: PlacedLabel<T>["marks"] = [mark];
    let free = place(group, into, placed);
    while (free === undefined) {
      const before = placed.pop();
      // The first label of all rows is in nobody's way.
      if (before === undefined) break;
      group = [...before.marks, ...group];
      free = place(group, into, placed);
    }
    if (free !== undefined) placed.push(free);
  }
  return placed;
}

/** In the first row that is free where the label has to stand. */
function place<T>(
  marks: PlacedLabel<T>["marks"],
  { textOf, widthOf, rows, gap, left, right }: LabelRows<T>,
  placed: readonly PlacedLabel<T>[],
): PlacedLabel<T> | undefined {
  const text = textOf(marks);
  const width = widthOf(text);
  const from = Math.max(left, Math.min(marks[0].at, right - width));
  for (let row = 0; row < rows; row++) {
    const last = placed.findLast((label) => label.row === row);
    if (last === undefined || last.from + last.width + gap <= from) return { marks, text, from, width, row };
  }
  return undefined;
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
