import type { JSX } from "preact";
import { Card } from "../parts/card.tsx";
import { writeCount, writeShare } from "../parts/numbers.ts";
import { writeClock } from "../parts/times.ts";
import { Chart, EventMark, type Plot, TimeAxis, ValueAxis } from "./chart.tsx";
import { areaPath, linear, linePath, roundAxis, spread, stepPath, timeTicks } from "./chart-scales.ts";
import { QuietGround, QuietLanes, QuietList } from "./quiet-lanes.tsx";
import { LANE_HEIGHT, lanesOf } from "./quiet-lanes-geometry.ts";
import type { RolloutSeries } from "./rollout-types.ts";
import { lastHalt, shareSeries, sinceSentence } from "./since-shares.ts";

const HEIGHT = 268;

/** The version since its promotion: what may have it, dashed, beside what has it. */
export function SinceChart({ series }: { readonly series: RolloutSeries }): JSX.Element {
  const { since, version, channel } = series;
  const isEarly = since.at.length < 2;
  const [first = 0, end = 0] = [since.at[0], since.at.at(-1)];
  const lanes = lanesOf(series.quiet, first, Math.max(end, first + 1), (at) => at).length;
  const isNobody = since.devices.every((each) => each === 0);
  return (
    <Card
      title={`${version} since its promotion`}
      tail={isEarly || isNobody ? undefined : "allowed (dashed) and on it"}
    >
      {isEarly ? (
        <p class="q2">It has not begun. Here is drawn what may have it beside what has it.</p>
      ) : isNobody ? (
        <p class="q2">No machine follows {channel} yet, so nobody may have it and nobody does.</p>
      ) : (
        <>
          <Chart says={sinceSentence(series)} height={HEIGHT + 26 + lanes * LANE_HEIGHT}>
            {(width) => <Rise series={series} width={width} />}
          </Chart>
          <SinceNumbers series={series} />
          <QuietList quiet={series.quiet} />
        </>
      )}
    </Card>
  );
}

function Rise({ series, width }: { readonly series: RolloutSeries; readonly width: number }): JSX.Element {
  const { since, marks, commit, quiet } = series;
  const { at } = since;
  const { running, allowed } = shareSeries(since);
  const isNarrow = width < 480;
  const plot: Plot = { left: 44, right: width - (isNarrow ? 8 : 96), top: 34, bottom: HEIGHT + 2 };
  const first = at[0] ?? 0;
  const last = Math.max(at.at(-1) ?? 0, first + 1);
  const x = linear(first, last, plot.left, plot.right);
  const lanes = lanesOf(quiet, first, last, x);
  const axis = roundAxis(Math.min(1, Math.max(0.001, ...running, ...allowed)) * 100, isNarrow ? 3 : 4);
  const y = linear(0, axis.end, plot.bottom, plot.top);
  const xs = at.map(x);
  const allowedPath = stepPath(allowed.map((share, index) => [xs[index] ?? 0, y(share * 100)]));
  const own = marks.filter((mark) => mark.commit === commit && mark.at >= first && mark.at <= last);
  const halt = lastHalt(own);
  const runningNow = running.at(-1) ?? 0;
  const allowedNow = allowed.at(-1) ?? 0;
  const ends = spread(
    [
      { y: y(allowedNow * 100), text: `${percent(allowedNow)} allowed`, tone: "" },
      { y: y(runningNow * 100), text: `${percent(runningNow)} on it`, tone: "ink" },
    ],
    15,
    plot.top,
    plot.bottom,
  );
  return (
    <>
      <QuietGround lanes={lanes} plot={plot} />
      {halt !== undefined && (
        <rect
          class="after"
          x={x(halt.at)}
          y={plot.top}
          width={Math.max(0, plot.right - x(halt.at))}
          height={plot.bottom - plot.top}
        />
      )}
      <ValueAxis
        plot={plot}
        ticks={axis.at.map((value, index) => ({
          y: y(value),
          label: index === axis.at.length - 1 ? `${value} %` : String(value),
        }))}
      />
      <path
        class="v1"
        d={areaPath(
          xs,
          xs.map(() => plot.bottom),
          running.map((share) => y(share * 100)),
        )}
      />
      <path
        class="since-line"
        d={linePath(running.map((share, index) => [xs[index] ?? 0, y(share * 100)]))}
      />
      <path class="step-rim" d={allowedPath} />
      <path class="step" d={allowedPath} />
      <WaveNames
        marks={own}
        x={x}
        plot={plot}
        allowedAt={(second) => y(allowedAfter(at, allowed, second) * 100)}
        runningAt={(from, to) =>
          y(Math.max(0, ...running.filter((_, index) => within(xs[index] ?? 0, from, to))) * 100)
        }
      />
      {own
        .filter(({ kind }) => kind === "halt" || kind === "resume")
        .map((mark, index) => (
          <EventMark
            key={`${mark.at} ${index}`}
            kind={mark.kind === "halt" ? "halt" : "resume"}
            x={x(mark.at)}
            plot={plot}
            side={x(mark.at) > plot.right - 70 ? "left" : "right"}
            label={mark === halt ? "halted" : undefined}
          />
        ))}
      {!isNarrow &&
        ends.map(({ y: place, text, tone }) => (
          <text key={text} class={tone} x={plot.right + 7} y={place + 4}>
            {text}
          </text>
        ))}
      <QuietLanes lanes={lanes} plot={plot} />
      <TimeAxis
        plot={plot}
        ticks={timeTicks(first, last, Math.max(2, Math.floor(width / 88))).map(({ at: tick, label }) => ({
          x: x(tick),
          label,
        }))}
      />
    </>
  );
}

