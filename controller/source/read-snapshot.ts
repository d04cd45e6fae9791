import { quote } from "../../protocol/printable.ts";
import { checkTrees, type ListedTree } from "./check-trees.ts";
import { diffTrees, FOLDER_MODE } from "./diff-trees.ts";
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
  readonly folders: readonly ListedTree[];
}

/**
 * Reads what one commit holds below `path` (with `/`, empty for the top of the repository). After the first of a
 * repository only what changed is listed and read; files that did not are the very same objects.
 *
 * @throws SourceError `source/commit-not-found`, `source/path-not-found`, `source/corrupt-repository`,
 *   `source/limit-exceeded`, `source/timeout`, `source/git-missing`
 */
export async function readSnapshot(
  repository: GitRepository,
  commit: string,
  path: string,
  options: SnapshotOptions = {},
): Promise<Snapshot> {
  const limits = options.limits ?? SNAPSHOT_LIMITS;
  const head = await readCommit(repository, commit);
  const tree = await readTree(repository, head.id, path);
  await checkTrees(repository, foldersDownTo(head.id, path));
  const content =
    (await continueFrom(repository, tree, limits)) ?? (await readWhole(repository, tree, limits));
  const { files, irregular } = content;
  lastContents.set(repository, { tree, limits, content: { files, irregular } });
  return { commit: head.id, committedAt: head.committedAt, ...content };
}

type Content = Pick<Snapshot, "files" | "irregular" | "change">;

/** What was read last from a repository: the next commit is mostly the same. Kept by the repository, not by what it says. */
const lastContents = new WeakMap<
  GitRepository,
  { readonly tree: string; readonly limits: SnapshotLimits; readonly content: Content }
>();

/** The id of the folder that holds the state. */
async function readTree(repository: GitRepository, commit: string, path: string): Promise<string> {
  const [tree] = await repository.objects.read([`${commit}:${path}`], 0);
  if (tree?.type === "tree") return tree.id;
  throw new SourceError("source/path-not-found", `commit ${commit} has no folder \`${path}\``, {
    help: "set the folder that holds fleet.yaml",
  });
}

/** The folders from the top of a commit down to the one at `path`. */
function foldersDownTo(commit: string, path: string): ListedTree[] {
  const names = path === "" ? [] : path.split("/");
  return ["", ...names.map((_, index) => names.slice(0, index + 1).join("/"))].map((folder) => ({
    name: `${commit}:${folder}`,
    path: folder,
  }));
}

async function readWhole(repository: GitRepository, tree: string, limits: SnapshotLimits): Promise<Content> {
  const listing = parseListing(await listTree(repository, tree), limits);
  await checkTrees(repository, listing.folders);
  const files = await readFiles(repository, listing.files, limits);
  return { files, irregular: listing.irregular };
}

/** Entries below a tree as `ls-tree` prints them, with the sizes of the blobs. */
async function listTree(repository: GitRepository, tree: string): Promise<Buffer> {
  const result = await repository.run(["ls-tree", "-r", "-t", "-z", "--long", "--full-tree", tree], {
    maxOutput: MAX_LISTING_BYTES,
  });
  if (result.exitCode !== 0) {
    throw new SourceError(
      "source/corrupt-repository",
      `tree ${tree} cannot be listed: ${result.stderr.trim()}`,
    );
  }
  return result.stdout;
}

/** Reads only what changed since the last snapshot; `undefined` where there is none to go on from. */
async function continueFrom(
  repository: GitRepository,
  tree: string,
  limits: SnapshotLimits,
): Promise<Content | undefined> {
  const last = lastContents.get(repository);
  if (last === undefined || last.limits !== limits || isOverfull(last.content)) return undefined;
  const differing = await diffTrees(repository, last.tree, tree);
  if (differing === undefined) return undefined;
  const folders = differing.filter(({ mode }) => mode === FOLDER_MODE);
  const changes = differing.filter(({ mode }) => mode !== FOLDER_MODE);
  const since = last.content.files;
  const paths = changes.map(({ path }) => path);
  const files: SnapshotFile[] = [];
  const changed = new Set(paths);
  const irregular = last.content.irregular.filter(({ path }) => !changed.has(path));
  const state: ListedFile[] = [];
  await checkTrees(
    repository,
    folders.map(({ path, blob }) => ({ name: blob, path })),
  );
  for (const { path, mode, blob } of changes) {
    if (mode === undefined) continue;
    const kind = irregularKind(path, mode);
    if (kind !== undefined) irregular.push({ path, kind });
    else if (judgePath(path) === "state") state.push({ path, blob });
  }
  const largest = Math.max(limits.yamlBytes, limits.trustBytes);
  const objects = await repository.objects.read(
    state.map(({ blob }) => blob),
    largest,
    (blob) => describeFile(state, blob),
  );
  for (const [index, { path, blob }] of state.entries()) {
    const object = objects[index];
    if (object === undefined) throw new SourceError("source/corrupt-repository", `blob ${blob} is missing`);
    const { size, bytes } = object;
    const limit = limitFor(path, limits);
    if (bytes === undefined || size > limit) irregular.push({ path, kind: "too-large", size, limit });
    else files.push({ path, blob, bytes });
  }
  const now = new Map<string, SnapshotFile | undefined>(paths.map((path) => [path, undefined]));
  for (const file of files) now.set(file.path, file);
  const all = replaceFiles(since, now);
  if (all.length > limits.files) return undefined;
  return { files: all, irregular: irregular.sort(byPath), change: { since, files: now } };
}

