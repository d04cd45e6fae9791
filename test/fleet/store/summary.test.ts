import assert from "node:assert/strict";
import { test } from "node:test";
import type { SummaryQuestion } from "../../../controller/fleet/store/fleet-store.ts";
import { addDevice, openStore, PROMOTION, sampleRollout } from "../../fleet-api/sample-fleet.ts";
import { NOW } from "../../http/sample-manifest.ts";

const HOUR = 3_600;
const DAY = 86_400;

function question(more: Partial<SummaryQuestion> = {}): SummaryQuestion {
  const promotions = [{ ...PROMOTION, at: NOW - DAY }];
  return { tenants: null, promotions, quietAfter: 900, together: 300, now: NOW, ...more };
}

test("one look counts the fleet by state and version, without those that are gone", async (t) => {
  const store = openStore(t);
  await addDevice(store, { id: "d-1", tenant: "acme", version: "1.1.0", confirmed: true, offer: PROMOTION });
  await addDevice(store, { id: "d-2", tenant: "acme", version: "1.0.0" });
  await addDevice(store, { id: "d-3", tenant: "globex", version: "1.0.0", channel: "beta" });
  await addDevice(store, { id: "d-4", tenant: "acme", version: "1.0.0", seenAt: NOW - 40 * DAY });
  const look = await store.summary.look(question());
  assert.deepEqual([look.states.current, look.states.gone, look.states.silent], [3, 1, 0]);
  assert.deepEqual(look.versions.map(({ version, channel, devices }) => [version, channel, devices]).sort(), [
    ["1.0.0", "beta", 1],
    ["1.0.0", "stable", 1],
    ["1.1.0", "stable", 1],
  ]);
  assert.deepEqual(look.tallies, [{ ...PROMOTION, offered: 1, confirmed: 1, failed: 0, excused: 0 }]);
  const limited = await store.summary.look(question({ tenants: ["globex"] }));
  assert.deepEqual(
    [limited.versions.length, limited.tallies[0]?.offered, limited.states.current],
    [1, 0, 1],
    "offers to others are not theirs",
  );
});

test("adoption ends at what runs now, and each step holds what had come by its end", async (t) => {
  const store = openStore(t);
  for (const [n, hours] of [20, 12, 12, 1].entries()) {
    await addDevice(store, {
      id: `d-${n}`,
      tenant: n === 3 ? "globex" : "acme",
      version: "1.1.0",
      seenAt: NOW - hours * HOUR,
    });
  }
  const [series] = (await store.summary.look(question())).adoption;
  assert.equal(series?.from, NOW - DAY);
  assert.equal(series?.running.length, 24);
  assert.equal(series?.running.at(-1), 4);
  assert.deepEqual([...new Set(series?.running)], [0, 1, 3, 4], "it rises three times");
  const [own] = (await store.summary.look(question({ tenants: ["acme"] }))).adoption;
  assert.equal(own?.running.at(-1), 3);
});

test("what was put back is counted for a day, by outcome and not by failure", async (t) => {
  const store = openStore(t);
  const failed = { cause: "confirm-failed", message: "it ended with 139" } as const;
  await addDevice(store, { id: "d-2", tenant: "acme", offer: PROMOTION, failed, seenAt: NOW - 2 * DAY });
  await addDevice(store, { id: "d-3", tenant: "globex", offer: PROMOTION, failed, seenAt: NOW - HOUR });
  await addDevice(store, { id: "d-1", tenant: "acme", offer: PROMOTION, failed });
  await addDevice(store, { id: "d-4", tenant: "acme", offer: PROMOTION, confirmed: true, version: "1.1.0" });
  assert.equal((await store.summary.look(question())).putBack, 2);
  assert.equal((await store.summary.look(question({ tenants: ["acme"] }))).putBack, 1);
  assert.deepEqual((await store.summary.look(question())).failing, [
    { product: "lantern", channel: "stable", version: "1.0.0", devices: 3 },
  ]);
});

test("a site that fell quiet together is found within the day, and one where machines come and go is not", async (t) => {
  const store = openStore(t);
  const at = NOW - 2 * HOUR;
  for (let n = 0; n < 6; n++) {
    // Across the end of a span of 300 seconds, within 100.
    const seenAt = at - (at % 300) - 50 + n * 20;
    await addDevice(store, { id: `d-dark-${n}`, tenant: "acme", site: "oslo", seenAt });
    await addDevice(store, { id: `d-tidal-${n}`, tenant: "acme", site: "bergen", seenAt: at - n * 400 });
    await addDevice(store, { id: `d-lit-${n}`, tenant: "acme", site: "paris" });
    await addDevice(store, { id: `d-part-${n}`, tenant: "globex", site: "austin", seenAt: at });
    for (const m of [1, 2])
      await addDevice(store, { id: `d-rest-${n}-${m}`, tenant: "globex", site: "austin" });
  }
  const { disappeared } = await store.summary.look(question());
  assert.deepEqual(
    disappeared.map(({ site, devices, ofDevices, firstAt, lastAt }) => [
      site,
      devices,
      ofDevices,
      lastAt - firstAt,
    ]),
    [["oslo", 6, 6, 100]],
    "a third of austin is no outage of austin",
  );
  assert.deepEqual((await store.summary.look(question({ tenants: ["globex"] }))).disappeared, []);
});

test("silent devices are told of by place, clones by their names, and the last halt by its time", async (t) => {
  const store = openStore(t);
  for (let n = 0; n < 3; n++) {
    await addDevice(store, { id: `d-${n}`, tenant: "acme", site: "oslo", seenAt: NOW - 2 * DAY - n });
  }
  await addDevice(store, { id: "d-alone", tenant: null, seenAt: NOW - 3 * DAY });
  const empty = await store.summary.look(question());
  assert.deepEqual(empty.silent, [
    { tenant: "acme", site: "oslo", devices: 3, firstAt: NOW - 2 * DAY - 2, lastAt: NOW - 2 * DAY },
    { tenant: null, site: null, devices: 1, firstAt: NOW - 3 * DAY, lastAt: NOW - 3 * DAY },
  ]);
  assert.equal(empty.lastHaltAt, null);
  assert.equal((await store.summary.look(question({ tenants: ["acme"] }))).silent.length, 1);
  await store.rollouts.saveOverlay({ ...PROMOTION, kind: "halt", reason: "it fails", at: NOW - DAY });
  await store.rollouts.save(sampleRollout({ state: "halted", since: NOW - 3 * DAY }));
  const after = await store.summary.look(question());
  assert.equal(after.lastHaltAt, NOW - DAY);
  assert.equal(after.rollouts[0]?.state, "halted");
  assert.equal((await store.summary.look(question({ tenants: ["globex"] }))).lastHaltAt, null);
});
