import type { GitRepository } from "./git-repository.ts";
import { readCommit } from "./read-commit.ts";
import type { IrregularEntry, Snapshot, SnapshotFile } from "./snapshot.ts";
import { SourceError } from "./source-error.ts";
import { byPath, judgePath, limitFor, SNAPSHOT_LIMITS, type SnapshotLimits } from "./state-file.ts";

const MAX_LISTING_BYTES = 256 * 1024 * 1024;

export interface SnapshotOptions {
  readonly limits?: SnapshotLimits;
}

/** A state file that the listing names, before its content is read. */
interface ListedFile {
  readonly path: string;
  readonly blob: string;
}

interface Listing {
  readonly files: readonly ListedFile[];
  readonly irregular: readonly IrregularEntry[];
}

/**
 * Reads what one commit holds below `path` (with `/`, empty for the top of the repository). Blobs that the last
 * snapshots of this repository had are not read again.
 *
 * @throws SourceError `commit-not-found`, `path-not-found`, `corrupt-repository`, `limit-exceeded`, `timeout`,
 * `git-missing`
 */
export async function readSnapshot(
  repository: GitRepository,
  commit: string,
  path: string,
  options: SnapshotOptions = {},
): Promise<Snapshot> {
  const limits = options.limits ?? SNAPSHOT_LIMITS;
  const head = await readCommit(repository, commit);
  const listing = parseListing(await listTree(repository, head.id, path), limits);
  const files = await readFiles(repository, listing.files, limits);
  return { commit: head.id, committedAt: head.committedAt, files, irregular: listing.irregular };
}

/** Entries below the state root as `ls-tree` prints them, with the sizes of the blobs. */
async function listTree(repository: GitRepository, commit: string, path: string): Promise<Buffer> {
  const treeish = `${commit}:${path}`;
  const [tree] = await repository.objects.read([treeish], 0);
  if (tree?.type !== "tree") {
    throw new SourceError("path-not-found", `commit ${commit} has no folder \`${path}\``, {
      help: "set the folder that holds fleet.yaml",
    });
  }
  const result = await repository.run(["ls-tree", "-r", "-z", "--long", "--full-tree", tree.id], {
    maxOutput: MAX_LISTING_BYTES,
  });
  if (result.exitCode !== 0) {
    throw new SourceError("corrupt-repository", `commit ${commit} cannot be listed: ${result.stderr.trim()}`);
  }
  return result.stdout;
}

/** Sorts `<mode> <type> <id> <size>\t<path>\0` entries into state files and what must not be there. */
function parseListing(listing: Buffer, limits: SnapshotLimits): Listing {
  const files: ListedFile[] = [];
  const irregular: IrregularEntry[] = [];
  for (const entry of listing.toString("utf8").split("\0")) {
    const tab = entry.indexOf("\t");
    if (tab === -1) continue;
    const path = entry.slice(tab + 1);
    const [mode, , blob = "", bytes] = entry.slice(0, tab).split(/ +/);
    const verdict = judgePath(path);
    if (verdict === "bad-name") irregular.push({ path, kind: "bad-name" });
    else if (mode === "120000") irregular.push({ path, kind: "symlink" });
    else if (mode === "160000") irregular.push({ path, kind: "submodule" });
    else if (verdict === "state") {
      const size = Number(bytes);
      const limit = limitFor(path, limits);
      if (size > limit) irregular.push({ path, kind: "too-large", size, limit });
      else files.push({ path, blob });
    }
  }
  if (files.length > limits.files) {
    irregular.push({ path: "", kind: "too-many", size: files.length, limit: limits.files });
    return { files: [], irregular };
  }
  return { files: files.sort(byPath), irregular: irregular.sort(byPath) };
}

async function readFiles(
  repository: GitRepository,
  listed: readonly ListedFile[],
  limits: SnapshotLimits,
): Promise<SnapshotFile[]> {
  const contents = new Map<string, Buffer>();
  const unknown = new Set<string>();
  for (const { blob } of listed) {
    const known = repository.blobs.get(blob);
    if (known === undefined) unknown.add(blob);
    else contents.set(blob, known);
  }
  const ids = [...unknown];
  const objects = await repository.objects.read(ids, Math.max(limits.yamlBytes, limits.trustBytes));
  for (const [index, id] of ids.entries()) {
    const bytes = objects[index]?.bytes;
    if (bytes === undefined) throw new SourceError("corrupt-repository", `blob ${id} is missing`);
    contents.set(id, bytes);
    repository.blobs.set(id, bytes);
  }
  repository.blobs.advance();
  return listed.map(({ path, blob }) => ({ path, blob, bytes: contents.get(blob) ?? Buffer.alloc(0) }));
}
