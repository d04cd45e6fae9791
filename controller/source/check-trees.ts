import { quote } from "../../protocol/printable.ts";
import type { GitRepository } from "./git-repository.ts";
import { SourceError } from "./source-error.ts";

/** A folder of 100,000 names fits. */
const MAX_TREE_BYTES = 16 * 1024 * 1024;
const SPACE = 0x20;

/** A folder of a commit. */
export interface ListedTree {
  /** Object id, or another name of it such as `<commit>:releases`. */
  readonly name: string;
  /** For messages; empty for the top. */
  readonly path: string;
}

/**
 * Refuses folders that no git command writes: one name twice, names in another order than git's, or with a slash in
 * them. Git itself passes over these where it reads what is on the same machine (it checks what it fetches), and two
 * readers of such a folder can see two different states.
 *
 * @throws SourceError `source/corrupt-repository`
 */
export async function checkTrees(repository: GitRepository, trees: readonly ListedTree[]): Promise<void> {
  const paths = new Map(trees.map(({ name, path }) => [name, path]));
  const names = [...paths.keys()];
  const objects = await repository.objects.read(names, MAX_TREE_BYTES, (name) => describe(paths.get(name)));
  for (const [index, name] of names.entries()) {
    const object = objects[index];
    const folder = describe(paths.get(name));
    if (object === undefined) throw unsound(folder, "is missing");
    if (object.bytes === undefined) throw unsound(folder, `has a listing of ${object.size} bytes`);
    const fault = findFault(object.bytes, object.id.length / 2);
    if (fault !== undefined) throw unsound(folder, fault);
  }
}

/** @param idBytes of an object id, which follows each name */
function findFault(tree: Buffer, idBytes: number): string | undefined {
  const names = new Set<string>();
  let before = "";
  for (let at = 0; at < tree.length; ) {
    const space = tree.indexOf(SPACE, at);
    const end = tree.indexOf(0, space);
    if (space === -1 || end === -1 || end + idBytes >= tree.length) return "is cut off";
    // As Latin-1 one character is one byte, which is how git compares names.
    const name = tree.toString("latin1", space + 1, end);
    const isTree = tree.toString("latin1", at, space) === "40000";
    if (name === "" || name.includes("/")) return `has an entry that is called ${shown(name)}`;
    if (names.has(name)) return `names ${shown(name)} twice`;
    const sortedAs = isTree ? `${name}/` : name;
    if (sortedAs < before) return `names ${shown(name)} out of order`;
    names.add(name);
    before = sortedAs;
    at = end + 1 + idBytes;
  }
  return undefined;
}

function shown(name: string): string {
  return quote(Buffer.from(name, "latin1").toString("utf8"));
}

function describe(path: string | undefined): string {
  return path === undefined || path === "" ? "the top folder" : `the folder ${quote(path)}`;
}

function unsound(folder: string, fault: string): SourceError {
  return new SourceError("source/corrupt-repository", `${folder} of the commit ${fault}`, {
    help: "no git command writes such a commit: `git fsck` tells more; push one that is made from a sound clone",
  });
}
