import { quote } from "../../protocol/printable.ts";
import type { CatFile } from "./cat-file.ts";
import { commonBeginning, commonEnd } from "./common-bytes.ts";
import { SourceError } from "./source-error.ts";

/** A folder of 100,000 names fits. */
const MAX_TREE_BYTES = 16 * 1024 * 1024;
/** Of folders that are kept, bytes together: one of 100,000 tenants with everything else of a large state. */
const MAX_KEPT_BYTES = 8 * 1024 * 1024;
/** Entries from which on a folder is compared with what it was before. */
const MANY_ENTRIES = 512;
const SPACE = 0x20;
const SLASH = 0x2f;

/** A folder of a commit. */
export interface TreeName {
  /** Object id, or another name of it such as `<commit>:releases`. */
  readonly name: string;
  /** For messages; empty for the top. */
  readonly path: string;
}

/** What a folder of a commit says, as git stores it: `<mode> <name> NUL <id>` for each entry, in git's order. */
export interface Tree {
  readonly id: string;
  readonly bytes: Buffer;
  /** Where each entry begins, and at last where the bytes end. */
  readonly starts: Uint32Array;
  /** Whether any entry is a folder. */
  readonly hasFolders: boolean;
}

/** One entry of a folder. */
export interface TreeEntry {
  readonly name: string;
  /** As git writes it, six octal digits. */
  readonly mode: string;
  readonly id: string;
}

/** The mode of a folder. */
export const FOLDER_MODE = "040000";

/**
 * Reads folders of a repository, and keeps those that it read last: of a commit and the next most are the same.
 *
 * It refuses folders that no git command writes: one name twice, names in another order than git's, or with a slash in
 * them. Git itself passes over these where it reads what is on the same machine (it checks what it fetches), and two
 * readers of such a folder can see two different states.
 */
export class TreeReader {
  private readonly objects: CatFile;
  /** By id; what was read or asked for last comes last. */
  private readonly kept = new Map<string, Tree>();
  private keptBytes = 0;
  /** Of large folders the id of what was read last, by path: the next commit changes one of their entries. */
  private readonly lastIds = new Map<string, string>();

  constructor(objects: CatFile) {
    this.objects = objects;
  }

  /** @throws SourceError `source/corrupt-repository`, `source/timeout`, `source/closed`, `source/git-missing` */
  async read(folders: readonly TreeName[]): Promise<Tree[]> {
    const missing = new Map(
      folders.filter(({ name }) => !this.kept.has(name)).map(({ name, path }) => [name, path]),
    );
    const known = folders.map(({ name }) => this.kept.get(name));
    const names = [...missing.keys()];
    const objects = await this.objects.read(names, MAX_TREE_BYTES, (name) => describe(missing.get(name)));
    const read = new Map<string, Tree>();
    for (const [index, name] of names.entries()) {
      const object = objects[index];
      const folder = describe(missing.get(name));
      if (object?.type !== "tree") throw unsound(folder, "is missing");
      if (object.bytes === undefined) throw unsound(folder, `has a listing of ${object.size} bytes`);
      const path = missing.get(name) ?? "";
      const last = this.kept.get(this.lastIds.get(path) ?? "");
      const found = findEntries(object.bytes, object.id.length / 2, last);
      if (typeof found === "string") throw unsound(folder, found);
      const tree = { id: object.id, bytes: object.bytes, ...found };
      if (tree.starts.length > MANY_ENTRIES) this.lastIds.set(path, tree.id);
      read.set(name, tree);
    }
    const trees = folders.map(({ name }, index) => known[index] ?? read.get(name));
    return trees.filter((tree) => tree !== undefined).map((tree) => this.keep(tree));
  }

  private keep(tree: Tree): Tree {
    if (!this.kept.delete(tree.id)) this.keptBytes += sizeOf(tree);
    this.kept.set(tree.id, tree);
    for (const [id, oldest] of this.kept) {
      if (this.keptBytes <= MAX_KEPT_BYTES) break;
      this.kept.delete(id);
      this.keptBytes -= sizeOf(oldest);
    }
    return tree;
  }
}

function sizeOf({ bytes, starts }: Tree): number {
  return bytes.length + starts.byteLength;
}

