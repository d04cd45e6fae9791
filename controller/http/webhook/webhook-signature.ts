import { createHash, createHmac, timingSafeEqual } from "node:crypto";

/**
 * Whether a webhook comes from someone who has the secret: GitHub signs the raw body (`X-Hub-Signature-256:
 * sha256=<hex>`), GitLab sends the secret itself (`X-Gitlab-Token`). Compared in constant time.
 */
export function isSignedWebhook(
  secret: string,
  body: Buffer,
  headers: Readonly<Record<string, string | string[] | undefined>>,
): boolean {
  const signature = headers["x-hub-signature-256"];
  if (typeof signature === "string") {
    const expected = `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
    return equalInConstantTime(signature, expected);
  }
  const token = headers["x-gitlab-token"];
  return typeof token === "string" && equalInConstantTime(token, secret);
}

/** Through digests, so that neither content nor length shows in the time taken. */
function equalInConstantTime(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
