import { type Ppm, WHOLE_PPM } from "../../protocol/share.ts";

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;
/** Seconds between two ticks, as people count time. */
const STEPS = [
  ...[1, 2, 5, 10, 15, 30],
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR),
  ...[1, 2, 7, 14, 30, 45, 90].map((days) => days * DAY),
] as const;

/** Round times from 0 to `end`, both in seconds, with no more than `most` steps between them. */
export function timeTicks(end: number, most: number): number[] {
  const step = stepOf(end, most);
  return Array.from({ length: Math.floor(end / step) + 1 }, (_, index) => index * step);
}

/** The first round time that is not before `end`. */
export function roundTime(end: number): number {
  const step = stepOf(end, 8);
  return Math.ceil(end / step) * step;
}

function stepOf(end: number, most: number): number {
  return STEPS.find((step) => end / step <= most) ?? Math.ceil(end / most);
}

/** How many equal parts the axis of shares has. */
export const SHARE_PARTS = 4;
/** Ends of that axis, of which a quarter is a number that people read. */
const ENDS = [1, 2, 4, 6, 8] as const;
const SMALLEST_END: Ppm = 100;

/** Where an axis of shares ends on which `largest` is seen: all of the fleet, or a round part of it. */
export function shareAxisEnd(largest: Ppm): Ppm {
  if (largest <= 0 || largest > 0.6 * WHOLE_PPM) return WHOLE_PPM;
  for (let power = SMALLEST_END; ; power *= 10) {
    const end = ENDS.find((factor) => factor * power >= largest);
    if (end !== undefined) return end * power;
  }
}
