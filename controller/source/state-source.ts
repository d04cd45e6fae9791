import type { GitRepository } from "./git-repository.ts";
import { readChannelHistories } from "./promotion-history.ts";
import type { ChannelHistories } from "./promotion-record.ts";
import { readSnapshot } from "./read-snapshot.ts";
import { readStagedSnapshot } from "./read-staged-snapshot.ts";
import { readWorktreeSnapshot } from "./read-worktree-snapshot.ts";
import { findRemovedVersions, type RemovedVersionFile, readRemovedVersions } from "./removed-versions.ts";
import { resolveCommit } from "./resolve-ref.ts";
import type { Snapshot } from "./snapshot.ts";
import { SourceError } from "./source-error.ts";

/** What the snapshot of a work tree is called where a commit is expected. */
export const WORKTREE = "worktree";

/** Something that state can be read from. All of it throws `SourceError`. */
export interface StateSource {
  /** The commit that is due now, or {@link WORKTREE}. */
  head(): Promise<string>;
  snapshot(commit: string): Promise<Snapshot>;
  /** What each channel pointed to up to that commit; `undefined` where there is no history at all. */
  histories(commit: string): Promise<ChannelHistories | undefined>;
  /** Those of the version files `paths` that were removed up to that commit; none where there is no history. */
  removedVersions(commit: string, paths: readonly string[]): Promise<readonly RemovedVersionFile[]>;
}

/** What only history tells. */
export type StatePast = Pick<StateSource, "histories" | "removedVersions">;

const NO_PAST: StatePast = { histories: async () => undefined, removedVersions: async () => [] };

/**
 * One commit by name, as `resolveCommit` reads names.
 *
 * @param path state root inside the repository, with `/`
 */
export function commitSource(repository: GitRepository, path: string, ref: string): StateSource {
  return {
    head: () => resolveCommit(repository, ref),
    snapshot: (commit) => readSnapshot(repository, commit, path),
    ...pastOf(repository, path, async (commit) => commit),
  };
}

/**
 * The files as they lie on disk, saved or not committed, with the history of the commit that is checked out.
 *
 * @param root absolute state root
 * @param past absent: outside git, or where nobody asks for it
 */
export function worktreeSource(root: string, now: () => number, past: StatePast = NO_PAST): StateSource {
  return {
    head: async () => WORKTREE,
    snapshot: () => readWorktreeSnapshot(root, now()),
    histories: past.histories,
    removedVersions: past.removedVersions,
  };
}

/**
 * What somebody who works in a repository looks at: the commit that `ref` names, or without one the files as they lie
 * on disk.
 *
 * @param path state root inside the repository, with `/`
 * @param root the same as an absolute folder
 * @param now  seconds since 1970
 */
export function localSource(
  repository: GitRepository,
  { path, root }: { readonly path: string; readonly root: string },
  ref: string | undefined,
  now: number,
): StateSource {
  if (ref !== undefined) return commitSource(repository, path, ref);
  return worktreeSource(root, () => now, pastAtHead(repository, path));
}

/**
 * What the next commit will hold, with the history of the one that is checked out.
 *
 * @param indexFile where git hands a hook another index than its own
 * @param now       seconds since 1970
 */
export function stagedSource(
  repository: GitRepository,
  path: string,
  indexFile: string | undefined,
  now: number,
): StateSource {
  return {
    head: async () => WORKTREE,
    snapshot: () => readStagedSnapshot(repository, path, indexFile, now),
    ...pastAtHead(repository, path),
  };
}

function pastAtHead(repository: GitRepository, path: string): StatePast {
  return pastOf(repository, path, () => headCommit(repository));
}

/** @param commitOf the commit whose past is meant; `undefined` where there is none yet */
function pastOf(
  repository: GitRepository,
  path: string,
  commitOf: (commit: string) => Promise<string | undefined>,
): StatePast {
  return {
    async histories(of) {
      const commit = await commitOf(of);
      return commit === undefined ? undefined : readChannelHistories(repository, commit, path);
    },
    async removedVersions(of, paths) {
      const commit = await commitOf(of);
      if (commit === undefined) return [];
      return readRemovedVersions(repository, await findRemovedVersions(repository, commit, path), paths);
    },
  };
}

/** The commit that is checked out; `undefined` in a repository without one. @throws SourceError */
export async function headCommit(repository: GitRepository): Promise<string | undefined> {
  try {
    return await resolveCommit(repository, "HEAD");
  } catch (error) {
    if (error instanceof SourceError && error.code === "source/ref-not-found") return undefined;
    throw error;
  }
}
