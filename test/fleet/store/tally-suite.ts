import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import fc from "fast-check";
import type { PromotionKey } from "../../../controller/desired/overlay.ts";
import type { CheckInRecord, FleetStore } from "../../../controller/fleet/store/fleet-store.ts";
import type { TallyRow } from "../../../controller/fleet/store/records.ts";
import type { Attempt } from "../../../protocol/check-in/attempt.ts";
import { Recount } from "./recount.ts";
import {
  ADA,
  checkIn,
  confirmed,
  createToken,
  DAY,
  failed,
  newDevice,
  STABLE,
  START,
} from "./sample-fleet.ts";

const PROMOTIONS = [
  STABLE,
  { ...STABLE, channel: "beta", commit: "2".repeat(40) },
  { ...STABLE, commit: "3".repeat(40) },
  { ...STABLE, version: "3.0.0", commit: "4".repeat(40) },
] as const;
const DEVICES = ["d-0", "d-1", "d-2", "d-3"] as const;
const PLATFORMS = ["linux-x64", "linux-arm64"] as const;
/** As a check-in tells them: only where they are news. */
const FACTS = [undefined, undefined, { glibc: "2.31", os: "debian" }, { musl: "1.2.4" }] as const;
const PLACES = [
  [null, null],
  ["acme", null],
  ["acme", "berlin"],
  ["zenith", "berlin"],
] as const;

/** What the machines tell, in any order and as often as it comes. */
const TOLD: readonly Attempt[] = ["2.0.0", "3.0.0", "1.0.0"].flatMap((to) =>
  [100, 100, 200, 5000].flatMap((after, index) => [
    confirmed(`${to} good ${index}`, { to, endedAt: START + after }),
    failed(`${to} bad ${index}`, { to, endedAt: START + after }),
    failed(`${to} full ${index}`, { to, endedAt: START + after, cause: "disk-full" }),
  ]),
);

type Step =
  | { readonly kind: "enrol"; readonly device: string; readonly place: Place; readonly platform: Platform }
  | {
      readonly kind: "check-in";
      readonly device: string;
      readonly platform: Platform;
      readonly facts: (typeof FACTS)[number];
      readonly offer: (typeof PROMOTIONS)[number] | null;
      readonly installed: string | null;
      readonly attempts: readonly Attempt[];
      readonly skew: number;
    }
  /** A sequence number that was there before. */
  | { readonly kind: "copy"; readonly device: string; readonly offer: (typeof PROMOTIONS)[number] }
  | { readonly kind: "move"; readonly device: string; readonly place: Place }
  | { readonly kind: "remove"; readonly device: string }
  | { readonly kind: "wait"; readonly seconds: number };
type Place = (typeof PLACES)[number];
type Platform = (typeof PLATFORMS)[number];

const device = fc.constantFrom(...DEVICES);
const place = fc.constantFrom(...PLACES);
const platform = fc.constantFrom(...PLATFORMS);
const promotion = fc.constantFrom(...PROMOTIONS);
const stepOfAnyKind: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("enrol" as const), device, place, platform }) },
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constant("check-in" as const),
      device,
      platform,
      facts: fc.constantFrom(...FACTS),
      offer: fc.option(promotion),
      installed: fc.constantFrom("1.0.0", "2.0.0", "3.0.0", null),
      attempts: fc.array(fc.constantFrom(...TOLD), { maxLength: 3 }),
      skew: fc.constantFrom(0, 0, -50, 4000),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("copy" as const), device, offer: promotion }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("move" as const), device, place }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("remove" as const), device }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("wait" as const),
      seconds: fc.constantFrom(1, 60, 3600, 16 * DAY),
    }),
  },
);

