import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { stateOf } from "../../../controller/fleet/device-state.ts";
import {
  DEVICE_STATES,
  type DeviceFilter,
  type DeviceOrder,
  type FacetValue,
  type FleetStore,
  type GroupMembers,
  type OneOf,
} from "../../../controller/fleet/store/fleet-store.ts";
import type { DeviceRecord } from "../../../controller/fleet/store/records.ts";
import { groupsOf } from "../../../protocol/scope.ts";
import { ADA, DAY, enrol, failed, record, report, request, START } from "./sample-fleet.ts";
import type { OpenStore } from "./store-suite.ts";

const NOW = START + 40 * DAY;

/** What happens to a small fleet, in order. */
const steps = fc.array(
  fc.record({
    device: fc.nat(9).map((index) => `d-${index}`),
    what: fc.constantFrom("check-in", "check-in", "check-in", "move", "remove", "copy"),
    tenant: fc.constantFrom("acme", "zenith", undefined),
    site: fc.constantFrom("berlin", "oslo"),
    ring: fc.constantFrom("canary", "broad"),
    platform: fc.constantFrom("linux-x64", "linux-arm64"),
    version: fc.constantFrom("1.0.0", "1.10.0", "1.9.0", null),
    helper: fc.constantFrom("1.0.0", "2.0.0", undefined),
    glibc: fc.constantFrom("2.31", "2.36", undefined),
    fails: fc.boolean(),
    offered: fc.boolean(),
    /** How long ago it happens. */
    silent: fc.constantFrom(0, 60, DAY, 3 * DAY, 31 * DAY),
  }),
  { minLength: 5, maxLength: 40 },
);

const groups: readonly GroupMembers[] = [
  { tenant: "acme", devices: ["d-1", "d-2"] },
  { tenant: "acme", devices: ["d-3"], match: { ring: ["canary"] } },
  { tenant: "zenith", devices: [], match: { "facts.glibc": [">=2.34"], "facts.platform": ["linux-x64"] } },
];

function some<Value extends string>(...values: readonly Value[]): fc.Arbitrary<OneOf<Value> | undefined> {
  return fc.option(fc.oneof(fc.constantFrom(...values), fc.subarray([...values])), { nil: undefined });
}

const filters = fc
  .record({
    tenants: fc.constantFrom(null, null, ["acme"], ["acme", "zenith"], []),
    tenant: some("acme", "zenith"),
    site: some("berlin", "oslo"),
    platform: some("linux-x64", "linux-arm64"),
    product: fc.constantFrom("agent", "helper", undefined, "agent"),
    version: some("1.0.0", "1.9.0", "2.0.0"),
    channel: some("stable"),
    state: some(...DEVICE_STATES),
    cause: some("confirm-failed"),
    label: fc.constantFrom(undefined, undefined, ["ring", "canary"] as const),
    groups: fc.option(fc.subarray([...groups], { minLength: 1 }), { nil: undefined }),
    search: fc.constantFrom(undefined, undefined, undefined, "d-1", "cana", "OSLO"),
  })
  .map((given): DeviceFilter => {
    const kept = Object.entries(given).filter(
      ([key, value]) => value !== undefined && (key === "tenants" || chosen(key)),
    );
    return { tenants: given.tenants, ...Object.fromEntries(kept) };
  });

let turn = 0;
/** Few keys at a time, so that something is left; each of them often enough. */
function chosen(key: string): boolean {
  turn = (turn * 31 + key.length + 7) % 1009;
  return turn % 3 === 0;
}

const orders: readonly (DeviceOrder | undefined)[] = [
  undefined,
  { by: "seen", newestFirst: true },
  { by: "seen", newestFirst: false },
  { by: "state", among: DEVICE_STATES },
  { by: "version", among: ["1.10.0", "1.9.0"] },
];

