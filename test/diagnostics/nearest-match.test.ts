import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { editDistance, nearestMatch } from "../../controller/diagnostics/nearest-match.ts";

test("the nearest name is found through one slip of the hand", () => {
  const names = ["stable", "beta", "nightly", "defaultChannel"];
  assert.equal(nearestMatch("stabel", names), "stable", "two letters swapped");
  assert.equal(nearestMatch("beeta", names), "beta", "one letter too many");
  assert.equal(nearestMatch("nightl", names), "nightly", "one letter missing");
  assert.equal(nearestMatch("Stable", names), "stable", "a capital");
  assert.equal(nearestMatch("defaultchanel", names), "defaultChannel");
});

test("nothing is suggested that has little to do with what was written", () => {
  assert.equal(nearestMatch("prod", ["stable", "beta"]), undefined);
  assert.equal(nearestMatch("x", []), undefined);
});

test("among equals the first by name wins, whatever their order", () => {
  assert.equal(nearestMatch("1.0.1", ["1.1.1", "1.0.0"]), "1.0.0");
  assert.equal(nearestMatch("1.0.1", ["1.0.0", "1.1.1"]), "1.0.0");
});

test("the distance is symmetric, zero for equal words only, and never above the longer word", () => {
  const word = fc.string({ maxLength: 8, unit: fc.constantFrom("a", "b", "c") });
  fc.assert(
    fc.property(word, word, (a, b) => {
      const distance = editDistance(a, b, 100);
      assert.equal(distance, editDistance(b, a, 100));
      assert.equal(distance === 0, a === b);
      assert.ok(distance <= Math.max(a.length, b.length));
    }),
  );
});
