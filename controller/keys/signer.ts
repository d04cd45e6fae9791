import type { Signature } from "../../protocol/tuf/roles.ts";
import type { PublicKey } from "../trust/build-trust.ts";

/**
 * Whatever signs with a private key: a file, a program that reaches an HSM or a KMS. Nothing else of the project sees a
 * private key of a ceremony.
 */
export interface Signer {
  /** For people: the path of the file, or the command. */
  readonly name: string;
  /**
   * Signs exactly these bytes (Ed25519, RFC 8032) with one of the keys.
   *
   * @returns `undefined` when it holds none of them
   * @throws KeyError
   */
  sign(message: Uint8Array, candidates: readonly PublicKey[]): Promise<Signature | undefined>;
}
