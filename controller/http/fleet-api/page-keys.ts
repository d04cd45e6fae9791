import { createCipheriv, createDecipheriv, createHmac, randomBytes } from "node:crypto";
import { HttpError } from "../http-error.ts";
import type { OperatorToken } from "../operator-token.ts";

const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Makes the store's own keys safe to hand out. A row's number counts the rows of all tenants, so that somebody who sees
 * those of one could count the others': it is encrypted (AES-256-GCM). Nobody can make up a key, and one is good for as long
 * as the operator's token stays.
 */
export class PageKeys {
  private readonly secret: Buffer;

  constructor(token: OperatorToken) {
    this.secret = token.secretFor("fairlead page keys");
  }

  /** @param list a key of one list is none of another */
  seal(list: string, key: string): string {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv("aes-256-gcm", this.secret, iv).setAAD(Buffer.from(list));
    const sealed = Buffer.concat([cipher.update(key, "utf8"), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString("base64url");
  }

  /** @throws HttpError `http/bad-request` */
  open(list: string, sealed: string): string {
    const bytes = Buffer.from(sealed, "base64url");
    const [iv, tag] = [bytes.subarray(0, IV_BYTES), bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES)];
    try {
      const cipher = createDecipheriv("aes-256-gcm", this.secret, iv, { authTagLength: TAG_BYTES })
        .setAAD(Buffer.from(list))
        .setAuthTag(tag);
      const rest = bytes.subarray(IV_BYTES + TAG_BYTES);
      return Buffer.concat([cipher.update(rest), cipher.final()]).toString("utf8");
    } catch (error) {
      throw new HttpError("http/bad-request", "`after` is no key of this list", {
        help: "give `next` of the page before, or begin anew without `after`",
        cause: error,
      });
    }
  }

  /** A name for a numbered row that tells nothing of its number; the same each time. */
  nameOf(list: string, number: number): string {
    return createHmac("sha256", this.secret).update(`${list} ${number}`).digest("hex").slice(0, 24);
  }
}
