import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as settle } from "node:timers/promises";
import { Repeater } from "../../dashboard/api/repeater.ts";

test("what is slower than changes come is still done to its end, one at a time, and once more after the last", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const ends: (() => void)[] = [];
  const repeater = new Repeater(() => new Promise<void>((resolve) => void ends.push(resolve)), 400);
  void repeater.now();
  for (let change = 0; change < 20; change++) {
    repeater.soon();
    t.mock.timers.tick(1_000);
    await settle();
  }
  assert.equal(ends.length, 1, "it is neither begun anew nor done twice at a time");
  ends[0]?.();
  await settle();
  t.mock.timers.tick(400);
  assert.equal(ends.length, 2, "the changes meanwhile are one");
  ends[1]?.();
  await settle();
  t.mock.timers.tick(10_000);
  assert.equal(ends.length, 2, "without a change it rests");
});

test("many changes at once are one, and none counts after the end", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  let runs = 0;
  const repeater = new Repeater(async () => void runs++, 400);
  repeater.soon();
  repeater.soon();
  t.mock.timers.tick(400);
  assert.equal(runs, 1);
  repeater.stop();
  repeater.soon();
  t.mock.timers.tick(400);
  assert.equal(runs, 1);
});
