import { isOnFirstParentLine, readFirstParentLog } from "./first-parent-log.ts";
import type { GitRepository } from "./git-repository.ts";
import { SNAPSHOT_LIMITS } from "./state-file.ts";

/** What the state repository had and has no more, as far as it left a role in a manifest. */
export interface RemovedState {
  /** Tenants whose file was removed; some may be there again. */
  readonly tenants: ReadonlySet<string>;
  /** By product, whose file may be there again: the signed release index as it was when it was last removed. */
  readonly releases: ReadonlyMap<string, Buffer>;
}

const NOTHING: RemovedState = { tenants: new Set(), releases: new Map() };
const TENANT_PATH = /^tenants\/([^/]+)\.yaml$/;
const RELEASES_PATH = /^trust\/releases\/([^/]+)\.json$/;

/**
 * Finds what was removed on the first-parent line of `commit`.
 *
 * @param since looks only at what came after this commit; at everything where it is not on that line, or not given
 * @throws SourceError `commit-not-found`, `limit-exceeded`, `timeout`, `git-missing`
 */
export async function readRemovedState(
  repository: GitRepository,
  commit: string,
  path: string,
  since: string | undefined,
): Promise<RemovedState> {
  if (since === commit) return NOTHING;
  const base =
    since !== undefined && (await isOnFirstParentLine(repository, since, commit)) ? since : undefined;
  const log = await readFirstParentLog(repository, commit, {
    path,
    globs: ["tenants/*.yaml", "trust/releases/*.json"],
    onlyRemovals: true,
    ...(base === undefined ? {} : { since: base }),
  });
  const tenants = new Set<string>();
  const indexes = new Map<string, string>();
  for (const { path: file, before } of log.flatMap(({ changes }) => changes)) {
    const tenant = TENANT_PATH.exec(file)?.[1];
    if (tenant !== undefined) tenants.add(tenant);
    const product = RELEASES_PATH.exec(file)?.[1];
    // The newest commit comes first.
    if (product !== undefined && before !== undefined && !indexes.has(product)) indexes.set(product, before);
  }
  return { tenants, releases: await readIndexes(repository, indexes) };
}

async function readIndexes(
  repository: GitRepository,
  blobs: ReadonlyMap<string, string>,
): Promise<Map<string, Buffer>> {
  const objects = await repository.objects.read([...blobs.values()], SNAPSHOT_LIMITS.trustBytes);
  const read = new Map<string, Buffer>();
  for (const [index, product] of [...blobs.keys()].entries()) {
    const bytes = objects[index]?.bytes;
    if (bytes !== undefined) read.set(product, bytes);
  }
  return read;
}
