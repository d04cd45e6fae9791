/** A value at a time. */
export interface Sample {
  /** Seconds since 1970. */
  readonly at: number;
  /** Of a whole, from 0 to 1. */
  readonly share: number;
}

/** Where a small chart is drawn. */
export interface SparkBox {
  readonly width: number;
  readonly height: number;
  /** Seconds since 1970 at the left and the right edge. */
  readonly from: number;
  readonly to: number;
}

/** Pixels that stay free at each side, so that a line and its last point are seen whole. */
const MARGIN = { left: 1, right: 9, top: 6, bottom: 2 } as const;

function placer({ width, height, from, to }: SparkBox): (sample: Sample) => readonly [number, number] {
  const across = width - MARGIN.left - MARGIN.right;
  const down = height - MARGIN.top - MARGIN.bottom;
  const span = Math.max(1, to - from);
  return ({ at, share }) => {
    const along = Math.min(1, Math.max(0, (at - from) / span));
    const part = Math.min(1, Math.max(0, share));
    return [round(MARGIN.left + along * across), round(MARGIN.top + (1 - part) * down)];
  };
}

/** A line through the samples; empty where there is none. */
export function linePath(samples: readonly Sample[], box: SparkBox): string {
  const place = placer(box);
  return samples.map((sample, index) => `${index === 0 ? "M" : "L"}${place(sample).join(" ")}`).join(" ");
}

/** The ground below that line. */
export function areaPath(samples: readonly Sample[], box: SparkBox): string {
  const [first] = samples;
  const last = samples.at(-1);
  if (first === undefined || last === undefined) return "";
  const place = placer(box);
  const floor = box.height - MARGIN.bottom;
  return `${linePath(samples, box)} L${place(last)[0]} ${floor} L${place(first)[0]} ${floor}Z`;
}

/** A line that stays at a value until the next sample, as what is allowed does. */
export function stepPath(samples: readonly Sample[], box: SparkBox): string {
  const place = placer(box);
  const [first, ...rest] = samples.map(place);
  if (first === undefined) return "";
  const steps = rest.map(([x, y]) => `H${x}V${y}`);
  return `M${first.join(" ")}${steps.join("")}H${round(box.width - MARGIN.right)}`;
}

/** Where a sample stands. */
export function pointOf(sample: Sample, box: SparkBox): readonly [number, number] {
  return placer(box)(sample);
}

function round(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}
