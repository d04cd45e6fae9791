import type { JSX } from "preact";
import { Chart, EventMark, type Plot, TimeAxis, ValueAxis } from "./chart.tsx";
import { linear, logarithmic, powersOfTen, spread, stepPath, timeTicks } from "./chart-scales.ts";
import { evidenceSentence, nameOfTest, numbersOf, writeEvidence, writePower } from "./evidence-words.ts";
import type { Evidence, RolloutSeries } from "./rollout-types.ts";
import { lastHalt } from "./since-shares.ts";

const HEIGHT = 268;
/** So many times above the line the chart ends: past it a curve is cut and named. */
const ABOVE_LINE = 60;
const LEAST = 1e-4;

/** The gate's evidence over time, on a logarithmic axis, with the line that halts. */
export function EvidenceChart({
  series,
  evidence,
}: {
  readonly series: RolloutSeries;
  readonly evidence: Evidence;
}): JSX.Element {
  return (
    <Chart says={evidenceSentence(evidence)} height={HEIGHT}>
      {(width) => <Curves series={series} evidence={evidence} width={width} />}
    </Chart>
  );
}

interface CurvesProps {
  readonly series: RolloutSeries;
  readonly evidence: Evidence;
  readonly width: number;
}

function Curves({ series, evidence, width }: CurvesProps): JSX.Element {
  const { at, tests } = evidence;
  const isNarrow = width < 480;
  const plot: Plot = { left: 46, right: width - (isNarrow ? 92 : 150), top: 30, bottom: HEIGHT - 24 };
  const first = at[0] ?? 0;
  const last = Math.max(at.at(-1) ?? 0, first + 1);
  const lines = [...new Set(tests.map(({ needed }) => needed))].sort((a, b) => a - b);
  const numbers = tests.flatMap(numbersOf);
  const top = Math.max(...lines, 10) * ABOVE_LINE;
  const bottom = Math.max(LEAST, Math.min(0.1, 10 ** Math.floor(Math.log10(Math.min(1, ...numbers)))));
  const x = linear(first, last, plot.left, plot.right);
  const y = logarithmic(bottom, top, plot.bottom, plot.top);
  const xs = at.map(x);
  const hottest = tests.toSorted((a, b) => heatOf(b) - heatOf(a))[0];
  const halt = lastHalt(series.marks.filter(({ commit }) => commit === series.commit));
  const isHot = (test: Evidence["tests"][number]): boolean =>
    heatOf(test) >= 1 || (halt !== undefined && test === hottest);
  const names = spread(
    tests.map((test) => ({
      y: y(test.evidence.at(-1) ?? 1),
      name: nameOfTest(test),
      value: writeEvidence(test.evidence.at(-1) ?? 1),
      isHot: isHot(test),
    })),
    isNarrow ? 13 : 15,
    plot.top,
    plot.bottom,
  ).slice(0, Math.floor((plot.bottom - plot.top) / 13));
  return (
    <>
      {halt !== undefined && halt.at < last && (
        <rect
          class="after"
          x={Math.max(plot.left, x(halt.at))}
          y={plot.top}
          width={plot.right - Math.max(plot.left, x(halt.at))}
          height={plot.bottom - plot.top}
        />
      )}
      <ValueAxis
        plot={plot}
        ticks={powersOfTen(bottom, top, 8).map((power) => ({ y: y(power), label: writePower(power) }))}
      />
      {lines.map((needed, index) => (
        <g key={needed}>
          <line class="needed" x1={plot.left} x2={plot.right} y1={y(needed)} y2={y(needed)} />
          <text class="loud" x={plot.left + 4} y={y(needed) - 5}>
            {Math.round(needed).toLocaleString("en-US")}
            {lines.length === 1
              ? ": halts here"
              : index === 0
                ? ": all machines halt"
                : isNarrow
                  ? ""
                  : ": one platform halts"}
          </text>
        </g>
      ))}
      {tests.map((test) => (
        <path
          key={nameOfTest(test)}
          class={`evidence${isHot(test) ? " hot" : test.platform === undefined ? " fleet" : ""}`}
          d={stepPath(
            test.evidence.flatMap((each, index) =>
              each === null ? [] : [[xs[index] ?? 0, y(each)] as const],
            ),
          )}
        />
      ))}
      {halt !== undefined && halt.at >= first && (
        <EventMark
          kind="halt"
          x={x(Math.min(halt.at, last))}
          plot={plot}
          side="left"
          label={isNarrow ? "halted" : haltLabel(hottest)}
        />
      )}
      {names.map(({ y: place, name, value, isHot: hot }) => (
        <text key={name} class={hot ? "loud" : ""} x={plot.right + 6} y={place + 4}>
          {isNarrow ? name : `${name} ${value}`}
        </text>
      ))}
      <TimeAxis
        plot={plot}
        ticks={timeTicks(first, last, Math.max(2, Math.floor((plot.right - plot.left) / 76))).map(
          ({ at: tick, label }) => ({ x: x(tick), label }),
        )}
      />
    </>
  );
}

/** How near to its line it came. */
function heatOf(test: Evidence["tests"][number]): number {
  return Math.max(0, ...numbersOf(test)) / test.needed;
}

function haltLabel(hottest: Evidence["tests"][number] | undefined): string {
  if (hottest === undefined) return "halted";
  return `${hottest.failures} of ${hottest.counted} failed`;
}
