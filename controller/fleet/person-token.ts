import { createHash, randomBytes } from "node:crypto";

/** Tells scanners of secrets, and people, whose it is. */
const PREFIX = "flp_";
const TOKEN = /^flp_[A-Za-z0-9_-]{43}$/;

/** A new token of somebody who may use the API: 256 random bits. It is shown once and never kept. */
export function makePersonToken(): string {
  return PREFIX + randomBytes(32).toString("base64url");
}

/** Whether it is worth looking for: anything else was never given out. */
export function isPersonToken(text: string): boolean {
  return TOKEN.test(text);
}

/** What is kept of a token: SHA-256, hexadecimal. Of 256 random bits a plain digest is as good as a slow one. */
export function digestToken(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
