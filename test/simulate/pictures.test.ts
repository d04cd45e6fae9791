/**
 * Pictures of simulations, beside what they were: `UPDATE_GOLDEN=1` writes them anew. Look at the difference before you
 * commit it; those as SVG are to be seen in a browser.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it, test } from "node:test";
import fc from "fast-check";
import { pictureOf } from "../../controller/simulate/picture.ts";
import { printChart, type TerminalLook } from "../../controller/simulate/print-chart.ts";
import { printSummary } from "../../controller/simulate/print-summary.ts";
import { printSvg } from "../../controller/simulate/print-svg.ts";
import type { SimulationResult } from "../../controller/simulate/simulation.ts";
import { textWidth } from "../../controller/simulate/text-width.ts";
import { WHOLE_PPM } from "../../protocol/share.ts";
import { HOUR } from "../protocol/build-policies.ts";
import { ROLLOUT, SIMULATIONS, simulate } from "./sample-simulations.ts";

const GOLDEN = join(import.meta.dirname, "..", "golden", "simulate");
const IS_UPDATE = process.env.UPDATE_GOLDEN === "1";
/** The others differ from these in words. */
const AS_SVG = ["halted-on-one-platform", "in-nightly-windows", "in-twelve-waves", "with-hostile-words"];

const results = new Map<string, SimulationResult>();
function resultOf(name: string): SimulationResult {
  const result = results.get(name) ?? SIMULATIONS[name]?.();
  assert.ok(result !== undefined, name);
  results.set(name, result);
  return result;
}

function terminal(result: SimulationResult, look: Partial<TerminalLook> = {}): string {
  const { columns = 80, isUnicode = true, isColoured = false } = look;
  return `${printSummary(result, columns)}\n${printChart(result, { columns, isUnicode, isColoured })}`;
}

describe("golden pictures", () => {
  for (const name of Object.keys(SIMULATIONS)) {
    test(`${name}, in a terminal, in a narrow one without UTF-8, and as SVG`, () => {
      const result = resultOf(name);
      const narrow = terminal(result, { columns: 40, isUnicode: false });
      expectGolden(`${name}.txt`, `${terminal(result)}\n${"=".repeat(40)}\n\n${narrow}`);
      if (AS_SVG.includes(name)) expectGolden(`${name}.svg`, printSvg(result));
    });
  }

  test("have none left over from a simulation that is gone", () => {
    const names = [
      ...Object.keys(SIMULATIONS).map((name) => `${name}.txt`),
      ...AS_SVG.map((name) => `${name}.svg`),
    ];
    assert.deepEqual(readdirSync(GOLDEN).sort(), names.sort());
  });
});

function expectGolden(file: string, output: string): void {
  if (IS_UPDATE) writeFileSync(join(GOLDEN, file), output);
  assert.equal(output, readFileSync(join(GOLDEN, file), "utf8"));
}

/** Any promotion: paused, shut, failing, seen for seconds or weeks, in any number of waves. */
const simulations = fc
  .record({
    name: fc.constantFrom(...Object.keys(SIMULATIONS)),
    agents: fc.integer({ min: 1, max: 200 }),
    until: fc.integer({ min: 1, max: 5 * 24 * HOUR }),
    failing: fc.integer({ min: 0, max: WHOLE_PPM }),
    offline: fc.integer({ min: 0, max: WHOLE_PPM }),
    waves: fc.array(
      fc.record({ ppm: fc.integer({ min: 1, max: WHOLE_PPM }), after: fc.nat(8 * 24 * HOUR) }),
      {
        minLength: 1,
        maxLength: 12,
      },
    ),
    strategy: fc.constantFrom("steps", "linear"),
  })
  .map(({ name, waves, strategy, failing, ...rest }) => {
    const shares = [...new Set(waves.map(({ ppm }) => ppm))].sort((a, b) => a - b);
    const times = [...new Set(waves.map(({ after }) => after))].sort((a, b) => a - b);
    const ascending = shares.slice(0, times.length).map((ppm, i) => ({ ppm, after: times[i] ?? 0 }));
    return {
      name,
      rest: { ...rest, failureRates: new Map([["*", failing]]) },
      rollout: { ...ROLLOUT, strategy, waves: ascending } as const,
    };
  });

