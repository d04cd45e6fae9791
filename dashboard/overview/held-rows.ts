/** A row that is shown; `isOver`: what it was about is over, and it stays until nobody looks at the list. */
export interface HeldRow<Row> {
  readonly row: Row;
  readonly isOver: boolean;
}

export interface HeldRows<Row> {
  readonly rows: readonly HeldRow<Row>[];
  /** Rows that wait until nobody looks at the list. */
  readonly fresh: number;
}

/**
 * What a list shows while somebody is in it: no row comes, goes or moves under them, and each says the newest of itself.
 *
 * @param before as it was when they came; `undefined`: nobody is there
 */
export function holdRows<Row extends { readonly id: string }>(
  before: readonly Row[] | undefined,
  now: readonly Row[],
): HeldRows<Row> {
  if (before === undefined) return { rows: now.map((row) => ({ row, isOver: false })), fresh: 0 };
  const current = new Map(now.map((row) => [row.id, row]));
  const known = new Set(before.map(({ id }) => id));
  return {
    rows: before.map((row) => ({ row: current.get(row.id) ?? row, isOver: !current.has(row.id) })),
    fresh: now.filter(({ id }) => !known.has(id)).length,
  };
}
