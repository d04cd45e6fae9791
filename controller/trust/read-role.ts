import { KeptByIdentity } from "../../protocol/kept-by-identity.ts";
import { MAX_ROLE_BYTES } from "../../protocol/tuf/limits.ts";
import { type ReadRole, readRole as readRoleBytes } from "../../protocol/tuf/read-role.ts";
import { type OpenedKey, requireThreshold } from "../../protocol/tuf/require-threshold.ts";
import type { Key, RoleDocument, RoleKeys, RoleTypes } from "../../protocol/tuf/roles.ts";
import { openKey } from "./open-key.ts";

/** Largest metadata file that is published, in bytes: what public TUF clients accept for targets roles. */
const MOST_BYTES_PUBLISHED = 5_000_000;

type Known = { readonly [Type in keyof RoleTypes]: KeptByIdentity<Buffer, ReadRole<RoleTypes[Type]>> };

const known: Known = {
  root: new KeptByIdentity(),
  targets: new KeptByIdentity(),
  snapshot: new KeptByIdentity(),
  timestamp: new KeptByIdentity(),
};

/**
 * Reads one metadata file as both sides do; its signatures are not yet checked. The same buffer is read once: most roles
 * of a manifest are also in the next.
 *
 * @throws ProtocolError as the `readRole` of both sides
 */
export function readRole<Type extends keyof RoleTypes>(type: Type, bytes: Buffer): ReadRole<RoleTypes[Type]> {
  const mostBytes = Math.min(MAX_ROLE_BYTES[type], MOST_BYTES_PUBLISHED);
  return known[type].of(bytes, () => readRoleBytes(type, bytes, mostBytes));
}

/**
 * Counts the signers of a role as both sides do, with the controller's cryptography.
 *
 * @throws ProtocolError `protocol/not-signed`
 */
export function requireSignatures(
  read: ReadRole<RoleDocument>,
  keys: Readonly<Record<string, Key>>,
  roleKeys: RoleKeys,
): void {
  requireThreshold(read, keys, roleKeys, (key) => openKeyFor(read, key));
}

const verified = new KeptByIdentity<ReadRole<RoleDocument>, Map<string, boolean>>();

/** A key that remembers its verdicts: what was found of a role that was read before holds for good. */
function openKeyFor(read: ReadRole<RoleDocument>, key: Key): OpenedKey | undefined {
  const opened = openKey(key);
  if (opened === undefined) return undefined;
  const verdicts = verified.of(read, () => new Map());
  return {
    identity: opened.identity,
    verifies(message, signature) {
      const name = `${opened.identity} ${Buffer.from(signature).toString("hex")}`;
      const verdict = verdicts.get(name) ?? opened.verifies(message, signature);
      verdicts.set(name, verdict);
      return verdict;
    },
  };
}
