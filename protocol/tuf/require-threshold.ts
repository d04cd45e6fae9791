import { ProtocolError } from "../protocol-error.ts";
import type { ReadRole } from "./read-role.ts";
import type { Key, RoleDocument, RoleKeys } from "./roles.ts";

/** A public key as the cryptography of one side can use it. */
export interface OpenedKey {
  /** The same for the same key, however a document spells it. */
  readonly identity: string;
  verifies(message: Uint8Array, signature: Uint8Array): boolean;
}

/** The cryptography, from outside. `undefined`: not a key, or of a kind that this side does not use. */
export type OpenKey = (key: Key) => OpenedKey | undefined;

/**
 * TUF 1.0, step "threshold" of each role in section 5: at least `threshold` different keys of the role signed. Keys are
 * told apart by what they are, not by the id that a document gives them: one key under two names counts once. A
 * signature that does not hold, or that no key of the role made, counts for nothing and is no error.
 *
 * @param keys every key of the delegating role, by id
 * @throws ProtocolError `protocol/not-signed`
 */
export function requireThreshold(
  read: Pick<ReadRole<RoleDocument>, "signatures" | "signedBytes">,
  keys: Readonly<Record<string, Key>>,
  { keyids, threshold }: RoleKeys,
  openKey: OpenKey,
): void {
  const signers = new Set<string>();
  for (const id of keyids) {
    const key = Object.hasOwn(keys, id) ? keys[id] : undefined;
    const signature = read.signatures.get(id);
    if (key === undefined || signature === undefined) continue;
    const opened = openKey(key);
    if (opened === undefined || signers.has(opened.identity)) continue;
    if (opened.verifies(read.signedBytes, signature)) signers.add(opened.identity);
    if (signers.size >= threshold) return;
  }
  throw new ProtocolError(
    "protocol/not-signed",
    `signed by ${signers.size} of the ${keyids.length} keys that may sign it, and ${threshold} must`,
  );
}
