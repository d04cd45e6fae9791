import { KeptByIdentity } from "../../protocol/kept-by-identity.ts";
import { parseExpires } from "../../protocol/tuf/expiry-time.ts";
import { MAX_ROLE_BYTES } from "../../protocol/tuf/limits.ts";
import { type ReadRole, readRoleAgain, readRole as readRoleBytes } from "../../protocol/tuf/read-role.ts";
import { type OpenedKey, requireThreshold } from "../../protocol/tuf/require-threshold.ts";
import type {
  Key,
  RoleDocument,
  RoleKeys,
  RoleTypes,
  Signature,
  TargetsRole,
} from "../../protocol/tuf/roles.ts";
import { openKey } from "./open-key.ts";

/** Largest metadata file that is published, in bytes: what public TUF clients accept for targets roles. */
const MOST_BYTES_PUBLISHED = 5_000_000;

/** A role with what a manifest needs of it besides. */
export interface ManifestRole<Role extends RoleDocument> extends ReadRole<Role> {
  /** The commit that it says it comes from, which only the role `policy` does. */
  readonly commit: string | undefined;
}

type Known = { readonly [Type in keyof RoleTypes]: KeptByIdentity<Buffer, ManifestRole<RoleTypes[Type]>> };

const known: Known = {
  root: new KeptByIdentity(),
  targets: new KeptByIdentity(),
  snapshot: new KeptByIdentity(),
  timestamp: new KeptByIdentity(),
};

/**
 * A role as it is kept for as long as its bytes are: without what it is verified by, which is as large as all the rest
 * and is made from the bytes again when somebody asks for it.
 */
class KeptRole<Type extends keyof RoleTypes> implements ManifestRole<RoleTypes[Type]> {
  readonly role: RoleTypes[Type];
  readonly commit: string | undefined;
  readonly expires: number;
  readonly signatures: ReadonlyMap<string, Buffer>;
  private readonly type: Type;
  private readonly bytes: Buffer;

  constructor(
    type: Type,
    bytes: Buffer,
    { role, expires, signatures }: Pick<ReadRole<RoleTypes[Type]>, "role" | "expires" | "signatures">,
    { commit }: { readonly commit?: unknown },
  ) {
    this.type = type;
    this.bytes = bytes;
    this.role = role;
    this.expires = expires;
    this.signatures = new Map([...signatures].map(([keyid, signature]) => [keyid, ownBytes(signature)]));
    this.commit = typeof commit === "string" ? commit : undefined;
  }

  get signed(): Readonly<Record<string, unknown>> {
    return readBounded(this.type, this.bytes).signed;
  }

  get signedBytes(): Buffer {
    return readBounded(this.type, this.bytes).signedBytes;
  }
}

/** Targets from which on a role does not hold them as values: together they take many times the bytes that say them. */
const MANY_TARGETS = 16;

/**
 * The same role, whose targets may be collected as garbage; whoever asks for them afterwards has them read from the bytes
 * again. What is kept by the role as a whole is found again all the same.
 */
function withTargetsAtHand<Role extends RoleDocument>(role: Role, bytes: Buffer): Role {
  if (!("targets" in role) || Object.keys(role.targets).length < MANY_TARGETS) return role;
  return Object.defineProperty({ ...role }, "targets", new TargetsInBytes(bytes, role.targets));
}

/** The member `targets` of a role, as it is read from the bytes of that role. */
class TargetsInBytes {
  readonly enumerable = true;
  readonly get: () => TargetsRole["targets"];

  /** @param read what they are, where they have been read */
  constructor(bytes: Buffer, read?: TargetsRole["targets"]) {
    let held = read === undefined ? undefined : new WeakRef(read);
    this.get = () => {
      const known = held?.deref();
      if (known !== undefined) return known;
      const { targets } = readRoleAgain("targets", bytes, mostBytesOf("targets"));
      held = new WeakRef(targets);
      return targets;
    };
  }
}

/**
 * The same bytes in memory of their own. Node cuts small buffers from a pool of 64 KiB, and one that is held for long, as a
 * signature is, holds all of that.
 */
