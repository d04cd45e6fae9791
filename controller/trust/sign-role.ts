import type { Envelope, RoleDocument, Signature } from "../../protocol/tuf/roles.ts";
import type { SigningKey } from "./signing-key.ts";

/** The bytes of one metadata file: the role, signed by each key. @param indent as of `encodeRole` */
export function signRole(role: RoleDocument, keys: readonly SigningKey[], indent = 0): Buffer {
  return encodeRole(
    role,
    keys.map((key) => key.sign(role)),
    indent,
  );
}

/**
 * The bytes of one metadata file from signatures that were made elsewhere.
 *
 * @param indent blanks a level; files that live in git are indented, so that a merge can be read
 */
export function encodeRole(role: RoleDocument, made: readonly Signature[], indent = 0): Buffer {
  const signatures = made.toSorted((a, b) => (a.keyid < b.keyid ? -1 : a.keyid > b.keyid ? 1 : 0));
  const envelope: Envelope<RoleDocument> = { signatures, signed: role };
  const text = JSON.stringify(envelope, undefined, indent);
  return Buffer.from(indent > 0 ? `${text}\n` : text, "utf8");
}

/** Blanks a level in signed files that live in git. */
export const GIT_INDENT = 1;

/**
 * The next version of a role: above every earlier one, even when the record of them is lost (then time says what is
 * later) or the clock went back (then the record does).
 *
 * @param now seconds since 1970
 */
export function nextVersion(previous: number | undefined, now: number): number {
  return Math.max((previous ?? 0) + 1, now);
}
