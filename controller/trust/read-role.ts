import { MAX_ROLE_BYTES } from "../../protocol/tuf/limits.ts";
import { type ReadRole, readRole as readRoleBytes } from "../../protocol/tuf/read-role.ts";
import { type OpenedKey, requireThreshold } from "../../protocol/tuf/require-threshold.ts";
import type { Key, RoleDocument, RoleKeys, RoleTypes } from "../../protocol/tuf/roles.ts";
import { openKey } from "./open-key.ts";

/** Largest metadata file that is published, in bytes: what public TUF clients accept for targets roles. */
const MOST_BYTES_PUBLISHED = 5_000_000;

type Known = { readonly [Type in keyof RoleTypes]: WeakMap<Buffer, ReadRole<RoleTypes[Type]>> };

const known: Known = {
  root: new WeakMap(),
  targets: new WeakMap(),
  snapshot: new WeakMap(),
  timestamp: new WeakMap(),
};

/**
 * Reads one metadata file as both sides do; its signatures are not yet checked. The same buffer, which nobody may
 * change, is read once: most roles of a manifest are also in the next.
 *
 * @throws ProtocolError as the `readRole` of both sides
 */
export function readRole<Type extends keyof RoleTypes>(type: Type, bytes: Buffer): ReadRole<RoleTypes[Type]> {
  const before = known[type].get(bytes);
  if (before !== undefined) return before;
  const read = readRoleBytes(type, bytes, Math.min(MAX_ROLE_BYTES[type], MOST_BYTES_PUBLISHED));
  known[type].set(bytes, read);
  return read;
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

const verified = new WeakMap<ReadRole<RoleDocument>, Map<string, boolean>>();

/** A key that remembers its verdicts: what was found of a role that was read before holds for good. */
function openKeyFor(read: ReadRole<RoleDocument>, key: Key): OpenedKey | undefined {
  const opened = openKey(key);
  if (opened === undefined) return undefined;
  const verdicts = verified.get(read) ?? new Map<string, boolean>();
  verified.set(read, verdicts);
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
