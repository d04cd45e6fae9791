import { readFileSync, statSync } from "node:fs";
import { createFile } from "../files/replace-file.ts";
import { type KeyRole, SigningKey } from "../trust/signing-key.ts";
import { KeyError } from "./key-error.ts";

/** The format of key files; a later one gets another name, so that no file is ever misread. */
export const KEY_FORMAT = "fairlead-key-1";

/** Key files are tiny; anything else under that name is a mistake. */
const MAX_KEY_FILE_BYTES = 4096;

/**
 * Writes a private key, readable by its owner only. Never over an existing file.
 *
 * @throws KeyError `keys/exists`
 */
export function writeKeyFile(path: string, key: SigningKey): void {
  const content = {
    format: KEY_FORMAT,
    role: key.role,
    public: key.key.keyval.public,
    secret: Buffer.from(key.seed()).toString("hex"),
  };
  try {
    createFile(path, `${JSON.stringify(content, undefined, 2)}\n`, 0o600);
  } catch (error) {
    if (!isSystemError(error, "EEXIST")) throw error;
    throw new KeyError("keys/exists", `\`${path}\` is there already, and a key is never overwritten`, {
      help: "move it away first, or choose another folder with --dir",
    });
  }
}

/**
 * Reads a private key of the expected role. A file that others may read is refused, as ssh does it.
 *
 * @throws KeyError `keys/not-found`, `keys/too-open`, `keys/unreadable`, `keys/wrong-role`
 */
export function readKeyFile(path: string, role: KeyRole): SigningKey {
  const { format, role: found, public: publicKey, secret } = parseKeyFile(path);
  if (format !== KEY_FORMAT) {
    throw unreadable(path, `its format is \`${String(format)}\`, expected \`${KEY_FORMAT}\``);
  }
  if (found !== role) {
    throw new KeyError(
      "keys/wrong-role",
      `\`${path}\` is a key for \`${String(found)}\`, not for \`${role}\``,
      {
        help: "each key signs one role only: name the right file",
      },
    );
  }
  if (typeof secret !== "string" || !/^[0-9a-f]{64}$/.test(secret)) {
    throw unreadable(path, "its secret is not 64 hexadecimal digits");
  }
  const key = SigningKey.fromSeed(role, Buffer.from(secret, "hex"));
  if (key.key.keyval.public !== publicKey) throw unreadable(path, "its two halves do not belong together");
  return key;
}

/** What a key file may show to everybody. @throws KeyError as `readKeyFile` */
export function readPublicHalf(path: string): { readonly role: string; readonly publicKey: string } {
  const { role, public: publicKey } = parseKeyFile(path);
  if (typeof role !== "string" || typeof publicKey !== "string" || !/^[0-9a-f]{64}$/.test(publicKey)) {
    throw unreadable(path, "it has no role or no public key");
  }
  return { role, publicKey };
}

function parseKeyFile(path: string): Record<string, unknown> {
  let text: string;
  try {
    const { mode, size } = statSync(path);
    if (process.platform !== "win32" && (mode & 0o077) !== 0) {
      throw new KeyError("keys/too-open", `\`${path}\` can be read by others`, {
        help: `run \`chmod 600 ${path}\`, and make a new key if somebody may have read it`,
      });
    }
    if (size > MAX_KEY_FILE_BYTES) throw unreadable(path, `it has ${size} bytes`);
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (!isSystemError(error, "ENOENT")) throw error;
    throw new KeyError("keys/not-found", `there is no key at \`${path}\``, {
      help: "name the folder that `fairlead keys init` wrote with --keys DIR",
    });
  }
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch {
    // Said below without the parser's message, which would quote the file.
  }
  throw unreadable(path, "it is not a JSON object");
}

function unreadable(path: string, why: string): KeyError {
  return new KeyError("keys/unreadable", `\`${path}\` is not a key file: ${why}`);
}

function isSystemError(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
