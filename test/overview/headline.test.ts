import assert from "node:assert/strict";
import { test } from "node:test";
import { heading, lead, shortHeading } from "../../controller/overview/headline.ts";
import { type Need, need } from "../../controller/overview/need.ts";
import { moment, percent, span } from "../../controller/overview/phrases.ts";
import { NOW } from "./sample-input.ts";

function needs(now: number, later: number): Need[] {
  const given = { what: "w", why: "w", subject: { product: "agent", channel: "stable" }, since: NOW - 720 };
  const action = { label: "l", commands: [] };
  return Array.from({ length: now + later }, (_, n) =>
    need(String(n), { ...given, action, kind: n < now ? "halted" : "stale" }),
  );
}

test("the heading is the answer, in words up to twelve", () => {
  const said = (now: number, later: number) => heading(needs(now, later));
  assert.equal(said(0, 0), "Nothing needs a person");
  assert.equal(said(0, 1), "One thing needs a person");
  assert.equal(said(1, 0), "One thing needs a person, now");
  assert.equal(said(1, 5), "Six things need a person, one of them now");
  assert.equal(said(2, 0), "Two things need a person, both of them now");
  assert.equal(said(3, 0), "Three things need a person, all of them now");
  assert.equal(said(0, 12), "Twelve things need a person");
  assert.equal(said(13, 1200), "1,213 things need a person, 13 of them now");
});

test("a browser's tab says how many, and that one cannot wait", () => {
  assert.equal(shortHeading(needs(0, 0)), "Nothing needs a person");
  assert.equal(shortHeading(needs(0, 1)), "1 needs a person");
  assert.equal(shortHeading(needs(1, 5)), "6 need a person, 1 now");
});

test("what comes under the heading says what goes on all the same, and when a version was last halted", () => {
  const of = { channels: 5, lastHaltAt: Date.UTC(2026, 10, 13) / 1000, now: NOW };
  assert.equal(lead(needs(0, 0), of), "Last halt 13 Nov 2026.");
  assert.equal(lead(needs(0, 0), { ...of, lastHaltAt: null }), "No version was halted so far.");
  assert.equal(lead(needs(0, 2), of), "No rollout is halted. Last halt 13 Nov 2026.");
  assert.equal(
    lead(needs(1, 2), of),
    "agent / stable halted 12 minutes ago. The other 4 channels are not halted.",
  );
});

test("a share below one is never said to be all, nor a share above none to be nothing", () => {
  assert.deepEqual([0, 1, 500, 81_300, 100_000, 999_999, 1_000_000].map(percent), [
    ...["0 %", "< 0.1 %", "< 0.1 %", "8.1 %", "10 %", "99.9 %", "100 %"],
  ]);
});

test("times are said in one unit, and by the weekday within a week", () => {
  assert.deepEqual([1, 720, 7_100, 35 * 3_600, 34 * 86_400].map(span), [
    ...["1 second", "12 minutes", "118 minutes", "35 hours", "34 days"],
  ]);
  const monday = Date.UTC(2026, 10, 16, 3, 12) / 1000;
  assert.equal(moment(monday, monday + 86_400), "Mon 03:12 UTC");
  assert.equal(moment(monday, monday - 90 * 86_400), "Mon 16 Nov 2026");
});
