import nacl from "tweetnacl";
import { canonicalBytes } from "../../protocol/canonical-json.ts";
import { ed25519Key, keyId } from "../../protocol/tuf/identify-key.ts";
import type { Key, RoleDocument, Signature } from "../../protocol/tuf/roles.ts";
import { BY_NODE, BY_TWEETNACL } from "./ed25519.ts";

/**
 * What a key is for. `root` and `targets` are held offline by people, `releases-<product>` by the pipeline that
 * builds the product, `online` (policy, snapshot and timestamp) by the controller.
 */
export type KeyRole = "root" | "targets" | "online" | `releases-${string}`;

/** An Ed25519 key pair (RFC 8032). The secret is private to the object: it is never logged or serialised by accident. */
export class SigningKey {
  readonly role: KeyRole;
  readonly key: Key;
  readonly keyid: string;
  /** `#`, where other members are `private`: also at run time nothing outside can read it, print it or make JSON of it. */
  readonly #seed: Uint8Array;
  readonly #sign: (message: Uint8Array) => Uint8Array;

  private constructor(role: KeyRole, { publicKey, secretKey }: nacl.SignKeyPair) {
    this.role = role;
    this.key = ed25519Key(publicKey);
    this.keyid = keyId(this.key);
    this.#seed = secretKey.subarray(0, nacl.sign.seedLength);
    // The online key signs at each commit, where a signature by tweetnacl costs more than all else (decision 12).
    const { signer } = role === "online" ? BY_NODE : BY_TWEETNACL;
    this.#sign = signer(this.#seed);
  }

  /** A new key from the system's random source. */
  static generate(role: KeyRole): SigningKey {
    return new SigningKey(role, nacl.sign.keyPair());
  }

  /** @param seed the 32 bytes of an RFC 8032 private key */
  static fromSeed(role: KeyRole, seed: Uint8Array): SigningKey {
    return new SigningKey(role, nacl.sign.keyPair.fromSeed(seed));
  }

  /** The 32 secret bytes, for the key file and nothing else. */
  seed(): Uint8Array {
    return this.#seed;
  }

  sign(role: RoleDocument): Signature {
    return this.signCanonical(canonicalBytes(role));
  }

  /** @param message the canonical JSON of what is signed */
  signCanonical(message: Uint8Array): Signature {
    return { keyid: this.keyid, sig: Buffer.from(this.signBytes(message)).toString("hex") };
  }

  /** The 64 bytes of an Ed25519 signature over exactly these bytes. */
  signBytes(message: Uint8Array): Uint8Array {
    return this.#sign(message);
  }
}
