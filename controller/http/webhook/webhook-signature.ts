import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { HttpError } from "../http-error.ts";

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** How a webhook proves that it comes from someone who has the secret. */
export type WebhookProof =
  | {
      /** GitHub: HMAC-SHA256 of the raw body, `X-Hub-Signature-256: sha256=<hex>`. */
      readonly kind: "signature";
      readonly hmac: Buffer;
    }
  | {
      /** GitLab: the secret itself, `X-Gitlab-Token`. */
      readonly kind: "token";
      readonly token: string;
    };

/** Reads what a webhook shows before its body comes; absent where that cannot be right whatever the body is. */
export function readWebhookProof(headers: Headers): WebhookProof | undefined {
  const signature = headers["x-hub-signature-256"];
  if (signature !== undefined) {
    const [, hex] = /^sha256=([0-9a-f]{64})$/i.exec(String(signature)) ?? [];
    return hex === undefined ? undefined : { kind: "signature", hmac: Buffer.from(hex, "hex") };
  }
  const token = headers["x-gitlab-token"];
  return typeof token === "string" ? { kind: "token", token } : undefined;
}

/**
 * Whether the proof is right for the body, which is hashed as it comes and not kept. Compared in constant time.
 *
 * @param mostBytes of the body
 * @throws HttpError `http/body-too-large` at the first byte too many
 */
export async function isRightWebhook(
  secret: string,
  proof: WebhookProof,
  body: AsyncIterable<Buffer> | Iterable<Buffer>,
  mostBytes: number,
): Promise<boolean> {
  // A wrong token needs no body to be refused.
  if (proof.kind === "token" && !equalInConstantTime(proof.token, secret)) return false;
  const hmac = createHmac("sha256", secret);
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > mostBytes) throw tooLarge(mostBytes);
    hmac.update(chunk);
  }
  return proof.kind === "token" || timingSafeEqual(hmac.digest(), proof.hmac);
}

export function tooLarge(mostBytes: number): HttpError {
  return new HttpError("http/body-too-large", `a webhook has at most ${mostBytes} bytes`, {
    help: "forges send no larger ones: GitHub caps them at 25 MB",
  });
}

/** Through digests, so that neither content nor length shows in the time taken. */
function equalInConstantTime(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
