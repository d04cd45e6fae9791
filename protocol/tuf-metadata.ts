import { canonicalBytes } from "./canonical-json.ts";
import { sha256Hex } from "./digest.ts";

/**
 * The signed documents of TUF 1.0 (section 4, "document formats"), as both sides write and read them. Types only
 * say what the controller writes; the agent trusts none of them before `agent/trust/` has read and verified the bytes.
 */

/** The version of the specification that Fairlead's repositories declare. */
export const SPEC_VERSION = "1.0.31";

/** Section 4.2: a document and the signatures over its canonical JSON. */
export interface Envelope<Role extends RoleDocument> {
  readonly signatures: readonly Signature[];
  readonly signed: Role;
}

export interface Signature {
  readonly keyid: string;
  /** Lower-case hexadecimal. */
  readonly sig: string;
}

/** What every role says of itself (section 4.3). */
export interface Signed<Type extends string> {
  readonly _type: Type;
  readonly spec_version: string;
  /** Whole, from 1 on, never reused for other content. */
  readonly version: number;
  /** `YYYY-MM-DDTHH:MM:SSZ` */
  readonly expires: string;
}

/** A public key. Fairlead writes `ed25519` with 64 hexadecimal digits; other forms are PEM. */
export interface Key {
  readonly keytype: string;
  readonly scheme: string;
  readonly keyval: { readonly public: string };
}

/** Who must sign a role: `threshold` different keys of `keyids`. */
export interface RoleKeys {
  readonly keyids: readonly string[];
  readonly threshold: number;
}

export const TOP_LEVEL_ROLES = ["root", "targets", "snapshot", "timestamp"] as const;
export type TopLevelRole = (typeof TOP_LEVEL_ROLES)[number];

/** Section 4.3. */
export interface RootRole extends Signed<"root"> {
  readonly consistent_snapshot: boolean;
  readonly keys: Readonly<Record<string, Key>>;
  readonly roles: Readonly<Record<TopLevelRole, RoleKeys>>;
}

/** Digests by algorithm; Fairlead writes `sha256` only. */
export type Hashes = Readonly<Record<string, string>>;

/** A metadata file that another role lists (sections 4.4 and 4.6). */
export interface MetaFile {
  readonly version: number;
  /** Bytes. */
  readonly length?: number;
  readonly hashes?: Hashes;
}

/** Section 4.6. */
export interface TimestampRole extends Signed<"timestamp"> {
  readonly meta: Readonly<Record<"snapshot.json", MetaFile>>;
}

/** Section 4.4: by file name without version, `targets.json` and every delegated role. */
export interface SnapshotRole extends Signed<"snapshot"> {
  readonly meta: Readonly<Record<string, MetaFile>>;
}

/** Section 4.5. */
export interface TargetFile {
  /** Bytes. */
  readonly length: number;
  readonly hashes: Hashes;
  readonly custom?: unknown;
}

export interface DelegatedRole extends RoleKeys {
  readonly name: string;
  /** Patterns with `*` and `?` inside one segment. */
  readonly paths: readonly string[];
  /** First digits of the SHA-256 of a path, instead of patterns. Fairlead reads them and writes none. */
  readonly path_hash_prefixes?: readonly string[];
  readonly terminating: boolean;
}

export interface Delegations {
  readonly keys: Readonly<Record<string, Key>>;
  readonly roles: readonly DelegatedRole[];
}

/** Section 4.5: the top-level `targets` role and every delegated one. */
export interface TargetsRole extends Signed<"targets"> {
  readonly targets: Readonly<Record<string, TargetFile>>;
  readonly delegations?: Delegations;
}

export type RoleDocument = RootRole | TargetsRole | SnapshotRole | TimestampRole;

/** The id of a key: SHA-256 of the canonical JSON of its object (section 4.2.1). */
export function keyId(key: Key): string {
  return sha256Hex(canonicalBytes(key));
}

/** An Ed25519 public key as metadata lists it. */
export function ed25519Key(publicKey: Uint8Array): Key {
  return {
    keytype: "ed25519",
    scheme: "ed25519",
    keyval: { public: Buffer.from(publicKey).toString("hex") },
  };
}

/** The name of a role's metadata file; role names are percent-encoded in file names and URLs. */
export function metadataFileName(role: string): string {
  return `${encodeURIComponent(role)}.json`;
}

/** How metadata writes a time: RFC 3339, UTC, whole seconds. */
export function formatExpires(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(/\.\d{3}Z$/, "Z");
}
