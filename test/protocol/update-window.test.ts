import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { type UpdateWindow, WEEKDAYS } from "../../protocol/policy.ts";
import { ProtocolError } from "../../protocol/protocol-error.ts";
import { lastClosedOpening, openingAtOrAfter } from "../../protocol/update-window.ts";

const HOUR = 3600;
const DAY = 24 * HOUR;

function at(text: string): number {
  return Date.parse(text) / 1000;
}

function window(rest: Partial<UpdateWindow>): UpdateWindow {
  return {
    days: [...WEEKDAYS],
    start: "02:00",
    duration: 4 * HOUR,
    timeZone: "Europe/Berlin",
    onReturn: "window",
    ...rest,
  };
}

describe("a window in Europe/Berlin", () => {
  it("follows the wall clock through summer and winter", () => {
    assert.equal(openingAtOrAfter(window({}), at("2026-07-01T12:00:00Z")).opens, at("2026-07-02T00:00:00Z"));
    assert.equal(openingAtOrAfter(window({}), at("2026-12-01T12:00:00Z")).opens, at("2026-12-02T01:00:00Z"));
  });

  it("that starts in the hour that spring leaves out opens when the old clock would have shown it", () => {
    // On 2026-03-29 clocks go from 02:00 to 03:00.
    const before = at("2026-03-28T12:00:00Z");
    const two = openingAtOrAfter(window({ start: "02:00" }), before);
    assert.deepEqual(two, {
      opens: at("2026-03-29T03:00:00+02:00"),
      closes: at("2026-03-29T07:00:00+02:00"),
    });
    const halfPast = openingAtOrAfter(window({ start: "02:30" }), before);
    assert.equal(halfPast.opens, at("2026-03-29T03:30:00+02:00"));
  });

  it("that starts in the hour that autumn repeats opens once, the first time", () => {
    // On 2026-10-25 clocks go back from 03:00 to 02:00.
    const nightly = window({ start: "02:30", duration: HOUR / 2 });
    const first = openingAtOrAfter(nightly, at("2026-10-24T12:00:00Z"));
    assert.deepEqual(first, {
      opens: at("2026-10-25T02:30:00+02:00"),
      closes: at("2026-10-25T03:00:00+02:00"),
    });
    assert.equal(openingAtOrAfter(nightly, first.closes).opens, at("2026-10-26T02:30:00+01:00"));
  });

  it("lasts exactly as long as it says, also over a clock change", () => {
    const opening = openingAtOrAfter(
      window({ start: "23:00", duration: 6 * HOUR }),
      at("2026-03-29T00:00:00Z"),
    );
    assert.equal(opening.closes - opening.opens, 6 * HOUR);
    assert.equal(opening.opens, at("2026-03-28T23:00:00+01:00"));
  });
});

it("a window that began yesterday is still open after midnight", () => {
  const late = window({ days: ["fri"], start: "23:00", timeZone: "UTC" });
  const saturday = at("2026-11-21T01:00:00Z");
  assert.equal(openingAtOrAfter(late, saturday).opens, at("2026-11-20T23:00:00Z"));
  assert.equal(lastClosedOpening(late, saturday).opens, at("2026-11-13T23:00:00Z"));
});

it("a weekly window is found from any second, and the two questions agree", () => {
  const windows = fc.record({
    days: fc.subarray([...WEEKDAYS], { minLength: 1 }),
    start: fc.constantFrom("00:00", "01:59", "02:30", "23:59"),
    duration: fc.integer({ min: 1, max: DAY }),
    timeZone: fc.constantFrom(
      "UTC",
      "Europe/Berlin",
      "America/St_Johns",
      "Australia/Lord_Howe",
      "Pacific/Apia",
    ),
    onReturn: fc.constant("window" as const),
  });
  const times = fc.integer({ min: at("2026-01-01T00:00:00Z"), max: at("2027-12-31T00:00:00Z") });
  fc.assert(
    fc.property(windows, times, (window, now) => {
      const next = openingAtOrAfter(window, now);
      const last = lastClosedOpening(window, now);
      assert.ok(next.closes > now && next.opens <= now + 8 * DAY);
      assert.ok(last.closes <= now && last.opens >= now - 10 * DAY);
      assert.deepEqual(openingAtOrAfter(window, next.opens).closes >= next.closes - DAY, true);
      assert.ok(openingAtOrAfter(window, last.closes - 1).opens <= last.opens, "nothing lies between");
    }),
    { numRuns: 300 },
  );
});

it("what is no window is refused, never guessed", () => {
  const bad: Partial<UpdateWindow>[] = [
    { timeZone: "Europe/Atlantis" },
    { start: "24:00" },
    { start: "2:00" },
    { days: [] },
    { duration: 0 },
    { duration: DAY + 1 },
  ];
  for (const rest of bad) {
    assert.throws(
      () => openingAtOrAfter(window(rest), 0),
      (error) => error instanceof ProtocolError && error.code === "protocol/bad-window",
    );
  }
});
