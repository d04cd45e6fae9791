import type { JSX } from "preact";
import type { QuietTime } from "../api/types.ts";
import { Icon } from "../parts/icon.tsx";
import { MarkedText } from "../parts/marked-text.tsx";
import { useNow } from "../parts/time.tsx";
import type { Plot } from "./chart.tsx";
import { LANE_HEIGHT, type Lane } from "./quiet-lanes-geometry.ts";
import { quietSentence } from "./quiet-words.ts";

/** Pixels from the axis of a chart, with its labels, to its first lane. */
const BELOW_AXIS = 24;

interface QuietLanesProps {
  readonly lanes: readonly Lane[];
  readonly plot: Plot;
}

/** Below a chart and along its time: freezes and pauses where they held, windows where they were open. */
export function QuietLanes({ lanes, plot }: QuietLanesProps): JSX.Element {
  return (
    <g>
      {lanes.map(({ kind, name, bars }, index) => {
        const top = plot.bottom + BELOW_AXIS + index * LANE_HEIGHT;
        return (
          <g key={name} class={`lane ${kind}`}>
            <text class="small" x={plot.left} y={top + 9}>
              {name}
            </text>
            <line class="gridline" x1={plot.left} x2={plot.right} y1={top + 16} y2={top + 16} />
            {bars.map(({ x, width }) => (
              <rect key={x} x={x} y={top + 13} width={width} height="6" rx="1.5" />
            ))}
          </g>
        );
      })}
    </g>
  );
}

/** Over the whole height, where nobody of the channel moved. */
export function QuietGround({ lanes, plot }: QuietLanesProps): JSX.Element {
  return (
    <g>
      {lanes
        .filter(({ kind, isOfAll }) => isOfAll && kind !== "window")
        .flatMap(({ name, bars }) =>
          bars.map(({ x, width }) => (
            <rect
              key={`${name} ${x}`}
              class="quiet"
              x={x}
              y={plot.top}
              width={width}
              height={plot.bottom - plot.top}
            />
          )),
        )}
    </g>
  );
}

const ICONS = { freeze: "frozen", pause: "held", window: "waiting" } as const;

/** The same in words, and what is still to come. */
export function QuietList({ quiet }: { readonly quiet: readonly QuietTime[] }): JSX.Element | null {
  const now = useNow();
  if (quiet.length === 0) return null;
  return (
    <ul class="quiet-list" aria-label="Freezes, pauses and windows">
      {quiet.map((each) => (
        <li key={`${each.kind} ${each.whom} ${each.spans[0]?.from}`} class={each.kind}>
          <Icon name={ICONS[each.kind]} />
          <span>
            <MarkedText>{quietSentence(each, now)}</MarkedText>
          </span>
        </li>
      ))}
    </ul>
  );
}
