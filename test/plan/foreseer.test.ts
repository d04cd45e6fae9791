import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { DesiredState } from "../../controller/desired/desired-state.ts";
import type { InventoryRecord } from "../../controller/inventory/inventory-record.ts";
import { computePlan, computeStreamedPlan } from "../../controller/plan/compute-plan.ts";
import { type AskedCase, askedCase } from "../protocol/arbitrary-policies.ts";
import { channel, DAY, T0 } from "../protocol/build-policies.ts";
import { devices, state } from "./build-states.ts";

function stateOf({ policy: { product, tenant }, releases }: AskedCase): DesiredState {
  return {
    commit: "a".repeat(40),
    products: new Map([["agent", { policy: product, releases }]]),
    tenants: new Map(tenant === undefined ? [] : [["acme", tenant]]),
  };
}

/** Many machines of few kinds; those that the states name are among them. */
function fleetOf(cases: readonly AskedCase[]): InventoryRecord[] {
  const kinds = cases.map(({ device, installed, local }) => ({
    platform: device.platform,
    product: "agent",
    installed,
    ...(device.labels === undefined ? {} : { labels: device.labels }),
    ...(device.facts === undefined ? {} : { facts: device.facts }),
    ...(local.channel === undefined ? {} : { channel: local.channel }),
    ...(local.newestConfirmed === undefined ? {} : { newestConfirmed: local.newestConfirmed }),
  }));
  const named = cases.map(({ device }) => device.id);
  const ids = new Set([...named, ...Array.from({ length: 60 }, (_, index) => `x-${index}`)]);
  return [...ids].map((device, index) => ({
    ...(kinds[index % kinds.length] ?? { platform: "linux-x64", product: "agent", installed: null }),
    device,
    ...(index % 7 === 0 ? {} : { tenant: "acme", site: index % 2 === 0 ? "berlin" : "rome" }),
    ...(index % 3 === 0 ? {} : { lastSeen: T0 - index * 7200 }),
  }));
}

/** Each with a label of its own that nothing asks for: then each is a kind of its own. */
function eachApart(records: readonly InventoryRecord[]): InventoryRecord[] {
  return records.map((record, index) => ({ ...record, labels: { ...record.labels, serial: `${index}` } }));
}

test("machines that are looked at by their kind do exactly what they do one by one", () => {
  fc.assert(
    fc.property(askedCase, askedCase, (before, after) => {
      const records = fleetOf([before, after]);
      const planOver = (machines: readonly InventoryRecord[]) =>
        computePlan(
          stateOf(before),
          stateOf(after),
          { kind: "devices", name: "fleet", records: machines },
          after.now,
        );
      assert.deepEqual(planOver(records), planOver(eachApart(records)));
    }),
    { numRuns: 300 },
  );
});

test("a machine that state names is never taken for one of its kind", () => {
  const rest = {
    devices: { "d-3": { paused: {} } },
    groups: [{ name: "slow", devices: ["d-5"], autoUpdate: false }],
  };
  const plan = computePlan(
    state({ channels: { stable: channel(["1.3.0"]) } }, rest),
    state({ channels: { stable: channel(["1.3.0", "1.4.0"]) } }, rest),
    { kind: "devices", name: "fleet", records: devices(10) },
    T0 + DAY,
  );
  assert.equal(plan.blast.devices, 8);
  assert.deepEqual(plan.held.map(({ by, examples }) => [by, examples]).sort(), [
    ["pause", ["d-3"]],
    ["request", ["d-5"]],
  ]);
});

test("an inventory that is read meanwhile gives the plan of the whole one", async () => {
  const before = state({ channels: { stable: channel(["1.3.0"]) } });
  const after = state({ channels: { stable: channel(["1.3.0", "1.4.0"]) } });
  const records = devices(2500);
  async function* batches() {
    for (let at = 0; at < records.length; at += 999) yield records.slice(at, at + 999);
  }
  const done: number[] = [];
  const streamed = await computeStreamedPlan(
    before,
    after,
    { kind: "devices", name: "fleet", batches: batches() },
    T0,
    { onProgress: (count) => done.push(count) },
  );
  assert.deepEqual(
    { ...streamed, expectations: [] },
    computePlan(before, after, { kind: "devices", name: "fleet", records }, T0),
  );
  assert.deepEqual(done, [0, 1000, 2000, 2500]);
});
