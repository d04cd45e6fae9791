import { createPublicKey, type KeyObject, verify } from "node:crypto";
import { canonicalBytes } from "../../protocol/canonical-json.ts";
import {
  type Key,
  keyId,
  type RoleDocument,
  type RoleKeys,
  type RootRole,
  type Signature,
  type SnapshotRole,
  SPEC_VERSION,
  type TargetsRole,
  type TimestampRole,
  TOP_LEVEL_ROLES,
} from "../../protocol/tuf-metadata.ts";
import { RoleError } from "./role-error.ts";

/** Largest metadata file that is read, in bytes: what public TUF clients accept for targets roles. */
export const MAX_ROLE_BYTES = 5_000_000;

interface RoleByType {
  root: RootRole;
  targets: TargetsRole;
  snapshot: SnapshotRole;
  timestamp: TimestampRole;
}

/** A metadata file as read: its form is sound, its signatures are not yet checked. */
export interface ReadRole<Role extends RoleDocument> {
  readonly role: Role;
  /** Seconds since 1970. */
  readonly expires: number;
  readonly signatures: readonly Signature[];
}

const known = new WeakMap<Buffer, ReadRole<RoleDocument>>();

/**
 * Reads one metadata file and checks its form (TUF 1.0, section 4), not its signatures. The same buffer, which
 * nobody may change, is read once: most roles of a manifest are also in the next.
 *
 * @throws RoleError `role/too-large`, `role/unreadable`, `role/bad-shape`
 */
export function readRole<Type extends keyof RoleByType>(
  type: Type,
  bytes: Buffer,
): ReadRole<RoleByType[Type]> {
  const before = known.get(bytes);
  if (before?.role._type === type) return before as ReadRole<RoleByType[Type]>;
  const read = parseRole(type, bytes);
  known.set(bytes, read);
  return read;
}

function parseRole<Type extends keyof RoleByType>(type: Type, bytes: Buffer): ReadRole<RoleByType[Type]> {
  if (bytes.length > MAX_ROLE_BYTES) {
    throw new RoleError("role/too-large", `${bytes.length} bytes, and at most ${MAX_ROLE_BYTES} are read`);
  }
  const envelope = parseObject(bytes);
  const signed = requireObject(envelope.signed, "signed");
  const signatures = requireArray(envelope.signatures, "signatures").map((entry): Signature => {
    const { keyid, sig } = requireObject(entry, "signatures");
    return { keyid: requireText(keyid, "keyid"), sig: requireText(sig, "sig") };
  });
  require(signed._type === type, `\`_type\` is \`${signed._type}\`, expected \`${type}\``);
  const [major] = SPEC_VERSION.split(".");
  const [found] = requireText(signed.spec_version, "spec_version").split(".");
  require(found === major, `\`spec_version\` is \`${signed.spec_version}\`, expected ${major}.x`);
  require(isCount(signed.version, 1), "`version` must be a whole number from 1 on");
  const expires = requireText(signed.expires, "expires");
  require(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(expires), "`expires` must look like 2027-01-31T00:00:00Z");
  const seconds = Date.parse(expires) / 1000;
  require(Number.isSafeInteger(seconds), "`expires` is not a time");
  CHECK_SHAPE[type](signed);
  return { role: signed as unknown as RoleByType[Type], expires: seconds, signatures };
}

const CHECK_SHAPE: Readonly<Record<keyof RoleByType, (signed: Record<string, unknown>) => void>> = {
  root(signed) {
    require(typeof signed.consistent_snapshot === "boolean", "`consistent_snapshot` must be true or false");
    checkKeys(signed.keys);
    const roles = requireObject(signed.roles, "roles");
    for (const name of TOP_LEVEL_ROLES) {
      checkRoleKeys(Object.hasOwn(roles, name) ? roles[name] : undefined, name);
    }
  },
  targets(signed) {
    for (const [path, target] of Object.entries(requireObject(signed.targets, "targets"))) {
      const { length, hashes } = requireObject(target, path);
      require(isCount(length, 0), `\`${path}\` has no length`);
      const digest = requireObject(hashes, path).sha256;
      require(/^[0-9a-f]{64}$/.test(requireText(digest, path)), `\`${path}\` has no sha256`);
    }
    if (signed.delegations === undefined) return;
    const { keys, roles } = requireObject(signed.delegations, "delegations");
    checkKeys(keys);
    const names = requireArray(roles, "delegations.roles").map((entry) => {
      const { name, paths, terminating } = requireObject(entry, "delegations.roles");
      checkRoleKeys(entry, "delegations.roles");
      require(typeof terminating === "boolean", "`terminating` must be true or false");
      for (const path of requireArray(paths, "paths")) requireText(path, "paths");
      return requireText(name, "name");
    });
    require(new Set(names).size === names.length, "a role is delegated twice");
  },
  snapshot(signed) {
    checkMeta(signed.meta);
  },
  timestamp(signed) {
    checkMeta(signed.meta);
    require(Object.hasOwn(signed.meta as object, "snapshot.json"), "`meta` lacks `snapshot.json`");
  },
};

