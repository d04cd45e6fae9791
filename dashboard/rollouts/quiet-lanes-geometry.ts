import type { QuietTime } from "../api/types.ts";
import type { Scale } from "./chart-scales.ts";
import { laneName } from "./quiet-words.ts";

/** Pixels that a lane takes below a chart: its name, and under that its bars. */
export const LANE_HEIGHT = 22;

/** What held machines back over the time of a chart. */
export interface Lane {
  readonly kind: QuietTime["kind"];
  readonly name: string;
  /** It holds all machines of the channel. */
  readonly isOfAll: boolean;
  readonly bars: readonly { readonly x: number; readonly width: number }[];
}

/** Pixels of a bar at least: what was short is seen all the same. */
const NARROWEST = 2;

/** Of what touches the time of a chart, in its order. @param x from seconds since 1970 to pixels */
export function lanesOf(quiet: readonly QuietTime[], from: number, to: number, x: Scale): Lane[] {
  return quiet.flatMap((each): Lane[] => {
    const bars = each.spans
      .filter((span) => span.from < to && (span.to ?? to) > from)
      .map((span) => {
        const start = x(Math.max(span.from, from));
        const end = x(Math.min(span.to ?? to, to));
        return { x: start, width: Math.max(NARROWEST, end - start) };
      });
    if (bars.length === 0) return [];
    return [{ kind: each.kind, name: laneName(each), isOfAll: each.machines === undefined, bars }];
  });
}
