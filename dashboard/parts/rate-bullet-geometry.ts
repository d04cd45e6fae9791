/** A rate against its limit, which always stands in the middle, so that rows can be compared. */
export interface RateBulletShape {
  /** Pixels that are filled. */
  readonly fill: number;
  readonly limit: number;
  /** It is more than twice the limit, and leaves the bar through an arrow. */
  readonly leaves: boolean;
  readonly isOver: boolean;
}

/** @param rate  @param limit both in the same unit; a limit of nothing is passed by the first failure */
export function rateBulletShape(rate: number, limit: number, width: number): RateBulletShape {
  const middle = width / 2;
  const ratio = limit > 0 ? rate / limit : rate > 0 ? Number.POSITIVE_INFINITY : 0;
  const leaves = ratio > 2;
  const least = rate > 0 ? 1 : 0;
  const fill = leaves ? width : Math.max(least, Math.round(ratio * middle * 10) / 10);
  return { fill, limit: middle, leaves, isOver: ratio > 1 };
}
