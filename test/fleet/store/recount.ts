import type { PromotionKey } from "../../../controller/desired/overlay.ts";
import { promotionName } from "../../../controller/desired/overlay.ts";
import type { CheckInRecord, RolloutStore } from "../../../controller/fleet/store/fleet-store.ts";
import type { OfferOutcome, TallyRow } from "../../../controller/fleet/store/records.ts";
import type { Attempt } from "../../../protocol/check-in/attempt.ts";
import { testedTraits } from "../../../protocol/gate/strata.ts";
import type { Facts } from "../../../protocol/requirements.ts";

type When = Parameters<RolloutStore["tallies"]>[1];

interface Told {
  readonly attempt: Attempt;
  readonly endedAt: number;
  outcome: OfferOutcome;
  reportedAt: number;
  readonly firstReportedAt: number;
  /** Which check-in of the device brought it. */
  readonly checkIn: number;
  /** It said confirmed, and a later check-in has shown what runs. */
  settled: boolean;
}

interface Machine {
  platform: string;
  tenant: string | null;
  site: string | null;
  readonly enrolledAt: number;
  heardAt: number;
  sequence: number;
  checkIns: number;
  /** What the store was told last. */
  facts: Facts | undefined;
  readonly offers: Map<string, { readonly at: number; readonly traits: Readonly<Record<string, string>> }>;
  readonly told: Told[];
}

/**
 * What happened to a fleet, whole and in order, with every number counted anew from it each time. It is what a store has
 * to agree with that counts as it goes.
 */
export class Recount {
  private readonly machines = new Map<string, Machine>();

  enrol(id: string, platform: string, tenant: string | null, site: string | null, now: number): void {
    this.machines.set(id, {
      ...{
        platform,
        tenant,
        site,
        enrolledAt: now,
        heardAt: now,
        sequence: 0,
        checkIns: 0,
        facts: undefined,
      },
      offers: new Map(),
      told: [],
    });
  }

  move(id: string, tenant: string | null, site: string | null): void {
    const machine = this.machines.get(id);
    if (machine !== undefined) Object.assign(machine, { tenant, site });
  }

  remove(id: string): void {
    this.machines.delete(id);
  }

  has(id: string): boolean {
    return this.machines.has(id);
  }

  checkIn({ device, now, checkIn, decisions, judged }: CheckInRecord): void {
    const machine = this.machines.get(device);
    if (machine === undefined || checkIn.sequence <= machine.sequence) return;
    machine.sequence = checkIn.sequence;
    machine.heardAt = now;
    machine.platform = checkIn.platform;
    machine.facts = checkIn.facts ?? machine.facts;
    machine.checkIns++;
    for (const { offer } of decisions) {
      const name = offer === null ? undefined : promotionName(offer);
      if (name !== undefined && !machine.offers.has(name)) {
        machine.offers.set(name, { at: now, traits: testedTraits(machine.facts) });
      }
    }
    for (const [index, attempt] of checkIn.attempts.entries()) {
      if (machine.told.some((told) => told.attempt.id === attempt.id)) continue;
      machine.told.push({
        attempt,
        endedAt: now - Math.max(checkIn.clock - attempt.endedAt, 0),
        outcome: judged[index]?.outcome ?? "failed",
        reportedAt: now,
        firstReportedAt: now,
        checkIn: machine.checkIns,
        settled: attempt.outcome !== "confirmed",
      });
    }
    for (const { product, installed } of checkIn.products) {
      const last = latest(machine.told.filter(({ attempt }) => attempt.product === product));
      if (last === undefined || last.settled || last.checkIn === machine.checkIns || installed === null)
        continue;
      last.settled = true;
      if (last.attempt.to === installed.version) continue;
      last.outcome = "failed";
      last.reportedAt = now;
    }
  }

  tallies(promotion: PromotionKey, when: When & { readonly withGone?: true }): TallyRow[] {
    const rows = new Map<string, { -readonly [K in keyof TallyRow]: TallyRow[K] }>();
    for (const machine of this.machines.values()) {
      const offer = machine.offers.get(promotionName(promotion));
      const offeredAt = offer?.at;
      if (offer === undefined || offeredAt === undefined || machine.enrolledAt >= when.enrolledBefore)
        continue;
      if (when.withGone !== true && machine.heardAt <= when.now - 30 * 86_400) continue;
      const counted = countedFor(promotion, offeredAt, machine.told);
      const isSilent = counted === undefined && when.silentBefore !== null && offeredAt <= when.silentBefore;
      if (when.after !== null) {
        if (counted !== undefined && counted.reportedAt <= when.after) continue;
        const silentAfter = when.now - (when.silentBefore ?? when.now);
        if (isSilent && offeredAt + silentAfter <= when.after) continue;
      }
      const { platform, tenant, site } = machine;
      const { traits } = offer;
      const key = JSON.stringify([platform, tenant ?? "", site ?? "", traits]);
      const none = { offered: 0, confirmed: 0, failed: 0, excused: 0, silent: 0, underWay: 0 };
      const row = rows.get(key) ?? { platform, tenant, site, traits, ...none };
      rows.set(key, row);
      row.offered++;
      if (counted !== undefined) row[counted.outcome]++;
      if (isSilent) row.silent++;
      else if (counted === undefined && offeredAt > when.underWayFrom) row.underWay++;
    }
    return [...rows.values()];
  }
}

const SEVERITY = { confirmed: 0, excused: 1, failed: 2 } as const;

/** The last by its end, of two at once the worse, of two alike the first that was told. */
function countedFor(promotion: PromotionKey, offeredAt: number, told: readonly Told[]): Told | undefined {
  const about = told.filter(
    ({ attempt, firstReportedAt }) =>
      attempt.product === promotion.product &&
      attempt.to === promotion.version &&
      firstReportedAt >= offeredAt,
  );
  return about.reduce<Told | undefined>((best, one) => {
    if (best === undefined || one.endedAt > best.endedAt) return one;
    const isWorse = one.endedAt === best.endedAt && SEVERITY[one.outcome] > SEVERITY[best.outcome];
    return isWorse ? one : best;
  }, undefined);
}

/** The last by its end, of two at once the one that was told later. */
function latest(told: readonly Told[]): Told | undefined {
  return told.reduce<Told | undefined>(
    (best, one) => (best === undefined || one.endedAt >= best.endedAt ? one : best),
    undefined,
  );
}
