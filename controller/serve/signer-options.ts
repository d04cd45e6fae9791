import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { AllowedSigners } from "../source/verify-signature.ts";
import { ServeError } from "./serve-error.ts";

/** Who may sign commits, as the command line says it. */
export interface SignerOptions {
  readonly requireSignedCommits?: boolean;
  readonly allowedSigners?: string;
  readonly gnupgHome?: string;
  readonly worktree?: boolean;
}

/**
 * Checks that what is said about signers fits together and is there: a mistake would hold every commit, or none.
 *
 * @returns who may sign; `undefined` when nobody has to
 * @throws ServeError `serve/bad-option`, `serve/no-signers`
 */
export function signersOf(options: SignerOptions): AllowedSigners | undefined {
  const { requireSignedCommits = false, allowedSigners, gnupgHome, worktree } = options;
  const isNamed = allowedSigners !== undefined || gnupgHome !== undefined;
  if (!requireSignedCommits) {
    if (!isNamed) return undefined;
    throw new ServeError("serve/bad-option", "signers are listed, but no commit has to be signed", {
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
  };
}
