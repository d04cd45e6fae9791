import { createPrivateKey, createPublicKey } from "node:crypto";
import { ed25519Key, keyId } from "../../protocol/tuf/identify-key.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";

/** A private key in a text that others can read. */
export interface PrivateKeyText {
  /** `the private key of root`, for people. */
  readonly what: string;
  /** Absent where nothing in the text says it. */
  readonly keyid?: string;
  /** The key of documentation and tests, which everybody has: the bytes 00 01 02 .. 1f. */
  readonly isExample?: true;
}

const EXAMPLE_SECRET = Buffer.from(Array.from({ length: 32 }, (_, index) => index)).toString("hex");

/** Texts in which a private key of ours, or of the kind that we use, can stand; a cheap look for the many that have none. */
const MARKS = ["fairlead-key-", "PRIVATE KEY-----", '"privateKey"'];
const MARKS_IN_BYTES = MARKS.map((text) => Buffer.from(text));

/** More than any text with a key in it has. */
export const MAX_KEY_TEXT_BYTES = 1024 * 1024;

/**
 * Finds a private key: a key file of Fairlead, encrypted or not, the key of a device, or an Ed25519 key in PEM
 * (RFC 8410), also as a part of a larger text. Pure.
 *
 * @param content bytes, or the same as Latin-1
 */
export function findPrivateKey(content: Buffer | string): PrivateKeyText | undefined {
  if (content.length > MAX_KEY_TEXT_BYTES || !mayHoldKey(content)) return undefined;
  const text = typeof content === "string" ? content : content.toString("latin1");
  return keyFile(text) ?? deviceKey(text) ?? pemKey(text);
}

function mayHoldKey(content: Buffer | string): boolean {
  return typeof content === "string"
    ? MARKS.some((mark) => content.includes(mark))
    : MARKS_IN_BYTES.some((mark) => content.includes(mark));
}

/**
 * Where a private key was found: among the files of the state, committed or not; elsewhere in the newest commit; in what
 * is staged; or in a commit whose files it left again.
 */
export type PrivateKeyPlace = "state" | "tree" | "staged" | { readonly commit: string };

/** What is wrong with a file that holds one. */
export function describePrivateKey(
  { what, keyid }: PrivateKeyText,
  file: string,
  place: PrivateKeyPlace,
): Diagnostic {
  const id = keyid?.slice(0, 16);
  const named = id === undefined ? what : `${what}, ${id},`;
  const replace = `replace it with \`fairlead keys revoke ${id ?? "ID"}\``;
  const burnt = `it is burnt, whoever may have read it: ${replace}`;
  const say = (): [message: string, help: string] => {
    switch (place) {
      case "state":
        return [`${named} stands in the state`, `take it out; if it was ever committed, ${burnt}`];
      case "tree":
        return [`${named} is in git`, `${burnt}, then delete the file`];
      case "staged":
        return [`${named} is about to be committed`, "run `git rm --cached` on it, and let git ignore it"];
      default:
        return [
          `${named} was in git, in commit ${place.commit.slice(0, 12)}`,
          `${burnt}; that the file is gone changes nothing`,
        ];
    }
  };
  const [message, help] = say();
  return { rule: "file/private-key", severity: "error", message, file, related: [], notes: [], help };
}

function keyFile(text: string): PrivateKeyText | undefined {
  const found = /"format"\s*:\s*"fairlead-key-\d+"[^{}]*(?:\{[^{}]*\}[^{}]*)?\}/.exec(text)?.[0];
  const secret = found && /"(?:secret|sealed)"\s*:\s*"([0-9a-f]{64,96})"/.exec(found)?.[1];
  if (found === undefined || secret === undefined) return undefined;
  const role = /"role"\s*:\s*"([a-z0-9-]{1,80})"/.exec(found)?.[1];
  const half = /"public"\s*:\s*"([0-9a-f]{64})"/.exec(found)?.[1];
  const sealed = secret.length > 64 ? "encrypted " : "";
  return {
    what: `the ${sealed}private key of ${role ?? "a role"}`,
    ...(secret === EXAMPLE_SECRET ? { isExample: true } : {}),
    ...(half === undefined ? {} : { keyid: keyId(ed25519Key(Buffer.from(half, "hex"))) }),
  };
}

function deviceKey(text: string): PrivateKeyText | undefined {
  const isOne = /"type"\s*:\s*"ed25519"\s*,\s*"privateKey"\s*:\s*"[A-Za-z0-9_-]{43}"/.test(text);
  return isOne ? { what: "the private key of a device" } : undefined;
}

function pemKey(text: string): PrivateKeyText | undefined {
  for (const [pem] of text.matchAll(
    /-----BEGIN PRIVATE KEY-----[A-Za-z0-9+/=\s]{1,200}-----END PRIVATE KEY-----/g,
  )) {
    try {
      const key = createPrivateKey(pem);
      if (key.asymmetricKeyType !== "ed25519") continue;
      const half = createPublicKey(key).export({ type: "spki", format: "der" }).subarray(-32);
      return { what: "an Ed25519 private key", keyid: keyId(ed25519Key(half)) };
    } catch {
      // Not a key after all.
    }
  }
  return undefined;
}
