import { sha256Hex } from "../../protocol/digest.ts";
import { POLICY_ROLE } from "../../protocol/manifest-names.ts";
import {
  formatExpires,
  type MetaFile,
  type SnapshotRole,
  SPEC_VERSION,
  type TargetFile,
  type TimestampRole,
} from "../../protocol/tuf-metadata.ts";
import type { SigningKey } from "../keys/signing-key.ts";
import type { OnlineLifetimes } from "./lifetimes.ts";
import { type PolicyRole, TIMESTAMP_FILE, versionedName } from "./manifest-roles.ts";
import { signRole } from "./sign-role.ts";

/** What one signing by the online key has in common. */
export interface OnlineSigning {
  readonly onlineKey: SigningKey;
  /** The version that every role signed now gets. */
  readonly version: number;
  /** Seconds since 1970. */
  readonly now: number;
  readonly lifetimes: OnlineLifetimes;
}

/** A metadata file: the name it is served under, and its bytes. */
export type SignedFile = readonly [name: string, bytes: Buffer];

/** Signs the role that lists the policy documents. */
export function signPolicy(
  signing: OnlineSigning,
  commit: string,
  targets: Readonly<Record<string, TargetFile>>,
): SignedFile {
  const role: PolicyRole = {
    _type: "targets",
    spec_version: SPEC_VERSION,
    version: signing.version,
    expires: formatExpires(signing.now + signing.lifetimes.policy),
    commit,
    targets,
  };
  return [versionedName(role.version, POLICY_ROLE), signRole(role, [signing.onlineKey])];
}

/** Signs the role that fixes which versions of all others belong together. */
export function signSnapshot(signing: OnlineSigning, meta: Readonly<Record<string, MetaFile>>): SignedFile {
  const role: SnapshotRole = {
    _type: "snapshot",
    spec_version: SPEC_VERSION,
    version: signing.version,
    expires: formatExpires(signing.now + signing.lifetimes.snapshot),
    meta,
  };
  return [versionedName(role.version, "snapshot"), signRole(role, [signing.onlineKey])];
}

/** Signs the role that says which snapshot is the newest. */
export function signTimestamp(signing: OnlineSigning, snapshot: MetaFile): SignedFile {
  const role: TimestampRole = {
    _type: "timestamp",
    spec_version: SPEC_VERSION,
    version: signing.version,
    expires: formatExpires(signing.now + signing.lifetimes.timestamp),
    meta: { "snapshot.json": snapshot },
  };
  return [TIMESTAMP_FILE, signRole(role, [signing.onlineKey])];
}

/** How another role lists a metadata file: with length and digest, so that a reader can bound and pin it. */
export function metaFile(version: number, bytes: Buffer): MetaFile {
  return { version, length: bytes.length, hashes: { sha256: sha256Hex(bytes) } };
}
