import { quote } from "../../protocol/printable.ts";
import { knownBytes } from "../files/known-bytes.ts";
import { type ChangedEntry, diffTrees } from "./diff-trees.ts";
import type { GitRepository } from "./git-repository.ts";
import { readCommit } from "./read-commit.ts";
import type { TreeName } from "./read-trees.ts";
import type { IrregularEntry, Snapshot, SnapshotFile } from "./snapshot.ts";
import { SourceError } from "./source-error.ts";
import { byPath, judgePath, limitFor, SNAPSHOT_LIMITS, type SnapshotLimits } from "./state-file.ts";

export interface SnapshotOptions {
  readonly limits?: SnapshotLimits;
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
  const last = lastContents.get(repository);
  const isKnown = last?.limits === limits && !isOverfull(last.content);
  const continued = isKnown ? await continueFrom(repository, last, tree, limits) : undefined;
  const content = continued ?? (await readWhole(repository, tree, limits));
  const { files, irregular } = content;
  lastContents.set(repository, { tree, limits, content: { files, irregular } });
  return { commit: head.id, committedAt: head.committedAt, ...content };
}

type Content = Pick<Snapshot, "files" | "irregular" | "change">;

/** What was read last from a repository: the next commit is mostly the same. Kept by the repository, not by what it says. */
const lastContents = new WeakMap<GitRepository, LastContent & { readonly limits: SnapshotLimits }>();

interface LastContent {
  readonly tree: string;
  readonly content: Content;
}

/** The id of the folder that holds the state. It and those above it are sound. */
async function readTree(repository: GitRepository, commit: string, path: string): Promise<string> {
  try {
    const folders = await repository.trees.read(foldersDownTo(commit, path));
    const [top] = folders.slice(-1);
    if (top !== undefined) return top.id;
  } catch (error) {
    if (!(error instanceof SourceError && error.code === "source/corrupt-repository")) throw error;
    await requireFolder(repository, commit, path);
    throw error;
  }
  throw new SourceError("source/path-not-found", `commit ${commit} has no folder \`${path}\``);
}

/** A folder that is not there is nobody's damage. @throws SourceError `source/path-not-found` */
async function requireFolder(repository: GitRepository, commit: string, path: string): Promise<void> {
  const [tree] = await repository.objects.read([`${commit}:${path}`], 0);
  if (tree?.type === "tree") return;
  throw new SourceError("source/path-not-found", `commit ${commit} has no folder \`${path}\``, {
    help: "set the folder that holds fleet.yaml",
  });
}

/** The folders from the top of a commit down to the one at `path`. */
function foldersDownTo(commit: string, path: string): TreeName[] {
  const names = path === "" ? [] : path.split("/");
  return ["", ...names.map((_, index) => names.slice(0, index + 1).join("/"))].map((folder) => ({
    name: `${commit}:${folder}`,
    path: folder,
  }));
}

async function readWhole(repository: GitRepository, tree: string, limits: SnapshotLimits): Promise<Content> {
  const { state, irregular } = sortOut(await diffTrees(repository, undefined, tree));
  if (state.length > limits.files) {
    irregular.push({ path: "", kind: "too-many", size: state.length, limit: limits.files });
    return { files: [], irregular: irregular.sort(byPath) };
  }
  const { files, tooLarge } = await readFiles(repository, state, limits);
  return { files: files.sort(byPath), irregular: [...irregular, ...tooLarge].sort(byPath) };
}

/** Reads only what changed since the last snapshot; `undefined` where that cannot be told exactly. */
async function continueFrom(
  repository: GitRepository,
  last: LastContent,
  tree: string,
  limits: SnapshotLimits,
): Promise<Content | undefined> {
  const changes = await changesSince(repository, last.tree, tree);
  if (changes === undefined) return undefined;
  const since = last.content.files;
  const paths = new Set(changes.map(({ path }) => path));
  const { state, irregular } = sortOut(changes);
  const { files, tooLarge } = await readFiles(repository, state, limits);
  const now = new Map<string, SnapshotFile | undefined>([...paths].map((path) => [path, undefined]));
  for (const file of files) now.set(file.path, file);
  const stayed = last.content.irregular.filter(({ path }) => !paths.has(path));
  const content = {
    files: replaceFiles(since, now),
    irregular: [...stayed, ...irregular, ...tooLarge].sort(byPath),
  };
  const tooLargeNow = content.irregular.filter(({ kind }) => kind === "too-large");
  if (content.files.length + tooLargeNow.length > limits.files) return undefined;
  return { ...content, change: { since, files: now } };
}

