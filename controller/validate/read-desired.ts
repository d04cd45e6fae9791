import { type DesiredState, desiredState } from "../desired/desired-state.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { checkState } from "../rules/check-state.ts";
import type { GitRepository } from "../source/git-repository.ts";
import { readChannelHistories } from "../source/promotion-history.ts";
import { resolveCommit } from "../source/read-commit.ts";
import { readSnapshot } from "../source/read-snapshot.ts";
import { readWorktreeSnapshot } from "../source/read-worktree-snapshot.ts";
import type { Snapshot } from "../source/snapshot.ts";
import type { FleetModel } from "../state/fleet-model.ts";
import type { StateCache } from "../state/state-cache.ts";

/** A commit by any name that git knows, or the folder of a work tree as it lies on disk. */
export type StatePlace = { readonly ref: string } | { readonly worktree: string };

/** What a state asks of the fleet, and the way back to its text. */
export interface ReadDesired {
  /** Absent when the state has errors. */
  readonly sound: { readonly state: DesiredState; readonly model: FleetModel } | undefined;
  readonly diagnostics: readonly Diagnostic[];
  readonly snapshot: Snapshot;
}

/**
 * Reads, checks and translates one state. History comes from the commit; for a work tree from the one it sits on.
 *
 * @param path state root inside the repository, with `/`
 * @param now  seconds since 1970
 * @throws SourceError
 */
export async function readDesired(
  repository: GitRepository,
  path: string,
  place: StatePlace,
  now: number,
  more: { readonly before?: FleetModel; readonly cache?: StateCache } = {},
): Promise<ReadDesired> {
  const commit = await resolveCommit(repository, "ref" in place ? place.ref : "HEAD");
  const snapshot =
    "ref" in place
      ? await readSnapshot(repository, commit, path)
      : await readWorktreeSnapshot(place.worktree, now);
  const histories = await readChannelHistories(repository, commit, path);
  const { model, diagnostics } = checkState(snapshot, { now, histories, ...more });
  const sound = model === undefined ? undefined : { model, state: desiredState(model, histories) };
  return { sound, diagnostics, snapshot };
}
