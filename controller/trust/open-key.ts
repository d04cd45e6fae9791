import { ed25519PublicKey, isSoundEd25519Signature } from "../../protocol/tuf/check-ed25519.ts";
import type { OpenedKey } from "../../protocol/tuf/require-threshold.ts";
import type { Key } from "../../protocol/tuf/roles.ts";
import { BY_NODE, BY_TWEETNACL, type Ed25519 } from "./ed25519.ts";

/**
 * A key as the controller verifies what people signed, at each commit: with node:crypto, as agents do (decision 12). What
 * libraries differ in is refused before (`check-ed25519.ts`). Keys of other kinds than Ed25519 sign nothing here.
 */
export function openKey(key: Key): OpenedKey | undefined {
  return openWith(BY_NODE, key);
}

/**
 * Whether `signature` is one of the key over exactly these bytes, for ceremonies: with tweetnacl, so that both
 * implementations have looked at a signature before it is served. A key of another kind signs nothing.
 */
export function verifySignature(key: Key, message: Uint8Array, signature: Uint8Array): boolean {
  return openWith(BY_TWEETNACL, key)?.verifies(message, signature) ?? false;
}

function openWith({ verifier }: Ed25519, { keytype, scheme, keyval }: Key): OpenedKey | undefined {
  const publicKey = ed25519PublicKey(keyval.public);
  if (keytype !== "ed25519" || scheme !== "ed25519" || publicKey === undefined) return undefined;
  return {
    identity: publicKey.toString("hex"),
    verifies: (message, signature) =>
      isSoundEd25519Signature(signature) && verifier(publicKey)(message, signature),
  };
}
