import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import fc from "fast-check";
import type { FleetStore } from "../../../controller/fleet/store/fleet-store.ts";
import { ADA, checkIn, createToken, DAY, newDevice, START } from "./sample-fleet.ts";

const DEVICES = ["d-0", "d-1", "d-2"] as const;
const CHANNELS = ["stable", "beta", null] as const;
const VERSIONS = ["1.0.0", "2.0.0", null] as const;
const PLATFORMS = ["linux-x64", "linux-arm64"] as const;
const PLACES = [
  [null, null],
  ["acme", "berlin"],
  ["acme", null],
  ["zenith", "oslo"],
] as const;
const KEEP = { attempts: 400 * DAY, audit: 400 * DAY, rollouts: 400 * DAY };
const GONE_AFTER = 30 * DAY;

interface Counted {
  readonly channel: string | null;
  readonly version: string | null;
  readonly platform: string;
  readonly tenant: string | null;
  readonly site: string | null;
  readonly isCanary: boolean;
}

/** What one machine was counted as, since when. */
interface Machine {
  heardAt: number;
  readonly past: { readonly since: number; readonly as: Counted | undefined }[];
}

type Step =
  | { readonly kind: "check-in"; readonly device: string; readonly as: Omit<Counted, "tenant" | "site"> }
  | { readonly kind: "move"; readonly device: string; readonly place: (typeof PLACES)[number] }
  | { readonly kind: "remove"; readonly device: string }
  | { readonly kind: "wait"; readonly seconds: number };

const device = fc.constantFrom(...DEVICES);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant("check-in" as const),
      device,
      as: fc.record({
        channel: fc.constantFrom(...CHANNELS),
        version: fc.constantFrom(...VERSIONS),
        platform: fc.constantFrom(...PLATFORMS),
        isCanary: fc.boolean(),
      }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("move" as const), device, place: fc.constantFrom(...PLACES) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("remove" as const), device }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("wait" as const),
      seconds: fc.constantFrom(10, 300, 3600, 5 * DAY, 31 * DAY),
    }),
  },
);

/** How what a store counts as it goes agrees with a look at each machine, now and at any time before. */
export function censusSuite(open: (context: TestContext) => Promise<FleetStore>): void {
  test("who runs what where, now and at each time before, is what counting each machine gives, also once it is folded", async (context) => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 40 }), async (steps) => {
        const store = await open(context);
        const { machines, now } = await play(store, steps);
        for (const tenants of [null, ["acme"], ["zenith", "nobody"]]) {
          for (const channel of ["stable", "beta"]) {
            await checkNow(store, machines, channel, tenants, now);
            await checkPast(store, machines, channel, tenants, now, 10);
          }
        }
        const later = now + 4 * DAY;
        await store.upkeep.expire(KEEP, later);
        for (const tenants of [null, ["acme"]]) {
          await checkPast(store, machines, "stable", tenants, later, 3600);
        }
      }),
      { numRuns: 60 },
    );
  });
}

async function play(store: FleetStore, steps: readonly Step[]) {
  for (const [tenant, site] of PLACES) await createToken(store, { id: `${tenant} ${site}`, tenant, site });
  const machines = new Map<string, Machine>();
  const all: Machine[] = [];
  let now = START;
  let sequence = 0;
  for (const step of steps) {
    switch (step.kind) {
      case "wait":
        now += step.seconds;
        break;
      case "check-in": {
        let machine = machines.get(step.device);
        if (machine === undefined) {
          await store.devices.enrol(newDevice(step.device, "digest of acme berlin", { now }));
          machine = { heardAt: now, past: [] };
          machines.set(step.device, machine);
          all.push(machine);
        }
        sequence++;
        const { version: installed, platform, channel, isCanary } = step.as;
        const sample = checkIn({ device: step.device, now, installed, checkIn: { sequence, platform } });
        const decisions = sample.decisions.map((one) => ({ ...one, channel, isCanary }));
        await store.checkIns.record({ ...sample, decisions });
        const known = await store.devices.get(step.device);
        const { tenant = null, site = null } = known ?? {};
        machine.heardAt = now;
        machine.past.push({ since: now, as: { ...step.as, tenant, site } });
        break;
      }
      case "move": {
        const [tenant, site] = step.place;
        await store.devices.move(step.device, { tenant, site, labels: {} }, ADA, now);
        const moved = machines.get(step.device);
        const last = moved?.past.at(-1)?.as;
        // One that is gone left its old place when it went.
        const since = Math.min(now, (moved?.heardAt ?? now) + GONE_AFTER);
        if (last !== undefined) moved?.past.push({ since, as: { ...last, tenant, site } });
        break;
      }
      case "remove": {
        await store.devices.remove(step.device, ADA, now);
        const removed = machines.get(step.device);
        if (removed === undefined) break;
        removed.past.push({ since: now, as: undefined });
        // Whether it was gone before is not remembered of what was removed, nor of what came back.
        removed.heardAt = Number.POSITIVE_INFINITY;
        machines.delete(step.device);
        break;
      }
    }
  }
  return { machines: all, now };
}

type Scope = readonly string[] | null;

/** What was counted at the end of a second; who is gone now was there until then. */
function countedAt(machines: readonly Machine[], channel: string, tenants: Scope, at: number): Counted[] {
  return machines.flatMap(({ heardAt, past }) => {
    const as = past.findLast(({ since }) => since <= at)?.as;
    if (as === undefined || as.channel !== channel || heardAt + GONE_AFTER <= at) return [];
    return tenants === null || (as.tenant !== null && tenants.includes(as.tenant)) ? [as] : [];
  });
}

async function checkNow(
  store: FleetStore,
  machines: readonly Machine[],
  channel: string,
  tenants: Scope,
  now: number,
): Promise<void> {
  const rows = await store.devices.census("agent", channel, tenants, now);
  const name = ({ version, platform, tenant, site }: Omit<Counted, "channel" | "isCanary">): string =>
    JSON.stringify([version, platform, tenant, site]);
  const expected = new Map<string, [devices: number, canaries: number]>();
  for (const one of countedAt(machines, channel, tenants, now)) {
    const [devices, canaries] = expected.get(name(one)) ?? [0, 0];
    expected.set(name(one), [devices + 1, canaries + (one.isCanary ? 1 : 0)]);
  }
  assert.deepEqual(new Map(rows.map((row) => [name(row), [row.devices, row.canaries]])), expected);
}

async function checkPast(
  store: FleetStore,
  machines: readonly Machine[],
  channel: string,
  tenants: Scope,
  now: number,
  span: number,
): Promise<void> {
  const changes = await store.devices.adoption("agent", channel, tenants, { from: START, span, now });
  for (const { place } of changes) assert.ok(Number.isInteger(place) && place >= 0, `place ${place}`);
  const rows = await store.devices.census("agent", channel, tenants, now);
  const ends = new Set(
    machines.flatMap(({ past }) => past.map(({ since }) => since - (since % span) + span - 1)),
  );
  for (const at of ends) {
    if (at > now) continue;
    for (const version of VERSIONS) {
      const present = rows.reduce((sum, row) => sum + (row.version === version ? row.devices : 0), 0);
      const place = (at + 1 - START) / span;
      const since = changes.reduce(
        (sum, one) => sum + (one.version === version && one.place >= place ? one.change : 0),
        0,
      );
      const expected = countedAt(machines, channel, tenants, at).filter((one) => one.version === version);
      assert.equal(present - since, expected.length, `${version} at ${at - START}`);
    }
  }
}
