import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { createFile } from "../files/replace-file.ts";
import { SystemError } from "../files/system-error.ts";
import { ServeError, type ServeErrorCode } from "./serve-error.ts";

const MOST_BYTES = 4096;

/** A secret that somebody else has as well. */
interface SharedSecret {
  /** The error's code when there is none. */
  readonly code: ServeErrorCode;
  readonly fewestCharacters: number;
  /** Of what it may be made: all that goes through a header as it is, or anything. */
  readonly form: RegExp;
  /** What to do about it. */
  readonly help: string;
}

const WEBHOOK_SECRET: SharedSecret = {
  code: "serve/no-webhook-secret",
  fewestCharacters: 16,
  form: /^/,
  help: "make one with `openssl rand -hex 32` and give it to the forge",
};

const OPERATOR_TOKEN: SharedSecret = {
  code: "serve/no-operator-token",
  fewestCharacters: 32,
  form: /^[\x21-\x7e]+$/,
  help: "make one with `openssl rand -hex 32` and give it to the operators",
};

const PROMETHEUS_TOKEN: SharedSecret = {
  code: "serve/no-prometheus-token",
  fewestCharacters: 1,
  form: /^[\x21-\x7e]+$/,
  help: "put the token of the Prometheus server into it, or leave --prometheus-token-file out",
};

const OUTGOING_SECRET: SharedSecret = {
  code: "serve/no-outgoing-secret",
  fewestCharacters: 1,
  form: /^[\x21-\x7e]+$/,
  help: "put what the receiver gave you into it, on one line",
};

const HMAC_SECRET: SharedSecret = {
  ...OUTGOING_SECRET,
  fewestCharacters: 16,
  form: /^/,
  help: "make one with `openssl rand -hex 32` and give it to the receiver",
};

/**
 * What a receiver of notifications, or a forge, is shown: a token, a password, or an address that is one itself.
 *
 * @throws ServeError `serve/no-outgoing-secret`
 */
export function readOutgoingSecret(file: string): string {
  return readSecret(file, OUTGOING_SECRET);
}

/**
 * A name or a password for a mail server, which may have spaces and letters of any script in it.
 *
 * @throws ServeError `serve/no-outgoing-secret`
 */
export function readMailSecret(file: string): string {
  return readSecret(file, { ...OUTGOING_SECRET, form: /^\P{Cc}+$/u });
}

/**
 * What notifications are signed with.
 *
 * @throws ServeError `serve/no-outgoing-secret`
 */
export function readHmacSecret(file: string): string {
  return readSecret(file, HMAC_SECRET);
}

/**
 * The token that the Prometheus server asks for.
 *
 * @throws ServeError `serve/no-prometheus-token`
 */
export function readPrometheusToken(file: string): string {
  return readSecret(file, PROMETHEUS_TOKEN);
}

/**
 * The secret that the forge signs its webhooks with.
 *
 * @throws ServeError `serve/no-webhook-secret`
 */
export function readWebhookSecret(file: string): string {
  return readSecret(file, WEBHOOK_SECRET);
}

/**
 * The token that operators show.
 *
 * @throws ServeError `serve/no-operator-token`
 */
export function readOperatorToken(file: string): string {
  return readSecret(file, OPERATOR_TOKEN);
}

/** @throws ServeError `serve/no-operator-token` unless the text can be a token */
export function checkOperatorToken(text: string, place: string): string {
  return check(text, place, OPERATOR_TOKEN);
}

/**
 * The token of a controller that nobody gave one: made once, for whoever may read its state folder. Where it cannot be
 * kept (a full disk), nobody knows it until the next start: machines are served all the same.
 *
 * @param onUnkept told why it was not kept
 * @throws ServeError `serve/no-operator-token`
 */
export function ownOperatorToken(stateFolder: string, onUnkept: (error: SystemError) => void): string {
  const kept = keptOperatorToken(stateFolder);
  if (kept !== undefined) return kept;
  const file = join(stateFolder, "operator-token");
  const token = randomBytes(32).toString("hex");
  try {
    createFile(file, `${token}\n`, 0o600);
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    onUnkept(error);
  }
  return token;
}

/** That token, where one was made and kept. @throws ServeError `serve/no-operator-token` */
export function keptOperatorToken(stateFolder: string): string | undefined {
  const file = join(stateFolder, "operator-token");
  return existsSync(file) ? readOperatorToken(file) : undefined;
}

function readSecret(file: string, wanted: SharedSecret): string {
  try {
    const { size } = statSync(file);
    if (size <= MOST_BYTES) return check(readFileSync(file, "utf8"), `\`${file}\``, wanted);
    throw new ServeError(wanted.code, `\`${file}\` has ${size} bytes, which is no secret`, wanted);
  } catch (error) {
    if (error instanceof ServeError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new ServeError(wanted.code, `\`${file}\` cannot be read: ${why}`, {
      help: wanted.help,
      cause: error,
    });
  }
}

function check(text: string, place: string, { code, fewestCharacters, form, help }: SharedSecret): string {
  const secret = text.trim();
  if (secret.length < fewestCharacters) {
    throw new ServeError(code, `the secret in ${place} has fewer than ${fewestCharacters} characters`, {
      help,
    });
  }
  if (form.test(secret)) return secret;
  throw new ServeError(code, `the secret in ${place} has characters that a header cannot carry`, { help });
}
