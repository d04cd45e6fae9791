import type { JSX } from "preact";
import { useId } from "preact/hooks";
import { Card } from "../parts/card.tsx";
import { writeCount, writeShare } from "../parts/numbers.ts";
import { adoptionSentence, type Band, bandsOf, reachOf } from "./adoption-bands.ts";
import { Chart, EventMark, type Plot, TimeAxis, ValueAxis } from "./chart.tsx";
import { areaPath, linear, linePath, timeTicks } from "./chart-scales.ts";
import { namedMarks } from "./named-marks.ts";
import { QuietLanes } from "./quiet-lanes.tsx";
import { LANE_HEIGHT, lanesOf } from "./quiet-lanes-geometry.ts";
import type { Mark, RolloutSeries } from "./rollout-types.ts";

const HEIGHT = 268;
/** Pixels that a name needs in a band. */
const NAME_HEIGHT = 15;
/** Pixels of a letter, about. */
const LETTER = 6.6;

/** Who ran what: shares of the channel's machines, one band a version. */
export function AdoptionChart({ series }: { readonly series: RolloutSeries }): JSX.Element {
  const { adoption, channel } = series;
  const bands = bandsOf(series);
  const total = bands.at(-1)?.high.at(-1) ?? 0;
  const [first = 0, end = 0] = [adoption.at[0], adoption.at.at(-1)];
  const lanes = lanesOf(series.quiet, first, Math.max(end, first + 1), (at) => at).length;
  return (
    <Card
      title="Adoption by version"
      tail={bands.length === 0 ? undefined : `${channel}, ${reachOf(adoption.at)}`}
    >
      {bands.length === 0 ? (
        <p class="q2">Nobody follows {channel} yet. Machines appear here with their first check-in.</p>
      ) : (
        <>
          <ul class="legend">
            {bands.map(({ name, tone, now, isBelowMinimum }) => (
              <li key={name}>
                <Swatch tone={tone} isHatched={isBelowMinimum} />
                {name}
                {isBelowMinimum && <span class="q"> below minimum</span>}
                <b title={`${writeCount(now)} of ${writeCount(total)}`}>{writeShare(now, total)}</b>
              </li>
            ))}
          </ul>
          <Chart says={adoptionSentence(series)} height={HEIGHT + lanes * LANE_HEIGHT}>
            {(width) => <Stack series={series} bands={bands} width={width} />}
          </Chart>
        </>
      )}
    </Card>
  );
}

function Swatch({
  tone,
  isHatched,
}: {
  readonly tone: Band["tone"];
  readonly isHatched: boolean;
}): JSX.Element {
  return (
    <svg width="10" height="10" viewBox="0 0 10 10" aria-hidden="true">
      <rect class={tone} width="10" height="10" rx="2" />
      {isHatched && <path class="hatch" d="M0 7 7 0M2 10 10 2" />}
    </svg>
  );
}

interface StackProps {
  readonly series: RolloutSeries;
  readonly bands: readonly Band[];
  readonly width: number;
}

function Stack({ series: { adoption, marks, version, quiet }, bands, width }: StackProps): JSX.Element {
  const pattern = useId();
  const { at } = adoption;
  const first = at[0] ?? 0;
  const last = Math.max(at.at(-1) ?? 0, first + 1);
  const plot: Plot = { left: 42, right: width - 6, top: 30, bottom: HEIGHT - 24 };
  const x = linear(first, last, plot.left, plot.right);
  const xs = at.map(x);
  // Shares, so that machines that enrol do not look like an update.
  const totals = bands.at(-1)?.high ?? [];
  const y = linear(0, 1, plot.bottom, plot.top);
  const ys = (machines: readonly number[]): number[] =>
    machines.map((each, index) => {
      const total = totals[index] ?? 0;
      return total === 0 ? plot.bottom : y(each / total);
    });
  const shown = marks.filter((mark) => mark.at >= first && mark.at <= last);
  const lines = shown.flatMap(({ kind, at: second }) =>
    kind === "began" || kind === "halt" || kind === "resume" ? [x(second)] : [],
  );
  return (
    <>
      <defs>
        <pattern
          id={pattern}
          width="5"
          height="5"
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(45)"
        >
          <path class="hatch" d="M0 0V5" />
        </pattern>
      </defs>
      {bands.map(({ name, tone, low, high, isBelowMinimum }) => {
        const path = areaPath(xs, ys(low), ys(high));
        return (
          <g key={name}>
            <path class={tone} d={path} />
            {isBelowMinimum && <path fill={`url(#${pattern})`} d={path} />}
          </g>
        );
      })}
      {bands.slice(0, -1).map(({ name, high }) => (
        <path key={name} class="sep" d={linePath(ys(high).map((each, index) => [xs[index] ?? 0, each]))} />
      ))}
      <ValueAxis
        plot={plot}
        ticks={[0, 0.25, 0.5, 0.75, 1].map((share) => ({
          y: y(share),
          label: share === 1 ? "100 %" : String(share * 100),
        }))}
      />
      {bands.map(({ name, tone, label }) => {
        const whole = totals[label.index] ?? 0;
        const thickness = whole === 0 ? 0 : (label.thickness / whole) * (plot.bottom - plot.top);
        const place = besideLines(xs[label.index] ?? 0, name.length * LETTER, lines);
        if (thickness < NAME_HEIGHT || place < plot.left + 30 || place > plot.right - 30) return null;
        return (
          <text key={name} class={`mid band ${tone}-ink`} x={place} y={y(label.middle / whole) + 4}>
            {name}
          </text>
        );
      })}
      <Marks marks={shown} x={x} plot={plot} version={version} />
      <QuietLanes lanes={lanesOf(quiet, first, last, x)} plot={plot} />
      <TimeAxis
        plot={plot}
        ticks={timeTicks(first, last, Math.max(2, Math.floor(width / 92))).map(({ at: tick, label }) => ({
          x: x(tick),
          label,
        }))}
      />
    </>
  );
}

/** Where a name stands clear of the lines of what happened, as near as may be. */
function besideLines(place: number, length: number, lines: readonly number[]): number {
  const near = lines.find((line) => Math.abs(line - place) < length / 2 + 4);
  if (near === undefined) return place;
  return place < near ? near - length / 2 - 6 : near + length / 2 + 6;
}

interface MarksProps {
  readonly marks: readonly Mark[];
  readonly x: (at: number) => number;
  readonly plot: Plot;
  readonly version: string;
}

/** What happened along the way: promotions, halts and resumptions have a line, waves a tick. */
function Marks({ marks, x, plot }: MarksProps): JSX.Element {
  const drawn = namedMarks(marks, x, plot.right).map(({ kind, place, side, label }, index) => (
    <EventMark key={`${place} ${index}`} kind={kind} x={place} plot={plot} side={side} label={label} />
  ));
  return (
    <g>
      {marks
        .filter(({ kind }) => kind === "wave")
        .map(({ at }, index) => (
          <line
            key={`${at} ${index}`}
            class="tick open"
            x1={x(at)}
            x2={x(at)}
            y1={plot.top - 5}
            y2={plot.top}
          />
        ))}
      {drawn}
    </g>
  );
}
