import { sha256Hex } from "../../protocol/digest.ts";
import { POLICY_ROLE } from "../../protocol/manifest-names.ts";
import { type MetadataFiles, versionedName } from "./manifest-roles.ts";
import { readRole } from "./read-role.ts";
import { servedTargetPath } from "./served-path.ts";

/** Manifests before the current one whose files stay served, for clients in the middle of a refresh. */
export const FORMER_GENERATIONS = 4;

/** Files of former manifests: metadata by name, policy documents by served path. */
export interface FormerFiles {
  readonly metadata: Map<string, Buffer>;
  readonly documents: Map<string, Buffer>;
}

/**
 * Picks from what was served before all that the newest few snapshots lead to. A generation is a snapshot version:
 * a timestamp that was only signed again adds none.
 *
 * @param documents   every policy document served before, by served path
 * @param generations how many
 */
export function formerFiles(
  metadata: MetadataFiles,
  documents: ReadonlyMap<string, Buffer>,
  generations = FORMER_GENERATIONS,
): FormerFiles {
  const kept: FormerFiles = { metadata: new Map(), documents: new Map() };
  const snapshots = [...metadata.keys()]
    .flatMap((name) => /^(\d+)\.snapshot\.json$/.exec(name)?.slice(1) ?? [])
    .map(Number)
    .sort((a, b) => b - a)
    .slice(0, generations);
  for (const version of snapshots) {
    const name = versionedName(version, "snapshot");
    const bytes = metadata.get(name);
    if (bytes === undefined) continue;
    kept.metadata.set(name, bytes);
    for (const [listed, { version }] of Object.entries(readRole("snapshot", bytes).role.meta)) {
      const role = listed.replace(/\.json$/, "");
      const roleBytes = metadata.get(versionedName(version, role));
      if (roleBytes === undefined) continue;
      kept.metadata.set(versionedName(version, role), roleBytes);
      if (role === POLICY_ROLE) keepDocuments(roleBytes, documents, kept.documents);
    }
  }
  return kept;
}

function keepDocuments(policy: Buffer, served: ReadonlyMap<string, Buffer>, kept: Map<string, Buffer>): void {
  for (const [target, { hashes }] of Object.entries(readRole("targets", policy).role.targets)) {
    const path = servedTargetPath(target, hashes.sha256 ?? "");
    const bytes = served.get(path);
    if (bytes !== undefined) kept.set(path, bytes);
  }
}

/** Documents by the path that they are served under. */
export function byServedPath(documents: ReadonlyMap<string, Buffer>): Map<string, Buffer> {
  return new Map(
    [...documents].map(([target, bytes]) => [servedTargetPath(target, sha256Hex(bytes)), bytes]),
  );
}
