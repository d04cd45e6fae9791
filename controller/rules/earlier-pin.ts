import { KeptByIdentity } from "../../protocol/kept-by-identity.ts";
import type { PinState } from "../../schemas/state.generated.ts";
import type { FleetModel } from "../state/fleet-model.ts";
import { type PinnedScope, pinsOfState } from "../state/state-scopes.ts";

const pinsOfModel = new KeptByIdentity<FleetModel, ReadonlyMap<string, PinState>>();

/** The pin that the same scope had for the same product before the change. */
export function earlierPin(before: FleetModel, scope: PinnedScope): PinState | undefined {
  return pinsOfModel.of(before, pinsByScope).get(keyOf(scope));
}

function pinsByScope(model: FleetModel): ReadonlyMap<string, PinState> {
  return new Map(pinsOfState(model).map((pinned) => [keyOf(pinned), pinned.pin]));
}

function keyOf({ document, path }: PinnedScope): string {
  return JSON.stringify([document.file, ...path]);
}
