import { asMergedNow, desiredState } from "../desired/desired-state.ts";
import type { Overlay } from "../desired/overlay.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { InventoryRecord } from "../inventory/inventory-record.ts";
import type { ChannelHistories } from "../source/promotion-record.ts";
import type { FleetModel } from "../state/fleet-model.ts";
import { checkExpectations, type ExpectationResult } from "./check-expectations.ts";
import { expectationsOf } from "./expectation.ts";
import { findingOf } from "./expectation-findings.ts";

/** A state without errors, and what its channels pointed to before. */
export interface LookedAtState {
  readonly model: FleetModel | undefined;
  readonly histories: ChannelHistories | undefined;
}

export interface LookOptions {
  /** Seconds since 1970. */
  readonly now: number;
  /** What the fleet runs; absent: what state says is all that is known. */
  readonly inventory: readonly InventoryRecord[] | undefined;
  /** Put before the names of files in notes, with `/` at its end. */
  readonly pathPrefix: string;
  /** What a running controller adds to the state. */
  readonly overlays?: readonly Overlay[];
}

export interface LookedAt {
  readonly results: readonly ExpectationResult[];
  /** What is wrong with them, in their order. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Looks at all that a state expects, by the policies that a reconcile of it would publish.
 *
 * @param before the state that the change would be merged into; with it, what the change promotes is promoted now
 */
export function lookAtExpectations(
  { model, histories }: LookedAtState,
  before: LookedAtState | undefined,
  { now, inventory, pathPrefix, overlays = [] }: LookOptions,
): LookedAt {
  if (model === undefined) return { results: [], diagnostics: [] };
  const written = desiredState(model, histories, now, overlays);
  const state =
    before?.model === undefined
      ? written
      : asMergedNow(desiredState(before.model, before.histories, now, overlays), written, now);
  const results = checkExpectations(state, expectationsOf(model), inventory, now);
  const diagnostics = results.flatMap((result) => findingOf({ model, pathPrefix }, result) ?? []);
  return { results, diagnostics };
}