/** How a store's tallies agree with what is counted anew from everything that happened. */
export function tallySuite(open: (context: TestContext) => Promise<FleetStore>): void {
  test("tallies are what recounting gives, over any order, doubles, lateness, moves, removals and new enrolments", async (context) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(stepOfAnyKind, { minLength: 10, maxLength: 60 }),
        fc.constantFrom(0, 1, 3600, 100 * DAY),
        fc.option(fc.constantFrom(0, 60, 4000)),
        fc.option(fc.constantFrom(0, 100, 5000)),
        fc.constantFrom(0, 50, 3600),
        async (steps, enrolledAfter, silentAfter, seenAfter, underWayFor) => {
          const store = await open(context);
          const recount = new Recount();
          const now = await play(store, recount, steps);
          const when = {
            enrolledBefore: START + enrolledAfter,
            underWayFrom: now - underWayFor,
            silentBefore: silentAfter === null ? null : now - silentAfter,
            after: seenAfter === null ? null : START + seenAfter,
            now,
          };
          for (const one of PROMOTIONS) {
            for (const asked of [when, { ...when, enrolledBefore: now + 1, after: null }]) {
              const rows = await store.rollouts.tallies(one, asked);
              assert.deepEqual(byKind(rows), byKind(recount.tallies(one, asked)));
            }
            await checkCauses(store, one, recount, now);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
}

/** Why offers failed adds up to how many did, for all tenants and for each; whoever is gone did fail. */
async function checkCauses(
  store: FleetStore,
  promotion: PromotionKey,
  recount: Recount,
  now: number,
): Promise<void> {
  const everybody = { enrolledBefore: now + 1, underWayFrom: now, silentBefore: null, after: null, now };
  const tallies = recount.tallies(promotion, { ...everybody, withGone: true });
  for (const tenants of [null, ["acme"], ["zenith"]]) {
    const causes = await store.rollouts.causes(promotion, tenants);
    for (const outcome of ["failed", "excused"] as const) {
      const isTheirs = ({ tenant }: Pick<TallyRow, "tenant">): boolean =>
        tenants === null || (tenant !== null && tenants.includes(tenant));
      const expected = tallies.filter(isTheirs).reduce((sum, row) => sum + row[outcome], 0);
      const rows = causes.filter((row) => row.outcome === outcome);
      assert.equal(
        rows.reduce((sum, row) => sum + row.devices, 0),
        expected,
      );
      for (const { cause, signature, tenant } of rows) {
        assert.ok(tenants === null || (tenant !== null && tenants.includes(tenant)));
        assert.ok(signature === cause || cause === "restart-race", `${signature} for ${cause}`);
      }
    }
  }
}

/** @returns the time after the last step */
async function play(store: FleetStore, recount: Recount, steps: readonly Step[]): Promise<number> {
  for (const [tenant, site] of PLACES) await createToken(store, { id: `${tenant} ${site}`, tenant, site });
  let now = START;
  let sequence = 0;
  // Check-ins that follow each other share a transaction, as they would when many come at a time.
  let together: CheckInRecord[] = [];
  const settle = async (): Promise<void> => {
    const group = together;
    together = [];
    const results = await Promise.all(group.map((one) => store.checkIns.record(one)));
    for (const [index, one] of group.entries()) {
      const told = one.checkIn.attempts.map(({ id }) => id);
      assert.deepEqual(results[index]?.acknowledged, results[index]?.isCopy === true ? [] : told);
      recount.checkIn(one);
    }
  };
  for (const step of steps) {
    if (step.kind === "wait") {
      now += step.seconds;
      continue;
    }
    if (step.kind !== "check-in" && step.kind !== "copy") await settle();
    const isEnrolled = recount.has(step.device);
    switch (step.kind) {
      case "enrol": {
        const [tenant, site] = step.place;
        const { device: id, platform: on } = step;
        const enrolment = newDevice(id, `digest of ${tenant} ${site}`, { now, platform: on });
        const { kind } = await store.devices.enrol(enrolment);
        assert.equal(kind, isEnrolled ? "known" : "enrolled");
        if (!isEnrolled) recount.enrol(id, on, tenant, site, now);
        break;
      }
      case "check-in": {
        if (!isEnrolled) break;
        const { installed, offer, attempts, skew } = step;
        sequence++;
        const facts = step.facts === undefined ? {} : { facts: step.facts };
        const said = { ...facts, sequence, platform: step.platform, clock: now + skew, attempts };
        const sample = checkIn({ device: step.device, now, installed, offer, checkIn: said });
        together.push({ ...sample, judged: attempts.map(judge) });
        break;
      }
      case "copy":
        if (!isEnrolled) break;
        together.push(checkIn({ device: step.device, now, offer: step.offer, checkIn: { sequence: 0 } }));
        break;
      case "move": {
        const [tenant, site] = step.place;
        await store.devices.move(step.device, { tenant, site, labels: {} }, ADA, now);
        recount.move(step.device, tenant, site);
        break;
      }
      case "remove":
        await store.devices.remove(step.device, ADA, now);
        recount.remove(step.device);
        break;
    }
  }
  await settle();
  return now;
}

/** Which kind of device was offered it first is a matter of its own. */
function byKind(rows: readonly TallyRow[]): readonly TallyRow[] {
  const name = ({ platform, tenant, site, traits }: TallyRow): string =>
    JSON.stringify([platform, tenant ?? "", site ?? "", traits]);
  return [...rows].sort((a, b) => (name(a) < name(b) ? -1 : 1));
}

function judge({ outcome, cause }: Attempt): CheckInRecord["judged"][number] {
  if (outcome === "confirmed") return { outcome: "confirmed", signature: null };
  return { outcome: cause === "disk-full" ? "excused" : "failed", signature: cause ?? null };
}