function within(value: number, from: number, to: number): boolean {
  return value >= from && value <= to;
}

function allowedAfter(at: readonly number[], allowed: readonly number[], second: number): number {
  const index = at.findIndex((each) => each >= second);
  return allowed[Math.min(index < 0 ? allowed.length - 1 : index + 1, allowed.length - 1)] ?? 0;
}

interface WaveNamesProps {
  readonly marks: readonly RolloutSeries["marks"][number][];
  readonly x: (at: number) => number;
  readonly plot: Plot;
  /** How high they stand, in pixels: at a second, and at most between two places. */
  readonly allowedAt: (second: number) => number;
  readonly runningAt: (from: number, to: number) => number;
}

/** Which wave opened, on the step that it made and not on the area of what runs. */
function WaveNames({ marks, x, plot, allowedAt, runningAt }: WaveNamesProps): JSX.Element {
  let free = plot.left - 1;
  const halts = marks.filter(({ kind }) => kind === "halt").map(({ at }) => x(at));
  return (
    <g>
      {marks
        .filter(({ kind }) => kind === "wave")
        .map(({ at, text }, index) => {
          const label = /: ([\d.]+%)/.exec(text)?.[1]?.replace("%", " %");
          const place = x(at);
          const length = label === undefined ? 0 : (label.length + 5) * 6;
          const isRight =
            place + length < plot.right && !halts.some((halt) => within(halt, place, place + length));
          const from = isRight ? place : place - length;
          if (label === undefined || from < free) return null;
          free = from + length + 4;
          return (
            <text
              key={`${at} ${index}`}
              class={isRight ? "" : "end"}
              x={isRight ? place + 3 : place - 4}
              y={Math.max(plot.top - 3, Math.min(allowedAt(at), runningAt(from, from + length)) - 5)}
            >
              wave {label}
            </text>
          );
        })}
    </g>
  );
}

function percent(share: number): string {
  return writeShare(Math.round(share * 1_000_000), 1_000_000).replace(".0 ", " ");
}

/** What the chart says in numbers, below it. */
function SinceNumbers({ series: { since, now } }: { readonly series: RolloutSeries }): JSX.Element {
  const at = since.at.at(-1) ?? now;
  return (
    <p class="q s show-s">
      {writeCount(since.running.at(-1) ?? 0)} on it of {writeCount(since.allowed.at(-1) ?? 0)} allowed at{" "}
      {writeClock(at, now)}
    </p>
  );
}
