import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { rateBulletShape } from "../../dashboard/parts/rate-bullet-geometry.ts";
import { areaPath, linePath, stepPath } from "../../dashboard/parts/sparkline-geometry.ts";
import { placeOf, WHOLE, waveBarShape } from "../../dashboard/parts/wave-bar-geometry.ts";

const percent = (value: number): number => value * 10_000;

test("a wave bar has a square-root scale, on which one per cent is a tenth of the way", () => {
  assert.equal(placeOf(percent(1), 240), 24);
  assert.equal(placeOf(percent(25), 240), 120);
  assert.equal(placeOf(WHOLE, 240), 240);
  assert.equal(placeOf(2 * WHOLE, 240), 240);
});

test("waves that are open are told from those that are not, and everybody's needs no tick", () => {
  const { ticks, allowed, actual } = waveBarShape(
    [1, 10, 50, 100].map(percent),
    percent(10),
    percent(8.1),
    235,
  );
  assert.deepEqual(
    ticks.map(({ label, isOpen }) => [label, isOpen]),
    [
      ["1", true],
      ["10", true],
      ["50", false],
    ],
  );
  assert.ok(actual < allowed);
});

test("labels of waves never stand upon each other nor outside, however many there are", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: WHOLE }), { maxLength: 30 }),
      fc.integer({ min: 100, max: 600 }),
      (waves, width) => {
        const { ticks } = waveBarShape(waves, WHOLE / 2, 0, width);
        const spans = ticks.flatMap(({ x, label }) =>
          label === undefined ? [] : [[x - label.length * 3, x + label.length * 3] as const],
        );
        for (const [index, [left, right]] of spans.entries()) {
          assert.ok(left >= 0 && right <= width - 30, `${left}..${right} of ${width}`);
          const before = spans[index - 1];
          if (before !== undefined) assert.ok(before[1] < left);
        }
      },
    ),
  );
});

test("a limit stands in the middle, and more than twice of it leaves the bar", () => {
  assert.deepEqual(rateBulletShape(1, 2, 84), { fill: 21, limit: 42, leaves: false, isOver: false });
  assert.deepEqual(rateBulletShape(4, 2, 84), { fill: 84, limit: 42, leaves: false, isOver: true });
  assert.deepEqual(rateBulletShape(4.2, 2, 84), { fill: 84, limit: 42, leaves: true, isOver: true });
  assert.equal(rateBulletShape(0, 2, 84).fill, 0);
  assert.equal(rateBulletShape(0.001, 2, 84).fill, 1, "a little is seen");
  assert.equal(rateBulletShape(0, 0, 84).isOver, false);
  assert.equal(rateBulletShape(1, 0, 84).leaves, true);
});

test("a small chart draws what is allowed in steps, and nothing where there are no samples", () => {
  const box = { width: 132, height: 30, from: 0, to: 100 };
  assert.deepEqual([linePath([], box), areaPath([], box), stepPath([], box)], ["", "", ""]);
  assert.equal(
    linePath(
      [
        { at: 0, share: 0 },
        { at: 100, share: 1 },
      ],
      box,
    ),
    "M1 28 L123 6",
  );
  assert.equal(
    stepPath(
      [
        { at: 0, share: 0.5 },
        { at: 50, share: 1 },
      ],
      box,
    ),
    "M1 17H62V6H123",
  );
});
