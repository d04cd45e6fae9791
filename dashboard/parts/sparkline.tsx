import type { JSX } from "preact";
import { areaPath, linePath, pointOf, type Sample, stepPath } from "./sparkline-geometry.ts";

interface SparklineProps {
  /** What is so, oldest first. */
  readonly samples: readonly Sample[];
  /** What was allowed, from each of these times on. */
  readonly allowed?: readonly Sample[];
  /** Seconds since 1970 at the edges. */
  readonly from: number;
  readonly to: number;
  /** When it was halted. */
  readonly haltedAt?: number;
  readonly width?: number;
}

/** How something came about, in the height of a row. The numbers stand beside it, so it is only seen. */
export function Sparkline({
  samples,
  allowed = [],
  from,
  to,
  haltedAt,
  width = 132,
}: SparklineProps): JSX.Element {
  const box = { width, height: 30, from, to };
  const last = samples.at(-1);
  const end = last === undefined ? undefined : pointOf(last, box);
  const halt = haltedAt === undefined ? undefined : pointOf({ at: haltedAt, share: 0 }, box);
  return (
    <svg width={width} height="30" viewBox={`0 0 ${width} 30`} aria-hidden="true">
      <path class="soft" d={areaPath(samples, box)} />
      <path class="step" d={stepPath(allowed, box)} />
      <path class="curve" d={linePath(samples, box)} />
      {halt !== undefined && <line class="halt-thin" x1={halt[0]} x2={halt[0]} y1="1" y2="28" />}
      {end !== undefined && <circle class="actual" cx={end[0]} cy={end[1]} r="2.2" />}
    </svg>
  );
}
