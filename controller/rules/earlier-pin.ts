import type { PinState } from "../../schemas/state.generated.ts";
import type { FleetModel } from "../state/fleet-model.ts";
import { type PinnedScope, pinsOfState } from "../state/state-scopes.ts";

const pinsOfModel = new WeakMap<FleetModel, ReadonlyMap<string, PinState>>();

/** The pin that the same scope had for the same product before the change. */
export function earlierPin(before: FleetModel, scope: PinnedScope): PinState | undefined {
  let pins = pinsOfModel.get(before);
  if (pins === undefined) {
    pins = new Map(pinsOfState(before).map((earlier) => [keyOf(earlier), earlier.pin]));
    pinsOfModel.set(before, pins);
  }
  return pins.get(keyOf(scope));
}

function keyOf({ document, path }: PinnedScope): string {
  return JSON.stringify([document.file, ...path]);
}
