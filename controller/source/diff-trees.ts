import { commonBeginning, commonEnd } from "./common-bytes.ts";
import type { GitRepository } from "./git-repository.ts";
import {
  compareEntries,
  entriesOf,
  entryAt,
  FOLDER_MODE,
  firstStartFrom,
  lastStartUpTo,
  type Tree,
  type TreeEntry,
  type TreeName,
} from "./read-trees.ts";
import { SourceError } from "./source-error.ts";

/** No state is deeper; whatever else a repository holds is told by the same limit of git itself. */
const MAX_DEPTH = 2048;

/** What became of one file between two folders. */
export interface ChangedEntry {
  /** Relative to the folders. */
  readonly path: string;
  /** As git writes it: `100644`; absent when the path is gone. */
  readonly mode: string | undefined;
  /** Object id; absent when the path is gone. */
  readonly blob: string | undefined;
  /** The object id before; absent when there was no file. */
  readonly before: string | undefined;
}

/** A folder that differs: its id on both sides, where it is there. */
interface DifferingFolder {
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/**
 * Every file that differs between two folders, at any depth. No process of git is started for it: only folders that
 * differ are read.
 *
 * @param before id of a folder; `undefined`: there was none, and every file is new
 * @param isWanted leaves a folder with all that is below it out
 * @throws SourceError `source/corrupt-repository`, `source/limit-exceeded`, `source/timeout`, `source/closed`
 */
export async function diffTrees(
  repository: GitRepository,
  before: string | undefined,
  after: string,
  isWanted: (path: string) => boolean = () => true,
): Promise<ChangedEntry[]> {
  const changes: ChangedEntry[] = [];
  let level: readonly DifferingFolder[] = before === after ? [] : [{ path: "", before, after }];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) {
      throw new SourceError("source/limit-exceeded", `folders are nested more than ${MAX_DEPTH} deep`);
    }
    const read = await repository.trees.read(level.flatMap(namesOf));
    const trees = new Map(read.map((tree) => [tree.id, tree]));
    const deeper: DifferingFolder[] = [];
    for (const folder of level) {
      const found = compareFolders(folder, (id) => (id === undefined ? undefined : trees.get(id)));
      for (const file of found.files) changes.push(file);
      for (const inner of found.folders) if (isWanted(inner.path)) deeper.push(inner);
    }
    level = deeper;
  }
  return changes;
}

function namesOf({ path, before, after }: DifferingFolder): TreeName[] {
  return [before, after].flatMap((id) => (id === undefined ? [] : [{ name: id, path }]));
}

/** What differs in one folder. A file in the place of a folder, or the other way about, is both: one gone, one new. */
function compareFolders(
  { path, before, after }: DifferingFolder,
  treeOf: (id: string | undefined) => Tree | undefined,
): { readonly files: readonly ChangedEntry[]; readonly folders: readonly DifferingFolder[] } {
  const files: ChangedEntry[] = [];
  const folders: DifferingFolder[] = [];
  const prefix = path === "" ? "" : `${path}/`;
  const { gone, here } = differingEntries(treeOf(before), treeOf(after));
  const earlier = new Map(gone.map((entry) => [entry.name, entry]));
  for (const { name, mode, id } of here) {
    const was = earlier.get(name);
    const isSameKind = was !== undefined && isFolder(was.mode) === isFolder(mode);
    if (isSameKind) earlier.delete(name);
    if (isFolder(mode))
      folders.push({ path: prefix + name, before: isSameKind ? was.id : undefined, after: id });
    else files.push({ path: prefix + name, mode, blob: id, before: isSameKind ? was.id : undefined });
  }
  for (const { name, mode, id } of earlier.values()) {
    if (isFolder(mode)) folders.push({ path: prefix + name, before: id, after: undefined });
    else files.push({ path: prefix + name, mode: undefined, blob: undefined, before: id });
  }
  return { files, folders };
}

function isFolder(mode: string): boolean {
  return mode === FOLDER_MODE;
}

/** The entries of each of two folders that the other does not have just so. Either may be missing. */
function differingEntries(
  before: Tree | undefined,
  after: Tree | undefined,
): { readonly gone: readonly TreeEntry[]; readonly here: readonly TreeEntry[] } {
  const gone: TreeEntry[] = [];
  const here: TreeEntry[] = [];
  const { from, left, right } = differingRange(before, after);
  let [at, other] = [from, from];
  while (before !== undefined && after !== undefined && at < left && other < right) {
    const order = compareEntries(before, at, after, other);
    if (order === 0) {
      if (!isSameEntry(before, at, after, other)) {
        gone.push(entryAt(before, at));
        here.push(entryAt(after, other));
      }
      at++;
      other++;
    } else if (order < 0) gone.push(entryAt(before, at++));
    else here.push(entryAt(after, other++));
  }
  while (before !== undefined && at < left) gone.push(entryAt(before, at++));
  while (after !== undefined && other < right) here.push(entryAt(after, other++));
  return { gone, here };
}

function isSameEntry(before: Tree, at: number, after: Tree, other: number): boolean {
  const [start, end] = [before.starts[at], before.starts[at + 1]];
  return before.bytes.compare(after.bytes, after.starts[other], after.starts[other + 1], start, end) === 0;
}

/**
 * What is left of the entries of two folders without those that are the same at their beginnings and at their ends: from
 * the entry `from` of both to `left` of the one and `right` of the other. Most commits change one entry of thousands.
 */
function differingRange(
  before: Tree | undefined,
  after: Tree | undefined,
): { readonly from: number; readonly left: number; readonly right: number } {
  const whole = {
    from: 0,
    left: before === undefined ? 0 : entriesOf(before),
    right: after === undefined ? 0 : entriesOf(after),
  };
  if (before === undefined || after === undefined) return whole;
  const [a, b] = [before.bytes, after.bytes];
  const from = lastStartUpTo(before.starts, commonBeginning(a, b));
  const most = Math.min(a.length, b.length) - (before.starts[from] ?? 0);
  const end = commonEnd(a, b, most);
  const left = firstStartFrom(before.starts, a.length - end);
  const right = firstStartFrom(after.starts, b.length - end);
  // Bytes of an id can look like the beginning of an entry: then the ends are no entries that both have.
  const isAligned = a.length - (before.starts[left] ?? 0) === b.length - (after.starts[right] ?? 0);
  return isAligned ? { from, left, right } : { ...whole, from };
}
