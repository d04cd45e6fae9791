import { type Ppm, WHOLE_PPM } from "../../protocol/share.ts";

/** `100,000`, the same on every machine. */
export function formatCount(count: number): string {
  return count.toLocaleString("en-US");
}

/** `1 device`, `2,000 devices`. */
export function plural(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/**
 * A share that was counted, for people: `66.7%`, `7%`, `0.03%`. What is not nothing is never shown as `0%`, and what is
 * not everything never as `100%`. A share that somebody wrote is `formatPpm`'s.
 */
export function formatShare(share: Ppm): string {
  if (share <= 0 || share >= WHOLE_PPM) return share <= 0 ? "0%" : "100%";
  const percent = share / (WHOLE_PPM / 100);
  const digits = percent < 1 ? Number(percent.toPrecision(1)) : Math.round(percent * 10) / 10;
  return `${Math.min(99.9, digits)}%`;
}
