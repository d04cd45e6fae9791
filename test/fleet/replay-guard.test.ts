import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ReplayGuard } from "../../controller/fleet/replay-guard.ts";
import { MAX_CLOCK_AHEAD, MAX_REQUEST_AGE } from "../../protocol/http-signatures/profile.ts";

const NOW = 1_800_000_000;
const ACCEPTED = MAX_REQUEST_AGE + MAX_CLOCK_AHEAD;

test("a signature is taken once, and the same nonce of another device is another signature", () => {
  const guard = new ReplayGuard(NOW);
  assert.equal(guard.admit("d-1", "nonce", NOW), "new");
  assert.equal(guard.admit("d-1", "nonce", NOW), "replayed");
  assert.equal(guard.admit("d-2", "nonce", NOW), "new");
  assert.equal(guard.admit("d-1", "another", NOW), "new");
});

test("a signature is remembered for as long as it would be taken, whenever it came and however the clock runs", () => {
  const steps = fc.array(
    fc.record({ pass: fc.integer({ min: -120, max: 700 }), nonce: fc.integer({ min: 0, max: 5 }) }),
    { maxLength: 60 },
  );
  fc.assert(
    fc.property(steps, (all) => {
      const guard = new ReplayGuard(NOW);
      const taken = new Map<number, number>();
      let now = NOW;
      let newest = NOW;
      for (const { pass, nonce } of all) {
        now += pass;
        newest = Math.max(newest, now);
        const admission = guard.admit("d-1", `nonce-${nonce}`, now);
        const last = taken.get(nonce);
        if (last !== undefined && newest - last < ACCEPTED) assert.equal(admission, "replayed");
        if (admission === "new") taken.set(nonce, now);
      }
    }),
    { numRuns: 500 },
  );
});

test("a signature is forgotten after twice that time, so that memory does not grow with the uptime", () => {
  const guard = new ReplayGuard(NOW, { entries: 10, perDevice: 10 });
  for (let nonce = 0; nonce < 10; nonce++) assert.equal(guard.admit("d-1", `${nonce}`, NOW), "new");
  const at = (later: number) => guard.admit("d-2", "nonce", NOW + later);
  assert.equal(at(0), "full");
  assert.equal(at(ACCEPTED), "full", "the older generation still counts");
  assert.equal(at(2 * ACCEPTED), "new");
});

test("a guard that is full takes nothing more, and still knows a replay", () => {
  const guard = new ReplayGuard(NOW, { entries: 3, perDevice: 10 });
  for (const device of ["d-1", "d-2", "d-3"]) assert.equal(guard.admit(device, "nonce", NOW), "new");
  assert.equal(guard.admit("d-4", "nonce", NOW), "full");
  assert.equal(guard.admit("d-1", "nonce", NOW), "replayed");
});

test("one device cannot use up what all of them share", () => {
  const guard = new ReplayGuard(NOW, { entries: 100, perDevice: 4 });
  const admissions = Array.from({ length: 200 }, (_, index) => guard.admit("d-1", `${index}`, NOW + index));
  assert.deepEqual(admissions.slice(0, 5), ["new", "new", "new", "new", "too-many"]);
  assert.equal(admissions.filter((admission) => admission === "new").length, 4);
  assert.equal(guard.admit("d-2", "nonce", NOW + 200), "new");
  assert.equal(guard.admit("d-1", "nonce", NOW + 2 * ACCEPTED), "new", "and not for ever");
});
