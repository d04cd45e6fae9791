import type { JSX } from "preact";
import { rateBulletShape } from "./rate-bullet-geometry.ts";

interface RateBulletProps {
  /** In the unit of the limit. */
  readonly rate: number;
  readonly limit: number;
  readonly width?: number;
}

/** A rate against its limit. The numbers stand beside it, so it is only seen. */
export function RateBullet({ rate, limit, width = 84 }: RateBulletProps): JSX.Element {
  const shape = rateBulletShape(rate, limit, width);
  return (
    <svg width={width} height="12" viewBox={`0 0 ${width} 12`} aria-hidden="true">
      <rect class="track" y="3" width={width} height="6" rx="1.5" />
      {shape.leaves ? (
        <path class="halt-fill" d={`M0 3h${width - 8}v-2l8 5-8 5v-2H0z`} />
      ) : (
        <rect class={shape.isOver ? "halt-fill" : "v2"} y="3" width={shape.fill} height="6" rx="1" />
      )}
      <line class={shape.isOver ? "sep" : "tick open"} x1={shape.limit} x2={shape.limit} y1="0" y2="12" />
    </svg>
  );
}
