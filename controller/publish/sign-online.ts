import { canonicalJson } from "../../protocol/canonical-json.ts";
import { KeptByIdentity } from "../../protocol/kept-by-identity.ts";
import { POLICY_ROLE } from "../../protocol/manifest-names.ts";
import { formatExpires } from "../../protocol/tuf/expiry-time.ts";
import {
  type Delegations,
  type MetaFile,
  type RoleTypes,
  type Signature,
  type SnapshotRole,
  SPEC_VERSION,
  type TargetsRole,
  type TimestampRole,
} from "../../protocol/tuf/roles.ts";
import { sharedBytes } from "../files/shared-bytes.ts";
import type { OnlineLifetimes } from "../trust/lifetimes.ts";
import { rememberSigned, rememberSignedTargets } from "../trust/read-role.ts";
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

/** What a role lists, as it stands in canonical JSON, and how much that is. */
export interface TargetListing {
  readonly size: number;
  readonly text: string;
}

/** The same of targets that were read. */
export function listingOfTargets(targets: TargetsRole["targets"]): TargetListing {
  return { size: Object.keys(targets).length, text: canonicalJson(targets) };
}

/** Signs the role `policy`. @param delegations to the bins of tenants, where there are any */
export function signPolicy(
  signing: OnlineSigning,
  commit: string,
  targets: TargetListing,
  delegations?: Delegations,
): SignedFile {
  return signTargets(signing, POLICY_ROLE, targets, { ...delegating(delegations), commit });
}

/** Signs a bin of tenants. It names no commit, so that it stays what it is until one of its tenants changes. */
export function signPolicyBin(
  signing: OnlineSigning,
  name: string,
  targets: TargetListing,
  delegations?: Delegations,
): SignedFile {
  return signTargets(signing, name, targets, delegating(delegations));
}

function delegating(delegations: Delegations | undefined): Pick<TargetsRole, "delegations"> {
  return delegations === undefined ? {} : { delegations };
}

function signTargets(
  signing: OnlineSigning,
  name: string,
  { size, text }: TargetListing,
  more: Pick<PolicyRole, "delegations"> & Partial<Pick<PolicyRole, "commit">>,
): SignedFile {
  const { onlineKey, version, now, lifetimes } = signing;
  const role: Omit<TargetsRole, "targets"> = {
    _type: "targets",
    spec_version: SPEC_VERSION,
    version,
    expires: formatExpires(now + lifetimes.policy),
    ...more,
  };
  const targets = {};
  const { bytes, signature } = signText(
    onlineKey,
    canonicalJson({ ...role, targets }, (part) => (part === targets ? text : fragments.get(part))),
  );
  rememberSignedTargets(bytes, role, size, signature);
  return [versionedName(version, name), bytes];
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
  const { bytes, signature } = signText(
    onlineKey,
    canonicalJson(role, (part) => fragments.get(part)),
  );
  rememberSigned(type, bytes, role, signature);
  return bytes;
}

/** @param text canonical JSON of a role */
function signText(key: SigningKey, text: string): { readonly bytes: Buffer; readonly signature: Signature } {
  const signed = Buffer.from(text, "utf8");
  const signature = key.signCanonical(signed);
  const head = `{"signatures":${JSON.stringify([signature])},"signed":`;
  // What is signed is written as it was signed: it is JSON too, but for control characters, which stand in it as they are.
  const said = CONTROL_CHARACTER.test(text) ? Buffer.from(escapeControls(text), "utf8") : signed;
  return { bytes: sharedBytes(Buffer.concat([Buffer.from(head), said, CLOSING])), signature };
}

const CLOSING = Buffer.from("}");
const CONTROL_CHARACTER = /\p{Cc}/u;

/** Canonical JSON has blanks and line ends only inside of texts, hence so has it other control characters. */
function escapeControls(text: string): string {
  return text.replace(/\p{Cc}/gu, (character) => JSON.stringify(character).slice(1, -1));
}

/** How the listing of a metadata file stands in canonical JSON. A snapshot lists hundreds, of which a commit changes few. */
const fragments = new KeptByIdentity<object, string>();

/** How another role lists a metadata file: with length and digest, so that a reader can bound and pin it. */
export function metaFile(version: number, bytes: Buffer): MetaFile {
  const known = metaFiles.get(bytes);
  if (known?.version === version) return known;
  const file = { version, length: bytes.length, hashes: { sha256: contentDigest(bytes) } };
  fragments.set(file, canonicalJson(file));
  metaFiles.set(bytes, file);
  return file;
}

const metaFiles = new KeptByIdentity<Buffer, MetaFile>();
