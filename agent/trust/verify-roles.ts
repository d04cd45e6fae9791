import { createHash } from "node:crypto";
import { printable, quote } from "../../protocol/printable.ts";
import { MAX_ROLE_BYTES } from "../../protocol/tuf/limits.ts";
import type { ReadRole } from "../../protocol/tuf/read-role.ts";
import type {
  Hashes,
  Key,
  MetaFile,
  RoleDocument,
  RoleKeys,
  RootRole,
  SnapshotRole,
  TargetsRole,
  TimestampRole,
} from "../../protocol/tuf/roles.ts";
import { readSigned, requireSigned } from "./read-signed.ts";
import { TrustError } from "./trust-error.ts";

/**
 * The checks of TUF 1.0, section 5, without I/O: bytes in, trust out. Each function takes what is already trusted and
 * returns what is then trusted as well, or throws a `TrustError`. Expiry is apart (`requireUnexpired`), because
 * expired metadata still holds the floor against rollback.
 */

/** A role that its keys signed, and the bytes that were signed. */
export interface Verified<Role> {
  readonly role: Role;
  /** Seconds since 1970. */
  readonly expires: number;
  readonly bytes: Buffer;
}

/** Whose signatures a targets role needs: the keys and the role that its delegator names. */
export interface Delegator {
  readonly keys: Readonly<Record<string, Key>>;
  readonly role: RoleKeys;
}

const REPLAY_HELP =
  "the repository or something on the way serves old files; try again later or use another mirror";

/** The trust anchor: a root that stands by its own keys. It came with the agent or from the store. */
export function verifyInitialRoot(bytes: Buffer): Verified<RootRole> {
  const document = readSigned("root", "root.json", bytes, MAX_ROLE_BYTES.root);
  requireSigned("root.json", document, document.role.keys, document.role.roles.root);
  return verified(document, bytes);
}

/** Section 5.3.4 and 5.3.5: signed by the trusted root and by itself, and its direct successor. */
export function verifyNextRoot(trusted: Verified<RootRole>, bytes: Buffer): Verified<RootRole> {
  const expected = trusted.role.version + 1;
  const name = `${expected}.root.json`;
  const document = readSigned("root", name, bytes, MAX_ROLE_BYTES.root);
  requireSigned(name, document, trusted.role.keys, trusted.role.roles.root);
  requireSigned(name, document, document.role.keys, document.role.roles.root);
  if (document.role.version !== expected) {
    throw new TrustError(
      "trust/bad-root-chain",
      `${name}: expected version ${expected}, got ${document.role.version}`,
      { help: "the repository must serve every root from the first on, under its own version" },
    );
  }
  return verified(document, bytes);
}

/** A timestamp as its keys signed it, whatever its version: how a stored one becomes the floor again. */
export function verifyTimestampSignature(root: Verified<RootRole>, bytes: Buffer): Verified<TimestampRole> {
  const document = readSigned("timestamp", "timestamp.json", bytes, MAX_ROLE_BYTES.timestamp);
  requireSigned("timestamp.json", document, root.role.keys, root.role.roles.timestamp);
  return verified(document, bytes);
}

/**
 * Section 5.4.2 and 5.4.3: signed, and neither itself nor its snapshot older than what is trusted. An equal version
 * is not news (5.4.3.1): the trusted one is returned.
 */
export function verifyTimestamp(
  root: Verified<RootRole>,
  trusted: Verified<TimestampRole> | undefined,
  bytes: Buffer,
): Verified<TimestampRole> {
  const next = verifyTimestampSignature(root, bytes);
  if (trusted === undefined) return next;
  requireNoRollback("timestamp.json", trusted.role.version, next.role.version);
  if (next.role.version === trusted.role.version) return trusted;
  const before = trusted.role.meta["snapshot.json"].version;
  requireNoRollback("snapshot.json in timestamp.json", before, next.role.meta["snapshot.json"].version);
  return next;
}

/** A snapshot as its keys signed it: how a stored one becomes the floor again. */
export function verifySnapshotSignature(root: Verified<RootRole>, bytes: Buffer): Verified<SnapshotRole> {
  const document = readSigned("snapshot", "snapshot.json", bytes, MAX_ROLE_BYTES.snapshot);
  requireSigned("snapshot.json", document, root.role.keys, root.role.roles.snapshot);
  return verified(document, bytes);
}

/** Section 5.5.2 to 5.5.5: what the timestamp names, signed, with every role that the trusted one listed and none older. */
export function verifySnapshot(
  root: Verified<RootRole>,
  timestamp: Verified<TimestampRole>,
  trusted: Verified<SnapshotRole> | undefined,
  bytes: Buffer,
): Verified<SnapshotRole> {
  const listed = timestamp.role.meta["snapshot.json"];
  requireListed("snapshot.json", listed, bytes);
  const next = verifySnapshotSignature(root, bytes);
  requireVersion("snapshot.json", listed.version, next.role.version);
  for (const [name, before] of Object.entries(trusted?.role.meta ?? {})) {
    const after = next.role.meta[name];
    if (after === undefined) {
      throw new TrustError(
        "trust/missing-role",
        `snapshot.json: expected ${quote(name)} as before, got no such entry`,
        {
          help: REPLAY_HELP,
        },
      );
    }
    requireNoRollback(`${quote(name)} in snapshot.json`, before.version, after.version);
  }
  return next;
}