function ownBytes(bytes: Uint8Array): Buffer {
  const own = Buffer.alloc(bytes.length);
  own.set(bytes);
  return own;
}

function readBounded<Type extends keyof RoleTypes>(type: Type, bytes: Buffer): ReadRole<RoleTypes[Type]> {
  return readRoleBytes(type, bytes, mostBytesOf(type));
}

function mostBytesOf(type: keyof RoleTypes): number {
  return Math.min(MAX_ROLE_BYTES[type], MOST_BYTES_PUBLISHED);
}

/**
 * Reads one metadata file as both sides do; its signatures are not yet checked. The same buffer is read once: most roles
 * of a manifest are also in the next.
 *
 * @throws ProtocolError as the `readRole` of both sides
 */
export function readRole<Type extends keyof RoleTypes>(
  type: Type,
  bytes: Buffer,
): ManifestRole<RoleTypes[Type]> {
  return known[type].of(bytes, () => {
    const read = readBounded(type, bytes);
    const role = withTargetsAtHand(read.role, bytes);
    return new KeptRole(type, bytes, { ...read, role }, read.signed);
  });
}

/** Fewer than a reader takes: nothing is remembered of a larger role, and whoever reads it is told. */
const MOST_ENTRIES_REMEMBERED = 5000;

/**
 * Takes note of what reading the bytes of a role would give, by who has just made and signed it.
 *
 * @param role what was signed, and will not be changed
 */
export function rememberSigned<Type extends keyof RoleTypes>(
  type: Type,
  bytes: Buffer,
  role: RoleTypes[Type],
  signature: Signature,
): void {
  const entries = Object.keys("meta" in role ? role.meta : {}).length;
  remember(type, bytes, role, entries, signature);
}

/** The same of a role that lists targets, which are read from its bytes when somebody asks for them. */
export function rememberSignedTargets(
  bytes: Buffer,
  role: Omit<TargetsRole, "targets">,
  size: number,
  signature: Signature,
): void {
  const whole = Object.defineProperty({ ...role, targets: {} }, "targets", new TargetsInBytes(bytes));
  remember("targets", bytes, whole, size, signature);
}

function remember<Type extends keyof RoleTypes>(
  type: Type,
  bytes: Buffer,
  role: RoleTypes[Type],
  entries: number,
  { keyid, sig }: Signature,
): void {
  const expires = parseExpires(role.expires);
  if (expires === undefined || bytes.length > mostBytesOf(type) || entries > MOST_ENTRIES_REMEMBERED) return;
  const signatures = new Map([[keyid, Buffer.from(sig, "hex")]]);
  const read = { role, expires, signatures };
  known[type].set(bytes, new KeptRole(type, bytes, read, { commit: Reflect.get(role, "commit") }));
}

/** Of each role that was read, whether a key (by its identity) made a signature (its digits). */
const verdicts = new KeptByIdentity<ReadRole<RoleDocument>, Map<string, boolean>>();

const NO_BYTES = Buffer.alloc(0);

/**
 * Counts the signers of a role as both sides do, with the controller's cryptography. What was found of a role that was
 * read before holds for good.
 *
 * @throws ProtocolError `protocol/not-signed`
 */
export function requireSignatures(
  read: ReadRole<RoleDocument>,
  keys: Readonly<Record<string, Key>>,
  roleKeys: RoleKeys,
): void {
  const kept = verdicts.of(read, () => new Map());
  let signedBytes: Buffer | undefined;
  const openKept = (key: Key): OpenedKey | undefined => {
    const opened = openKey(key);
    if (opened === undefined) return undefined;
    const { identity } = opened;
    return {
      identity,
      // What is signed is made only where a verdict is missing, hence not from the argument.
      verifies(_, signature) {
        const name = `${identity} ${Buffer.from(signature).toString("hex")}`;
        let verdict = kept.get(name);
        if (verdict === undefined) {
          signedBytes ??= read.signedBytes;
          verdict = opened.verifies(signedBytes, signature);
          kept.set(name, verdict);
        }
        return verdict;
      },
    };
  };
  requireThreshold({ signatures: read.signatures, signedBytes: NO_BYTES }, keys, roleKeys, openKept);
}
