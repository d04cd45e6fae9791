import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from "node:crypto";
import nacl from "tweetnacl";
import type { Sign } from "../../../protocol/http-signatures/message-signature.ts";

/** An Ed25519 key pair for both implementations. */
export interface TestKey {
  /** 32 bytes each. */
  readonly seed: Buffer;
  readonly publicKey: Buffer;
}

/** The key of RFC 9421, appendix B.1.4. */
export const ED25519: TestKey = {
  seed: Buffer.from("n4Ni-HpISpVObnQMW0wOhCKROaIKqKtW_2ZYb2p9KcU", "base64url"),
  publicKey: Buffer.from("JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs", "base64url"),
};

export function makeKey(): TestKey {
  const { d = "", x = "" } = generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" });
  return { seed: Buffer.from(d, "base64url"), publicKey: Buffer.from(x, "base64url") };
}

/** As agents sign. */
export function nodeSign({ seed, publicKey }: TestKey): Sign {
  const [d, x] = [seed.toString("base64url"), publicKey.toString("base64url")];
  const key = createPrivateKey({ key: { kty: "OKP", crv: "Ed25519", d, x }, format: "jwk" });
  return (bytes) => sign(null, bytes, key);
}

/** As agents verify. */
export function nodeVerifies({ publicKey }: TestKey): (bytes: Uint8Array, signature: Uint8Array) => boolean {
  const x = publicKey.toString("base64url");
  const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
  return (bytes, signature) => verify(null, bytes, key, signature);
}

/** As people sign; the online key gives the same bytes by node:crypto. */
export function naclSign({ seed }: TestKey): Sign {
  const { secretKey } = nacl.sign.keyPair.fromSeed(seed);
  return (bytes) => nacl.sign.detached(bytes, secretKey);
}
