import type { StateLocation } from "../source/locate-state.ts";
import { committedState } from "./committed-state.ts";
import type { EditBuilder } from "./edit.ts";
import { type JudgedEdit, type JudgeOptions, judgeEdit } from "./judge-edit.ts";
import { WorkTree } from "./work-tree.ts";

/** A change worked out and judged, with nothing written yet. */
export interface PreparedEdit extends JudgedEdit {
  readonly location: StateLocation;
  readonly tree: WorkTree;
  /** The branch that is checked out. */
  readonly branch: string;
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
  options: JudgeOptions,
): Promise<PreparedEdit> {
  const tree = WorkTree.open(location);
  const branch = await tree.requireCleanBranch();
  const before = await committedState(location, options.now);
  return { location, tree, branch, ...judgeEdit(before, build, options) };
}
