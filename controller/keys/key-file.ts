import { canonicalBytes } from "../../protocol/canonical-json.ts";
import { ProtocolError } from "../../protocol/protocol-error.ts";
import { integer, object, oneOf, parseJson, text } from "../../protocol/read-json.ts";
import { ed25519Key, keyId } from "../../protocol/tuf/identify-key.ts";
import { createFile } from "../files/replace-file.ts";
import type { PublicKey } from "../trust/build-trust.ts";
import { type KeyRole, SigningKey } from "../trust/signing-key.ts";
import { isSystemError, KeyError } from "./key-error.ts";
import { isKeyRole } from "./key-roles.ts";
import { readPrivateFile } from "./read-private-file.ts";
import { isAffordable, openSecret, sealSecret } from "./seal-secret.ts";

/** The formats of key files; a later one gets another name, so that no file is ever misread. */
export const KEY_FORMATS = { plain: "fairlead-key-1", encrypted: "fairlead-key-2" } as const;

/** Key files are tiny; anything else under that name is a mistake. */
export const MAX_KEY_FILE_BYTES = 4096;

const MIN_PASSPHRASE = 12;

/** A private key in a file: what it is for is open to see, its secret perhaps only with a passphrase. */
export interface KeyFile {
  readonly path: string;
  readonly role: KeyRole;
  readonly publicKey: PublicKey;
  readonly isEncrypted: boolean;
  /**
   * @param passphrase needed where the file is encrypted
   * @returns `undefined` for a wrong passphrase
   * @throws KeyError `keys/unreadable`: the two halves do not belong together
   */
  unlock(passphrase?: string): SigningKey | undefined;
}

/**
 * A private key as the text of a key file.
 *
 * @throws KeyError `keys/weak-passphrase`
 */
export function encodeKeyFile(key: SigningKey, passphrase?: string): string {
  const { role, key: publicKey } = key;
  const half = { role, public: publicKey.keyval.public };
  const content =
    passphrase === undefined
      ? { format: KEY_FORMATS.plain, ...half, secret: Buffer.from(key.seed()).toString("hex") }
      : {
          format: KEY_FORMATS.encrypted,
          ...half,
          ...sealSecret(key.seed(), requireStrong(passphrase), contextOf(half)),
        };
  return `${JSON.stringify(content, undefined, 2)}\n`;
}

/**
 * Writes a private key, readable by its owner only. Never over an existing file.
 *
 * @throws KeyError `keys/exists`
 */
export function writeKeyFile(path: string, key: SigningKey): void {
  try {
    createFile(path, encodeKeyFile(key), 0o600);
  } catch (error) {
    throw isSystemError(error, "EEXIST") ? keyFileExists(path) : error;
  }
}

export function keyFileExists(path: string): KeyError {
  return new KeyError("keys/exists", `\`${path}\` is there already, and a key is never overwritten`, {
    help: "move it away first, or choose another folder with --dir",
  });
}

/**
 * Opens a key file. One that everybody may read is refused.
 *
 * @throws KeyError `keys/not-found`, `keys/too-open`, `keys/unreadable`
 * @throws SystemError when it cannot be read
 */
export function openKeyFile(path: string): KeyFile {
  const content = parse(path, readPrivate(path));
  const { format, role, public: publicHex } = content;
  if (!isKeyRole(role)) throw unreadable(path, `it is for a role that is not known`);
  const key = ed25519Key(Buffer.from(publicHex, "hex"));
  const fromSeed = (seed: Uint8Array): SigningKey => {
    const signing = SigningKey.fromSeed(role, seed);
    if (signing.key.keyval.public === publicHex) return signing;
    throw unreadable(path, "its two halves do not belong together");
  };
  const half = { path, role, publicKey: { key, keyid: keyId(key) } };
  switch (format) {
    case "fairlead-key-1":
      return { ...half, isEncrypted: false, unlock: () => fromSeed(Buffer.from(content.secret, "hex")) };
    case "fairlead-key-2":
      return {
        ...half,
        isEncrypted: true,
        unlock(passphrase = "") {
          const seed = openSecret(content, passphrase, contextOf({ role, public: publicHex }));
          return seed === undefined ? undefined : fromSeed(seed);
        },
      };
  }
}

