import { POLICY_ROLE } from "../../protocol/manifest-names.ts";
import {
  type MetadataFiles,
  readOnlineRoles,
  requireMetadata,
  TIMESTAMP_FILE,
  versionedName,
} from "./manifest-roles.ts";
import { PublishError } from "./publish-error.ts";
import type { PublishedManifest } from "./published-manifest.ts";
import { isExternalUrl } from "./release-index.ts";
import type { StoredManifest } from "./restore-manifest.ts";
import { byServedPath, FORMER_GENERATIONS, formerFiles } from "./retain-generations.ts";

/** What comes with one version of the policy role and is no metadata. Its signatures and digests are elsewhere. */
interface Contents {
  /** Number of the newest root at that time. */
  readonly root: number;
  /** Policy documents by served path. */
  readonly documents: Readonly<Record<string, string>>;
  /** Paths of hosted artifacts by target path. */
  readonly artifactPaths: Readonly<Record<string, string>>;
}

export function isContents(name: string): boolean {
  return name.endsWith(".contents.json");
}

function contentsName(policyVersion: number): string {
  return `${policyVersion}.contents.json`;
}

/** Every file that a manifest is stored as, without the timestamp. Documents go into one file: a fleet has many. */
export function filesOf(manifest: PublishedManifest): Map<string, Buffer> {
  const files = new Map(manifest.metadata);
  files.delete(TIMESTAMP_FILE);
  const current = readOnlineRoles(manifest.metadata).policy.role.version;
  const contents: Contents = {
    root: newestRoot(manifest.metadata),
    documents: Object.fromEntries(
      [...byServedPath(manifest.documents)].map(([path, bytes]) => [path, bytes.toString("utf8")]),
    ),
    artifactPaths: Object.fromEntries(
      [...manifest.artifacts].flatMap(([target, { url }]) => (isExternalUrl(url) ? [] : [[target, url]])),
    ),
  };
  for (const name of manifest.metadata.keys()) {
    const version = policyVersionOf(name);
    if (version !== undefined && version !== current) files.set(contentsName(version), FORMER_CONTENTS);
  }
  files.set(contentsName(current), Buffer.from(JSON.stringify(contents), "utf8"));
  return files;
}

/** Stands for what an earlier manifest stored; written only where that is lost. */
const FORMER_CONTENTS = Buffer.from(
  JSON.stringify({ root: 0, documents: {}, artifactPaths: {} } satisfies Contents),
);

/**
 * Picks from everything on disk what the timestamp leads to, and the few manifests before it. Later files, of a
 * manifest that was never completed, are left out: also a root, since the stored roles need not satisfy it.
 */
export function selectStored(files: ReadonlyMap<string, Buffer>): StoredManifest {
  const online = readOnlineRoles(files);
  const newest = online.timestamp.role.version;
  const { root, artifactPaths } = readContents(files, contentsName(online.policy.role.version));
  const documents = new Map<string, Buffer>();
  for (const name of files.keys()) {
    if (!isContents(name) || Number.parseInt(name, 10) > newest) continue;
    for (const [path, text] of Object.entries(readContents(files, name).documents)) {
      documents.set(path, Buffer.from(text, "utf8"));
    }
  }
  const roots = [...files].filter(([name]) => rootNumberOf(name) <= root);
  const upToNow = new Map([...files].filter(([name]) => !isLaterSnapshot(name, newest)));
  const served = formerFiles(upToNow, documents, FORMER_GENERATIONS + 1);
  return {
    metadata: new Map([
      ...roots,
      ...served.metadata,
      [TIMESTAMP_FILE, requireMetadata(files, TIMESTAMP_FILE)],
    ]),
    documents: served.documents,
    artifactPaths: new Map(Object.entries(artifactPaths)),
  };
}

function readContents(files: ReadonlyMap<string, Buffer>, name: string): Contents {
  try {
    return JSON.parse(requireMetadata(files, name).toString("utf8")) as Contents;
  } catch (cause) {
    throw new PublishError("publish/store-damaged", `\`${name}\` cannot be read`, { cause });
  }
}

function isLaterSnapshot(name: string, newest: number): boolean {
  return name.endsWith(".snapshot.json") && Number.parseInt(name, 10) > newest;
}

function policyVersionOf(name: string): number | undefined {
  const version = Number.parseInt(name, 10);
  return name === versionedName(version, POLICY_ROLE) ? version : undefined;
}

function rootNumberOf(name: string): number {
  return Number(/^(\d+)\.root\.json$/.exec(name)?.[1] ?? Number.POSITIVE_INFINITY);
}

function newestRoot(metadata: MetadataFiles): number {
  return Math.max(...[...metadata.keys()].map(rootNumberOf).filter(Number.isFinite));
}