/** What lists, counts and facets of devices have to do, whatever database they stand on. */
export function listSuite(open: OpenStore): void {
  describe("lists of devices", () => {
    test("every filter, order and facet says what looking at each device says, whatever happened to them", async (context) => {
      await fc.assert(
        fc.asyncProperty(
          steps,
          fc.array(filters, { minLength: 4, maxLength: 8 }),
          async (happened, asked) => {
            const store = await open(context);
            await play(store, happened);
            const { rows } = await store.devices.list({ tenants: null }, { limit: 100 }, NOW);
            for (const filter of [{ tenants: null }, ...asked]) {
              const fitting = rows.filter((device) => fits(device, filter));
              for (const order of orders) {
                const found = await pages(store, filter, order);
                const name = `${JSON.stringify(filter)} by ${order?.by ?? "number"}`;
                assert.deepEqual([...found].sort(), fitting.map(({ id }) => id).sort(), name);
                assert.deepEqual(
                  found.map(placeBy(order, rows, filter.product)),
                  found.map(placeBy(order, rows, filter.product)).sort(compare),
                  name,
                );
              }
              await sameCounts(store, filter, rows);
            }
          },
        ),
        { numRuns: 20 },
      );
    });

    test("a list goes on where it was, although devices before that place came, went and checked in", async (context) => {
      const store = await open(context);
      for (let index = 0; index < 8; index++) {
        await enrol(store, `d-${index}`, { tenant: "acme" });
        await record(store, { device: `d-${index}`, now: START + 100 + index });
      }
      const newest = { by: "seen", newestFirst: true } as const;
      const scope = { tenants: null };
      const first = await store.devices.list(scope, { limit: 3 }, START + 200, newest);
      assert.deepEqual(
        first.rows.map(({ id }) => id),
        ["d-7", "d-6", "d-5"],
      );
      await record(store, { device: "d-6", now: START + 150 });
      await store.devices.remove("d-5", ADA, START + 150);
      const after = first.next ?? assert.fail("there is more");
      const second = await store.devices.list(scope, { limit: 3, after }, START + 200, newest);
      assert.deepEqual(
        second.rows.map(({ id }) => id),
        ["d-4", "d-3", "d-2"],
      );
      for (const bad of ["1", "x.1", "1:gone", "100.0"]) {
        const page = { limit: 3, after: bad };
        await assert.rejects(store.devices.list(scope, page, NOW, newest), { code: "store/bad-cursor" });
      }
      const byState = { by: "state", among: ["current"] } as const;
      await assert.rejects(store.devices.list(scope, { limit: 3, after: "1:gone" }, NOW, byState), {
        code: "store/bad-cursor",
      });
    });

    test("since when a device stands as it does is kept while nothing of that changes", async (context) => {
      const store = await open(context);
      await enrol(store, "d-1");
      const since = async () => {
        const device = await store.devices.get("d-1");
        return [device?.condition, device?.conditionSince];
      };
      assert.deepEqual(await since(), ["behind", START]);
      await record(store, { device: "d-1", now: START + 10 });
      await record(store, { device: "d-1", now: START + 20, checkIn: { agentVersion: "2.0.0" } });
      assert.deepEqual(await since(), ["current", START + 10]);
      await record(store, { device: "d-1", now: START + 20 });
      await record(store, { device: "d-1", now: START + 20 });
      assert.deepEqual(await since(), ["cloned", START + 20]);
      await store.devices.replaceKey("d-1", 1, "another", START + 30);
      assert.deepEqual(await since(), ["current", START + 30]);
    });

    test("many requests are added at once: none twice, none to nobody; and they are cancelled at once", async (context) => {
      const store = await open(context);
      for (const id of ["d-1", "d-2", "d-3"]) await enrol(store, id, { tenant: "acme" });
      await store.requests.add(request("a".repeat(32), "d-1"), ADA);
      await store.requests.add(request("b".repeat(32), "d-2", { product: "helper" }), ADA);
      const given = ["d-1", "d-2", "d-3", "nobody"].map((device, index) =>
        request(`${index}`.repeat(32), device),
      );
      const added = await store.requests.addAll(given, ADA);
      assert.deepEqual(
        added.map(({ device }) => device),
        ["d-2", "d-3"],
      );
      assert.deepEqual(await store.requests.addAll(given, ADA), []);
      const audit = await store.audit.list(null, { limit: 2 });
      assert.deepEqual(
        audit.rows.map(({ subject }) => subject),
        ["device d-3", "device d-2"],
      );
      const what = { devices: ["d-1", "d-2"], kind: "update", product: "agent" } as const;
      const cancelled = await store.requests.cancelAll(what, ADA, START + 5);
      assert.deepEqual(
        cancelled.map(({ device, result }) => [device, result]),
        [
          ["d-1", "cancelled"],
          ["d-2", "cancelled"],
        ],
      );
      const open_ = await store.requests.list({ tenants: null, open: true }, { limit: 10 });
      assert.deepEqual(
        open_.rows.map(({ device, product }) => [device, product]),
        [
          ["d-3", "agent"],
          ["d-2", "helper"],
        ],
      );
    });
  });
}

