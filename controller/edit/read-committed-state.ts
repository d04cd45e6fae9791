import { type GitRepository, openRepository } from "../source/git-repository.ts";
import { readChannelHistories } from "../source/promotion-history.ts";
import type { ChannelHistories } from "../source/promotion-record.ts";
import { resolveCommit } from "../source/read-commit.ts";
import { readSnapshot } from "../source/read-snapshot.ts";
import type { Snapshot } from "../source/snapshot.ts";
import type { StatePlace } from "./work-tree.ts";

/** What the checked-out commit holds, and what its channels pointed to before. */
export interface CommittedState {
  readonly snapshot: Snapshot;
  readonly histories: ChannelHistories;
}

/** @throws SourceError */
export async function readCommittedState(place: StatePlace): Promise<CommittedState> {
  const repository: GitRepository = await openRepository(place.root);
  try {
    const commit = await resolveCommit(repository, "HEAD");
    const snapshot = await readSnapshot(repository, commit, place.path);
    const histories = await readChannelHistories(repository, commit, place.path);
    return { snapshot, histories };
  } finally {
    repository.close();
  }
}
