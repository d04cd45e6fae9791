import { relative } from "node:path/posix";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { GitRepository } from "../source/git-repository.ts";
import {
  findCommitWith,
  type ListedBlob,
  listBlobsSince,
  listStaged,
  listTreeBlobs,
} from "../source/list-blobs.ts";
import {
  describePrivateKey,
  findPrivateKey,
  MAX_KEY_TEXT_BYTES,
  type PrivateKeyPlace,
  type PrivateKeyText,
} from "../state/find-private-key.ts";

/** Blobs that one look reads; a repository with more small files is no state repository. */
const MOST_BLOBS = 200_000;
/** Blobs in memory at a time. */
const BATCH = 64;

/** Where to look, all of it in one repository. */
export interface KeySearch {
  /** The state root inside the repository, with `/`: findings are relative to it. */
  readonly path: string;
  /** The commit whose files are looked at; absent in a repository without one. */
  readonly head: string | undefined;
  /** Also what came and went in the commits since this one. */
  readonly base: string | undefined;
  /** Also what is staged, of this index or of the repository's own. */
  readonly staged: { readonly indexFile: string | undefined } | undefined;
  /** Blobs that somebody has looked at already. */
  readonly known: ReadonlySet<string>;
}

/**
 * Private keys in the files of a repository, state or not.
 *
 * @returns what was found, and what could not be looked at, for people
 * @throws SourceError
 */
export async function findCommittedKeys(
  repository: GitRepository,
  { path, head, base, staged, known }: KeySearch,
): Promise<{ readonly diagnostics: readonly Diagnostic[]; readonly notices: readonly string[] }> {
  const tree = head === undefined ? [] : await listTreeBlobs(repository, head);
  const index = staged === undefined ? [] : await listStaged(repository, staged.indexFile);
  const past = head === undefined || base === undefined ? [] : await listBlobsSince(repository, base, head);
  const seen = new Set(known);
  const places: [blob: ListedBlob, place: "tree" | "staged" | "past"][] = [];
  for (const [blobs, place] of [
    [tree, "tree"],
    [index.filter(({ mode }) => mode.startsWith("100")), "staged"],
    [past, "past"],
  ] as const) {
    for (const entry of blobs) {
      if (seen.has(entry.blob)) continue;
      seen.add(entry.blob);
      places.push([entry, place]);
    }
  }
  const notices =
    places.length > MOST_BLOBS
      ? [`only ${MOST_BLOBS} of ${places.length} files were searched for private keys`]
      : [];
  const diagnostics: Diagnostic[] = [];
  for (const [{ path: file, blob }, place, key] of await search(repository, places.slice(0, MOST_BLOBS))) {
    const commit =
      place === "past" ? await findCommitWith(repository, blob, base ?? "", head ?? "") : undefined;
    const where: PrivateKeyPlace = place === "past" ? { commit: commit ?? head ?? "" } : place;
    diagnostics.push(describePrivateKey(key, printable(relative(path, file)), where));
  }
  return { diagnostics, notices };
}

async function search<Place>(
  repository: GitRepository,
  places: readonly (readonly [blob: ListedBlob, place: Place])[],
): Promise<[ListedBlob, Place, PrivateKeyText][]> {
  const found: [ListedBlob, Place, PrivateKeyText][] = [];
  for (let at = 0; at < places.length; at += BATCH) {
    const batch = places.slice(at, at + BATCH);
    const objects = await repository.objects.read(
      batch.map(([{ blob }]) => blob),
      MAX_KEY_TEXT_BYTES,
    );
    for (const [index, [blob, place]] of batch.entries()) {
      const object = objects[index];
      const key =
        object?.type === "blob" && object.bytes !== undefined ? findPrivateKey(object.bytes) : undefined;
      if (key !== undefined && key.isExample !== true) found.push([blob, place, key]);
    }
  }
  return found;
}

/** A path may hold anything; what is printed holds no control characters. */
function printable(path: string): string {
  return path.replaceAll(/\p{C}/gu, "\ufffd");
}
