/** Where things of a chart stand: pixels from seconds and numbers, ticks of axes, paths. */

/** From the numbers of an axis to pixels. */
export type Scale = (value: number) => number;

export function linear(from: number, to: number, start: number, end: number): Scale {
  const length = to - from;
  return (value) => (length === 0 ? start : round(start + ((value - from) / length) * (end - start)));
}

/** @param from above 0 */
export function logarithmic(from: number, to: number, start: number, end: number): Scale {
  const scale = linear(Math.log10(from), Math.log10(to), start, end);
  return (value) => scale(Math.log10(Math.min(Math.max(value, from), to)));
}

export interface Tick {
  readonly at: number;
  readonly label: string;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEPS = [
  ...[1, 2, 5, 10, 15, 30],
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR),
  ...[1, 2, 7, 14, 30, 60, 90].map((days) => days * DAY),
] as const;
const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"] as const;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"] as const;

/** Round times in UTC, no more than `most`: `09:30:10`, `09:30`, `Wed 11`, `11 Nov`. */
export function timeTicks(from: number, to: number, most: number): Tick[] {
  const step = STEPS.find((each) => (to - from) / each <= most) ?? 365 * DAY;
  const ticks: Tick[] = [];
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) {
    ticks.push({ at, label: timeLabel(at, step, to - from) });
  }
  return ticks;
}

function timeLabel(at: number, step: number, length: number): string {
  const date = new Date(at * 1000);
  if (step >= DAY) {
    return length > 21 * DAY
      ? `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`
      : `${DAYS[date.getUTCDay()]} ${date.getUTCDate()}`;
  }
  const clock = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`;
  if (step < MINUTE) return `${clock}:${two(date.getUTCSeconds())}`;
  // Midnight says which day begins.
  return step >= HOUR && at % DAY === 0 ? `${DAYS[date.getUTCDay()]} ${date.getUTCDate()}` : clock;
}

/** The end of an axis from 0, and its ticks: round numbers, at least `largest`. */
export function roundAxis(
  largest: number,
  ticks: number,
): { readonly end: number; readonly at: readonly number[] } {
  const rough = Math.max(largest, Number.EPSILON) / ticks;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough * 0.9999) ?? 10) * power;
  const count = Math.max(1, Math.ceil((largest / step) * 0.9999));
  return { end: trim(count * step), at: Array.from({ length: count + 1 }, (_, place) => trim(place * step)) };
}

/** Powers of ten from one to the other, no more than `most`. */
export function powersOfTen(from: number, to: number, most: number): number[] {
  const first = Math.ceil(Math.log10(from) - 1e-9);
  const last = Math.floor(Math.log10(to) + 1e-9);
  const step = Math.max(1, Math.ceil((last - first + 1) / most));
  const powers: number[] = [];
  for (let power = Math.ceil(first / step) * step; power <= last; power += step) powers.push(10 ** power);
  return powers;
}

export function linePath(points: readonly (readonly [x: number, y: number])[]): string {
  return points.map(([x, y], index) => `${index === 0 ? "M" : "L"}${x} ${y}`).join("");
}

/** The same, where what held holds until the next point. */
export function stepPath(points: readonly (readonly [x: number, y: number])[]): string {
  return points.map(([x, y], index) => (index === 0 ? `M${x} ${y}` : `H${x}V${y}`)).join("");
}

/** What lies between two lines. */
export function areaPath(xs: readonly number[], low: readonly number[], high: readonly number[]): string {
  if (xs.length === 0) return "";
  const above = xs.map((x, index) => [x, high[index] ?? 0] as const);
  const below = xs.map((x, index) => [x, low[index] ?? 0] as const).reverse();
  return `${linePath(above)}${linePath(below).replace("M", "L")}Z`;
}

export interface SideLabel {
  readonly y: number;
}

/** Moves labels apart that would stand on each other, as little as is needed. */
export function spread<Label extends SideLabel>(
  labels: readonly Label[],
  gap: number,
  top: number,
  bottom: number,
): Label[] {
  const sorted = labels.toSorted((a, b) => a.y - b.y).map((label) => ({ ...label }));
  let least = top;
  const down = sorted.map((label) => {
    const y = Math.max(label.y, least);
    least = y + gap;
    return { ...label, y };
  });
  let most = bottom;
  return down
    .reverse()
    .map((label) => {
      const y = Math.min(label.y, most);
      most = y - gap;
      return { ...label, y };
    })
    .reverse();
}

function trim(value: number): number {
  return Number(value.toPrecision(12));
}

function round(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}
