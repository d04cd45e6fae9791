import { createHash } from "node:crypto";
import { HttpSignatureError } from "./http-signature-error.ts";
import { type Fields, fieldValue } from "./message.ts";
import { NO_PARAMETERS, parseDictionary, serialiseDictionary } from "./structured-fields.ts";

/** The algorithms of RFC 9530 that are sound (section 5), with the names that Node has for them. */
const ALGORITHMS = { "sha-256": "sha256", "sha-512": "sha512" } as const;

/** The Content-Digest field (RFC 9530, section 2) of content, by SHA-256. */
export function contentDigest(content: Uint8Array): string {
  const value = createHash("sha256").update(content).digest();
  return serialiseDictionary(new Map([["sha-256", { kind: "item", value, parameters: NO_PARAMETERS }]]));
}

/**
 * Holds content against the Content-Digest field of its message. SHA-256 or SHA-512 must be there, and each of them that
 * is must be right; the others, which collide or may, say nothing.
 *
 * @param content the bytes as they came, before any content coding is undone
 * @throws HttpSignatureError `signature/bad-digest`, `signature/malformed`
 */
export function requireContentDigest(fields: Fields, content: Uint8Array): void {
  const digests = parseDictionary(fieldValue(fields, "content-digest") ?? "");
  let held = 0;
  for (const [name, hash] of Object.entries(ALGORITHMS)) {
    const member = digests.get(name);
    if (member === undefined) continue;
    const digest = createHash(hash).update(content).digest();
    if (member.kind !== "item" || !(member.value instanceof Uint8Array) || !digest.equals(member.value)) {
      throw new HttpSignatureError(
        "signature/bad-digest",
        `the content does not have the ${name} that is given`,
      );
    }
    held++;
  }
  if (held > 0) return;
  throw new HttpSignatureError("signature/bad-digest", "the content has neither a sha-256 nor a sha-512");
}
