import type { JSX } from "preact";
import { writePpm } from "./numbers.ts";
import { useRoom } from "./use-room.ts";
import { WHOLE, waveBarShape } from "./wave-bar-geometry.ts";

/** `done`: nothing moves any more, so the accent leaves it. */
export type WaveBarState = "moving" | "halted" | "held" | "done";

interface WaveBarProps {
  /** Where the waves end, parts per million of the channel's machines; none: everybody at once. */
  readonly waves: readonly number[];
  /** What may have it by now, parts per million. */
  readonly allowed: number;
  /** What has it, parts per million. */
  readonly actual: number;
  readonly state: WaveBarState;
  /** Pixels; in a card on a phone it is as wide as the card. */
  readonly width?: number;
  /** It stands in a table that is one on a phone, too. */
  readonly isFixed?: boolean;
}

/** Pixels. */
const WIDTH = 236;

/** How far a rollout is: the fill has it, the outline may have it, ticks are waves. */
export function WaveBar(props: WaveBarProps): JSX.Element {
  const { waves, allowed, actual, state, width: wanted = WIDTH, isFixed = false } = props;
  const { frame, room } = useRoom<SVGSVGElement>(wanted);
  const width = isFixed ? wanted : room;
  const { ticks, ...shape } = waveBarShape(waves, allowed, actual, width - 1);
  const edge = shape.allowed + 0.5;
  const said = state === "moving" ? "" : `, ${state}`;
  // The octagon and the bars stand behind the edge, and before it where there is no room behind it.
  const isAtEnd = edge > width - 18;
  return (
    <svg
      ref={frame}
      width={width}
      height="30"
      viewBox={`0 0 ${width} 30`}
      role="img"
      aria-label={`${writePpm(allowed)} may have it, ${writePpm(actual)} have it${said}`}
    >
      <rect class="track" x="0.5" y="3.5" width={width - 1} height="11" rx="2.5" />
      <rect
        class={state === "done" ? "v2" : "actual"}
        x="1"
        y="4"
        width={Math.max(0, shape.actual - 1)}
        height="10"
        rx="2"
      />
      {shape.allowed > 0 && (
        <rect class="allowed" x="0.5" y="3.5" width={shape.allowed} height="11" rx="2.5" />
      )}
      {ticks.map(({ x, isOpen, label }) => (
        <g key={x}>
          <line
            class={isOpen ? "tick open" : "tick"}
            x1={x + 0.5}
            x2={x + 0.5}
            y1={isOpen ? 14 : 4}
            y2="18"
          />
          {label !== undefined && (
            <text class={isOpen ? "small mid on" : "small mid"} x={x + 0.5} y="28">
              {label}
            </text>
          )}
        </g>
      ))}
      <text class={allowed >= WHOLE ? "small end on" : "small end"} x={width} y="28">
        100 %
      </text>
      {state === "halted" && (
        <>
          <line class="halt-line" x1={edge} x2={edge} y1="0" y2="18" />
          <g transform={`translate(${isAtEnd ? edge - 17 : edge + 2} 2)`}>
            <path class="halt-fill rim" d="M4.2 0h5.6l4.2 4.2v5.6l-4.2 4.2H4.2L0 9.8V4.2z" />
            <rect class="cut-fill" x="3.4" y="6" width="7.2" height="2" />
          </g>
        </>
      )}
      {state === "held" && (
        <g transform={`translate(${isAtEnd ? edge - 11.5 : edge + 4} 4)`}>
          <rect class="held-fill rim" width="2.6" height="10" rx="1" />
          <rect class="held-fill rim" x="4.6" width="2.6" height="10" rx="1" />
        </g>
      )}
    </svg>
  );
}

/** A channel that offers nothing: an empty track, and the word. */
export function NoWaveBar(): JSX.Element {
  const { frame, room: width } = useRoom<SVGSVGElement>(WIDTH);
  return (
    <svg
      ref={frame}
      width={width}
      height="30"
      viewBox={`0 0 ${width} 30`}
      role="img"
      aria-label="Nothing is offered"
    >
      <rect class="track" x="0.5" y="3.5" width={width - 1} height="11" rx="2.5" />
      <text class="small" x="0" y="28">
        nothing offered
      </text>
    </svg>
  );
}
