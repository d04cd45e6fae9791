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
  // From the right, where `100 %` stands always: what is most open is worth most.
  let free = width - 5 * LETTER - GAP;
  const ticks: WaveTick[] = [];
  for (const share of inside.toReversed()) {
    const x = placeOf(share, width);
    const text = writeWave(share);
    const half = (text.length * LETTER) / 2;
    const fits = x + half <= free && x - half >= 0;
    if (fits) free = x - half - GAP;
    ticks.unshift({ x, isOpen: share <= allowed, label: fits ? text : undefined });
  }
  return { actual: placeOf(actual, width), allowed: placeOf(allowed, width), ticks };
}

/** Per cent without the sign: `1`, `10`, `0.5`. */
function writeWave(share: number): string {
  return String(Number((share / 10_000).toFixed(2)));
}

function round(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}
