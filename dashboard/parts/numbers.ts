/** How numbers are written: with thousands apart, and with a space before `%` and units. */

const WHOLE = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

/** 12,480 */
export function writeCount(count: number): string {
  return WHOLE.format(count);
}

/** `1 machine`, `12,480 machines` @param noun in the singular; its plural takes an s unless given */
export function countOf(count: number, noun: string, plural = `${noun}s`): string {
  return `${writeCount(count)} ${count === 1 ? noun : plural}`;
}

/**
 * A share in per cent with one digit behind the point, without ever saying none or all where that is not so: `8.1 %`,
 * `< 0.1 %`, `99.9 %`.
 */
export function writeShare(part: number, whole: number): string {
  if (whole <= 0) return "– %";
  if (part <= 0) return "0 %";
  if (part >= whole) return "100 %";
  const percent = (100 * part) / whole;
  if (percent < 0.1) return "< 0.1 %";
  // Rounded it would be all.
  return `${Math.min(99.9, percent).toFixed(1)} %`;
}

/** Parts per million as they are set: `2 %`, `0.5 %`, `12.25 %`. */
export function writePpm(ppm: number): string {
  return `${Number((ppm / 10_000).toFixed(4))} %`;
}

const UNITS = ["B", "kB", "MB", "GB", "TB"] as const;

/** `48.2 MB` */
export function writeBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit] ?? "B"}`;
}
