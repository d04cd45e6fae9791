import { canonicalJson } from "../../protocol/canonical-json.ts";
import { KeptByIdentity } from "../../protocol/kept-by-identity.ts";
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
import { sharedBytes, sharedText } from "../files/shared-bytes.ts";
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
  const text = canonicalJson(role, (part) => fragments.get(part));
  const signature = onlineKey.signCanonical(Buffer.from(text, "utf8"));
  // What is signed is written as it was signed: it is JSON too, as long as no text in it holds a control character.
  const bytes = CONTROL_CHARACTER.test(text)
    ? sharedBytes(encodeRole(role, [signature]))
    : sharedText(`{"signatures":${JSON.stringify([signature])},"signed":${text}}`);
  rememberSigned(type, bytes, role, signature);
  return bytes;
}

const CONTROL_CHARACTER = /\p{Cc}/u;

/** How the listing of a file stands in canonical JSON. Roles list thousands, of which a commit changes one. */
const fragments = new KeptByIdentity<object, string>();
const listings = new KeptByIdentity<Buffer, TargetFile>();

/** How a role lists a document. */
export function targetFile(bytes: Buffer): TargetFile {
  return { length: bytes.length, hashes: { sha256: contentDigest(bytes) } };
}

/** The same, kept with how it is written: for a role that is signed at each commit, where a bin is signed once. */
export function keptTargetFile(bytes: Buffer): TargetFile {
  return listings.of(bytes, () => listed(targetFile(bytes)));
}

function listed<Listing extends object>(listing: Listing): Listing {
  fragments.set(listing, canonicalJson(listing));
  return listing;
}

/** How another role lists a metadata file: with length and digest, so that a reader can bound and pin it. */
export function metaFile(version: number, bytes: Buffer): MetaFile {
  const known = metaFiles.get(bytes);
  if (known?.version === version) return known;
  const file = listed({ version, length: bytes.length, hashes: { sha256: contentDigest(bytes) } });
  metaFiles.set(bytes, file);
  return file;
}

const metaFiles = new KeptByIdentity<Buffer, MetaFile>();
