import type { ProductPolicy, TenantPolicy } from "../../../protocol/policy.ts";
import type { Release, Releases } from "../../../protocol/release.ts";
import { splitServedPath } from "../../../protocol/tuf/name-files.ts";
import type { PublishedArtifact } from "../../publish/published-manifest.ts";
import type { ProductSummary, TenantsHead } from "./manifest-change.ts";
import type { PreparedFile } from "./prepared-file.ts";

/** Everything that is served of one manifest, by the rest of the URL path. What is not in here does not exist. */
export interface ServedManifest {
  readonly manifest: ManifestView;
  /** Below `/tuf/`. */
  readonly metadata: ReadonlyMap<string, PreparedFile>;
  /** Policy documents below `/targets/`, by consistent-snapshot name; also those of a few manifests before. */
  readonly documents: Lookup<PreparedFile>;
  /** `expires` of each top-level role and of `policy`, seconds since 1970. */
  readonly expiries: ReadonlyMap<string, number>;
}

/** What a manifest says, as values. What is large is read when somebody first asks for it. */
export interface ManifestView {
  readonly commit: string;
  /** Seconds since 1970 at which it was signed, and at which the first of its online roles expires. */
  readonly signedAt: number;
  readonly expiresAt: number;
  /** Version of the timestamp role. */
  readonly version: number;
  readonly products: ReadonlyMap<string, ServedProduct>;
  /** By name. Who they are is not listed, only how many. */
  readonly tenants: Lookup<TenantPolicy> & TenantsHead;
  /** By target path. */
  readonly artifacts: Lookup<PublishedArtifact>;
}

export interface ServedProduct {
  readonly policy: ProductPolicy;
  readonly releases: Releases;
  /** One of them, without the others being kept. */
  findRelease(version: string): Release | undefined;
  /** By target path. */
  readonly artifacts: ReadonlyMap<string, PublishedArtifact>;
  readonly summary: ProductSummary;
}

export interface Lookup<Value> {
  get(name: string): Value | undefined;
}

/** An artifact that somebody asked for. */
export interface FoundArtifact {
  /** Its target path in the manifest. */
  readonly target: string;
  readonly artifact: PublishedArtifact;
  /** It was asked for by its digest, so that the answer can never change. */
  readonly immutable: boolean;
}

/** The artifact of a path below `/targets/`, asked for by its target path or by its consistent-snapshot name. */
export function findArtifact(
  { artifacts }: Pick<ManifestView, "artifacts">,
  path: string,
): FoundArtifact | undefined {
  const plain = artifacts.get(path);
  if (plain !== undefined) return { target: path, artifact: plain, immutable: false };
  const split = splitServedPath(path);
  const artifact = split === undefined ? undefined : artifacts.get(split.path);
  return split !== undefined && artifact?.sha256 === split.sha256
    ? { target: split.path, artifact, immutable: true }
    : undefined;
}
