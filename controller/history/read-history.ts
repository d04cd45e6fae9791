import { readFirstParentLog } from "../source/first-parent-log.ts";
import type { GitRepository } from "../source/git-repository.ts";
import type { LoggedCommit } from "../source/logged-commit.ts";
import { readPastFiles } from "../source/read-past-files.ts";
import { eventsOf } from "./commit-events.ts";
import { globsFor, type HistoryEntry, type HistoryFilter, matchesFilter } from "./history-event.ts";

/** Commits whose files are read at once. */
const BATCH = 200;

/**
 * What the commits on the first-parent line did, newest first, up to `limit` events that match.
 *
 * @param path state root inside the repository, with `/`; empty for its top
 * @throws SourceError
 */
export async function readHistory(
  repository: GitRepository,
  commit: string,
  path: string,
  filter: HistoryFilter,
  limit: number,
): Promise<HistoryEntry[]> {
  const log = await readFirstParentLog(repository, commit, { path, globs: globsFor(filter) });
  const entries: HistoryEntry[] = [];
  for (let start = 0; start < log.length && entries.length < limit; start += BATCH) {
    const commits = log.slice(start, start + BATCH);
    const files = await readPastFiles(repository, commits);
    for (const logged of commits) entries.push(...entriesOf(logged, files, filter));
  }
  return entries.slice(0, limit);
}

function entriesOf(
  { commit, author, at, subject, changes }: LoggedCommit,
  files: ReadonlyMap<string, unknown>,
  filter: HistoryFilter,
): HistoryEntry[] {
  return eventsOf(changes, files)
    .filter((event) => matchesFilter(event, filter))
    .map((event) => ({ ...event, commit, author, at, subject }));
}
