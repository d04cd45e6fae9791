import { isPolicyRole } from "../../../protocol/manifest-names.ts";
import { servedTargetPath } from "../../../protocol/tuf/name-files.ts";
import { readRole } from "../../trust/read-role.ts";
import { contentDigest } from "../content-digest.ts";
import type { MetadataFiles } from "../manifest-roles.ts";
import { versionedName } from "../manifest-roles.ts";

/** Manifests before the current one whose files stay served, for clients in the middle of a refresh. */
const FORMER_GENERATIONS = 4;

/** Files that only former manifests have: metadata by name, policy documents by served path. */
export interface FormerFiles {
  readonly metadata: Map<string, Buffer>;
  readonly documents: Map<string, Buffer>;
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

/**
 * The files of the last {@link FORMER_GENERATIONS} manifests that the current one no longer has. A manifest counts by
 * its snapshot: signing only the timestamp again makes no new generation.
 */
export function formerFiles(before: ServedBefore, now: ServedNow): FormerFiles {
  const kept: FormerFiles = { metadata: new Map(), documents: new Map() };
  for (const snapshot of formerSnapshots(before, now)) {
    const bytes = before.metadata.get(snapshot);
    if (bytes === undefined) continue;
    kept.metadata.set(snapshot, bytes);
    for (const [listed, { version }] of Object.entries(readRole("snapshot", bytes).role.meta)) {
      const role = listed.replace(/\.json$/, "");
      const name = versionedName(version, role);
      const roleBytes = before.metadata.get(name);
      if (roleBytes === undefined || now.metadata.has(name) || kept.metadata.has(name)) continue;
      kept.metadata.set(name, roleBytes);
      if (isPolicyRole(role)) keepDocuments(roleBytes, before, now, kept.documents);
    }
  }
  return kept;
}

function formerSnapshots(before: ServedBefore, now: ServedNow): string[] {
  return [...before.metadata.keys()]
    .filter((name) => /^\d+\.snapshot\.json$/.test(name) && !now.metadata.has(name))
    .sort((a, b) => Number.parseInt(b, 10) - Number.parseInt(a, 10))
    .slice(0, FORMER_GENERATIONS);
}

function keepDocuments(role: Buffer, before: ServedBefore, now: ServedNow, kept: Map<string, Buffer>): void {
  for (const [target, { hashes }] of Object.entries(readRole("targets", role).role.targets)) {
    const sha256 = hashes.sha256 ?? "";
    const current = now.documents.get(target);
    if (current !== undefined && contentDigest(current) === sha256) continue;
    const bytes = before.findDocument(target, sha256);
    if (bytes !== undefined) kept.set(servedTargetPath(target, sha256), bytes);
  }
}