describe("whatever is simulated", () => {
  it("accounts for every machine once, and never lets more have it than may", () => {
    fc.assert(
      fc.property(simulations, ({ rest, rollout }) => {
        const result = simulate(rest, rollout);
        const { agents, adopted, failed, allowed, withheld, samples, offered } = result;
        const without = withheld.reduce((sum, why) => sum + why.agents, 0);
        assert.equal(adopted + failed + without, agents);
        for (const sample of samples) {
          assert.ok(sample.adopted + sample.failed <= sample.allowed && sample.allowed <= agents);
        }
        assert.ok(adopted + failed <= offered && offered <= allowed);
        const last = samples.at(-1);
        assert.deepEqual(
          [last?.at, last?.allowed, last?.adopted, last?.failed],
          [result.until, allowed, adopted, failed],
        );
        for (const [i, { at }] of samples.entries())
          assert.ok(i === 0 ? at === 0 : at > (samples[i - 1]?.at ?? 0));
        assert.ok(samples.length < 520);
      }),
      { numRuns: 50 },
    );
  });

  it("no line is wider than the terminal, and colours change nothing but colours", () => {
    fc.assert(
      fc.property(
        simulations,
        fc.integer({ min: 24, max: 130 }),
        fc.boolean(),
        ({ name, rest, rollout }, columns, isUnicode) => {
          for (const result of [simulate(rest, rollout), resultOf(name)]) {
            const text = terminal(result, { columns, isUnicode });
            for (const line of text.split("\n")) assert.ok(textWidth(line) <= columns, `${columns}: ${line}`);
            const coloured = terminal(result, { columns, isUnicode, isColoured: true });
            // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
            assert.equal(coloured.replaceAll(/\u001b\[[\d;]*m/g, ""), text);
            if (!isUnicode)
              assert.doesNotMatch(printChart(result, { columns, isUnicode, isColoured: false }), /[^ -~\n]/);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it("shows a wave when it opens, also where nobody adopts anything", () => {
    const allowedAt = (name: string, second: number) =>
      resultOf(name).samples.findLast(({ at }) => at <= second)?.allowed;
    for (const second of [0, 2 * HOUR, 4.2 * HOUR, 23 * HOUR, 24.4 * HOUR, 47 * HOUR]) {
      assert.equal(
        allowedAt("paused", second),
        allowedAt("good-in-three-waves", second),
        `after ${second} s`,
      );
    }
  });

  it("the end of both curves is what the summary says", () => {
    fc.assert(
      fc.property(simulations, ({ rest, rollout }) => {
        const result = simulate(rest, rollout);
        const { top, samples, end } = pictureOf(result);
        assert.ok(end > 0 && end <= result.until);
        const last = samples.at(-1);
        assert.deepEqual(
          [last?.allowed, last?.adopted, last?.failed],
          [result.allowed, result.adopted, result.failed],
        );
        for (const { allowed } of samples) assert.ok((allowed * WHOLE_PPM) / result.agents <= top);
        assertChartSays(result, top, printChart(result, { columns: 80, isUnicode: true, isColoured: false }));
      }),
      { numRuns: 50 },
    );
  });

  it("an SVG is well-formed, stands alone, and says in words what it shows", () => {
    fc.assert(
      fc.property(simulations, ({ name, rest, rollout }) => {
        for (const result of [simulate(rest, rollout), resultOf(name)]) {
          const svg = printSvg(result);
          assertWellFormed(svg);
          assert.doesNotMatch(
            svg,
            /href|@import|url\((?!#)|<script|<image|<foreignObject|NaN|undefined|Infinity/,
          );
          assert.match(svg, /<title id="[^"]+">[^<]+ adopted it/);
          for (const { reason } of result.withheld.slice(0, 5)) {
            assert.ok(svg.includes(reason.slice(0, 12).replaceAll(/[^ -~]/g, "?")), reason);
          }
        }
      }),
      { numRuns: 30 },
    );
  });
});

const LINE = "─│┌└┐┘";

/** In no column is more filled than the line allows, and the last one is as high as the numbers say, give or take a row. */
function assertChartSays(
  { agents, allowed, adopted, failed }: SimulationResult,
  top: number,
  chart: string,
): void {
  const rows = chart.split("\n").slice(1, 13).reverse();
  const highest = (column: number, signs: string): number =>
    rows.findLastIndex((row) => signs.includes(row[column] ?? " ")) + 1;
  for (let column = 8; column < 80; column++) {
    const [line, filled] = [highest(column, LINE), highest(column, "▁▂▃▄▅▆▇█x")];
    assert.ok(filled <= line, `column ${column}: ${filled} rows of ${line}\n${chart}`);
  }
  const height = (part: number): number => (((part * WHOLE_PPM) / agents) * 12) / top;
  assert.ok(Math.abs(highest(79, LINE) - height(allowed)) <= 1.5, chart);
  // What is as high as the line stands behind it; where the line goes straight up in this column, all of it does.
  const filled = highest(79, "▁▂▃▄▅▆▇█x");
  const isHidden = rows
    .slice(filled, Math.round(height(adopted + failed)))
    .every((row) => LINE.includes(row[79] ?? " "));
  assert.ok(isHidden || Math.abs(filled - height(adopted + failed)) <= 2, chart);
}

/** Every element that opens closes, and no text holds markup. */
function assertWellFormed(svg: string): void {
  const open: string[] = [];
  const rest = svg.replaceAll(
    /<(\/?)([a-z]+)((?: [a-zA-Z:-]+="[^"<]*")*)(\/?)>/g,
    (_, closes, name, _attributes, empty) => {
      if (closes === "/") assert.equal(open.pop(), name);
      else if (empty === "") open.push(name);
      return "";
    },
  );
  assert.deepEqual(open, []);
  assert.doesNotMatch(rest, /[<>]|&(?!#\d+;)/);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: XML has no way to write them
  assert.doesNotMatch(rest, /[\u0000-\u0008\u000b-\u001f\ufffe\uffff]/);
}