/**
 * Whether enough different keys signed the role (TUF 1.0, section 5, "threshold of keys"): a key counts once, however
 * often it is listed, and only under the id that its own content gives.
 *
 * @throws RoleError `role/not-signed`
 */
export function requireSignatures(
  read: ReadRole<RoleDocument>,
  keys: Readonly<Record<string, Key>>,
  { keyids, threshold }: RoleKeys,
): void {
  const signers = new Set<string>();
  for (const { keyid, sig } of read.signatures) {
    const key = keyids.includes(keyid) && Object.hasOwn(keys, keyid) ? keys[keyid] : undefined;
    if (key === undefined || keyId(key) !== keyid || signers.has(key.keyval.public)) continue;
    if (isSignedBy(read, key, sig)) signers.add(key.keyval.public);
  }
  if (signers.size < threshold) {
    throw new RoleError(
      "role/not-signed",
      `signed by ${signers.size} of the ${keyids.length} keys that may sign it, and ${threshold} must`,
    );
  }
}

const verified = new WeakMap<ReadRole<RoleDocument>, Map<string, boolean>>();

/** Whether one signature is of that key; what was found of a role that was read before holds for good. */
function isSignedBy(read: ReadRole<RoleDocument>, key: Key, sig: string): boolean {
  const verdicts = verified.get(read) ?? new Map<string, boolean>();
  verified.set(read, verdicts);
  const name = JSON.stringify([key, sig]);
  const verdict = verdicts.get(name) ?? verifies(read.role, key, sig);
  verdicts.set(name, verdict);
  return verdict;
}

function verifies(role: RoleDocument, key: Key, sig: string): boolean {
  const publicKey = ed25519PublicKey(key);
  if (publicKey === undefined || !/^[0-9a-f]{128}$/.test(sig)) return false;
  return verify(null, canonicalBytes(role), publicKey, Buffer.from(sig, "hex"));
}

/** DER prefix of an Ed25519 SubjectPublicKeyInfo (RFC 8410, section 4); the 32 key bytes follow. */
const SPKI_PREFIX = Buffer.from("302a300506032b6570032100", "hex");

function ed25519PublicKey({ keytype, scheme, keyval }: Key): KeyObject | undefined {
  if (keytype !== "ed25519" || scheme !== "ed25519" || !/^[0-9a-f]{64}$/.test(keyval.public))
    return undefined;
  const der = Buffer.concat([SPKI_PREFIX, Buffer.from(keyval.public, "hex")]);
  return createPublicKey({ key: der, format: "der", type: "spki" });
}

function parseObject(bytes: Buffer): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString("utf8"));
  } catch {
    throw new RoleError("role/unreadable", "not JSON");
  }
  return requireObject(value, "document");
}

function checkKeys(value: unknown): void {
  for (const [id, entry] of Object.entries(requireObject(value, "keys"))) {
    const { keytype, scheme, keyval } = requireObject(entry, `keys.${id}`);
    requireText(keytype, "keytype");
    requireText(scheme, "scheme");
    requireText(requireObject(keyval, "keyval").public, "public");
  }
}

function checkRoleKeys(value: unknown, name: string): void {
  const { keyids, threshold } = requireObject(value, name);
  const ids = requireArray(keyids, "keyids").map((id) => requireText(id, "keyids"));
  require(new Set(ids).size === ids.length, `\`${name}\` lists a key twice`);
  require(isCount(threshold, 1), `the threshold of \`${name}\` must be at least 1`);
}

function checkMeta(value: unknown): void {
  for (const [name, entry] of Object.entries(requireObject(value, "meta"))) {
    require(isCount(requireObject(entry, name).version, 1), `\`${name}\` has no version`);
  }
}

function isCount(value: unknown, least: number): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= least;
}

function requireObject(value: unknown, name: string): Record<string, unknown> {
  require(typeof value === "object" &&
    value !== null &&
    !Array.isArray(value), `\`${name}\` is not an object`);
  return value as Record<string, unknown>;
}

function requireArray(value: unknown, name: string): unknown[] {
  require(Array.isArray(value), `\`${name}\` is not a list`);
  return value as unknown[];
}

function requireText(value: unknown, name: string): string {
  require(typeof value === "string", `\`${name}\` is not a text`);
  return value as string;
}

function require(holds: boolean, otherwise: string): void {
  if (!holds) throw new RoleError("role/bad-shape", otherwise);
}
