import { type Ppm, WHOLE_PPM } from "../../protocol/share.ts";

const CELLS = 6;
const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"] as const;
/** Neither collapsed nor broken off: the ground of the code shows how far the bar has to go. */
const BLANK = "\u00a0";

/** A share as a bar, in Markdown: what is more than nothing is seen, and what is not everything is not full. */
export function shareBar(share: Ppm): string {
  const most = share >= WHOLE_PPM ? CELLS * 8 : CELLS * 8 - 1;
  const eighths = Math.min(most, Math.ceil((Math.max(0, share) * CELLS * 8) / WHOLE_PPM));
  const bar = `${"█".repeat(Math.floor(eighths / 8))}${EIGHTHS[eighths % 8] ?? ""}`;
  return `\`${bar.padEnd(CELLS, BLANK)}\``;
}

const HEIGHTS = "▁▂▃▄▅▆▇█";

/** Shares one after the other, each as high as it is, in Markdown: a steep rollout is seen where there is little room. */
export function shareSteps(shares: readonly Ppm[]): string {
  const steps = shares.map((share) => HEIGHTS[Math.min(7, Math.floor((share * 8) / WHOLE_PPM))] ?? "");
  return `\`${steps.join("")}\``;
}
