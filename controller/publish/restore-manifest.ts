import { sha256Hex } from "../../protocol/digest.ts";
import { DomainError } from "../../protocol/domain-error.ts";
import { POLICY_ROLE } from "../../protocol/manifest-names.ts";
import type { ProductPolicy, TenantPolicy } from "../../protocol/policy.ts";
import type { MetaFile, RoleDocument } from "../../protocol/tuf-metadata.ts";
import type { OnlineLifetimes } from "./lifetimes.ts";
import {
  type MetadataFiles,
  type OnlineRoles,
  readOnlineRoles,
  requireMetadata,
  trustOf,
  versionedName,
} from "./manifest-roles.ts";
import { PublishError } from "./publish-error.ts";
import { publishedArtifacts } from "./publish-manifest.ts";
import type { PublishedManifest } from "./published-manifest.ts";
import { readReleases } from "./read-releases.ts";
import { type ReadRole, requireSignatures } from "./read-role.ts";
import { servedTargetPath } from "./served-path.ts";
import { type TrustRoles, verifyTrust } from "./verify-trust.ts";

/** A manifest as it was stored: nothing of it is believed before it verifies. */
export interface StoredManifest {
  readonly metadata: MetadataFiles;
  /** Policy documents of this manifest and of a few before, by served path. */
  readonly documents: ReadonlyMap<string, Buffer>;
  /** Paths of hosted artifacts, by target path. */
  readonly artifactPaths: ReadonlyMap<string, string>;
}

/**
 * Builds the manifest from stored bytes, verifying every signature and digest on the way. One that has expired is
 * fine: it is about to be signed again.
 *
 * @throws PublishError `publish/store-damaged`
 */
export function restoreManifest(stored: StoredManifest, lifetimes: OnlineLifetimes): PublishedManifest {
  try {
    return restore(stored, lifetimes);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    throw new PublishError("publish/store-damaged", `the stored manifest does not verify: ${error.message}`, {
      help: "it is signed anew from the commit",
      cause: error,
    });
  }
}

function restore(
  { metadata, documents, artifactPaths }: StoredManifest,
  lifetimes: OnlineLifetimes,
): PublishedManifest {
  const online = readOnlineRoles(metadata);
  const { problems, roles } = verifyTrust(trustOf(metadata), 0);
  const [problem] = problems.filter(({ severity }) => severity === "error");
  if (problem !== undefined) damaged(`${problem.file}: ${problem.message}`);
  verifyOnline(online, roles, metadata);

  const current = currentDocuments(online, documents);
  const products = new Map<string, ProductPolicy>();
  const tenants = new Map<string, TenantPolicy>();
  for (const bytes of current.values()) {
    // The document is what this controller wrote: its digest is signed by the online key.
    const policy = JSON.parse(bytes.toString("utf8")) as ProductPolicy | TenantPolicy;
    if (policy.kind === "product") products.set(policy.product, policy);
    else tenants.set(policy.tenant, policy);
  }
  const served = new Set([...current].map(([path, bytes]) => servedTargetPath(path, sha256Hex(bytes))));
  return {
    commit: online.policy.role.commit,
    signedAt: online.timestamp.expires - lifetimes.timestamp,
    expiresAt: Math.min(online.timestamp.expires, online.snapshot.expires, online.policy.expires),
    version: online.timestamp.role.version,
    metadata,
    documents: current,
    formerDocuments: new Map([...documents].filter(([path]) => !served.has(path))),
    artifacts: publishedArtifacts(roles.releases, artifactPaths),
    products: new Map(
      [...products].map(([product, policy]) => {
        const role = roles.releases.get(product);
        return [product, { policy, releases: role === undefined ? [] : readReleases(role) }];
      }),
    ),
    tenants,
  };
}

function verifyOnline(online: OnlineRoles, { root, targets }: TrustRoles, metadata: MetadataFiles): void {
  const delegations = targets?.delegations;
  const policy = delegations?.roles.find(({ name }) => name === POLICY_ROLE);
  if (root === undefined || delegations === undefined || policy === undefined) {
    damaged("the root or the delegations are missing");
  }
  requireSignatures(online.timestamp, root.keys, root.roles.timestamp);
  requireSignatures(online.snapshot, root.keys, root.roles.snapshot);
  requireSignatures(online.policy, delegations.keys, policy);
  requireListed(metadata, "snapshot", online.timestamp.role.meta["snapshot.json"], online.snapshot);
  for (const [name, listed] of Object.entries(online.snapshot.role.meta)) {
    const role = name.replace(/\.json$/, "");
    requireListed(metadata, role, listed, role === POLICY_ROLE ? online.policy : undefined);
  }
}

function requireListed(
  metadata: MetadataFiles,
  role: string,
  listed: MetaFile,
  read: ReadRole<RoleDocument> | undefined,
): void {
  const name = versionedName(listed.version, role);
  const bytes = requireMetadata(metadata, name);
  if (read !== undefined && read.role.version !== listed.version) damaged(`\`${name}\` has another version`);
  if (bytes.length !== listed.length || sha256Hex(bytes) !== listed.hashes?.sha256) {
    damaged(`\`${name}\` is not what was listed`);
  }
}

function currentDocuments(
  { policy }: OnlineRoles,
  documents: ReadonlyMap<string, Buffer>,
): Map<string, Buffer> {
  const current = new Map<string, Buffer>();
  for (const [path, { length, hashes }] of Object.entries(policy.role.targets)) {
    const bytes = documents.get(servedTargetPath(path, hashes.sha256 ?? ""));
    if (bytes === undefined || bytes.length !== length || sha256Hex(bytes) !== hashes.sha256) {
      damaged(`\`${path}\` is not what was signed`);
    }
    current.set(path, bytes);
  }
  return current;
}

function damaged(why: string): never {
  throw new PublishError("publish/store-damaged", why);
}
