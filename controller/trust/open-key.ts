import nacl from "tweetnacl";
import { ed25519PublicKey, isSoundEd25519Signature } from "../../protocol/tuf/check-ed25519.ts";
import type { OpenedKey } from "../../protocol/tuf/require-threshold.ts";
import type { Key } from "../../protocol/tuf/roles.ts";

/**
 * The controller's cryptography: tweetnacl, which also signs. Agents check the same signatures with node:crypto. Keys
 * of other kinds than Ed25519 sign nothing here.
 */
export function openKey({ keytype, scheme, keyval }: Key): OpenedKey | undefined {
  const publicKey = ed25519PublicKey(keyval.public);
  if (keytype !== "ed25519" || scheme !== "ed25519" || publicKey === undefined) return undefined;
  return {
    identity: publicKey.toString("hex"),
    verifies: (message, signature) =>
      isSoundEd25519Signature(signature) && nacl.sign.detached.verify(message, signature, publicKey),
  };
}

/** Whether `signature` is one of the key over exactly these bytes. A key of another kind signs nothing. */
export function verifySignature(key: Key, message: Uint8Array, signature: Uint8Array): boolean {
  return openKey(key)?.verifies(message, signature) ?? false;
}