/** Sorted files with these instead of those that have the same paths. */
function replaceFiles(
  files: readonly SnapshotFile[],
  changes: ReadonlyMap<string, SnapshotFile | undefined>,
): SnapshotFile[] {
  const parts: (readonly SnapshotFile[])[] = [];
  let from = 0;
  for (const path of [...changes.keys()].sort()) {
    const at = placeOf(path, files, from);
    const file = changes.get(path);
    parts.push(files.slice(from, at), file === undefined ? [] : [file]);
    from = files[at]?.path === path ? at + 1 : at;
  }
  return [...parts, files.slice(from)].flat();
}

/** Where a file of that path is, or would be, in files that are sorted. */
function placeOf(path: string, files: readonly SnapshotFile[], from: number): number {
  let low = from;
  let high = files.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((files[middle]?.path ?? "") < path) low = middle + 1;
    else high = middle;
  }
  return low;
}

function isOverfull({ irregular }: Content): boolean {
  return irregular.some(({ kind }) => kind === "too-many");
}

/** What makes an entry unreadable whatever its content. */
export function irregularKind(path: string, mode: string): IrregularEntry["kind"] | undefined {
  if (judgePath(path) === "bad-name") return "bad-name";
  if (mode === "120000") return "symlink";
  return mode === "160000" ? "submodule" : undefined;
}

/** Sorts `<mode> <type> <id> <size>\t<path>\0` entries into state files and what must not be there. */
function parseListing(listing: Buffer, limits: SnapshotLimits): Listing {
  const files: ListedFile[] = [];
  const irregular: IrregularEntry[] = [];
  const folders: ListedTree[] = [];
  for (const entry of listing.toString("utf8").split("\0")) {
    const tab = entry.indexOf("\t");
    if (tab === -1) continue;
    const path = entry.slice(tab + 1);
    const [mode = "", , blob = "", bytes] = entry.slice(0, tab).split(/ +/);
    if (mode === FOLDER_MODE) {
      folders.push({ name: blob, path });
      continue;
    }
    const kind = irregularKind(path, mode);
    if (kind !== undefined) irregular.push({ path, kind });
    else if (judgePath(path) === "state") {
      const size = Number(bytes);
      const limit = limitFor(path, limits);
      if (size > limit) irregular.push({ path, kind: "too-large", size, limit });
      else files.push({ path, blob });
    }
  }
  if (files.length > limits.files) {
    irregular.push({ path: "", kind: "too-many", size: files.length, limit: limits.files });
    return { files: [], irregular, folders: [] };
  }
  return { files: files.sort(byPath), irregular: irregular.sort(byPath), folders };
}

function describeFile(files: readonly ListedFile[], blob: string): string {
  const path = files.find((file) => file.blob === blob)?.path;
  return path === undefined ? `the object ${blob}` : `the file ${quote(path)}`;
}

async function readFiles(
  repository: GitRepository,
  listed: readonly ListedFile[],
  limits: SnapshotLimits,
): Promise<SnapshotFile[]> {
  const ids = [...new Set(listed.map(({ blob }) => blob))];
  const largest = Math.max(limits.yamlBytes, limits.trustBytes);
  const objects = await repository.objects.read(ids, largest, (blob) => describeFile(listed, blob));
  const contents = new Map<string, Buffer>();
  for (const [index, id] of ids.entries()) {
    const bytes = objects[index]?.bytes;
    if (bytes === undefined) throw new SourceError("source/corrupt-repository", `blob ${id} is missing`);
    contents.set(id, bytes);
  }
  return listed.map(({ path, blob }) => ({ path, blob, bytes: contents.get(blob) ?? Buffer.alloc(0) }));
}