/**
 * Every file that differs from the last snapshot. `undefined` where a path is not UTF-8, so that two may look the same, or
 * where the folders of the last snapshot are gone: then all files are read.
 */
async function changesSince(
  repository: GitRepository,
  before: string,
  after: string,
): Promise<readonly ChangedEntry[] | undefined> {
  try {
    const changes = await diffTrees(repository, before, after);
    return changes.some(({ path }) => path.includes("\ufffd")) ? undefined : changes;
  } catch (error) {
    if (error instanceof SourceError && error.code === "source/corrupt-repository") return undefined;
    throw error;
  }
}

/** A state file that a folder lists, before its content is read. */
interface ListedFile {
  readonly path: string;
  readonly blob: string;
}

/** What is there, by whether it is a state file or must not be there. */
function sortOut(entries: readonly ChangedEntry[]): {
  readonly state: readonly ListedFile[];
  readonly irregular: IrregularEntry[];
} {
  const state: ListedFile[] = [];
  const irregular: IrregularEntry[] = [];
  for (const { path, mode, blob } of entries) {
    if (mode === undefined || blob === undefined) continue;
    const kind = irregularKind(path, mode);
    if (kind !== undefined) irregular.push({ path, kind });
    else if (judgePath(path) === "state") state.push({ path, blob });
  }
  return { state, irregular };
}

/** Sorted files with these instead of those that have the same paths. */
function replaceFiles(
  files: readonly SnapshotFile[],
  changes: ReadonlyMap<string, SnapshotFile | undefined>,
): SnapshotFile[] {
  if (changes.size <= FEW_CHANGES) return replaceFew(files, changes);
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

/** Up to how many changes a copy of the list that is changed in place costs less than one that is put together. */
const FEW_CHANGES = 16;

function replaceFew(
  files: readonly SnapshotFile[],
  changes: ReadonlyMap<string, SnapshotFile | undefined>,
): SnapshotFile[] {
  const next = files.slice();
  for (const [path, file] of changes) {
    const at = placeOf(path, next, 0);
    const isThere = next[at]?.path === path;
    if (file !== undefined && isThere) next[at] = file;
    else if (file !== undefined) next.splice(at, 0, file);
    else if (isThere) next.splice(at, 1);
  }
  return next;
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

/** The content of state files. Files with the same content share it. */
async function readFiles(
  repository: GitRepository,
  listed: readonly ListedFile[],
  limits: SnapshotLimits,
): Promise<{ readonly files: SnapshotFile[]; readonly tooLarge: readonly IrregularEntry[] }> {
  const ids = [...new Set(listed.map(({ blob }) => blob))];
  const largest = Math.max(limits.yamlBytes, limits.trustBytes);
  const objects = await repository.objects.read(ids, largest, (blob) => describeFile(listed, blob));
  const contents = new Map(ids.map((id, index) => [id, objects[index]]));
  const files: SnapshotFile[] = [];
  const tooLarge: IrregularEntry[] = [];
  for (const { path, blob } of listed) {
    const object = contents.get(blob);
    if (object === undefined) throw new SourceError("source/corrupt-repository", `blob ${blob} is missing`);
    const { size, bytes } = object;
    const limit = limitFor(path, limits);
    if (bytes === undefined || size > limit) tooLarge.push({ path, kind: "too-large", size, limit });
    else files.push({ path, blob, bytes: knownBytes(bytes) });
  }
  return { files, tooLarge };
}

function describeFile(files: readonly ListedFile[], blob: string): string {
  const path = files.find((file) => file.blob === blob)?.path;
  return path === undefined ? `the object ${blob}` : `the file ${quote(path)}`;
}
