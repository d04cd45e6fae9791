import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { countOf, writeBytes, writePpm, writeShare } from "../../dashboard/parts/numbers.ts";
import {
  writeClock,
  writeDay,
  writeExact,
  writeMachine,
  writeRelative,
  writeSpan,
} from "../../dashboard/parts/times.ts";

const at = (text: string): number => Date.parse(text) / 1000;
const NOW = at("2026-11-24T14:31:07Z");

test("a share says neither none nor all where that is not so", () => {
  assert.equal(writeShare(943, 11_640), "8.1 %");
  assert.equal(writeShare(0, 11_640), "0 %");
  assert.equal(writeShare(1, 11_640), "< 0.1 %");
  assert.equal(writeShare(11_639, 11_640), "99.9 %");
  assert.equal(writeShare(11_640, 11_640), "100 %");
  assert.equal(writeShare(1, 10), "10.0 %");
  assert.equal(writeShare(0, 0), "– %");
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 200_000 }), fc.integer({ min: 0, max: 200_000 }), (whole, some) => {
      const part = Math.min(whole, some);
      const text = writeShare(part, whole);
      assert.equal(text === "0 %", part === 0, text);
      assert.equal(text === "100 %", part === whole, text);
      assert.doesNotMatch(text, /^(?:0\.0|100\.0) /);
    }),
  );
});

test("numbers have their thousands apart and their units behind a space", () => {
  assert.equal(countOf(1, "machine"), "1 machine");
  assert.equal(countOf(12_480, "machine"), "12,480 machines");
  assert.equal(countOf(2, "policy", "policies"), "2 policies");
  assert.deepEqual([writePpm(20_000), writePpm(5_000), writePpm(122_500)], ["2 %", "0.5 %", "12.25 %"]);
  assert.deepEqual(
    [writeBytes(12), writeBytes(48_211_456), writeBytes(734_003_200)],
    ["12 B", "48.2 MB", "734 MB"],
  );
});

test("a length of time is as exact as it matters", () => {
  const spans = [40, 12 * 60 + 59, 3 * 3600, 35 * 3600, 4 * 86_400 + 7000, 71 * 86_400];
  assert.deepEqual(spans.map(writeSpan), ["40 s", "12 min", "3 h", "35 h", "4 d", "71 d"]);
  assert.equal(writeSpan(-5), "0 s");
});

test("what is recent is relative, what is not has a day, and all of it is in UTC", () => {
  assert.equal(writeRelative(NOW - 720, NOW), "12 min ago");
  assert.equal(writeRelative(NOW - 1, NOW), "just now");
  assert.equal(writeRelative(NOW + 3 * 3600, NOW), "in 3 h");
  assert.equal(writeRelative(at("2026-11-13T00:00:00Z"), NOW), "13 Nov");
  assert.equal(writeRelative(at("2027-01-04T00:00:00Z"), NOW), "4 Jan 2027");
  assert.equal(writeClock(at("2026-11-24T09:05:00Z"), NOW), "09:05");
  assert.equal(writeClock(at("2026-11-23T12:40:00Z"), NOW), "Mon 12:40");
  assert.equal(writeClock(at("2026-11-13T12:40:00Z"), NOW), "13 Nov");
  assert.equal(writeDay(at("2025-12-31T23:59:59Z"), NOW), "31 Dec 2025");
  assert.equal(writeExact(at("2026-11-13T14:31:07Z")), "Fri 13 Nov 2026, 14:31:07 UTC");
  assert.equal(writeMachine(at("2026-11-13T14:31:07Z")), "2026-11-13T14:31:07Z");
});
