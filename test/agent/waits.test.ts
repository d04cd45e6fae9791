import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { applyDelay, pollDelay, pollInterval, wakeDelay } from "../../agent/daemon/poll-delay.ts";
import { buildsFor } from "../../agent/decision/machine-builds.ts";
import { openFormat } from "../../agent/formats/formats.ts";
import { waitBeforeAttempt } from "../../agent/life-cycle/confirm.ts";
import type { AgentState, BlockedBuild } from "../../agent/state/agent-state.ts";
import { blockBuild, blockedVersions, boundTimes } from "../../agent/state/block-build.ts";
import { parseState } from "../../agent/state/state-file.ts";

const fraction = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const interval = fc.integer({ min: 1, max: 86_400 });

test("the machine's config says how often, else policy, else five minutes; 0 is an answer", () => {
  assert.deepEqual(
    [
      pollInterval(10, 20),
      pollInterval(undefined, 20),
      pollInterval(undefined, undefined),
      pollInterval(0, 20),
    ],
    [10, 20, 6 * 3600, 0],
  );
});

test("policy can slow a daemon to a look a day and never silence it; only the machine's own config can", () => {
  assert.deepEqual([pollInterval(undefined, 0), pollInterval(undefined, 10 ** 15)], [86_400, 86_400]);
  assert.deepEqual([pollInterval(0, 300), pollInterval(10 ** 6, 300)], [0, 10 ** 6]);
  fc.assert(
    fc.property(fc.nat(Number.MAX_SAFE_INTEGER), fraction, (policy, random) => {
      const delay = pollDelay(pollInterval(undefined, policy), { kind: "fine" }, random);
      assert.ok(delay > 0 && delay <= 1.2 * 86_400);
    }),
  );
});

test("polls after a good look are spread by a fifth around the interval", () => {
  fc.assert(
    fc.property(interval, fraction, (seconds, random) => {
      const delay = pollDelay(seconds, { kind: "fine" }, random);
      assert.ok(delay >= 0.8 * seconds && delay <= 1.2 * seconds);
    }),
  );
  assert.notEqual(pollDelay(300, { kind: "fine" }, 0.1), pollDelay(300, { kind: "fine" }, 0.9));
});

test("the wait after failures grows, is bounded, never below a second, and keeps to Retry-After", () => {
  const failed = (failures: number, retryAfter?: number) =>
    ({ kind: "failed", failures, retryAfter }) as const;
  assert.equal(pollDelay(300, failed(1), 0.5), 150);
  assert.equal(pollDelay(300, failed(2), 0.5), 300);
  assert.equal(pollDelay(300, failed(9), 0.5), 1800);
  assert.equal(pollDelay(300, failed(1), 0), 1, "no busy loop");
  fc.assert(
    fc.property(interval, fc.integer({ min: 1, max: 1000 }), fraction, fc.nat(86_400), (...values) => {
      const [seconds, failures, random, retryAfter] = values;
      const delay = pollDelay(seconds, failed(failures, retryAfter), random);
      assert.ok(delay >= Math.max(1, retryAfter));
      assert.ok(delay <= Math.max(1, retryAfter + Math.max(3600, seconds)));
    }),
  );
});

test("the daemon looks again when a waiting version's time comes before the next poll", () => {
  assert.equal(wakeDelay(300, 300, undefined, 1000, 0.5), 300);
  assert.equal(wakeDelay(3600, 3600, 1060, 1000, 0), 60);
  assert.equal(wakeDelay(3600, 3600, 1060, 1000, 0.5), 60 + 150, "spread like an installation");
  assert.equal(wakeDelay(300, 300, 9000, 1000, 0), 300, "the poll comes first");
  assert.equal(wakeDelay(300, 300, 999, 1000, 0), 300, "a time that is past wakes nobody");
  assert.equal(wakeDelay(300, 300, 1000, 1000, 0), 1, "no busy loop");
});

test("a clock that follows the waits is awake soon after the eligible time, never much before, in few looks", () => {
  fc.assert(
    fc.property(interval, fc.nat(200_000), fc.array(fraction, { minLength: 40 }), (every, wait, randoms) => {
      let now = 1_000_000;
      const eligibleAt = now + wait;
      let looks = 0;
      while (now < eligibleAt && looks < randoms.length / 2) {
        const [first = 0, second = 0] = randoms.slice(2 * looks);
        const delay = wakeDelay(
          pollDelay(every, { kind: "fine" }, first),
          every,
          eligibleAt,
          Math.floor(now),
          second,
        );
        assert.ok(delay >= 0.8 * every || now + delay >= Math.floor(now) + 1);
        now += delay;
        looks++;
      }
      assert.ok(now <= Math.max(eligibleAt, 1_000_000) + Math.min(every, 300) + 2);
    }),
  );
});

