import assert from "node:assert/strict";
import { test } from "node:test";
import { type Clock, RateLimit } from "../../agent/download/limit-rate.ts";

/** Time that passes only while somebody sleeps. */
class TestClock implements Clock {
  at = 0;
  readonly now = (): number => this.at;
  readonly sleep = async (milliseconds: number): Promise<void> => {
    this.at += milliseconds;
  };
}

test("a download takes as long as its rate asks, in whatever pieces it comes", async () => {
  for (const piece of [100, 65_536, 250_000]) {
    const clock = new TestClock();
    const rate = new RateLimit(100_000, clock);
    for (let taken = 0; taken < 1_000_000; taken += piece) await rate.pay(piece, undefined);
    const whole = Math.ceil(1_000_000 / piece) * piece;
    assert.ok(Math.abs(clock.at - whole / 100) < 1, `${piece}: ${clock.at} ms`);
  }
});

test("bytes that came slower than the limit are not waited for, and leave credit for one second at most", async () => {
  const clock = new TestClock();
  const rate = new RateLimit(1000, clock);
  for (let second = 0; second < 10; second++) {
    clock.at += 1000;
    await rate.pay(500, undefined);
  }
  assert.equal(clock.at, 10_000);
  clock.at += 60_000;
  await rate.pay(11_000, undefined);
  assert.equal(clock.at, 80_000, "11 seconds of bytes, one second of credit");
});

test("a wait for the rate ends at the signal", async () => {
  const stop = new AbortController();
  const paying = new RateLimit(1).pay(3600, stop.signal);
  stop.abort();
  await assert.rejects(paying, { name: "AbortError" });
});
