import { createHash, hkdfSync, timingSafeEqual } from "node:crypto";

/** The secret that opens what is for operators. Only its digest is kept. */
export class OperatorToken {
  private readonly digest: Buffer;

  constructor(token: string) {
    this.digest = digestOf(token);
  }

  /** Whether an `Authorization` header carries it (RFC 6750, section 2.1). The time taken says nothing about it. */
  opens(authorization: string | undefined): boolean {
    const given = bearerOf(authorization);
    return given !== undefined && timingSafeEqual(digestOf(given), this.digest);
  }

  /** A secret of 32 bytes for one purpose, which stays as long as the token does (HKDF, RFC 5869). */
  secretFor(purpose: string): Buffer {
    return Buffer.from(hkdfSync("sha256", this.digest, "", purpose, 32));
  }
}

/** What an `Authorization: Bearer` header carries; absent where there is no such header. */
export function bearerOf(authorization: string | undefined): string | undefined {
  const [, given] = /^bearer ([\x21-\x7e]{1,4096})$/i.exec(authorization ?? "") ?? [];
  return given;
}

function digestOf(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}