/** One entry of a folder, by its place. */
export function entryAt(tree: Tree, index: number): TreeEntry {
  const { bytes, starts } = tree;
  const { start, end } = placeOf(tree, index);
  return {
    name: bytes.toString("utf8", start, end),
    mode: canonicalMode(modeAt(bytes, starts[index] ?? 0, start - 1)),
    id: bytes.toString("hex", end + 1, starts[index + 1]),
  };
}

/** Which of two entries, each of a folder, comes first in git's order; 0 for a file, or a folder, of one name. */
export function compareEntries(a: Tree, index: number, b: Tree, other: number): number {
  return compareNames(a.bytes, placeOf(a, index), b.bytes, placeOf(b, other));
}

function placeOf({ bytes, starts }: Tree, index: number): NamePlace {
  const start = starts[index] ?? bytes.length;
  return nameAt(bytes, start) ?? { start, end: start, isFolder: false };
}

/** How many entries a folder has. */
export function entriesOf({ starts }: Tree): number {
  return starts.length - 1;
}

/** Git itself reads any mode as one of the five that it writes. */
function canonicalMode(mode: number): string {
  switch (mode & TYPE_BITS) {
    case FOLDER_BITS:
      return FOLDER_MODE;
    case 0o100000:
      return (mode & 0o100) === 0 ? "100644" : "100755";
    case 0o120000:
      return "120000";
    default:
      return "160000";
  }
}

const TYPE_BITS = 0o170000;
const FOLDER_BITS = 0o040000;

/** The octal number from `start` to `end`; `NaN` where there is none. */
function modeAt(bytes: Buffer, start: number, end: number): number {
  let mode = end > start && end - start <= 6 ? 0 : Number.NaN;
  for (let at = start; at < end && !Number.isNaN(mode); at++) {
    const digit = (bytes[at] ?? 0) - 0x30;
    mode = digit >= 0 && digit <= 7 ? mode * 8 + digit : Number.NaN;
  }
  return mode;
}

/** Where the name of an entry stands in the bytes of a folder. */
interface NamePlace {
  readonly start: number;
  readonly end: number;
  readonly isFolder: boolean;
}

/** Where the entries of a folder begin, and where the last one ends. */
type FoundEntries = Pick<Tree, "starts" | "hasFolders">;

/**
 * Where the entries of a folder begin, and where the last one ends; or what is wrong with them. Runs for each entry of a
 * folder that changed, hence byte by byte.
 *
 * @param idBytes of an object id, which follows each name
 * @param like    what the folder was before, where that is known: what both have is not looked at again
 */
export function findEntries(tree: Buffer, idBytes: number, like?: Tree): FoundEntries | string {
  const continued = like === undefined ? undefined : continueEntries(tree, idBytes, like);
  if (continued !== undefined) return continued;
  const found = parseEntries(tree, idBytes, { at: 0, before: undefined }, () => false);
  if (typeof found === "string") return found;
  return { starts: Uint32Array.from([...found.starts, tree.length]), hasFolders: found.hasFolders };
}

interface ParsedEntries {
  readonly starts: number[];
  readonly hasFolders: boolean;
  /** Where it ended. */
  readonly at: number;
  readonly last: NamePlace | undefined;
}

/** Reads entries from one on, up to the first at which to stop. @param from with the name before it */
function parseEntries(
  tree: Buffer,
  idBytes: number,
  from: { readonly at: number; readonly before: NamePlace | undefined },
  isEnd: (at: number) => boolean,
): ParsedEntries | string {
  const starts: number[] = [];
  let hasFolders = false;
  let { at, before } = from;
  while (at < tree.length && !isEnd(at)) {
    const name = nameAt(tree, at);
    if (name === undefined || name.end + idBytes >= tree.length) return "is cut off";
    const { start, end } = name;
    if (start === end || tree.subarray(start, end).includes(SLASH)) {
      return `has an entry that is called ${shown(tree, name)}`;
    }
    if (before !== undefined) {
      const order = compareNames(tree, before, tree, name);
      if (order === 0 || (name.isFolder && hasFile(tree, starts, name))) {
        return `names ${shown(tree, name)} twice`;
      }
      if (order > 0) return `names ${shown(tree, name)} out of order`;
    }
    hasFolders ||= name.isFolder;
    starts.push(at);
    before = name;
    at = end + 1 + idBytes;
  }
  return { starts, hasFolders, at, last: before };
}

