import { sha256Hex } from "../digest.ts";

/**
 * The id of a device: made of the public key that it had first, and the same for ever.
 *
 * @param publicKey raw Ed25519 key, 64 hexadecimal digits
 */
export function deviceIdOf(publicKey: string): string {
  return `d-${sha256Hex(Buffer.from(publicKey, "hex")).slice(0, 16)}`;
}
