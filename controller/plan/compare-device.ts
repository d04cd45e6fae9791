import type { Decision, TrailEntry } from "../../protocol/decision.ts";
import { own } from "../../protocol/scope.ts";
import type { DesiredState } from "../desired/desired-state.ts";
import type { Foresight } from "../desired/foresee.ts";
import type { InventoryRecord } from "../inventory/inventory-record.ts";
import type { Foreseer } from "./foreseer.ts";
import type { HeldBy } from "./plan.ts";
import { underItsName } from "./renamed-records.ts";

/**
 * What a change means to one device.
 *
 * - `moves`: it will run another version than without the change
 * - `stops`: it would have moved, and stays
 * - `retimed`: the same version, at another time
 */
export type ChangeKind = "moves" | "stops" | "retimed" | "same";

export interface DeviceChange {
  readonly kind: ChangeKind;
  readonly before: Foresight | undefined;
  readonly after: Foresight;
  /** Why it is not where its channel is, or not yet. */
  readonly hold: { readonly by: HeldBy; readonly entry: TrailEntry } | undefined;
}

/** `undefined`: neither side has the product, or the change does not have it any more. */
export function compareDevice(
  before: Foreseer,
  after: Foreseer,
  record: InventoryRecord,
  kind: string,
): DeviceChange | undefined {
  const is = after.foresee(underItsName(after.state, before.state, record), kind);
  if (is === undefined) return undefined;
  const was = before.foresee(underItsName(before.state, after.state, record), kind);
  return {
    kind: changeOf(record.installed, was, is),
    before: was,
    after: is,
    hold: holdOf(after.state, record, is),
  };
}

function changeOf(installed: string | null, was: Foresight | undefined, is: Foresight): ChangeKind {
  const wouldRun = was === undefined ? installed : was.finally;
  if (is.finally !== wouldRun) return is.finally === installed ? "stops" : "moves";
  return is.steps.at(-1)?.at === was?.steps.at(-1)?.at ? "same" : "retimed";
}

function holdOf(state: DesiredState, record: InventoryRecord, { last, quietWait }: Foresight) {
  switch (last.action) {
    case "paused":
      return hold("pause", last, "paused");
    case "wait":
      if (last.waitingFor === "halt" || last.waitingFor === "request" || last.waitingFor === "wave") {
        return hold(last.waitingFor, last, last.waitingFor === "request" ? "autoUpdate" : "rollout");
      }
      return undefined;
    case "stay":
    case "refuse": {
      const pin = last.trail.find(({ rule, outcome, where }) => isPin(rule, outcome, where));
      const channel = own(state.products.get(record.product)?.policy.channels, last.channel ?? "");
      if (pin !== undefined && channel !== undefined && channel.current.version !== last.target) {
        return { by: "pin", entry: pin } as const;
      }
      return quietWait === undefined
        ? undefined
        : hold(quietWait.waitingFor, quietWait, quietWait.waitingFor);
    }
    default:
      return undefined;
  }
}

function isPin(rule: string, outcome: string, where: string | undefined): boolean {
  return rule === "target" && outcome === "set" && where?.endsWith("/pin") === true;
}

function hold(by: HeldBy, decision: Decision, rule: TrailEntry["rule"]) {
  const entry = decision.trail.findLast((spoke) => spoke.rule === rule);
  return entry === undefined ? undefined : { by, entry };
}
