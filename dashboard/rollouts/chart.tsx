import type { ComponentChildren, JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";

interface ChartProps {
  /** What it shows, as a sentence. */
  readonly says: string;
  readonly height: number;
  /** Draws it as wide as there is room: a chart is drawn anew, not scaled. */
  readonly children: (width: number) => ComponentChildren;
}

/** Pixels before it is known how much room there is. */
const GUESS = 640;
const NARROWEST = 220;

export function Chart({ says, height, children }: ChartProps): JSX.Element {
  const frame = useRef<HTMLElement>(null);
  const [width, setWidth] = useState(GUESS);
  useLayoutEffect(() => {
    const { current } = frame;
    if (current === null) return;
    const measure = (): void => setWidth(Math.max(NARROWEST, Math.floor(current.clientWidth)));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(current);
    return () => observer.disconnect();
  }, []);
  return (
    <figure ref={frame} class="drawn" role="img" aria-label={says}>
      <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
        {children(width)}
      </svg>
    </figure>
  );
}

/** Where a chart's axes stand, in pixels. */
export interface Plot {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

interface ValueAxisProps {
  readonly plot: Plot;
  readonly ticks: readonly { readonly y: number; readonly label: string }[];
}

export function ValueAxis({ plot, ticks }: ValueAxisProps): JSX.Element {
  return (
    <g>
      {ticks.map(({ y, label }) => (
        <g key={label}>
          <line class="gridline" x1={plot.left} x2={plot.right} y1={y} y2={y} />
          <text class="end" x={plot.left - 7} y={y + 4}>
            {label}
          </text>
        </g>
      ))}
    </g>
  );
}

interface TimeAxisProps {
  readonly plot: Plot;
  readonly ticks: readonly { readonly x: number; readonly label: string }[];
}

/** Labels that would leave the chart or stand on each other are left out. */
export function TimeAxis({ plot, ticks }: TimeAxisProps): JSX.Element {
  let free = plot.left - 30;
  return (
    <g>
      {ticks.map(({ x, label }) => {
        const half = label.length * 3.2;
        const fits = x - half > free && x + half < plot.right + 40;
        if (fits) free = x + half + 6;
        return (
          <g key={x}>
            <line class="axis" x1={x} x2={x} y1={plot.bottom} y2={plot.bottom + 3} />
            {fits && (
              <text class="mid" x={x} y={plot.bottom + 17}>
                {label}
              </text>
            )}
          </g>
        );
      })}
    </g>
  );
}

interface EventMarkProps {
  readonly kind: "halt" | "resume" | "began" | "done";
  readonly x: number;
  readonly plot: Plot;
  /** Beside the mark; absent where there is no room. */
  readonly label?: string | undefined;
  /** On which side of it. */
  readonly side?: "left" | "right";
}

/** A line down through a chart at a moment, with its shape on top. */
export function EventMark({ kind, x, plot, label, side = "right" }: EventMarkProps): JSX.Element {
  const y = plot.top - 14;
  const isHalt = kind === "halt";
  return (
    <g class={`event ${kind}`}>
      <line class={isHalt ? "halt-thin" : "step"} x1={x} x2={x} y1={plot.top - 7} y2={plot.bottom} />
      {isHalt && (
        <g transform={`translate(${x - 6} ${y - 6})`}>
          <path class="halt-fill" d="M3.6 0h4.8l3.6 3.6v4.8l-3.6 3.6H3.6L0 8.4V3.6z" />
          <rect class="cut-fill" x="3" y="5.2" width="6" height="1.6" />
        </g>
      )}
      {kind === "resume" && (
        <g transform={`translate(${x - 6} ${y - 6})`}>
          <circle class="ok-fill" cx="6" cy="6" r="6" />
          <path class="cut-fill" d="M4.6 3.2v5.6L8.9 6z" />
        </g>
      )}
      {label !== undefined && (
        <text
          class={`${isHalt ? "loud " : ""}${side === "left" ? "end" : ""}`}
          x={side === "left" ? x - 10 : x + (kind === "began" ? 4 : 10)}
          y={y + 4}
        >
          {label}
        </text>
      )}
    </g>
  );
}