test("an installation waits at most five minutes or an interval", () => {
  fc.assert(
    fc.property(interval, fraction, (seconds, random) => {
      const delay = applyDelay(seconds, random);
      assert.ok(delay >= 0 && delay <= Math.min(seconds, 300));
    }),
  );
  assert.equal(applyDelay(1000, 0.5), 150);
});

test("attempts to confirm come after 0, 1, 2, 4, 8, 8 seconds", () => {
  assert.deepEqual([0, 1, 2, 3, 4, 5].map(waitBeforeAttempt), [0, 1, 2, 4, 8, 8]);
});

/** What the next start reads of it. */
function restarted(blocked: readonly BlockedBuild[]): AgentState {
  const state = parseState(Buffer.from(JSON.stringify({ format: 2, blocked })));
  assert.ok(state !== undefined);
  return state;
}

const build = { version: "1.1.0", id: "a".repeat(64) };

test("a build that keeps failing is blocked for 30 minutes at least and a day at most, longer each time", () => {
  const once = blockBuild([], build, "bad", 1000, 0.5);
  assert.deepEqual(once, [
    { ...build, reason: "bad", until: 1000 + 1800 + 900, failures: 1, failedAt: [1000] },
  ]);
  const twice = blockBuild(once, build, "worse", 5000, 0.5);
  assert.deepEqual(twice, [
    { ...build, reason: "worse", until: 5000 + 1800 + 2700, failures: 2, failedAt: [1000, 5000] },
  ]);
  fc.assert(
    fc.property(fc.nat(100), fraction, (failures, random) => {
      const before: BlockedBuild[] = [{ ...build, reason: "", until: 0, failures }];
      const [after] = blockBuild(before, build, "bad", 0, random);
      assert.ok(after !== undefined && after.until >= 1800 && after.until <= 86_400);
    }),
  );
});

test("a bad build is tried at most three times in any 24 hours, however the jitter falls and the clock was set", () => {
  const day = 86_400;
  const wait = fc.oneof(fc.constant(0), fc.nat(3 * 3600));
  const jump = fc.oneof(
    { weight: 4, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.nat(900 * day) },
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(fraction, wait, jump), { maxLength: 30 }), (tries) => {
      let blocked: readonly BlockedBuild[] = [];
      // `true` time passes as it does; the machine's clock was ahead by `jump` while a failure was noted.
      let time = 1_800_000_000;
      const began: number[] = [];
      for (const [random, late, ahead] of tries) {
        const until = boundTimes({ blocked }, time).blocked[0]?.until ?? time;
        assert.ok(until <= time + day, "no wrong clock blocks for longer than a day");
        time = Math.max(time, until) + late;
        began.push(time);
        blocked = blockBuild(blocked, build, "bad", time + ahead, random);
        blocked = boundTimes(restarted(blocked), time).blocked;
      }
      for (const [index, at] of began.entries()) {
        const fourth = began[index + 3];
        assert.ok(fourth === undefined || fourth - at >= day, `tries at ${began}`);
      }
    }),
  );
});

test("the list of blocked builds is bounded, and forgets the oldest", () => {
  let blocked: readonly BlockedBuild[] = [];
  for (let n = 0; n < 40; n++) {
    blocked = blockBuild(blocked, { version: `1.0.${n}`, id: String(n).padStart(64, "0") }, "", 0, 0);
  }
  assert.deepEqual([blocked.length, blocked[0]?.version, blocked.at(-1)?.version], [32, "1.0.8", "1.0.39"]);
});

test("only the digest that failed is blocked: the same version built again may be tried", () => {
  const blocked = blockBuild([], build, "bad", 0, 0);
  const versions = (id: string) =>
    blockedVersions(blocked, [{ version: "1.1.0", id }], false).map(({ version }) => version);
  assert.deepEqual(versions(build.id), ["1.1.0"]);
  assert.deepEqual(versions("b".repeat(64)), []);
});

test("of a release only the artifact for this platform and format is what a machine would install", async () => {
  const format = await openFormat(undefined, {
    installPath: "/opt/lantern",
    selfTest: { command: ["{path}"], seconds: 1 },
  });
  const releases = ["linux-x64", "linux-arm64"].map((platform, index) => ({
    product: "lantern",
    version: `1.${index}.0`,
    active: true,
    severity: "normal" as const,
    artifacts: [
      { platform, format: "binary" as const, target: "t", size: 1, sha256: String(index).repeat(64) },
    ],
  }));
  assert.deepEqual(buildsFor(releases, "linux-arm64", format), [{ version: "1.1.0", id: "1".repeat(64) }]);
});
