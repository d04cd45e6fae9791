import { asMergedNow, desiredState } from "../desired/desired-state.ts";
import type { Overlay } from "../desired/overlay.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { InventoryRecord } from "../inventory/inventory-record.ts";
import { computePlan, type PlanInventory } from "../plan/compute-plan.ts";
import type { Plan } from "../plan/plan.ts";
import { type PlannedSide, plannedExpectations } from "../plan/planned-expectations.ts";
import { scopeRecords } from "../plan/scope-records.ts";
import { checkState } from "../rules/check-state.ts";
import type { StateAt } from "../validate/state-at.ts";
import type { Edit, EditBuilder } from "./edit.ts";
import { overlayHistories, overlaySnapshot } from "./overlay-state.ts";
import { StateFiles } from "./state-files.ts";

/** A change worked out and judged in memory. */
export interface JudgedEdit {
  readonly edit: Edit;
  /** What `checkState` says of the state with the change in it: all errors, and the warnings that it brings. */
  readonly diagnostics: readonly Diagnostic[];
  /** Whether the result may be committed: it has no error. */
  readonly isValid: boolean;
  /** What it would do to the fleet; absent when the state before or after it is not sound. */
  readonly plan: Plan | undefined;
  /** The text of a state file with the change in it. */
  readonly textOf: (file: string) => string | undefined;
}

export interface JudgeOptions {
  /** Seconds since 1970. */
  readonly now: number;
  /** What the fleet runs, for the plan; the scopes that state names when absent. */
  readonly inventory?: { readonly name: string; readonly records: readonly InventoryRecord[] } | undefined;
  /** What a running controller adds to the state. */
  readonly overlays?: readonly Overlay[];
}

/**
 * Works a change out on a state, and judges the result. Pure.
 *
 * @throws EditError what the builder refuses
 */
export function judgeEdit(before: StateAt, build: EditBuilder, options: JudgeOptions): JudgedEdit {
  const { now, overlays = [] } = options;
  const { snapshot, histories = new Map() } = before;
  const edit = build({
    files: new StateFiles(snapshot),
    histories,
    now,
    devices: options.inventory?.records,
  });

  const edited = overlaySnapshot(snapshot, edit.changes, now);
  const editedHistories = overlayHistories(histories, edited, edit.changes, now);
  const after = checkState(edited, {
    now,
    histories: editedHistories,
    ...(before.model === undefined ? {} : { before: before.model }),
  });

  const plan =
    before.model === undefined || after.model === undefined || edit.changes.length === 0
      ? undefined
      : planOf(
          { desired: desiredState(before.model, histories, now, overlays), model: before.model },
          { desired: desiredState(after.model, editedHistories, now, overlays), model: after.model },
          options,
        );
  const texts = new StateFiles(edited);
  return {
    ...{ edit, plan, diagnostics: broughtBy(before.diagnostics, after.diagnostics) },
    isValid: after.model !== undefined,
    textOf: (file) => texts.text(file),
  };
}

function planOf(before: PlannedSide, edited: PlannedSide, { now, inventory }: JudgeOptions): Plan {
  const after = asMergedNow(before.desired, edited.desired, now);
  const over: PlanInventory =
    inventory === undefined
      ? {
          kind: "scopes",
          name: "the scopes that state names",
          records: scopeRecords(before.desired, after, now),
        }
      : { kind: "devices", ...inventory };
  const expectations = plannedExpectations(before, { ...edited, desired: after }, over, now);
  return computePlan(before.desired, after, over, now, { expectations });
}

/** Warnings that were there before are not this change's business; errors always are. */
function broughtBy(before: readonly Diagnostic[], after: readonly Diagnostic[]): readonly Diagnostic[] {
  const known = new Set(before.map(({ rule, file, message }) => `${rule}\0${file}\0${message}`));
  return after.filter(
    ({ severity, rule, file, message }) => severity === "error" || !known.has(`${rule}\0${file}\0${message}`),
  );
}
