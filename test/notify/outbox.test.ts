import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { readRetryAfter, tryAgainAt } from "../../controller/call-out/retry.ts";
import type { News } from "../../controller/notify/fact.ts";
import { readKept, writeKept } from "../../controller/notify/kept-notifications.ts";
import { messageOf } from "../../controller/notify/message.ts";
import {
  afterAttempt,
  EMPTY_OUTBOX,
  MOST_WAITING,
  nextStep,
  type Outbox,
  withNews,
} from "../../controller/notify/outbox.ts";

const T = 1_800_000_000;
const BURST = 10;

function news(count: number, from = 0): News[] {
  return Array.from({ length: count }, (_, index) => ({
    ...{ id: `id-${from + index}`, thread: "thread", event: "promoted", phase: "happened" },
    ...{ subject: {}, at: T, title: `news ${from + index}`, lines: [], page: "/" },
  }));
}

/** Delivers all that may be delivered at these seconds. @returns how many pieces of news each message had, by second */
function delivered(outbox: Outbox, seconds: number): { readonly at: number; readonly size: number }[] {
  const sent: { at: number; size: number }[] = [];
  let left = outbox;
  for (let at = T; at < T + seconds; at++) {
    for (let step = nextStep(left, BURST, at); step.kind === "send"; step = nextStep(left, BURST, at)) {
      sent.push({ at: at - T, size: step.outbox.sending.length });
      left = afterAttempt(step.outbox, { kind: "delivered" }, at, 0.5).outbox;
    }
  }
  return sent;
}

test("up to ten a minute are sent one by one, and more than that at once are one message", () => {
  assert.deepEqual(
    delivered(withNews(EMPTY_OUTBOX, news(10)).outbox, 1).map(({ size }) => size),
    Array.from({ length: 10 }, () => 1),
  );
  assert.deepEqual(delivered(withNews(EMPTY_OUTBOX, news(11)).outbox, 1), [{ at: 0, size: 11 }]);
});

test("what comes after ten in a minute waits for the minute to end, and goes as one", () => {
  const full = Array.from({ length: BURST }, () => T - 10);
  const outbox = { ...withNews(EMPTY_OUTBOX, news(30)).outbox, deliveredAt: full };
  assert.deepEqual(delivered(outbox, 120), [{ at: 50, size: 30 }]);
});

test("no minute sees more messages than the burst, whatever comes when", () => {
  const arrivals = fc.array(fc.record({ at: fc.nat({ max: 300 }), count: fc.integer({ min: 1, max: 30 }) }), {
    maxLength: 20,
  });
  fc.assert(
    fc.property(arrivals, fc.integer({ min: 1, max: 20 }), (coming, burst) => {
      let outbox = EMPTY_OUTBOX;
      const sent: number[] = [];
      let got = 0;
      for (let at = T; at < T + 600; at++) {
        for (const one of coming) if (T + one.at === at) outbox = withNews(outbox, news(one.count)).outbox;
        for (
          let step = nextStep(outbox, burst, at);
          step.kind === "send";
          step = nextStep(outbox, burst, at)
        ) {
          got += step.outbox.sending.length;
          sent.push(at);
          outbox = afterAttempt(step.outbox, { kind: "delivered" }, at, 0.5).outbox;
        }
      }
      for (const at of sent)
        assert.ok(sent.filter((other) => other >= at && other < at + 60).length <= burst);
      const came = coming.reduce((sum, { count }) => sum + count, 0);
      assert.equal(got, came, "and none is lost");
    }),
    { numRuns: 30 },
  );
});

test("a failed message is tried again as the same message, ever later, for a day", () => {
  let outbox = withNews(EMPTY_OUTBOX, news(12)).outbox;
  const ids = new Set<string>();
  const waits: number[] = [];
  let now = T;
  for (;;) {
    const step = nextStep(outbox, BURST, now);
    if (step.kind === "wait") {
      waits.push(step.until - now);
      now = step.until;
      continue;
    }
    assert.equal(step.kind, "send");
    if (step.kind !== "send") return;
    ids.add(messageOf(step.outbox.sending, undefined).id);
    // More comes while it fails, and changes nothing about what is being sent.
    const more = withNews(step.outbox, news(1, 100)).outbox;
    const after = afterAttempt(more, { kind: "failed", why: "no" }, now, 0.999);
    outbox = after.outbox;
    if (after.isGivenUp) break;
  }
  assert.equal(ids.size, 1);
  assert.ok(now - T >= 86_400 && now - T < 86_400 + 3_700, `given up after ${now - T} s`);
  assert.ok(waits[0] !== undefined && waits[0] <= 6);
  assert.ok(Math.max(...waits) <= 3_601);
  assert.deepEqual(outbox.sending, []);
  assert.ok(outbox.waiting.length > 0, "what came later is not given up with it");
});

test("a receiver that asks for time gets it, and one that will never take a message is not asked again", () => {
  const step = nextStep(withNews(EMPTY_OUTBOX, news(1)).outbox, BURST, T);
  assert.ok(step.kind === "send");
  const asked = afterAttempt(step.outbox, { kind: "failed", why: "429", retryAfter: 600 }, T, 0);
  assert.deepEqual(nextStep(asked.outbox, BURST, T + 599), { kind: "wait", until: T + 601 });
  assert.equal(nextStep(asked.outbox, BURST, T + 601).kind, "send");
  const refused = afterAttempt(step.outbox, { kind: "refused", why: "400" }, T, 0);
  assert.deepEqual([refused.isGivenUp, nextStep(refused.outbox, BURST, T).kind], [true, "idle"]);
});

test("waits grow, are spread, and are never longer than what is asked for and an hour", () => {
  assert.deepEqual(
    [1, 2, 3, 30].map((failures) => tryAgainAt(T, failures, 0.9999, undefined) - T),
    [5, 10, 20, 3_600],
  );
  assert.equal(tryAgainAt(T, 5, 0, undefined), T + 1);
  assert.equal(readRetryAfter("120", T), 120);
  assert.equal(readRetryAfter(new Date((T + 90) * 1000).toUTCString(), T), 90);
  assert.equal(readRetryAfter("1e99", T), undefined);
  assert.equal(readRetryAfter("999999999", T), 86_400);
});

test("the queue of a receiver that is gone is bounded, and says how much was dropped", () => {
  const { outbox, dropped } = withNews(withNews(EMPTY_OUTBOX, news(400)).outbox, news(200, 400));
  assert.equal(dropped, 100);
  assert.equal(outbox.waiting.length, MOST_WAITING);
  assert.equal(outbox.waiting.at(-1)?.id, "id-599");
});

test("what waits is on disk as it is, and a damaged file is no news and no crash", () => {
  const step = nextStep(withNews(EMPTY_OUTBOX, news(12)).outbox, BURST, T);
  assert.ok(step.kind === "send");
  const kept = new Map([["ops", { told: undefined, outbox: step.outbox }]]);
  assert.deepEqual(readKept(writeKept(kept)), kept);
  fc.assert(
    fc.property(fc.json(), (text) => {
      readKept(text);
    }),
  );
});
