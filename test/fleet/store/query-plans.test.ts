import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, mock, test } from "node:test";
import {
  DEVICE_STATES,
  type DeviceFilter,
  type DeviceOrder,
  type FleetStore,
} from "../../../controller/fleet/store/fleet-store.ts";
import { openSqliteStore } from "../../../controller/fleet/store/sqlite/open-sqlite-store.ts";
import { ADA, enrol, failed, newDevice, record, request, STABLE, START } from "./sample-fleet.ts";

/**
 * Which tables and indexes SQLite reads for what the store asks, by its own word (EXPLAIN QUERY PLAN). It plans by the
 * statements and their indexes alone as long as nobody runs ANALYZE, so a small database shows what a large one does.
 */
const folder = await mkdtemp(join(tmpdir(), "fairlead-store-"));
const path = join(folder, "fleet.db");
await openSqliteStore(path).close();
after(() => rm(folder, { recursive: true }));

const now = START + 100;
const PAGE = { limit: 50 };
const ALL = { tenants: null } as const;

/** What SQLite says it does for each statement that one call makes. */
async function plansOf(call: (store: FleetStore) => Promise<unknown>): Promise<string[]> {
  // A store that was just opened has no statement ready, so each that it runs is seen.
  const store = openSqliteStore(path);
  const { mock: prepared } = mock.method(DatabaseSync.prototype, "prepare");
  await call(store).finally(() => prepared.restore());
  await store.close();
  const database = new DatabaseSync(path, { readOnly: true });
  const asked = prepared.calls.map((one) => one.arguments[0]);
  const plans = asked.flatMap((sql) => database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all());
  database.close();
  return plans.map(({ detail }) => String(detail));
}

/**
 * A table that grows with the fleet, read from its first row to its last. An index that is read whole is no scan of a table,
 * and what was chosen before in the same statement is no table; the headcount has a line for many devices.
 */
