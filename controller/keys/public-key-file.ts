import { ProtocolError } from "../../protocol/protocol-error.ts";
import { object, oneOf, optional, parseJson, text } from "../../protocol/read-json.ts";
import { ed25519Key, keyId } from "../../protocol/tuf/identify-key.ts";
import { readBounded } from "../files/read-bounded.ts";
import type { PublicKey } from "../trust/build-trust.ts";
import type { KeyRole } from "../trust/signing-key.ts";
import { isSystemError, KeyError } from "./key-error.ts";
import { isKeyRole } from "./key-roles.ts";

/** The format of the public half of a key, which its holder sends to whoever prepares a ceremony. */
export const PUBLIC_KEY_FORMAT = "fairlead-public-key-1";

const MAX_BYTES = 4096;

/** The public half of a key: what it is for, and what people call its holder. */
export interface PublicHalf {
  readonly role: KeyRole;
  readonly publicKey: PublicKey;
  readonly holder?: string;
}

/** Whether a text can name the holder of a key: it becomes part of file names and of messages. */
export function isHolderName(text: string): boolean {
  return /^[a-z0-9][a-z0-9-]{0,39}$/.test(text);
}

export function encodePublicHalf({ role, publicKey, holder }: PublicHalf): string {
  const content = {
    format: PUBLIC_KEY_FORMAT,
    role,
    public: publicKey.key.keyval.public,
    ...(holder === undefined ? {} : { holder }),
  };
  return `${JSON.stringify(content, undefined, 2)}\n`;
}

/** The public half of an Ed25519 key from its 64 hexadecimal digits. */
export function publicKeyOf(hex: string): PublicKey {
  const key = ed25519Key(Buffer.from(hex, "hex"));
  return { key, keyid: keyId(key) };
}

const content = object({
  format: oneOf(PUBLIC_KEY_FORMAT),
  role: text({ max: 80 }),
  public: text({ max: 64, form: /^[0-9a-f]{64}$/, what: "64 hexadecimal digits" }),
  holder: optional(text({ max: 40 })),
});

/** @throws KeyError `keys/not-found`, `keys/unreadable` */
export function readPublicHalf(path: string): PublicHalf {
  const bytes = read(path);
  try {
    const { role, public: hex, holder } = content(parseJson(bytes, MAX_BYTES), "");
    if (isKeyRole(role) && (holder === undefined || isHolderName(holder))) {
      return { role, publicKey: publicKeyOf(hex), ...(holder === undefined ? {} : { holder }) };
    }
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    // Said below without the parser's message: people name a private key here by mistake.
  }
  throw notPublic(path, `it is not of the form ${PUBLIC_KEY_FORMAT}`);
}

function read(path: string): Buffer {
  try {
    const bytes = readBounded(path, MAX_BYTES);
    if (bytes !== undefined) return bytes;
  } catch (error) {
    if (!isSystemError(error, "ENOENT")) throw error;
    throw new KeyError("keys/not-found", `there is no file \`${path}\``, {
      help: "name the file that `fairlead keys new` wrote on the machine of the key's holder",
    });
  }
  throw notPublic(path, `it has more than ${MAX_BYTES} bytes, or is no file`);
}

function notPublic(path: string, why: string): KeyError {
  return new KeyError("keys/unreadable", `\`${path}\` is not the public half of a key: ${why}`, {
    help: "name the file that ends in .public.json; the other one never leaves its machine",
  });
}
