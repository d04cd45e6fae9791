import { KeptByIdentity } from "../../protocol/kept-by-identity.ts";
import { siblingTarget } from "../../protocol/manifest-names.ts";
import type { ProductPolicy } from "../../protocol/policy.ts";
import { readReleaseCustom, readReleasesAnew } from "../../protocol/read-release.ts";
import type { Releases } from "../../protocol/release.ts";
import { servedTargetPath } from "../../protocol/tuf/name-files.ts";
import type { TargetsRole } from "../../protocol/tuf/roles.ts";
import { type ArtifactLocation, readArtifactLocation } from "../state/artifact-location.ts";
import { contentDigest } from "./content-digest.ts";

/**
 * A complete signed manifest in memory: what `/tuf/*` serves and `export` writes. Never a mixture of two publishes.
 */
export interface PublishedManifest {
  readonly commit: string;
  /** Seconds since 1970 at which it was signed, and at which the first of its online roles expires. */
  readonly signedAt: number;
  readonly expiresAt: number;
  /** Version of the timestamp role. */
  readonly version: number;
  /**
   * Metadata by file name, all root versions included: `1.root.json`, `7.targets.json`, `9.snapshot.json`,
   * `3.releases-agent.json`, `9.policy.json`, `8.policy-a.json`, `timestamp.json`. Also that of a few manifests before,
   * for clients that are in the middle of a refresh.
   */
  readonly metadata: ReadonlyMap<string, Buffer>;
  /**
   * Policy documents by target path without the hash prefix. They are served under `/targets/` as
   * `<dir>/<sha256>.<base>` (consistent snapshots), like every other target.
   */
  readonly documents: ReadonlyMap<string, Buffer>;
  /** Policy documents of a few manifests before, by the path they are served under: `<dir>/<sha256>.<base>`. */
  readonly formerDocuments?: ReadonlyMap<string, Buffer>;
  /** The manifests that those and former metadata are of, newest first; absent: nobody has looked. */
  readonly generations?: readonly FormerGeneration[];
  /** Those that are hosted here. Of the others the release roles say where they are. */
  readonly artifacts: ArtifactsByProduct;
  /** What its documents say of products, as values. */
  readonly products: ReadonlyMap<string, PublishedProduct>;
  readonly tenants: PublishedTenants;
}

/** The names that policies of tenants are for. What those say is in the documents, and not held a second time: they are many. */
export interface PublishedTenants {
  readonly size: number;
  has(name: string): boolean;
  keys(): Iterable<string>;
  /** Those that are a tenant's no more, with what it is called now. */
  readonly formerNames: readonly (readonly [former: string, tenant: string])[];
}

/** A product of a manifest, as values. */
export interface PublishedProduct {
  readonly policy: ProductPolicy;
  readonly releases: Releases;
  /** What the release key signed; absent where nothing is released. */
  readonly role?: TargetsRole | undefined;
}

/** One whose releases are read from the signed role whenever they are asked for, which is rare: they are many. */
export class SignedProduct implements PublishedProduct {
  readonly policy: ProductPolicy;
  readonly role: TargetsRole | undefined;

  /** @throws ProtocolError `protocol/bad-document` for releases that cannot be read */
  constructor(policy: ProductPolicy, role: TargetsRole | undefined) {
    this.policy = policy;
    this.role = role;
    if (role !== undefined) readable.of(role, () => readReleasesAnew(policy.product, role).length + 1);
  }

  get releases(): Releases {
    return this.role === undefined ? [] : readReleasesAnew(this.policy.product, this.role);
  }
}

/** Roles whose releases were read once. */
const readable = new KeptByIdentity<TargetsRole, number>();

/**
 * A manifest that was served before, with those of its files that no later one has. One counts by its snapshot: signing
 * only the timestamp again makes no new generation.
 */
export interface FormerGeneration {
  /** By name; its snapshot first. */
  readonly metadata: ReadonlyMap<string, Buffer>;
  /** By served path. */
  readonly documents: ReadonlyMap<string, FormerDocument>;
}

/** A policy document that is current no more. */
export interface FormerDocument {
  /** Its target path. */
  readonly path: string;
  readonly bytes: Buffer;
}

/** A policy document of the manifest or of those before, by target path and digest. */
export function findDocument(
  { documents, formerDocuments }: Pick<PublishedManifest, "documents" | "formerDocuments">,
  path: string,
  sha256: string,
): Buffer | undefined {
  const current = documents.get(path);
  if (current !== undefined && contentDigest(current) === sha256) return current;
  return formerDocuments?.get(servedTargetPath(path, sha256));
}

/** Every policy document that a manifest serves, by served path. */
export function allDocuments({ documents, formerDocuments }: PublishedManifest): Map<string, Buffer> {
  const all = new Map(formerDocuments);
  for (const [path, bytes] of documents) all.set(servedTargetPath(path, contentDigest(bytes)), bytes);
  return all;
}

/** The hosted artifacts of each product, by target path. */
export type ArtifactsByProduct = ReadonlyMap<string, ReadonlyMap<string, PublishedArtifact>>;

export interface PublishedArtifact {
  readonly size: number;
  readonly sha256: string;
  readonly location: ArtifactLocation;
}

/**
 * The artifacts of a release role by target path, and the deltas that lie beside them: where their signed URL leads, or else where they are hosted.
 *
 * @throws ProtocolError `protocol/bad-document`
 */
export function artifactsOf(
  { targets }: TargetsRole,
  hosted: Pick<ReadonlyMap<string, ArtifactLocation>, "get">,
): Map<string, PublishedArtifact> {
  const artifacts = new Map<string, PublishedArtifact>();
  for (const [target, file] of Object.entries(targets)) {
    const custom = readReleaseCustom(target, file);
    const parts = [
      { target, size: file.length, sha256: file.hashes.sha256 ?? "", url: custom?.url },
      ...(custom?.deltas ?? []).map((delta) => ({ ...delta, target: siblingTarget(target, delta.file) })),
    ];
    for (const { target, size, sha256, url } of parts) {
      const location = url === undefined ? hosted.get(target) : readArtifactLocation(url);
      if (location !== undefined && !artifacts.has(target)) artifacts.set(target, { size, sha256, location });
    }
  }
  return artifacts;
}

/** The same of those that are hosted: nobody who publishes asks for the others, and they may be many. */
export function hostedArtifactsOf(
  role: TargetsRole,
  hosted: Pick<ReadonlyMap<string, ArtifactLocation>, "get">,
): Map<string, PublishedArtifact> {
  const artifacts = artifactsOf(role, hosted);
  return new Map(artifacts.entries().filter(([, { location }]) => location.kind === "hosted"));
}