/** Section 5.6.2 to 5.6.4, and the same for delegated roles (5.6.7): what the snapshot names, signed by the delegator's keys. */
export function verifyTargets(
  name: string,
  delegator: Delegator,
  snapshot: Verified<SnapshotRole>,
  bytes: Buffer,
): Verified<TargetsRole> {
  const file = roleFile(name);
  const listed = requireMeta(snapshot, name);
  requireListed(file, listed, bytes);
  const document = readSigned("targets", file, bytes, targetsLimit(listed));
  requireSigned(file, document, delegator.keys, delegator.role);
  requireVersion(file, listed.version, document.role.version);
  return verified(document, bytes);
}

/** What messages call a role's file: its name came from outside. */
export function roleFile(name: string): string {
  return printable(`${name}.json`);
}

/** What the snapshot says of a role. */
export function requireMeta(snapshot: Verified<SnapshotRole>, name: string): MetaFile {
  const listed = snapshot.role.meta[`${name}.json`];
  if (listed === undefined) {
    throw new TrustError(
      "trust/missing-role",
      `snapshot.json: expected an entry for ${roleFile(name)}, got none`,
      {
        help: "the repository is incomplete; publish it again",
      },
    );
  }
  return listed;
}

/** Most bytes of a targets role: the signed length where there is one. */
export function targetsLimit(listed: MetaFile): number {
  return Math.min(listed.length ?? MAX_ROLE_BYTES.targets, MAX_ROLE_BYTES.targets);
}

/**
 * Sections 5.3.10, 5.4.4, 5.5.6 and 5.6.5: the freeze attack.
 *
 * @param now the latest known time, in seconds since 1970
 */
export function requireUnexpired(name: string, role: Verified<unknown>, now: number): void {
  if (now < role.expires) return;
  throw new TrustError(
    "trust/expired",
    `${name}: expected metadata that is valid at ${time(now)}, got one that expired at ${time(role.expires)}`,
    { help: "check this machine's clock; if it is right, whoever runs the repository must sign anew" },
  );
}

/** Length and digests of a file as a trusted role lists it: every digest that is known must agree. */
export function requireContent(
  name: string,
  length: number | undefined,
  hashes: Hashes,
  bytes: Buffer,
): void {
  if (length !== undefined && bytes.length !== length) {
    throw new TrustError("trust/length-mismatch", `${name}: expected ${length} bytes, got ${bytes.length}`, {
      help: REPLAY_HELP,
    });
  }
  let compared = 0;
  for (const algorithm of ["sha256", "sha512"] as const) {
    const expected = Object.hasOwn(hashes, algorithm) ? hashes[algorithm] : undefined;
    if (expected === undefined) continue;
    compared++;
    const got = createHash(algorithm).update(bytes).digest("hex");
    if (got !== expected) {
      throw new TrustError("trust/hash-mismatch", `${name}: expected ${algorithm} ${expected}, got ${got}`, {
        help: "a proxy, a virus scanner or a damaged mirror changed the bytes; compare with another network",
      });
    }
  }
  if (compared === 0) {
    throw new TrustError("trust/hash-mismatch", `${name}: expected a sha256 or sha512 digest, got none`, {
      help: "the repository must list a digest for each file",
    });
  }
}

function requireListed(name: string, listed: MetaFile, bytes: Buffer): void {
  if (listed.hashes !== undefined) requireContent(name, listed.length, listed.hashes, bytes);
  else if (listed.length !== undefined && bytes.length !== listed.length) {
    throw new TrustError(
      "trust/length-mismatch",
      `${name}: expected ${listed.length} bytes, got ${bytes.length}`,
      {
        help: REPLAY_HELP,
      },
    );
  }
}

function requireVersion(name: string, expected: number, got: number): void {
  if (got === expected) return;
  throw new TrustError("trust/version-mismatch", `${name}: expected version ${expected}, got ${got}`, {
    help: REPLAY_HELP,
  });
}

function requireNoRollback(name: string, trusted: number, got: number): void {
  if (got >= trusted) return;
  throw new TrustError(
    "trust/version-rollback",
    `${name}: expected version ${trusted} or newer, got ${got}`,
    {
      help: REPLAY_HELP,
    },
  );
}

function verified<Role extends RoleDocument>(document: ReadRole<Role>, bytes: Buffer): Verified<Role> {
  return { role: document.role, expires: document.expires, bytes };
}

function time(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
