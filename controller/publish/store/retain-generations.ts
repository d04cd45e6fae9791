import { isPolicyRole } from "../../../protocol/manifest-names.ts";
import { servedTargetPath } from "../../../protocol/tuf/name-files.ts";
import { changedEntries } from "../../state/chunked-map.ts";
import { readRole } from "../../trust/read-role.ts";
import { contentDigest } from "../content-digest.ts";
import type { MetadataFiles } from "../manifest-roles.ts";
import { readOnlineRoles, requireMetadata, versionedName } from "../manifest-roles.ts";
import {
  type FormerDocument,
  type FormerGeneration,
  findDocument,
  type PublishedManifest,
} from "../published-manifest.ts";

/** Manifests before the current one whose files stay served, for clients in the middle of a refresh. */
const FORMER_GENERATIONS = 4;

/** The former manifests of which files stay served once `now` follows a manifest, newest first. */
export function generationsAfter(before: PublishedManifest, now: ServedNow): readonly FormerGeneration[] {
  const { metadata, documents, generations } = before;
  return generations === undefined
    ? findGenerations({ metadata, findDocument: (path, sha256) => findDocument(before, path, sha256) }, now)
    : nextGenerations({ metadata, documents, generations }, now);
}

/** Everything that was served before. */
export interface ServedBefore {
  readonly metadata: MetadataFiles;
  /** The bytes of a document, by target path and digest. */
  readonly findDocument: (path: string, sha256: string) => Buffer | undefined;
}

/** What is served from now on: metadata by name, and documents by target path. */
export interface ServedNow {
  readonly metadata: ReadonlyMap<string, Buffer>;
  readonly documents: ReadonlyMap<string, Buffer>;
}

/** The manifest before, with the generations before it; newest first. */
export interface Continued extends ServedNow {
  readonly generations: readonly FormerGeneration[];
}

/**
 * The last {@link FORMER_GENERATIONS} manifests before the current one, newest first, as far as anything of them was
 * served. Reads all of it: {@link nextGenerations} gives the same where the generations before are known.
 */
export function findGenerations(before: ServedBefore, now: ServedNow): FormerGeneration[] {
  const generations: FormerGeneration[] = [];
  for (const snapshot of formerSnapshots(before, now)) {
    const bytes = before.metadata.get(snapshot);
    if (bytes === undefined) continue;
    const metadata = new Map([[snapshot, bytes]]);
    const documents = new Map<string, FormerDocument>();
    for (const [listed, { version }] of Object.entries(readRole("snapshot", bytes).role.meta)) {
      const role = roleOf(listed);
      const name = versionedName(version, role);
      const roleBytes = before.metadata.get(name);
      if (roleBytes === undefined || now.metadata.has(name)) continue;
      if (generations.some((later) => later.metadata.has(name))) continue;
      metadata.set(name, roleBytes);
      if (isPolicyRole(role)) keepDocuments(roleBytes, before, now, documents);
    }
    generations.push(withoutLater({ metadata, documents }, now, generations));
  }
  return generations;
}

function formerSnapshots(before: ServedBefore, now: ServedNow): string[] {
  return [...before.metadata.keys()]
    .filter((name) => /^\d+\.snapshot\.json$/.test(name) && !now.metadata.has(name))
    .sort((a, b) => Number.parseInt(b, 10) - Number.parseInt(a, 10))
    .slice(0, FORMER_GENERATIONS);
}

function keepDocuments(
  role: Buffer,
  before: ServedBefore,
  now: ServedNow,
  kept: Map<string, FormerDocument>,
): void {
  for (const [path, { hashes }] of Object.entries(readRole("targets", role).role.targets)) {
    const sha256 = hashes.sha256 ?? "";
    if (isCurrent(now, path, sha256)) continue;
    const bytes = before.findDocument(path, sha256);
    if (bytes !== undefined) kept.set(servedTargetPath(path, sha256), { path, bytes });
  }
}

/**
 * The generations once another manifest follows: the manifest before is the newest of them, with what the one that
 * follows has no more. Documents are compared by what differs, and metadata by the two snapshots.
 *
 * @param now has another snapshot than `before`
 */
export function nextGenerations(before: Continued, now: ServedNow): FormerGeneration[] {
  const snapshot = versionedName(readOnlineRoles(before.metadata).snapshot.role.version, "snapshot");
  const metadata = new Map([[snapshot, requireMetadata(before.metadata, snapshot)]]);
  for (const [name, bytes] of before.metadata) {
    // What is here no more was current until now, or belongs to a generation before.
    if (now.metadata.has(name) || before.generations.some((one) => one.metadata.has(name))) continue;
    metadata.set(name, bytes);
  }
  const documents = new Map<string, FormerDocument>();
  for (const [path, bytes] of changedEntries(before.documents, now.documents)) {
    const sha256 = bytes === undefined ? undefined : contentDigest(bytes);
    if (bytes === undefined || sha256 === undefined || isCurrent(now, path, sha256)) continue;
    documents.set(servedTargetPath(path, sha256), { path, bytes });
  }
  const generations: FormerGeneration[] = [{ metadata, documents }];
  for (const earlier of before.generations.slice(0, FORMER_GENERATIONS - 1)) {
    generations.push(withoutLater(earlier, now, generations));
  }
  return generations;
}

/** A generation without what is current, or in a later one; the very same where it has nothing of that. */
function withoutLater(
  generation: FormerGeneration,
  now: ServedNow,
  later: readonly FormerGeneration[],
): FormerGeneration {
  const metadata = filtered(
    generation.metadata,
    (name) => now.metadata.has(name) || later.some((one) => one.metadata.has(name)),
  );
  const documents = filtered(
    generation.documents,
    (served, { path, bytes }) =>
      isCurrent(now, path, contentDigest(bytes)) || later.some((one) => one.documents.has(served)),
  );
  const isSame = metadata === generation.metadata && documents === generation.documents;
  return isSame ? generation : { metadata, documents };
}

function filtered<Value>(
  map: ReadonlyMap<string, Value>,
  isGone: (key: string, value: Value) => boolean,
): ReadonlyMap<string, Value> {
  const gone = [...map].filter(([key, value]) => isGone(key, value));
  if (gone.length === 0) return map;
  const left = new Map(map);
  for (const [key] of gone) left.delete(key);
  return left;
}

function isCurrent({ documents }: ServedNow, path: string, sha256: string): boolean {
  const current = documents.get(path);
  return current !== undefined && contentDigest(current) === sha256;
}

/** What all generations have, newest first. */
export function formerMetadata(generations: readonly FormerGeneration[]): Map<string, Buffer> {
  return new Map(generations.flatMap(({ metadata }) => [...metadata]));
}

/** The same of policy documents, by served path. */
export function formerDocuments(generations: readonly FormerGeneration[]): Map<string, Buffer> {
  return new Map(
    generations.flatMap(({ documents }) =>
      [...documents].map(([served, { bytes }]): [string, Buffer] => [served, bytes]),
    ),
  );
}

/** A snapshot lists a role as `policy.json`. */
function roleOf(listed: string): string {
  return listed.endsWith(".json") ? listed.slice(0, -".json".length) : listed;
}
