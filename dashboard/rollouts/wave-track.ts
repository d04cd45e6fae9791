import { placeOf, WHOLE } from "../parts/wave-bar-geometry.ts";

export interface TrackTick {
  readonly x: number;
  readonly ppm: number;
  /** When it opens or opened. */
  readonly label: string;
  readonly isOpen: boolean;
  readonly anchor: "mid" | "end" | "start";
  /** Whether there is room for its name. */
  readonly isNamed: boolean;
}

export interface WaveTrackShape {
  readonly running: number;
  readonly allowed: number;
  readonly ticks: readonly TrackTick[];
}

/** Pixels of a letter, about. */
const LETTER = 5.6;

/** The waves of one rollout on a bar as wide as there is room; on a scale of square roots, as everywhere. */
export function waveTrack(
  waves: readonly { readonly ppm: number; readonly label: string }[],
  {
    devices,
    running,
    allowed,
    open,
  }: {
    readonly devices: number;
    readonly running: number;
    readonly allowed: number;
    readonly open: number;
  },
  width: number,
): WaveTrackShape {
  const share = (machines: number): number => (devices === 0 ? 0 : (machines / devices) * WHOLE);
  let free = width + 1;
  const ticks = waves
    .map(({ ppm, label }, index): Omit<TrackTick, "isNamed"> & { readonly half: number } => {
      const x = placeOf(ppm, width);
      const length = Math.max(label.length, 5) * LETTER;
      const anchor = x + length / 2 > width ? "end" : x - length / 2 < 0 ? "start" : "mid";
      return { x, ppm, label, isOpen: index < open, anchor, half: length };
    })
    .reverse()
    .map(({ half: length, ...tick }): TrackTick => {
      const right =
        tick.anchor === "end" ? tick.x : tick.anchor === "start" ? tick.x + length : tick.x + length / 2;
      const isNamed = right <= free;
      if (isNamed) free = right - length - 6;
      return { ...tick, isNamed };
    })
    .reverse();
  return { running: placeOf(share(running), width), allowed: placeOf(share(allowed), width), ticks };
}
