import type { GitRepository } from "./git-repository.ts";
import { listStaged, type StagedEntry } from "./list-blobs.ts";
import { irregularKind } from "./read-snapshot.ts";
import type { IrregularEntry, Snapshot, SnapshotFile } from "./snapshot.ts";
import { SourceError } from "./source-error.ts";
import { byPath, judgePath, limitFor, SNAPSHOT_LIMITS, type SnapshotLimits } from "./state-file.ts";

/** What the snapshot of the index is called where a commit is expected. */
export const STAGED = "staged";

/**
 * Reads the state root as the next commit will have it: what a hook before a commit has to judge. The shape and the
 * limits are those of a commit; `committedAt` is `now`, in seconds since 1970.
 *
 * @param path      state root inside the repository, with `/`
 * @param indexFile as of `listStaged`
 * @throws SourceError
 */
export async function readStagedSnapshot(
  repository: GitRepository,
  path: string,
  indexFile: string | undefined,
  now: number,
  limits: SnapshotLimits = SNAPSHOT_LIMITS,
): Promise<Snapshot> {
  const prefix = path === "" ? "" : `${path}/`;
  const staged = (await listStaged(repository, indexFile)).filter((entry) => entry.path.startsWith(prefix));
  const irregular: IrregularEntry[] = [];
  const listed: StagedEntry[] = [];
  for (const entry of staged) {
    const inState = { ...entry, path: entry.path.slice(prefix.length) };
    const kind = irregularKind(inState.path, entry.mode);
    if (kind !== undefined) irregular.push({ path: inState.path, kind });
    else if (entry.isUnmerged && judgePath(inState.path) === "state")
      irregular.push({ path: inState.path, kind: "unmerged" });
    else if (judgePath(inState.path) === "state") listed.push(inState);
  }
  if (listed.length > limits.files) {
    irregular.push({ path: "", kind: "too-many", size: listed.length, limit: limits.files });
    listed.length = 0;
  }
  const files: SnapshotFile[] = [];
  const objects = await repository.objects.read(
    listed.map(({ blob }) => blob),
    Math.max(limits.yamlBytes, limits.trustBytes),
  );
  for (const [index, { path, blob }] of listed.entries()) {
    const object = objects[index];
    if (object === undefined) throw new SourceError("source/corrupt-repository", `blob ${blob} is missing`);
    const { size, bytes } = object;
    const limit = limitFor(path, limits);
    if (bytes === undefined || size > limit) irregular.push({ path, kind: "too-large", size, limit });
    else files.push({ path, blob, bytes });
  }
  return { commit: STAGED, committedAt: now, files: files.sort(byPath), irregular: irregular.sort(byPath) };
}