/**
 * The same of a folder of files that differs from an earlier one in one place, as by most commits. `undefined` where it
 * cannot be told from that, or where something is wrong: then all of it is looked at.
 */
function continueEntries(tree: Buffer, idBytes: number, like: Tree): FoundEntries | undefined {
  // A folder may have the name of a file that stands far before it.
  if (like.hasFolders || entriesOf(like) === 0) return undefined;
  const from = lastStartUpTo(like.starts, commonBeginning(tree, like.bytes));
  const begin = like.starts[from] ?? 0;
  const most = Math.min(tree.length, like.bytes.length) - begin;
  const end = tree.length - commonEnd(tree, like.bytes, most);
  const shift = tree.length - like.bytes.length;
  const entryAfter = (at: number): number => firstStartFrom(like.starts, at - shift);
  const isKnown = (at: number): boolean => at >= end && like.starts[entryAfter(at)] === at - shift;
  const before = from === 0 ? undefined : nameAt(tree, like.starts[from - 1] ?? 0);
  const parsed = parseEntries(tree, idBytes, { at: begin, before }, isKnown);
  if (typeof parsed === "string" || parsed.hasFolders) return undefined;
  const next = parsed.at < tree.length ? nameAt(tree, parsed.at) : undefined;
  if (next !== undefined && parsed.last !== undefined && compareNames(tree, parsed.last, tree, next) >= 0) {
    return undefined;
  }
  const after = like.starts.subarray(entryAfter(parsed.at));
  const starts = new Uint32Array(from + parsed.starts.length + after.length);
  starts.set(like.starts.subarray(0, from));
  starts.set(parsed.starts, from);
  const base = from + parsed.starts.length;
  for (let index = 0; index < after.length; index++) starts[base + index] = (after[index] ?? 0) + shift;
  return { starts, hasFolders: false };
}

/** The name of the entry that begins at an offset; `undefined` where the bytes end before it does. */
function nameAt(tree: Buffer, at: number): NamePlace | undefined {
  let start = at;
  while (start < tree.length && tree[start] !== SPACE) start++;
  let end = start;
  while (end < tree.length && tree[end] !== 0) end++;
  if (end >= tree.length) return undefined;
  return { start: start + 1, end, isFolder: (modeAt(tree, at, start) & TYPE_BITS) === FOLDER_BITS };
}

/** Git's order: byte by byte, the name of a folder as if a slash stood behind it. */
function compareNames(tree: Buffer, a: NamePlace, otherTree: Buffer, b: NamePlace): number {
  for (let index = 0; ; index++) {
    const [left, right] = [sortedByte(tree, a, index), sortedByte(otherTree, b, index)];
    if (left !== right) return left - right;
    if (left === -1) return 0;
  }
}

/** -1 behind the end. */
function sortedByte(tree: Buffer, { start, end, isFolder }: NamePlace, index: number): number {
  const at = start + index;
  if (at < end) return tree[at] ?? -1;
  return at === end && isFolder ? SLASH : -1;
}

/** Whether a file has the name of a folder. Only names that begin with it can stand between the two. */
function hasFile(tree: Buffer, starts: readonly number[], folder: NamePlace): boolean {
  for (let index = starts.length - 1; index >= 0; index--) {
    const other = nameAt(tree, starts[index] ?? 0);
    if (other === undefined || other.end - other.start < folder.end - folder.start) return false;
    const length = folder.end - folder.start;
    if (tree.compare(tree, folder.start, folder.end, other.start, other.start + length) !== 0) return false;
    if (other.end - other.start === length) return true;
  }
  return false;
}

function shown(tree: Buffer, { start, end }: NamePlace): string {
  return quote(tree.toString("utf8", start, end));
}

function describe(path: string | undefined): string {
  return path === undefined || path === "" ? "the top folder" : `the folder ${quote(path)}`;
}

function unsound(folder: string, fault: string): SourceError {
  return new SourceError("source/corrupt-repository", `${folder} of the commit ${fault}`, {
    help: "no git command writes such a commit: `git fsck` tells more; push one that is made from a sound clone",
  });
}

/** The last entry that begins at or before an offset. */
export function lastStartUpTo(starts: Uint32Array, offset: number): number {
  return Math.max(firstStartFrom(starts, offset + 1) - 1, 0);
}

/** The first entry that begins at an offset or behind it; the end of all counts as one. */
export function firstStartFrom(starts: Uint32Array, offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
