import type { Spread } from "../../protocol/policy.ts";
import { type Ppm, WHOLE_PPM } from "../../protocol/share.ts";

/** How far the waves of a promotion are open. */
export interface OpenWaves {
  /** Waves whose devices may have the version, counted from the first. */
  readonly open: number;
  /** Share of the fleet that may have it, without canaries. Of a linear wave, as far as it has come. */
  readonly share: Ppm;
  /** When the next wave's time comes, seconds since 1970; absent: all are open. In the past: something else opens it. */
  readonly nextAt?: number;
}

/**
 * From when on the devices of a wave get their turn, in seconds after the start. A linear wave begins where the one before
 * it ends; the first opens at its own time.
 *
 * @param index 0: the first
 */
export function opensAfter({ strategy, waves }: Spread, index: number): number {
  const from = strategy === "linear" && index > 0 ? index - 1 : index;
  return waves[from]?.after ?? 0;
}

/**
 * @param limit how many waves something else than time has opened at most; absent: time alone opens them
 * @param at seconds since 1970; before `start` none is open
 */
export function openWaves(spread: Spread, start: number, limit: number | undefined, at: number): OpenWaves {
  const { strategy, waves } = spread;
  const elapsed = at - start;
  const most = Math.min(limit ?? waves.length, waves.length);
  let open = 0;
  while (open < most && opensAfter(spread, open) <= elapsed) open++;
  const nextAt = open < waves.length ? start + opensAfter(spread, open) : undefined;
  const last = waves[open - 1];
  let share = last?.ppm ?? 0;
  const before = waves[open - 2];
  if (strategy === "linear" && last !== undefined && before !== undefined && elapsed < last.after) {
    const progress = (elapsed - before.after) / (last.after - before.after);
    share = Math.floor(before.ppm + progress * (last.ppm - before.ppm));
  }
  return { open, share: Math.min(share, WHOLE_PPM), ...(nextAt === undefined ? {} : { nextAt }) };
}
