/**
 * Where things stand on a bar of a rollout. Its scale is that of square roots, since one per cent could not be seen
 * otherwise. Shares are parts per million, places are pixels.
 */

/** Everybody. */
export const WHOLE = 1_000_000;
/** Pixels that one letter of a label takes, about. */
const LETTER = 6;
/** Pixels that are free between two labels. */
const GAP = 4;

/** A wave that is shown below the bar. */
export interface WaveTick {
  readonly x: number;
  readonly isOpen: boolean;
  /** Its share in per cent; absent where there is no room for it. */
  readonly label: string | undefined;
}

export interface WaveBarShape {
  readonly actual: number;
  readonly allowed: number;
  readonly ticks: readonly WaveTick[];
}

/** @returns pixels from the left, with one digit behind the point */
export function placeOf(share: number, width: number): number {
  const bounded = Math.min(WHOLE, Math.max(0, share));
  return round(Math.sqrt(bounded / WHOLE) * width);
}

/**
 * @param waves where the waves end, ascending; that of everybody needs no tick, since the bar ends there
 */
export function waveBarShape(
  waves: readonly number[],
  allowed: number,
  actual: number,
  width: number,
): WaveBarShape {
  const inside = [...new Set(waves)].filter((share) => share > 0 && share < WHOLE).sort((a, b) => a - b);
  // `100 %` stands always; then the wave that is open counts most, then those to the right.
  const taken: (readonly [number, number])[] = [[width - 5 * LETTER, width]];
  const lastOpen = inside.findLast((share) => share <= allowed);
  const inTurn = [...(lastOpen === undefined ? [] : [lastOpen]), ...inside.toReversed()];
  const labels = new Map<number, string>();
  for (const share of new Set(inTurn)) {
    const text = writeWave(share);
    const x = placeOf(share, width);
    const [left, right] = [x - (text.length * LETTER) / 2, x + (text.length * LETTER) / 2];
    if (left < 0 || taken.some(([from, to]) => left < to + GAP && from < right + GAP)) continue;
    taken.push([left, right]);
    labels.set(share, text);
  }
  const ticks = inside.map((share) => ({
    x: placeOf(share, width),
    isOpen: share <= allowed,
    label: labels.get(share),
  }));
  return { actual: placeOf(actual, width), allowed: placeOf(allowed, width), ticks };
}

/** Per cent without the sign: `1`, `10`, `0.5`. */
function writeWave(share: number): string {
  return String(Number((share / 10_000).toFixed(2)));
}

function round(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}
