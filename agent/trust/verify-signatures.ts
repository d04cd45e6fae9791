import { constants, createPublicKey, type KeyObject, verify } from "node:crypto";
import type { Key, RoleKeys } from "../../protocol/tuf-metadata.ts";
import type { Document } from "./read-metadata.ts";
import { TrustError } from "./trust-error.ts";

/** The DER header of an Ed25519 public key (RFC 8410, section 4); the 32 bytes of the key follow. */
const ED25519_HEADER = Buffer.from("302a300506032b6570032100", "hex");

function publicKey(key: Key): KeyObject {
  if (/^[0-9a-f]{64}$/i.test(key.keyval.public) && key.scheme === "ed25519") {
    const der = Buffer.concat([ED25519_HEADER, Buffer.from(key.keyval.public, "hex")]);
    return createPublicKey({ key: der, format: "der", type: "spki" });
  }
  return createPublicKey(key.keyval.public);
}

/** Whether one signature holds. A key or a scheme that cannot be used signs nothing; it is not an error. */
function signatureHolds(key: Key, message: Buffer, signature: Buffer): boolean {
  try {
    const object = publicKey(key);
    switch (key.scheme) {
      case "ed25519":
        return object.asymmetricKeyType === "ed25519" && verify(null, message, object, signature);
      case "ecdsa-sha2-nistp256":
        return (
          object.asymmetricKeyType === "ec" &&
          object.asymmetricKeyDetails?.namedCurve === "prime256v1" &&
          verify("sha256", message, object, signature)
        );
      case "rsassa-pss-sha256":
        return (
          object.asymmetricKeyType === "rsa" &&
          verify(
            "sha256",
            message,
            {
              key: object,
              padding: constants.RSA_PKCS1_PSS_PADDING,
              saltLength: constants.RSA_PSS_SALTLEN_AUTO,
            },
            signature,
          )
        );
      default:
        return false;
    }
  } catch {
    return false;
  }
}

/**
 * TUF 1.0, section 4.2.1 and step 3 of each role in section 5: at least `threshold` different keys of the role
 * signed. Keys are told apart by what they are, not by the id that a document gives them, so one key under two
 * names counts once.
 *
 * @param keys every key of the delegating role, by id
 * @throws TrustError `signature-threshold`
 */
export function requireThreshold(
  name: string,
  roleKeys: RoleKeys,
  keys: Readonly<Record<string, Key>>,
  document: Document<unknown>,
): void {
  const signers = new Set<string>();
  for (const id of new Set(roleKeys.keyids)) {
    const key = Object.hasOwn(keys, id) ? keys[id] : undefined;
    const signature = document.signatures.get(id);
    if (key === undefined || signature === undefined) continue;
    if (signatureHolds(key, document.signedBytes, signature)) signers.add(key.keyval.public.trim());
    if (signers.size >= roleKeys.threshold) return;
  }
  throw new TrustError(
    "signature-threshold",
    `${name}: expected valid signatures by ${roleKeys.threshold} of ${roleKeys.keyids.length} keys, got ${signers.size}`,
    { help: "do not trust this repository; ask whoever runs it whether its keys were changed" },
  );
}
