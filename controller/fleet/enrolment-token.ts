import { randomBytes } from "node:crypto";
import { sha256Hex } from "../../protocol/digest.ts";

/** Tells scanners of secrets, and people, what it is. */
const PREFIX = "flt_";
const ID_CHARACTERS = 12;

/** A new enrolment token, 256 random bits, with the two things of it that are kept. */
export interface NewToken {
  /** Shown once and never kept. */
  readonly token: string;
  /** How people name it. */
  readonly id: string;
  readonly digest: string;
}

export function makeEnrolmentToken(): NewToken {
  const token = PREFIX + randomBytes(32).toString("base64url");
  const digest = tokenDigest(token);
  return { token, digest, id: digest.slice(0, ID_CHARACTERS) };
}

/** What is kept of a token: SHA-256, hexadecimal. Of 256 random bits a plain digest is as good as a slow one. */
export function tokenDigest(token: string): string {
  return sha256Hex(Buffer.from(token, "utf8"));
}
