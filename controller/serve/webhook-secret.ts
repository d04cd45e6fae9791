import { readFileSync, statSync } from "node:fs";
import { ServeError } from "./serve-error.ts";

const SECRET_LENGTH = { fewest: 16, most: 4096 } as const;

/**
 * The secret that the forge signs its webhooks with.
 *
 * @throws ServeError `serve/no-webhook-secret`
 */
export function readWebhookSecret(file: string): string {
  const secret = readText(file).trim();
  if (secret.length >= SECRET_LENGTH.fewest) return secret;
  throw new ServeError(
    "serve/no-webhook-secret",
    `the secret in \`${file}\` has fewer than ${SECRET_LENGTH.fewest} characters`,
    { help: "make one with `openssl rand -hex 32` and give it to the forge" },
  );
}

function readText(file: string): string {
  const help = "write the secret that the forge has into that file";
  let text: string;
  try {
    const { size } = statSync(file);
    if (size > SECRET_LENGTH.most) {
      throw new ServeError("serve/no-webhook-secret", `\`${file}\` has ${size} bytes, which is no secret`, {
        help,
      });
    }
    text = readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof ServeError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new ServeError("serve/no-webhook-secret", `\`${file}\` cannot be read: ${why}`, {
      help,
      cause: error,
    });
  }
  return text;
}
