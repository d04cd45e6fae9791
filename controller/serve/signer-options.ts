import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { DEFAULT_MAX_COMMITS, type SignatureRequirement } from "../reconcile/judge-signatures.ts";
import { ServeError } from "./serve-error.ts";

/** Who may sign commits, as the command line says it. */
export interface SignerOptions {
  readonly requireSignedCommits?: boolean;
  readonly allowedSigners?: string;
  readonly gnupgHome?: string;
  readonly forgeKey?: string;
  readonly maxCommits?: number;
  readonly worktree?: boolean;
}

/**
 * Checks that what is said about signers fits together and is there: a mistake would hold every commit, or none.
 *
 * @returns who may sign; `undefined` when nobody has to
 * @throws ServeError `serve/bad-option`, `serve/no-signers`
 */
export function signersOf(options: SignerOptions): SignatureRequirement | undefined {
  const { requireSignedCommits = false, allowedSigners, gnupgHome, forgeKey, maxCommits, worktree } = options;
  const isNamed = allowedSigners !== undefined || gnupgHome !== undefined;
  if (!requireSignedCommits) {
    if (!isNamed && forgeKey === undefined && maxCommits === undefined) return undefined;
    throw new ServeError("serve/bad-option", "it is said who may sign, but no commit has to be signed", {
      help: "add --require-signed-commits",
    });
  }
  if (worktree === true) {
    throw new ServeError("serve/bad-option", "what is not committed cannot be signed", {
      help: "use --worktree without --require-signed-commits",
    });
  }
  if (!isNamed) {
    throw new ServeError("serve/no-signers", "commits must be signed, and nobody is listed who may sign", {
      help: "list them with --allowed-signers FILE (SSH keys) or --gnupg-home DIR (OpenPGP keys)",
    });
  }
  for (const path of [allowedSigners, gnupgHome]) {
    if (path === undefined || existsSync(path)) continue;
    throw new ServeError("serve/no-signers", `\`${path}\` is not there`, {
      help: "without it every commit would be held",
    });
  }
  return {
    allowedSigners: allowedSigners === undefined ? undefined : resolve(allowedSigners),
    gnupgHome: gnupgHome === undefined ? undefined : resolve(gnupgHome),
    forgeKey: forgeKey === undefined ? undefined : parseFingerprint(forgeKey),
    maxCommits: maxCommits ?? DEFAULT_MAX_COMMITS,
  };
}

/** As `ssh-keygen -l` and `gpg --fingerprint` print it, in the form in which a verdict names it. */
function parseFingerprint(text: string): string {
  if (/^SHA256:[A-Za-z0-9+/]{43}$/.test(text)) return text;
  const hexadecimal = text.replaceAll(" ", "").replace(/^0x/, "").toUpperCase();
  if (/^[0-9A-F]{40}(?:[0-9A-F]{24})?$/.test(hexadecimal)) return hexadecimal;
  throw new ServeError("serve/bad-option", `\`${text}\` is not the whole fingerprint of a key`, {
    help: "copy it from `ssh-keygen -lf KEY.pub` (SHA256:...) or `gpg --fingerprint` (40 digits)",
  });
}
