import assert from "node:assert/strict";
import { test } from "node:test";
import { parseDate } from "../../protocol/date.ts";

test("a date begins its day in UTC, a time counts from its own zone", () => {
  assert.equal(parseDate("2027-01-31"), Date.UTC(2027, 0, 31) / 1000);
  assert.equal(parseDate("2027-01-31T10:00Z"), Date.UTC(2027, 0, 31, 10) / 1000);
  assert.equal(parseDate("2027-01-31T10:00:30.5+14:00"), Date.UTC(2027, 0, 30, 20, 0, 30) / 1000);
  assert.equal(parseDate("2028-02-29T00:00:00-03:30"), Date.UTC(2028, 1, 29, 3, 30) / 1000);
});

for (const text of [
  "2027-02-30",
  "2027-02-30T00:00:00Z",
  "2026-11-22T10:30:60Z",
  "2026-11-22T24:00:00Z",
  "2026-11-22T10:30:00+23:59",
  "2026-11-22T10:30:00+14:30",
  "0000-01-01T00:00:00Z",
  "+002027-01-31",
  "2027-01-31T10:00",
  "2027-01-31T10:00Z[Europe/Berlin]",
  "20270131",
  "2027-01-31 10:00Z",
  "1795132800",
  "",
]) {
  test(`no calendar has \`${text}\``, () => {
    assert.throws(() => parseDate(text), { code: "protocol/bad-date" });
  });
}