const SCAN = /^SCAN (?!.*USING (?:COVERING )?INDEX|left_out|json_each|\(subquery|headcount|chosen|d$)/;

test("a page of devices with a filter that has an index reads no table whole, and sorts nothing but silence", async () => {
  const filters: readonly Partial<DeviceFilter>[] = [
    { tenants: ["acme"] },
    { tenants: ["acme", "zenith"] },
    { site: "berlin" },
    { label: ["ring", "canary"] },
    { platform: "linux-x64" },
    { product: "agent" },
    { version: "1.0.0" },
    { product: "agent", version: "1.0.0" },
    { channel: "stable" },
    { channel: "stable", product: "agent" },
    { cause: "disk-full" },
    { cause: "disk-full", tenants: ["acme"], product: "agent" },
    { state: "failed" },
    { state: "cloned", tenants: ["acme"] },
    { state: "silent" },
    { state: "gone", tenants: ["acme"] },
    { label: ["ring", "canary"], version: "1.0.0", tenants: ["acme"] },
    { version: ["1.0.0", "2.0.0"], platform: ["linux-x64", "linux-arm64"] },
    { tenant: ["acme", "zenith"], site: ["berlin", "oslo"] },
  ];
  for (const given of filters) {
    const filter = { ...ALL, ...given };
    const plans = await plansOf((asked) => asked.devices.list(filter, PAGE, now));
    assert.ok(plans.length > 0, "the statements were seen");
    const bad = plans.filter((plan) => SCAN.test(plan) || (/TEMP B-TREE/.test(plan) && !isBySilence(given)));
    assert.deepEqual(bad, [], JSON.stringify(given));
  }
});

function isBySilence({ state }: Partial<DeviceFilter>): boolean {
  return state === "silent" || state === "gone";
}

test("a page by the time of the last check-in, by state and by version reads no table whole", async () => {
  const orders: readonly DeviceOrder[] = [
    { by: "seen", newestFirst: true },
    { by: "state", among: DEVICE_STATES },
    { by: "version", among: ["2.0.0", "1.0.0"] },
  ];
  for (const order of orders) {
    const plans = await plansOf((asked) =>
      asked.devices.list({ ...ALL, product: "agent" }, PAGE, now, order),
    );
    assert.deepEqual(
      plans.filter((plan) => SCAN.test(plan)),
      [],
      order.by,
    );
  }
  const bySilence = await plansOf((asked) =>
    asked.devices.list(ALL, PAGE, now, { by: "seen", newestFirst: false }),
  );
  assert.deepEqual(
    bySilence.filter((plan) => /TEMP B-TREE/.test(plan)),
    [],
    "the index has that order",
  );
});

test("a page of all devices reads them in their order, and no more than it shows", async () => {
  const plans = await plansOf((asked) => asked.devices.list(ALL, PAGE, now));
  assert.ok(plans.includes("SEARCH d USING INTEGER PRIMARY KEY (rowid>?)"), plans.join("\n"));
  assert.deepEqual(
    plans.filter((plan) => /TEMP B-TREE/.test(plan)),
    [],
  );
});

test("devices are counted from the headcount and the silent ones, whatever is asked of their place, state and product", async () => {
  for (const filter of [
    ALL,
    { tenants: ["acme"] },
    { ...ALL, tenant: "acme", site: "berlin", platform: ["linux-x64", "linux-arm64"] },
    { ...ALL, product: "agent", version: "1.0.0", channel: "stable", cause: "disk-full" },
  ] as const) {
    for (const call of [
      (asked: FleetStore) => asked.devices.count(filter, now),
      (asked: FleetStore) => asked.devices.facets(filter, now),
    ]) {
      const plans = await plansOf(call);
      assert.ok(
        plans.some((plan) => /^(SCAN|SEARCH) headcount/.test(plan)),
        plans.join("\n"),
      );
      assert.deepEqual(
        plans.filter((plan) => /^(SCAN|SEARCH) p /.test(plan) && !plan.includes("pulse_by_time")),
        [],
      );
      assert.deepEqual(
        plans.filter((plan) => SCAN.test(plan) || /^SCAN d/.test(plan)),
        [],
      );
    }
  }
  const versions = await plansOf((asked) => asked.devices.versions("agent", null, now));
  assert.equal(versions[0], "SEARCH i USING COVERING INDEX installation_by_version (product=?)");
  assert.ok(
    versions.some((plan) => /^SEARCH p USING (COVERING )?INDEX pulse_by_time/.test(plan)),
    versions.join("\n"),
  );
});

/** A device with an outcome and a request. */
async function prepare(): Promise<void> {
  const store = openSqliteStore(path);
  if ((await store.devices.get("d-1")) === undefined) {
    await enrol(store, "d-1", { tenant: "acme" });
    await record(store, { device: "d-1", offer: STABLE, checkIn: { attempts: [failed("a")] } });
    await store.requests.add(request("r", "d-1"), ADA);
  }
  await store.close();
}

test("tallies read what was kept and what does not count, and never all offers", async () => {
  await prepare();
  const when = { enrolledBefore: now, underWayFrom: now - 5, silentBefore: now - 10, after: now - 50, now };
  const plans = await plansOf((asked) => asked.rollouts.tallies(STABLE, when));
  assert.deepEqual(
    plans.filter((plan) => SCAN.test(plan)),
    [],
  );
  const offers = plans.filter((plan) => / (o|offer) /.test(plan));
  assert.ok(offers.length >= 4);
  for (const plan of offers) assert.match(plan, /outcome_at<\?|offered_at[<>]\?|promotion=\? AND device=\?/);
});

test("what each check-in, enrolment and request asks is found by an index", async () => {
  await prepare();
  for (const call of [
    (asked: FleetStore) =>
      record(asked, {
        device: "d-1",
        now: START + 50,
        offer: { ...STABLE, channel: "beta" },
        checkIn: { attempts: [failed("b")], handled: [{ id: "r", result: "done", text: "" }] },
      }),
    (asked: FleetStore) => asked.devices.enrol(newDevice("d-2", "digest of token of d-1")),
    (asked: FleetStore) => asked.devices.keyOf("d-1", 1),
    (asked: FleetStore) => asked.requests.list({ ...ALL, device: "d-1", open: true }, PAGE),
    (asked: FleetStore) => asked.people.byToken("digest"),
    (asked: FleetStore) => asked.attempts.ofDevice("d-1", PAGE),
    (asked: FleetStore) => asked.attempts.list({ tenants: ["acme"] }, PAGE),
    (asked: FleetStore) =>
      asked.attempts.list({ ...ALL, product: "agent", version: "2.0.0", failed: true }, PAGE),
    (asked: FleetStore) => asked.rollouts.outcomes(STABLE, null, 10),
  ]) {
    const plans = await plansOf(call);
    assert.ok(plans.length > 0);
    assert.deepEqual(
      plans.filter((plan) => SCAN.test(plan)),
      [],
      String(call),
    );
  }
});
