import { constants, createPublicKey, type KeyObject, verify } from "node:crypto";
import { ed25519PublicKey, isSoundEd25519Signature } from "../../protocol/tuf/check-ed25519.ts";
import type { OpenedKey } from "../../protocol/tuf/require-threshold.ts";
import type { Key } from "../../protocol/tuf/roles.ts";

/** The DER header of an Ed25519 public key (RFC 8410, section 4); the 32 bytes of the key follow. */
const ED25519_HEADER = Buffer.from("302a300506032b6570032100", "hex");

type Verify = (message: Uint8Array, signature: Uint8Array) => boolean;

/**
 * The agent's cryptography: node:crypto, with the three schemes that TUF 1.0, section 4.2.2, names. Fairlead's own
 * repositories use `ed25519` only. A key or a scheme that cannot be used is no error: it signs nothing.
 */
export function openKey(key: Key): OpenedKey | undefined {
  try {
    const object = publicKey(key);
    const verifies = object === undefined ? undefined : verifierOf(key.scheme, object);
    if (object === undefined || verifies === undefined) return undefined;
    return { identity: JSON.stringify(object.export({ format: "jwk" })), verifies };
  } catch {
    // Whatever node:crypto says of a text that is no key, or of a key that JWK has no form for.
    return undefined;
  }
}

/** 64 hexadecimal digits for Ed25519, PEM for all. */
function publicKey({ keytype, scheme, keyval }: Key): KeyObject | undefined {
  if (scheme === "ed25519" && keytype !== "ed25519") return undefined;
  const isPem = keyval.public.includes("-----BEGIN");
  if (isPem || scheme !== "ed25519") return createPublicKey(keyval.public);
  const bytes = ed25519PublicKey(keyval.public);
  if (bytes === undefined) return undefined;
  return createPublicKey({ key: Buffer.concat([ED25519_HEADER, bytes]), format: "der", type: "spki" });
}

function verifierOf(scheme: string, key: KeyObject): Verify | undefined {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  switch (scheme) {
    case "ed25519":
      if (type !== "ed25519") return undefined;
      return (message, signature) =>
        isSoundEd25519Signature(signature) && verify(null, message, key, signature);
    case "ecdsa-sha2-nistp256":
      if (type !== "ec" || details?.namedCurve !== "prime256v1") return undefined;
      return (message, signature) => verify("sha256", message, key, signature);
    case "rsassa-pss-sha256": {
      if (type !== "rsa") return undefined;
      const pss = {
        key,
        padding: constants.RSA_PKCS1_PSS_PADDING,
        saltLength: constants.RSA_PSS_SALTLEN_AUTO,
      };
      return (message, signature) => verify("sha256", message, pss, signature);
    }
    default:
      return undefined;
  }
}
