import type { ExpectedScopeState } from "../../schemas/state.generated.ts";
import type { DesiredState } from "../desired/desired-state.ts";
import type { InventoryRecord } from "../inventory/inventory-record.ts";
import { type Expectation, type ExpectedPart, isOver } from "./expectation.ts";
import { type Breach, breachOf } from "./judge.ts";
import { PaceCount, type TooMany } from "./judge-pace.ts";
import { isInScope, type Machine, machineOf, PresumedMachine, type StandsFor } from "./machine.ts";
import { spotsOfScope } from "./machines-of-scope.ts";
import { KnownLabels, type MisspeltLabel } from "./misspelt-label.ts";

/** What came of one expectation. */
export type ExpectationResult = { readonly expectation: Expectation } & Outcome;

type Outcome =
  /** @param machines how many were looked at */
  | { readonly kind: "holds"; readonly machines: number }
  /** Its time has passed: nobody looked. */
  | { readonly kind: "over" }
  /** No machine is one that it is about. */
  | { readonly kind: "nobody"; readonly misspelt?: MisspeltLabel }
  | {
      readonly kind: "broken";
      readonly machines: number;
      /** How many of them go against it. */
      readonly breaking: number;
      /** The earliest. */
      readonly breach: Breach;
    }
  | { readonly kind: "too-many"; readonly machines: number; readonly worst: TooMany }
  /** More kinds of machines stand for those of its scope than are looked at. */
  | { readonly kind: "too-large" };

/** Most machines that are made up for one expectation: a fleet with more kinds has an inventory, or names a scope. */
export const MOST_MACHINES = 200_000;
/** Most places, each with one platform and product, that are told apart for one expectation. */
const MOST_SPOTS = 2_000_000;

/**
 * Looks at every expectation, by what `decide` says of machines from `now` on: those of the inventory that are in its
 * scope; where there are none, or no inventory, machines that stand for those that state names. Each real machine is
 * followed once, however many expectations are about it. Pure.
 *
 * @param records what the fleet runs; absent: nobody knows
 * @param now     seconds since 1970
 */
export function checkExpectations(
  state: DesiredState,
  expectations: readonly Expectation[],
  records: readonly InventoryRecord[] | undefined,
  now: number,
): ExpectationResult[] {
  const judges = expectations.map((expectation) => new Judge(expectation, now));
  const open = judges.filter(({ isOpen }) => isOpen);
  const labels = open.some(({ expectation }) => expectation.scope.labels !== undefined)
    ? new KnownLabels(state)
    : undefined;
  if (records !== undefined && open.length > 0) lookAtRecords(state, open, records, labels);
  for (const judge of open) {
    if (judge.hasLooked) continue;
    // A machine that stands for others can be made up with any label, and would hide that nobody has this one.
    judge.misspelt = labels?.misspeltIn(judge.expectation.scope);
    if (judge.misspelt === undefined) judge.lookAtPresumed(state);
  }
  return judges.map((judge) => judge.result());
}

function lookAtRecords(
  state: DesiredState,
  judges: readonly Judge[],
  records: readonly InventoryRecord[],
  labels: KnownLabels | undefined,
): void {
  const byPlace = new Map<string, Judge[]>();
  for (const judge of judges) {
    const { device, tenant } = judge.expectation.scope;
    const key = placeKey(device, device === undefined ? tenant : undefined);
    const others = byPlace.get(key);
    if (others === undefined) byPlace.set(key, [judge]);
    else others.push(judge);
  }
  for (const record of records) {
    labels?.add(record);
    const places = [placeKey(record.device, undefined), placeKey(undefined, record.tenant), placeKey()];
    const concerned = [...new Set(places)].flatMap((key) => byPlace.get(key) ?? []);
    if (concerned.length === 0) continue;
    const machine = machineOf(state, record);
    if (machine === undefined) continue;
    for (const judge of concerned) {
      if (isInScope(judge.expectation.scope, machine, record.installed)) judge.look(machine);
    }
    machine.forget();
  }
}

