import { DomainError } from "../../../protocol/domain-error.ts";
import { isProductPolicyPath, POLICY_ROLE } from "../../../protocol/manifest-names.ts";
import type { ProductPolicy, TenantPolicy } from "../../../protocol/policy.ts";
import { readProductPolicy } from "../../../protocol/read-policy.ts";
import { servedTargetPath } from "../../../protocol/tuf/name-files.ts";
import type { ReadRole } from "../../../protocol/tuf/read-role.ts";
import type { MetaFile, RoleDocument } from "../../../protocol/tuf/roles.ts";
import type { ArtifactLocation } from "../../state/artifact-location.ts";
import { ChunkedMap } from "../../state/chunked-map.ts";
import type { OnlineLifetimes } from "../../trust/lifetimes.ts";
import { requireSignatures } from "../../trust/read-role.ts";
import type { TrustRoles } from "../../trust/verify-trust.ts";
import { verifyTrust } from "../../trust/verify-trust.ts";
import { contentDigest } from "../content-digest.ts";
import {
  type MetadataFiles,
  type OnlineRoles,
  onlineExpiry,
  readOnlineRoles,
  requireMetadata,
  TIMESTAMP_FILE,
  trustOf,
  versionedName,
} from "../manifest-roles.ts";
import { PublishError } from "../publish-error.ts";
import { hostedArtifactsOf, type PublishedManifest, SignedProduct } from "../published-manifest.ts";
import { findGenerations, formerDocuments, formerMetadata } from "./retain-generations.ts";

/** A manifest as it was stored: nothing of it is believed before it verifies. */
export interface StoredManifest {
  readonly metadata: MetadataFiles;
  /** Policy documents of this manifest and of those before, by served path. */
  readonly documents: ReadonlyMap<string, Buffer>;
  /** Where artifacts are that are signed without a URL, by target path. */
  readonly hosted: ReadonlyMap<string, ArtifactLocation>;
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
  { metadata, documents, hosted }: StoredManifest,
  lifetimes: OnlineLifetimes,
): PublishedManifest {
  const online = readOnlineRoles(metadata);
  const { problems, roles } = verifyTrust(trustOf(metadata), 0);
  const [problem] = problems.filter(({ severity }) => severity === "error");
  if (problem !== undefined) damaged(`${problem.file}: ${problem.message}`);
  verifyOnline(online, roles, metadata);

  const current = currentDocuments(online, documents);
  const products = new Map<string, ProductPolicy>();
  const tenants = new Set<string>();
  const formerNames: [former: string, tenant: string][] = [];
  for (const [path, bytes] of current) {
    if (isProductPolicyPath(path)) {
      const policy = readProductPolicy(bytes);
      products.set(policy.product, policy);
    } else {
      // Parsed without a strict reader, for there are many: its digest is signed by the online key, so this controller
      // wrote it, and the next reconcile makes it anew.
      const { tenant, renamedTo } = JSON.parse(bytes.toString("utf8")) as TenantPolicy;
      tenants.add(tenant);
      if (renamedTo !== undefined) formerNames.push([tenant, renamedTo]);
    }
  }
  const currentMetadata = currentFiles(online, metadata);
  const generations = findGenerations(
    { metadata, findDocument: (path, sha256) => documents.get(servedTargetPath(path, sha256)) },
    { metadata: currentMetadata, documents: current },
  );
  return {
    commit: online.commit ?? damaged("the policy role names no commit"),
    signedAt: online.timestamp.expires - lifetimes.timestamp,
    expiresAt: onlineExpiry(online),
    version: online.timestamp.role.version,
    metadata: new Map([...currentMetadata, ...formerMetadata(generations)]),
    documents: current,
    formerDocuments: formerDocuments(generations),
    generations,
    artifacts: new Map(
      [...roles.releases].map(([product, role]) => [product, hostedArtifactsOf(role, hosted)]),
    ),
    products: new Map(
      [...products].map(([product, policy]) => [
        product,
        new SignedProduct(policy, roles.releases.get(product)),
      ]),
    ),
    tenants: {
      size: tenants.size,
      has: (name) => tenants.has(name),
      keys: () => tenants.keys(),
      formerNames,
    },
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
  for (const delegator of [online.policy, ...online.bins.values()]) {
    for (const delegated of delegator.role.delegations?.roles ?? []) {
      const bin = online.bins.get(delegated.name);
      if (bin === undefined) damaged(`the bin \`${delegated.name}\` is missing`);
      requireSignatures(bin, delegator.role.delegations?.keys ?? {}, delegated);
    }
  }
  requireListed(metadata, "snapshot", online.timestamp.role.meta["snapshot.json"], online.snapshot);
  for (const [name, listed] of Object.entries(online.snapshot.role.meta)) {
    const role = name.replace(/\.json$/, "");
    requireListed(metadata, role, listed, role === POLICY_ROLE ? online.policy : online.bins.get(role));
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
  if (bytes.length !== listed.length || contentDigest(bytes) !== listed.hashes?.sha256) {
    damaged(`\`${name}\` is not what was listed`);
  }
}

/** Every root, and what the timestamp leads to. */
function currentFiles({ timestamp, snapshot }: OnlineRoles, metadata: MetadataFiles): Map<string, Buffer> {
  const current = new Map([...metadata].filter(([name]) => /^\d+\.root\.json$/.test(name)));
  const listed = Object.entries({ ...timestamp.role.meta, ...snapshot.role.meta });
  const names = listed.map(([file, { version }]) => versionedName(version, file.replace(/\.json$/, "")));
  for (const name of [...names, TIMESTAMP_FILE]) current.set(name, requireMetadata(metadata, name));
  return current;
}

function currentDocuments(
  { policy, bins }: OnlineRoles,
  documents: ReadonlyMap<string, Buffer>,
): ChunkedMap<Buffer> {
  const current = new Map<string, Buffer>();
  for (const { role } of [policy, ...bins.values()]) {
    for (const [path, { length, hashes }] of Object.entries(role.targets)) {
      const bytes = documents.get(servedTargetPath(path, hashes.sha256 ?? ""));
      if (bytes === undefined || bytes.length !== length || contentDigest(bytes) !== hashes.sha256) {
        damaged(`\`${path}\` is not what was signed`);
      }
      current.set(path, bytes);
    }
  }
  return ChunkedMap.of(current);
}

function damaged(why: string): never {
  throw new PublishError("publish/store-damaged", why);
}
