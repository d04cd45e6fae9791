import { createPublicKey, verify } from "node:crypto";
import { ed25519PublicKey, isSoundEd25519Signature } from "../../protocol/tuf/check-ed25519.ts";
import type { OpenedKey } from "../../protocol/tuf/require-threshold.ts";

/** The DER header of an Ed25519 public key (RFC 8410, section 4); the 32 bytes of the key follow. */
const ED25519_HEADER = Buffer.from("302a300506032b6570032100", "hex");

/**
 * A device's public key, for checking what it signed: with node:crypto, since a fleet sends hundreds of requests a second
 * and tweetnacl takes more than ten times as long for one.
 *
 * @param publicKey 64 hexadecimal digits
 * @returns `undefined` for what is no key to verify with
 */
export function openDeviceKey(publicKey: string): OpenedKey | undefined {
  const bytes = ed25519PublicKey(publicKey);
  if (bytes === undefined) return undefined;
  const key = createPublicKey({ key: Buffer.concat([ED25519_HEADER, bytes]), format: "der", type: "spki" });
  return {
    identity: bytes.toString("hex"),
    verifies: (message, signature) =>
      isSoundEd25519Signature(signature) && verify(null, message, key, signature),
  };
}
