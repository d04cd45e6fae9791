import { parse } from "yaml";
import { type LoggedCommit, readFirstParentLog } from "../source/first-parent-log.ts";
import type { GitRepository } from "../source/git-repository.ts";
import { SNAPSHOT_LIMITS } from "../source/state-file.ts";
import { compareFacts } from "./compare-facts.ts";
import { type HistoryEntry, type HistoryFilter, matchesFilter } from "./history-event.ts";
import { factsOf, type StateFacts } from "./state-facts.ts";

const GLOBS = [
  "fleet.yaml",
  "products/*/product.yaml",
  "products/*/channels/*.yaml",
  "products/*/versions/*.yaml",
  "tenants/*.yaml",
];
/** Commits whose files are read at once. */
const BATCH = 200;
const NOTHING: StateFacts = new Map();

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
    const texts = await readTexts(repository, commits);
    for (const logged of commits) entries.push(...entriesOf(logged, texts, filter));
  }
  return entries.slice(0, limit);
}

/** The files that can hold such events: for a channel its own file, for a version its own file and the channels. */
function globsFor({ product, channel }: HistoryFilter): string[] {
  if (channel !== undefined) return [`products/${product ?? "*"}/channels/${channel}.yaml`];
  return GLOBS.map((glob) =>
    product === undefined ? glob : glob.replace("products/*", `products/${product}`),
  );
}

function entriesOf(
  { commit, author, at, subject, changes }: LoggedCommit,
  texts: ReadonlyMap<string, string>,
  filter: HistoryFilter,
): HistoryEntry[] {
  return changes.flatMap(({ path, before, after }) =>
    compareFacts(path, factsAt(path, before, texts), factsAt(path, after, texts))
      .filter((event) => matchesFilter(event, filter))
      .map((event) => ({ ...event, commit, author, at, subject })),
  );
}

function factsAt(path: string, blob: string | undefined, texts: ReadonlyMap<string, string>): StateFacts {
  const text = blob === undefined ? undefined : texts.get(blob);
  if (text === undefined) return NOTHING;
  try {
    return factsOf(path, parse(text, { schema: "failsafe", maxAliasCount: 0, logLevel: "silent" }));
  } catch {
    return NOTHING;
  }
}

async function readTexts(
  repository: GitRepository,
  commits: readonly LoggedCommit[],
): Promise<Map<string, string>> {
  const blobs = new Set<string>();
  for (const { changes } of commits) {
    for (const { before, after } of changes) {
      if (before !== undefined) blobs.add(before);
      if (after !== undefined) blobs.add(after);
    }
  }
  const ids = [...blobs];
  const objects = await repository.objects.read(ids, SNAPSHOT_LIMITS.yamlBytes);
  const texts = new Map<string, string>();
  for (const [index, id] of ids.entries()) {
    const bytes = objects[index]?.bytes;
    if (bytes !== undefined) texts.set(id, bytes.toString("utf8"));
  }
  return texts;
}
