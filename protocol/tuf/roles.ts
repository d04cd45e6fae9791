/**
 * The signed documents of TUF 1.0 (section 4, "document formats"), as both sides write and read them. `readRole` makes
 * them of bytes; nobody trusts one before `requireThreshold` has counted its signers.
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
  /** Hexadecimal; Fairlead writes lower case. */
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

/** The types of the four roles (section 4.3: `_type`). */
export interface RoleTypes {
  readonly root: RootRole;
  readonly targets: TargetsRole;
  readonly snapshot: SnapshotRole;
  readonly timestamp: TimestampRole;
}

export type RoleDocument = RootRole | TargetsRole | SnapshotRole | TimestampRole;
