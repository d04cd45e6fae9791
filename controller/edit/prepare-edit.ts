import { asMergedNow, type DesiredState, desiredState } from "../desired/desired-state.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { InventoryRecord } from "../inventory/inventory-record.ts";
import { computePlan, type PlanInventory } from "../plan/compute-plan.ts";
import type { Plan } from "../plan/plan.ts";
import { scopeRecords } from "../plan/scope-records.ts";
import { checkState } from "../rules/check-state.ts";
import type { StateLocation } from "../source/locate-state.ts";
import { committedState } from "./committed-state.ts";
import type { Edit, EditBuilder } from "./edit.ts";
import { overlayHistories, overlaySnapshot } from "./overlay-state.ts";
import { StateFiles } from "./state-files.ts";
import { WorkTree } from "./work-tree.ts";

/** A change worked out and judged, with nothing written yet. */
export interface PreparedEdit {
  readonly edit: Edit;
  readonly location: StateLocation;
  readonly tree: WorkTree;
  /** The branch that is checked out. */
  readonly branch: string;
  /** What `checkState` says of the state with the change in it: all errors, and the warnings that it brings. */
  readonly diagnostics: readonly Diagnostic[];
  /** Whether the result may be committed: it has no error. */
  readonly isValid: boolean;
  /** What it would do to the fleet; absent when the state before or after it is not sound. */
  readonly plan: Plan | undefined;
  /** The text of a state file with the change in it. */
  readonly textOf: (file: string) => string | undefined;
}

export interface PrepareOptions {
  /** Seconds since 1970. */
  readonly now: number;
  /** What the fleet runs, for the plan; the scopes that state names when absent. */
  readonly inventory?: { readonly name: string; readonly records: readonly InventoryRecord[] } | undefined;
}

/**
 * Works a change out on what the checked-out branch holds, and judges the result in memory.
 *
 * @throws EditError `edit/not-a-repository`, `edit/dirty-tree`, `edit/detached-head`, and what the builder refuses
 * @throws SourceError when the repository cannot be read
 */
export async function prepareEdit(
  location: StateLocation,
  build: EditBuilder,
  options: PrepareOptions,
): Promise<PreparedEdit> {
  const { now } = options;
  const tree = WorkTree.open(location);
  const branch = await tree.requireCleanBranch();
  const before = await committedState(location, now);
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
          desiredState(before.model, histories, now),
          desiredState(after.model, editedHistories, now),
          options,
        );
  const diagnostics = broughtBy(before.diagnostics, after.diagnostics);
  const texts = new StateFiles(edited);
  return {
    ...{ edit, location, tree, branch, diagnostics, plan },
    isValid: after.model !== undefined,
    textOf: (file) => texts.text(file),
  };
}

function planOf(before: DesiredState, edited: DesiredState, { now, inventory }: PrepareOptions): Plan {
  const after = asMergedNow(before, edited, now);
  const over: PlanInventory =
    inventory === undefined
      ? { kind: "scopes", name: "the scopes that state names", records: scopeRecords(before, after, now) }
      : { kind: "devices", ...inventory };
  return computePlan(before, after, over, now);
}

/** Warnings that were there before are not this change's business; errors always are. */
function broughtBy(before: readonly Diagnostic[], after: readonly Diagnostic[]): readonly Diagnostic[] {
  const known = new Set(before.map(({ rule, file, message }) => `${rule}\0${file}\0${message}`));
  return after.filter(
    ({ severity, rule, file, message }) => severity === "error" || !known.has(`${rule}\0${file}\0${message}`),
  );
}
