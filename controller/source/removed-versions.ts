import { isOnFirstParentLine, readFirstParentLog } from "./first-parent-log.ts";
import type { GitRepository } from "./git-repository.ts";
import type { SnapshotFile } from "./snapshot.ts";
import { SNAPSHOT_LIMITS } from "./state-file.ts";

/** A version file as it was when it was last removed; it may be there again. */
export interface RemovedVersionFile extends SnapshotFile {
  /** The commit of the first-parent line that removed it. */
  readonly removedBy: string;
}

/** The version files that were removed up to a commit, from which those of a later commit can be continued. */
export interface KnownRemovals {
  readonly commit: string;
  readonly byPath: ReadonlyMap<string, { readonly blob: string; readonly removedBy: string }>;
}

const VERSION_GLOB = "products/*/versions/*.yaml";

/**
 * Finds the version files that were removed on the first-parent line of `commit`. With `known` of an earlier commit on
 * that line only the commits since are read.
 *
 * @throws SourceError
 */
export async function findRemovedVersions(
  repository: GitRepository,
  commit: string,
  path: string,
  known?: KnownRemovals,
): Promise<KnownRemovals> {
  if (known?.commit === commit) return known;
  const base =
    known !== undefined && (await isOnFirstParentLine(repository, known.commit, commit)) ? known : undefined;
  const log = await readFirstParentLog(repository, commit, {
    path,
    globs: [VERSION_GLOB],
    onlyRemovals: true,
    ...(base === undefined ? {} : { since: base.commit }),
  });
  const byPath = new Map(base?.byPath);
  for (const { commit: removedBy, changes } of log.toReversed()) {
    for (const { path: file, before } of changes) {
      if (before !== undefined) byPath.set(file, { blob: before, removedBy });
    }
  }
  return { commit, byPath };
}

/** Of `paths` those that were removed, with what they said; what is too large for state is left out. @throws SourceError */
export async function readRemovedVersions(
  repository: GitRepository,
  { byPath }: KnownRemovals,
  paths: readonly string[],
): Promise<readonly RemovedVersionFile[]> {
  const removed = paths.flatMap((path) => {
    const removal = byPath.get(path);
    return removal === undefined ? [] : [{ path, ...removal }];
  });
  if (removed.length === 0) return [];
  const objects = await repository.objects.read(
    removed.map(({ blob }) => blob),
    SNAPSHOT_LIMITS.yamlBytes,
  );
  return removed.flatMap((removal, index) => {
    const bytes = objects[index]?.bytes;
    return bytes === undefined ? [] : [{ ...removal, bytes }];
  });
}