type Step = typeof steps extends fc.Arbitrary<(infer One)[]> ? One : never;

async function play(store: FleetStore, happened: readonly Step[]): Promise<void> {
  const there = new Set<string>();
  let enrolments = 0;
  // The controller's clock does not go backward.
  const inTime = happened.toSorted((a, b) => b.silent - a.silent);
  for (const [index, step] of inTime.entries()) {
    const { device: id, tenant, site, ring, version, helper, glibc, platform } = step;
    const now = NOW - step.silent;
    if (!there.has(id)) {
      const place = tenant === undefined ? {} : { tenant, site };
      const key = { publicKey: `key ${enrolments++}`, now: NOW - 39 * DAY + enrolments };
      await enrol(store, id, { ...place, ...key, labels: { ring } });
      there.add(id);
    }
    if (step.what === "move") {
      await store.devices.move(id, { tenant: tenant ?? null, site, labels: { ring } }, ADA, now);
    }
    if (step.what === "remove") {
      await store.devices.remove(id, ADA, now);
      there.delete(id);
    }
    if (step.what !== "check-in" && step.what !== "copy") continue;
    const offer = { product: "agent", channel: "stable", version: "1.10.0", commit: "1".repeat(40) };
    await record(store, {
      device: id,
      now,
      ...(step.offered ? { offer } : {}),
      checkIn: {
        // A copy repeats what was said.
        sequence: step.what === "copy" ? 1 : index + 2,
        clock: now,
        platform,
        facts: glibc === undefined ? { memory: 17 } : { glibc, memory: 17 },
        products: [report(version), ...(helper === undefined ? [] : [report(helper, { product: "helper" })])],
        attempts: step.fails ? [failed(`${index}`.padStart(32, "0"), { endedAt: now })] : [],
      },
    });
  }
}

async function pages(store: FleetStore, filter: DeviceFilter, order: DeviceOrder | undefined) {
  const ids: string[] = [];
  let after: string | undefined;
  for (let page = 0; page < 50; page++) {
    const asked = after === undefined ? { limit: 2 } : { limit: 2, after };
    const { rows, next } = await store.devices.list(filter, asked, NOW, order);
    ids.push(...rows.map(({ id }) => id));
    if (next === undefined) return ids;
    after = next;
  }
  return assert.fail("a list that does not end");
}

/** What a list in this order must not go down in. */
function placeBy(
  order: DeviceOrder | undefined,
  rows: readonly DeviceRecord[],
  of: string | undefined,
): (id: string) => number {
  return (id) => {
    const device = rows.find((one) => one.id === id) ?? assert.fail(`${id} is nobody`);
    if (order === undefined) return rows.indexOf(device);
    const heardAt = device.lastSeenAt ?? device.enrolledAt;
    switch (order.by) {
      case "seen":
        return order.newestFirst ? -heardAt : heardAt;
      case "state":
        return order.among.indexOf(stateOf(device, NOW).state);
      case "version": {
        if (of === undefined) return rows.indexOf(device);
        const runs = device.installations.find(({ product }) => product === of)?.installed?.version;
        const index = order.among.indexOf(runs ?? "");
        return index < 0 ? order.among.length : index;
      }
    }
  };
}

function compare(a: number, b: number): number {
  return a - b;
}