/**
 * Whether the machines of a place are a whole of which a share may be too large: the scope itself, or each site or group
 * where the limit is for those. Which share of a tenant its sites and groups are, nobody knows.
 */
function isWhole(
  level: StandsFor["level"],
  { site, group, device }: ExpectedScopeState,
  of: ExpectedPart,
): boolean {
  switch (level) {
    case "tenant":
      return true;
    case "site":
      return site !== undefined || of === "site";
    case "group":
      return group !== undefined || of === "group";
    case "device":
      return device !== undefined;
  }
}

/** By a device, else by a tenant, else neither: whom an expectation can be about at all. */
function placeKey(device?: string, tenant?: string): string {
  return device === undefined ? `tenant ${tenant ?? ""}` : `device ${device}`;
}

class Judge {
  readonly expectation: Expectation;
  readonly isOpen: boolean;
  private readonly now: number;
  private readonly pace: PaceCount | undefined;
  private machines = 0;
  private breaking = 0;
  private first: Breach | undefined;
  private isTooLarge = false;
  /** A label of its scope that nobody has, where that keeps it from being about anybody. */
  misspelt: MisspeltLabel | undefined;

  constructor(expectation: Expectation, now: number) {
    const { demand, when } = expectation;
    this.expectation = expectation;
    this.now = now;
    this.isOpen = !isOver(when, now);
    this.pace = demand.kind === "atMost" ? new PaceCount(demand, when, now) : undefined;
  }

  get hasLooked(): boolean {
    return this.machines > 0;
  }

  look(machine: Machine): void {
    const breach = breachOf(this.expectation, machine, this.now);
    // Whether there can be such a machine is asked only where it matters.
    const matters = breach !== undefined || this.pace !== undefined;
    if (matters && machine instanceof PresumedMachine && !machine.canBe(this.now)) return;
    this.machines++;
    this.pace?.add(machine);
    if (breach === undefined) return;
    this.breaking++;
    if (this.first === undefined || breach.at < this.first.at) this.first = breach;
  }

  lookAtPresumed(state: DesiredState): void {
    const { demand, scope } = this.expectation;
    const edgesOnly = demand.kind === "decides" || demand.kind === "never";
    /** What came of the first spot of a kind: most tenants say the same as others, and so do their machines. */
    const known = new Map<string, { readonly machines: number; readonly breaking: number }>();
    let spots = 0;
    let looked = 0;
    for (const spot of spotsOfScope(state, scope)) {
      if (demand.kind === "atMost" && !isWhole(spot.level, scope, demand.of)) continue;
      this.isTooLarge = ++spots > MOST_SPOTS;
      if (this.isTooLarge) return;
      const alike = known.get(spot.likeness);
      if (alike !== undefined) {
        this.machines += alike.machines;
        this.breaking += alike.breaking;
        continue;
      }
      const { machines, breaking } = this;
      for (const machine of spot.machines(edgesOnly)) {
        this.isTooLarge = ++looked > MOST_MACHINES;
        if (this.isTooLarge) return;
        this.look(machine);
      }
      known.set(spot.likeness, { machines: this.machines - machines, breaking: this.breaking - breaking });
    }
  }

  result(): ExpectationResult {
    const { expectation, machines, breaking, first, misspelt } = this;
    if (!this.isOpen) return { expectation, kind: "over" };
    if (this.isTooLarge) return { expectation, kind: "too-large" };
    if (machines === 0) {
      return { expectation, kind: "nobody", ...(misspelt === undefined ? {} : { misspelt }) };
    }
    if (first !== undefined) return { expectation, kind: "broken", machines, breaking, breach: first };
    const worst = this.pace?.worst();
    return worst === undefined
      ? { expectation, kind: "holds", machines }
      : { expectation, kind: "too-many", machines, worst };
  }
}
