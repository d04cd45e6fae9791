import { POLICY_ROLE } from "../../protocol/manifest-names.ts";
import { formatExpires } from "../../protocol/tuf/expiry-time.ts";
import {
  type Delegations,
  type MetaFile,
  type RoleTypes,
  type SnapshotRole,
  SPEC_VERSION,
  type TargetFile,
  type TargetsRole,
  type TimestampRole,
} from "../../protocol/tuf/roles.ts";
import type { OnlineLifetimes } from "../trust/lifetimes.ts";
import { rememberSigned } from "../trust/read-role.ts";
import { encodeRole } from "../trust/sign-role.ts";
import type { SigningKey } from "../trust/signing-key.ts";
import { contentDigest } from "./content-digest.ts";
import { type PolicyRole, TIMESTAMP_FILE, versionedName } from "./manifest-roles.ts";

/** What the roles have in common that are signed together by the online key. */
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

/** Signs the role `policy`. @param delegations to the bins of tenants, where there are any */
export function signPolicy(
  signing: OnlineSigning,
  commit: string,
  targets: Readonly<Record<string, TargetFile>>,
  delegations?: Delegations,
): SignedFile {
  const role: PolicyRole = { ...policyRole(signing, targets, delegations), commit };
  return [versionedName(role.version, POLICY_ROLE), sign(signing, "targets", role)];
}

/** Signs a bin of tenants. It names no commit, so that it stays what it is until one of its tenants changes. */
export function signPolicyBin(
  signing: OnlineSigning,
  name: string,
  targets: Readonly<Record<string, TargetFile>>,
  delegations?: Delegations,
): SignedFile {
  const role = policyRole(signing, targets, delegations);
  return [versionedName(role.version, name), sign(signing, "targets", role)];
}

function policyRole(
  signing: OnlineSigning,
  targets: Readonly<Record<string, TargetFile>>,
  delegations: Delegations | undefined,
): TargetsRole {
  return {
    _type: "targets",
    spec_version: SPEC_VERSION,
    version: signing.version,
    expires: formatExpires(signing.now + signing.lifetimes.policy),
    targets,
    ...(delegations === undefined ? {} : { delegations }),
  };
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
  return [versionedName(role.version, "snapshot"), sign(signing, "snapshot", role)];
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
  return [TIMESTAMP_FILE, sign(signing, "timestamp", role)];
}

/** The signed bytes, of which it is known what they say: the manifest is about to be read back. */
function sign<Type extends keyof RoleTypes>(
  { onlineKey }: OnlineSigning,
  type: Type,
  role: RoleTypes[Type],
): Buffer {
  const signature = onlineKey.sign(role);
  const bytes = encodeRole(role, [signature]);
  rememberSigned(type, bytes, role, signature);
  return bytes;
}

/** How another role lists a metadata file: with length and digest, so that a reader can bound and pin it. */
export function metaFile(version: number, bytes: Buffer): MetaFile {
  return { version, length: bytes.length, hashes: { sha256: contentDigest(bytes) } };
}
