import { createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import nacl from "tweetnacl";

/** One implementation of Ed25519 (RFC 8032). A signature is a function of key and message: all give the same bytes. */
export interface Ed25519 {
  /** @param seed the 32 bytes of a private key */
  signer(seed: Uint8Array): (message: Uint8Array) => Uint8Array;
  /** @param publicKey 32 bytes; with a key that is no point nothing verifies */
  verifier(publicKey: Uint8Array): (message: Uint8Array, signature: Uint8Array) => boolean;
}

/** The DER headers of Ed25519 keys (RFC 8410, sections 4 and 7); the 32 bytes of the key follow. */
const PUBLIC_HEADER = Buffer.from("302a300506032b6570032100", "hex");
const PRIVATE_HEADER = Buffer.from("302e020100300506032b657004220420", "hex");

/** OpenSSL's, by node:crypto: 0.1 ms a signature, in constant time. */
export const BY_NODE: Ed25519 = {
  signer(seed) {
    const key = createPrivateKey({
      key: Buffer.concat([PRIVATE_HEADER, seed]),
      format: "der",
      type: "pkcs8",
    });
    return (message) => sign(null, message, key);
  },
  verifier(publicKey) {
    const key = createPublicKey({
      key: Buffer.concat([PUBLIC_HEADER, publicKey]),
      format: "der",
      type: "spki",
    });
    return (message, signature) => verify(null, message, key, signature);
  },
};

/** tweetnacl, in JavaScript: 3.5 to 9 ms a signature. */
export const BY_TWEETNACL: Ed25519 = {
  signer(seed) {
    const { secretKey } = nacl.sign.keyPair.fromSeed(seed);
    return (message) => nacl.sign.detached(message, secretKey);
  },
  verifier: (publicKey) => (message, signature) => nacl.sign.detached.verify(message, signature, publicKey),
};

/** The third test of RFC 8032, section 7.1. */
const KNOWN = {
  seed: Buffer.from("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7", "hex"),
  publicKey: Buffer.from("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "hex"),
  message: Buffer.from("af82", "hex"),
  signature: Buffer.from(
    "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac" +
      "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    "hex",
  ),
};

/**
 * Whether implementations sign a fixed message as RFC 8032 says, take that signature, and refuse it for another message.
 * One that throws (a cryptographic policy of the system may forbid the curve) does not.
 */
export function areSound(implementations: readonly Ed25519[] = [BY_NODE, BY_TWEETNACL]): boolean {
  const { seed, publicKey, message, signature } = KNOWN;
  try {
    return implementations.every(({ signer, verifier }) => {
      const verifies = verifier(publicKey);
      return (
        signature.equals(signer(seed)(message)) &&
        verifies(message, signature) &&
        !verifies(Buffer.from("af83", "hex"), signature)
      );
    });
  } catch {
    return false;
  }
}
