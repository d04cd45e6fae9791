import { checkState } from "../check-state.ts";
import type { StateLocation } from "../commands/locate-state.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { openRepository } from "../source/git-repository.ts";
import { readChannelHistories } from "../source/promotion-history.ts";
import { resolveCommit } from "../source/read-commit.ts";
import { readSnapshot } from "../source/read-snapshot.ts";
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
  /** What `checkState` says of the state with the change in it. */
  readonly diagnostics: readonly Diagnostic[];
  /** Whether the result may be committed: it has no error. */
  readonly isValid: boolean;
}

/**
 * Works a change out on what the checked-out branch holds, and judges the result in memory.
 *
 * @param now seconds since 1970
 * @throws EditError `not-a-repository`, `dirty-tree`, `detached-head`, and what the builder refuses
 * @throws SourceError when the repository cannot be read
 */
export async function prepareEdit(
  location: StateLocation,
  build: EditBuilder,
  now: number,
): Promise<PreparedEdit> {
  const tree = WorkTree.open(location);
  const branch = await tree.requireCleanBranch();
  const repository = await openRepository(location.root);
  try {
    const commit = await resolveCommit(repository, "HEAD");
    const snapshot = await readSnapshot(repository, commit, location.path);
    const histories = await readChannelHistories(repository, commit, location.path);
    const edit = build({ files: new StateFiles(snapshot), histories });
    const { model: before } = checkState(snapshot, { now, histories });
    const edited = overlaySnapshot(snapshot, edit.changes, now);
    const { model, diagnostics } = checkState(edited, {
      now,
      histories: overlayHistories(histories, edited, edit.changes, now),
      ...(before === undefined ? {} : { before }),
    });
    return { edit, location, tree, branch, diagnostics, isValid: model !== undefined };
  } finally {
    repository.close();
  }
}
