import type { GitRepository } from "./git-repository.ts";

/** Who may sign commits. */
export interface AllowedSigners {
  /** Absolute path of an allowed-signers file (ssh-keygen(1), ALLOWED SIGNERS). Without it no SSH signature counts. */
  readonly allowedSigners?: string | undefined;
  /**
   * Absolute path of a GnuPG home folder, whose public keyring says whose OpenPGP signatures count: every key in it.
   * Without it none does.
   */
  readonly gnupgHome?: string | undefined;
}

export type SignatureVerdict =
  | {
      readonly kind: "good";
      /** The principal of the allowed-signers file, or the user id of the OpenPGP key. */
      readonly signer: string;
      /** `SHA256:...` of an SSH key, hexadecimal of an OpenPGP key. */
      readonly fingerprint: string;
    }
  | {
      /** `untrusted`: the signature may be right, but nobody allowed made it. `bad`: it does not fit the commit. */
      readonly kind: "unsigned" | "untrusted" | "bad";
      /** One line for people: lower case, no full stop. */
      readonly reason: string;
    };

/** A folder that cannot exist. Used where no keyring is set, so that gpg does not fall back to the operator's own. */
const NO_KEYRING = "/dev/null/none";

/**
 * Checks the signature of one commit with `git verify-commit`. Which programs verify is fixed here: the repository's
 * own configuration cannot name others.
 *
 * @param commit full object id
 * @throws SourceError `source/git-missing`, `source/timeout`
 */
export async function verifyCommitSignature(
  repository: GitRepository,
  commit: string,
  { allowedSigners, gnupgHome }: AllowedSigners,
): Promise<SignatureVerdict> {
  const result = await repository.run(["verify-commit", "--raw", commit], {
    config: [
      `gpg.ssh.allowedSignersFile=${allowedSigners ?? "/dev/null"}`,
      "gpg.ssh.revocationFile=",
      "gpg.ssh.program=ssh-keygen",
      "gpg.program=gpg",
      "gpg.openpgp.program=gpg",
      "gpg.x509.program=false",
      "gpg.minTrustLevel=undefined",
    ],
    env: { GNUPGHOME: gnupgHome ?? NO_KEYRING },
  });
  return readVerdict(result.exitCode, result.stderr);
}

/** Reads what `git verify-commit --raw` says: the status lines of gpg (doc/DETAILS), or the words of ssh-keygen. */
function readVerdict(exitCode: number, output: string): SignatureVerdict {
  if (output.trim() === "") return { kind: "unsigned", reason: "it has no signature" };
  const [, sshSigner, sshKey] =
    /^Good "git" signature for (.+) with \S+ key (SHA256:\S+)$/m.exec(output) ?? [];
  const fingerprint = sshKey ?? /^\[GNUPG:\] VALIDSIG ([0-9A-F]{40,})/m.exec(output)?.[1];
  const signer = sshSigner ?? /^\[GNUPG:\] GOODSIG \S+ (.*)$/m.exec(output)?.[1];
  if (exitCode === 0 && signer !== undefined && fingerprint !== undefined) {
    return { kind: "good", signer, fingerprint };
  }
  const [, unknownKey] = /^Good "git" signature with \S+ key (SHA256:\S+)$/m.exec(output) ?? [];
  if (unknownKey !== undefined) {
    return { kind: "untrusted", reason: `nobody who may sign holds the key ${unknownKey}` };
  }
  const missing = /^\[GNUPG:\] (?:NO_PUBKEY|ERRSIG) (\S+)/m.exec(output)?.[1];
  if (missing !== undefined) {
    return { kind: "untrusted", reason: `nobody who may sign holds the OpenPGP key ${missing}` };
  }
  const outdated = /^\[GNUPG:\] (EXPKEYSIG|EXPSIG|REVKEYSIG) (\S+)/m.exec(output);
  if (outdated !== null) {
    const what = outdated[1] === "REVKEYSIG" ? "is revoked" : "has expired";
    return { kind: "untrusted", reason: `the OpenPGP key or signature ${outdated[2]} ${what}` };
  }
  return { kind: "bad", reason: "its signature does not fit what it says" };
}