/**
 * Reads the private key of a role from a file that nobody has to unlock: what a program needs that runs unattended.
 *
 * @throws KeyError as `openKeyFile`, and `keys/wrong-role`, `keys/passphrase-needed`
 */
export function readKeyFile(path: string, role: KeyRole): SigningKey {
  const file = openKeyFile(path);
  if (file.role !== role) {
    throw new KeyError("keys/wrong-role", `\`${path}\` is a key for \`${file.role}\`, not for \`${role}\``, {
      help: "each key signs one role only: name the right file",
    });
  }
  const key = file.isEncrypted ? undefined : file.unlock();
  if (key !== undefined) return key;
  throw new KeyError("keys/passphrase-needed", `\`${path}\` is encrypted, and nobody can be asked here`, {
    help: `take the passphrase off with \`fairlead keys passphrase --remove ${path}\`, for this machine only`,
  });
}

/** The start of a file that is a private key of ours, or claims to be. */
export function claimsToBeKeyFile(bytes: Buffer): boolean {
  return /^\s*\{\s*"format"\s*:\s*"fairlead-key-/.test(bytes.toString("latin1", 0, 200));
}

const hex = (bytes: number) =>
  text({
    max: bytes * 2,
    form: new RegExp(`^[0-9a-f]{${bytes * 2}}$`),
    what: `${bytes * 2} hexadecimal digits`,
  });
const half = { role: text({ max: 80 }), public: hex(32) };
const READERS = {
  [KEY_FORMATS.plain]: object({ format: oneOf(KEY_FORMATS.plain), ...half, secret: hex(32) }),
  [KEY_FORMATS.encrypted]: object({
    format: oneOf(KEY_FORMATS.encrypted),
    ...half,
    kdf: oneOf("scrypt"),
    scrypt: object({ n: integer(2, 2 ** 30), r: integer(1, 64), p: integer(1, 64), salt: hex(32) }),
    cipher: oneOf("aes-256-gcm"),
    nonce: hex(12),
    sealed: hex(48),
  }),
};
const anyFormat = object({ format: oneOf(KEY_FORMATS.plain, KEY_FORMATS.encrypted) }, "ignore");

function parse(path: string, bytes: Buffer) {
  try {
    const value = parseJson(bytes, MAX_KEY_FILE_BYTES);
    const { format } = anyFormat(value, "");
    const content = READERS[format](value, "");
    if ("scrypt" in content && !isAffordable(content.scrypt)) {
      throw unreadable(path, "it asks for more work than any file of ours does");
    }
    return content;
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    // Only the place is repeated: the rest of the message would quote the file, which is a secret.
    throw unreadable(path, `it is not of the form ${KEY_FORMATS.plain} or ${KEY_FORMATS.encrypted}`);
  }
}

function readPrivate(path: string): Buffer {
  const bytes = readPrivateFile(path, MAX_KEY_FILE_BYTES);
  if (bytes !== undefined) return bytes;
  throw unreadable(path, `it has more than ${MAX_KEY_FILE_BYTES} bytes, or is no file`);
}

function unreadable(path: string, why: string): KeyError {
  return new KeyError("keys/unreadable", `\`${path}\` is not a key file: ${why}`, {
    help: "restore it from a backup; a key that is lost is replaced with `fairlead keys revoke`",
  });
}

/** What the sealed secret belongs to, so that nobody gives a key another role or another public half. */
function contextOf(half: { readonly role: string; readonly public: string }): Buffer {
  return canonicalBytes({ format: KEY_FORMATS.encrypted, ...half });
}

function requireStrong(passphrase: string): string {
  if ([...passphrase].length >= MIN_PASSPHRASE) return passphrase;
  throw new KeyError("keys/weak-passphrase", `the passphrase has fewer than ${MIN_PASSPHRASE} characters`, {
    help: "take four or five words that nobody would put together",
  });
}