/** The filter as its words say it, by looking at one device. */
function fits(device: DeviceRecord, filter: DeviceFilter): boolean {
  const { tenants, label, search } = filter;
  if (tenants !== null && !(device.tenant !== null && tenants.includes(device.tenant))) return false;
  if (!holds(filter.tenant, device.tenant) || !holds(filter.site, device.site)) return false;
  if (!holds(filter.platform, device.platform) || !holds(filter.state, stateOf(device, NOW).state))
    return false;
  if (label !== undefined && device.labels[label[0]] !== label[1]) return false;
  if (filter.groups?.every((group) => !isIn(group, device)) === true) return false;
  if (search !== undefined) {
    const texts = [device.id, device.tenant ?? "", device.site ?? "", ...Object.values(device.labels)];
    if (!texts.some((one) => one.toLowerCase().includes(search.toLowerCase()))) return false;
  }
  if (
    filter.product === undefined &&
    [filter.version, filter.channel, filter.cause].every((one) => one === undefined)
  ) {
    return true;
  }
  return device.installations.some(
    ({ product, installed, appliedChannel, failedCause }) =>
      (filter.product === undefined || filter.product === product) &&
      holds(filter.version, installed?.version ?? null) &&
      holds(filter.channel, appliedChannel) &&
      holds(filter.cause, failedCause),
  );
}

function holds(asked: OneOf<string> | undefined, value: string | null): boolean {
  if (asked === undefined) return true;
  return value !== null && (typeof asked === "string" ? [asked] : asked).includes(value);
}

/** As the agent sees it. */
function isIn(group: GroupMembers, { id, tenant, platform, labels, facts }: DeviceRecord): boolean {
  if (tenant !== group.tenant) return false;
  const policy = {
    ...({ kind: "tenant", schemaVersion: 1, tenant, sites: {}, devices: {} } as const),
    groups: [
      { name: "one", devices: group.devices, ...(group.match === undefined ? {} : { match: group.match }) },
    ],
  };
  return groupsOf(policy, { id, platform, labels, ...(facts === null ? {} : { facts }) }).length > 0;
}

async function sameCounts(
  store: FleetStore,
  filter: DeviceFilter,
  rows: readonly DeviceRecord[],
): Promise<void> {
  const fitting = rows.filter((device) => fits(device, filter));
  const name = JSON.stringify(filter);
  const counts = await store.devices.count(filter, NOW);
  for (const state of DEVICE_STATES) {
    const expected = fitting.filter((device) => stateOf(device, NOW).state === state).length;
    assert.equal(counts[state], expected, `${state} of ${name}`);
  }
  const facets = await store.devices.facets(filter, NOW);
  assert.equal(facets.total, fitting.length, name);
  const without = (key: keyof DeviceFilter): readonly DeviceRecord[] => {
    const { [key]: _, ...others } = filter;
    return rows.filter((device) => fits(device, { tenants: null, ...others }));
  };
  const expect = (
    facet: readonly FacetValue[],
    devices: readonly DeviceRecord[],
    facetOf: (device: DeviceRecord) => string | null,
    what: string,
  ) => {
    const expected = new Map<string, number>();
    for (const device of devices) {
      const value = facetOf(device);
      if (value !== null) expected.set(value, (expected.get(value) ?? 0) + 1);
    }
    assert.deepEqual(
      new Map(facet.map(({ value, devices: n }) => [value, n])),
      expected,
      `${what} of ${name}`,
    );
  };
  expect(facets.state, without("state"), (device) => stateOf(device, NOW).state, "states");
  expect(facets.platform, without("platform"), ({ platform }) => platform, "platforms");
  expect(facets.site, without("site"), ({ site }) => site, "sites");
  const isInScope = ({ tenant }: DeviceRecord): boolean =>
    filter.tenants === null || (tenant !== null && filter.tenants.includes(tenant));
  if (
    filter.search === undefined &&
    filter.label === undefined &&
    filter.groups === undefined &&
    !isOfAnyProduct(filter)
  ) {
    expect(facets.tenant, without("tenant").filter(isInScope), ({ tenant }) => tenant, "tenants");
  }
  if (filter.product !== undefined) {
    const versionOf = ({ installations }: DeviceRecord): string | null =>
      installations.find(({ product }) => product === filter.product)?.installed?.version ?? null;
    expect(facets.version, without("version"), versionOf, "versions");
  }
  const inGroups = await store.devices.countMembers(filter, groups, NOW);
  assert.deepEqual(
    inGroups,
    groups.map((group) => fitting.filter((device) => isIn(group, device)).length),
    `groups of ${name}`,
  );
}

function isOfAnyProduct({ product, version, channel, cause }: DeviceFilter): boolean {
  return product === undefined && [version, channel, cause].some((one) => one !== undefined);
}
