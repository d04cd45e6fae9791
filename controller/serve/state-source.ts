import type { ReconcileParts } from "../reconcile.ts";
import { isDescendant } from "../source/fast-forward.ts";
import { type GitRepository, openRepository } from "../source/git-repository.ts";
import { type KnownHistories, readChannelHistories } from "../source/promotion-history.ts";
import { resolveCommit } from "../source/read-commit.ts";
import { readSnapshot } from "../source/read-snapshot.ts";

export interface StateSourceOptions {
  /** A folder of this machine. */
  readonly repository: string;
  readonly ref: string;
  /** The state root inside the repository, with `/`; empty for its top. */
  readonly path: string;
}

/** The state repository as a running controller uses it. */
export interface StateSource {
  readonly reads: ReconcileParts["source"];
  close(): Promise<void>;
}

export async function openStateSource(options: StateSourceOptions): Promise<StateSource> {
  const repository = await openRepository(options.repository);
  return { reads: readsOf(repository, options), close: async () => repository.close() };
}

/** Reads one repository; what a commit's history said is kept, so that the next one only adds to it. */
function readsOf(repository: GitRepository, { ref, path }: StateSourceOptions): StateSource["reads"] {
  let known: KnownHistories | undefined;
  return {
    head: () => resolveCommit(repository, ref),
    descends: (commit, ancestor) => isDescendant(repository, ancestor, commit),
    snapshot: (commit) => readSnapshot(repository, commit, path),
    async histories(commit) {
      const histories = await readChannelHistories(repository, commit, path, known);
      known = { commit, histories };
      return histories;
    },
  };
}
