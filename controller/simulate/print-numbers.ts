import { formatPpm, WHOLE_PPM } from "../../protocol/share.ts";

/** `100,000`, the same on every machine. */
export function count(value: number): string {
  return value.toLocaleString("en-US");
}

/** A part of a whole with two digits: `1.25%`. What is not nothing is never `0%`, and what is not all never `100%`. */
export function share(part: number, whole: number): string {
  if (part <= 0 || part >= whole) return part <= 0 ? "0%" : "100%";
  const ppm = Math.round((part * WHOLE_PPM) / whole / 100) * 100;
  return ppm === 0 ? "under 0.01%" : formatPpm(Math.min(ppm, WHOLE_PPM - 100));
}

/** Bytes in the unit that fits: `1.5 MB`. */
export function size(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB", "PB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}
