import { KeptByIdentity } from "../../protocol/kept-by-identity.ts";
import { POLICY_ROLE, releaseRoleProduct } from "../../protocol/manifest-names.ts";
import type { SnapshotRole, TargetsRole, TimestampRole } from "../../protocol/tuf/roles.ts";
import type { TrustFiles } from "../state/fleet-model.ts";
import { type ManifestRole, readRole } from "../trust/read-role.ts";
import { PublishError } from "./publish-error.ts";
import type { PublishedManifest } from "./published-manifest.ts";

/** The policy role; `commit` is an extra member (TUF 1.0, section 4.1, lets a role have them). */
export interface PolicyRole extends TargetsRole {
  /** The commit of the state repository that the whole manifest comes from. */
  readonly commit: string;
}

/** Every metadata file by name, as served. */
export type MetadataFiles = PublishedManifest["metadata"];

export const TIMESTAMP_FILE = "timestamp.json";

/** The name that a role is served under with consistent snapshots (TUF 1.0, section 6.2). */
export function versionedName(version: number, role: string): string {
  return `${version}.${role}.json`;
}

/** @throws PublishError `publish/store-damaged` */
export function requireMetadata(metadata: MetadataFiles, name: string): Buffer {
  const bytes = metadata.get(name);
  if (bytes !== undefined) return bytes;
  throw new PublishError("publish/store-damaged", `the manifest lacks \`${name}\``, {
    help: "the manifest is signed anew from the commit; if that fails, remove the state folder's `manifest`",
  });
}

/** The roles that the newest timestamp leads to. */
export interface OnlineRoles {
  readonly timestamp: ManifestRole<TimestampRole>;
  readonly snapshot: ManifestRole<SnapshotRole>;
  readonly policy: ManifestRole<TargetsRole>;
  /** The commit that the policy role names; absent in a role of another program. */
  readonly commit: string | undefined;
  /** The bins of tenants that `policy` delegates, and those that they delegate, by role name. */
  readonly bins: ReadonlyMap<string, ManifestRole<TargetsRole>>;
}

const known = new KeptByIdentity<MetadataFiles, OnlineRoles>();

/** Follows timestamp, snapshot, policy and its bins by name. Their signatures are not checked here. */
export function readOnlineRoles(metadata: MetadataFiles): OnlineRoles {
  return known.of(metadata, followRoles);
}

function followRoles(metadata: MetadataFiles): OnlineRoles {
  const timestamp = readRole("timestamp", requireMetadata(metadata, TIMESTAMP_FILE));
  const snapshotVersion = timestamp.role.meta["snapshot.json"].version;
  const snapshot = readRole(
    "snapshot",
    requireMetadata(metadata, versionedName(snapshotVersion, "snapshot")),
  );
  const policy = readRole("targets", currentRole(metadata, snapshot.role, POLICY_ROLE));
  const bins = new Map<string, ManifestRole<TargetsRole>>();
  const follow = ({ delegations }: TargetsRole): void => {
    for (const { name } of delegations?.roles ?? []) {
      if (bins.has(name)) continue;
      const bin = readRole("targets", currentRole(metadata, snapshot.role, name));
      bins.set(name, bin);
      follow(bin.role);
    }
  };
  follow(policy.role);
  return { timestamp, snapshot, policy, commit: policy.commit, bins };
}

/** When the first of the roles that the online key signed expires, in seconds since 1970. */
export function onlineExpiry({ timestamp, snapshot, policy, bins }: OnlineRoles): number {
  let first = Math.min(timestamp.expires, snapshot.expires, policy.expires);
  for (const { expires } of bins.values()) first = Math.min(first, expires);
  return first;
}

function currentRole(metadata: MetadataFiles, snapshot: SnapshotRole, role: string): Buffer {
  const name = `${role}.json`;
  const version = Object.hasOwn(snapshot.meta, name) ? snapshot.meta[name]?.version : undefined;
  if (version === undefined) {
    throw new PublishError("publish/store-damaged", `the snapshot does not list \`${name}\``);
  }
  return requireMetadata(metadata, versionedName(version, role));
}

const knownTrust = new KeptByIdentity<MetadataFiles, TrustFiles>();

/** What was signed offline, as the manifest carries it. */
export function trustOf(metadata: MetadataFiles): TrustFiles {
  return knownTrust.of(metadata, collectTrust);
}

/** Takes note of what {@link trustOf} would find in a manifest, by who has made it of that. */
export function rememberTrust(metadata: MetadataFiles, trust: TrustFiles): void {
  knownTrust.set(metadata, trust);
}

function collectTrust(metadata: MetadataFiles): TrustFiles {
  const { snapshot } = readOnlineRoles(metadata);
  const roots = new Map<number, Buffer>();
  for (const [name, bytes] of metadata) {
    const number = /^(\d+)\.root\.json$/.exec(name)?.[1];
    if (number !== undefined) roots.set(Number(number), bytes);
  }
  const targets = currentRole(metadata, snapshot.role, "targets");
  const delegated = readRole("targets", targets).role.delegations?.roles ?? [];
  const releases = new Map<string, Buffer>();
  for (const { name } of delegated) {
    const product = releaseRoleProduct(name);
    if (product === undefined || !Object.hasOwn(snapshot.role.meta, `${name}.json`)) continue;
    releases.set(product, currentRole(metadata, snapshot.role, name));
  }
  return { roots, targets, releases };
}
