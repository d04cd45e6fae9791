import { canonicalBytes } from "../canonical-json.ts";
import { sha256Hex } from "../digest.ts";
import type { Key } from "./roles.ts";

/** The id of a key: SHA-256 of the canonical JSON of its object (TUF 1.0, section 4.2.1). */
export function keyId({ keytype, scheme, keyval }: Key): string {
  return sha256Hex(canonicalBytes({ keytype, scheme, keyval: { public: keyval.public } }));
}

/** An Ed25519 public key as metadata lists it. */
export function ed25519Key(publicKey: Uint8Array): Key {
  return {
    keytype: "ed25519",
    scheme: "ed25519",
    keyval: { public: Buffer.from(publicKey).toString("hex") },
  };
}
