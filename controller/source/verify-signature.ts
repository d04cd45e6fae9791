import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type SignedCommit, signatureOf } from "./commit-signature.ts";
import type { GitRepository } from "./git-repository.ts";
import { readCommitBytes } from "./read-commit.ts";
import { runVerifier } from "./run-verifier.ts";

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

export interface GoodSignature {
  readonly kind: "good";
  /** The principal of the allowed-signers file, or the user id of the OpenPGP key. */
  readonly signer: string;
  /** `SHA256:...` of an SSH key, upper-case hexadecimal of the primary OpenPGP key. */
  readonly fingerprint: string;
}

export type SignatureVerdict =
  | GoodSignature
  | {
      /** `untrusted`: the signature may be right, but nobody allowed made it. `bad`: it does not fit the commit. */
      readonly kind: "unsigned" | "untrusted" | "bad";
      /** One line for people: lower case, no full stop. */
      readonly reason: string;
    };

/**
 * Checks the signature of one commit. Whether its signer is valid (`valid-after` and `valid-before` of the
 * allowed-signers file, the expiry of a certificate or of an OpenPGP key) is judged at the time `at`, and not at the
 * commit's own date as `git verify-commit` does, which whoever makes a commit chooses. Nothing of the repository's or
 * of a user's configuration has a say.
 *
 * @param commit full object id
 * @param at seconds since 1970
 * @throws SourceError `source/verifier-missing`, `source/timeout`, `source/commit-not-found`, `source/limit-exceeded`
 */
export async function verifyCommitSignature(
  repository: GitRepository,
  commit: string,
  { allowedSigners, gnupgHome }: AllowedSigners,
  at: number,
): Promise<SignatureVerdict> {
  const signed = signatureOf(commit, await readCommitBytes(repository, commit));
  if (signed === undefined) return { kind: "unsigned", reason: "it has no signature" };
  switch (signed.format) {
    case "ssh":
      return withSignatureFile(signed, (file) => verifySsh(signed, file, allowedSigners ?? "/dev/null", at));
    case "openpgp":
      if (gnupgHome === undefined) {
        return { kind: "untrusted", reason: "it is signed with OpenPGP, and no keyring says who may" };
      }
      return withSignatureFile(signed, (file) => verifyOpenPgp(signed, file, gnupgHome, at));
    case "unknown":
      return { kind: "bad", reason: "its signature is neither one of SSH nor one of OpenPGP" };
  }
}

/**
 * A text that changes whenever it changes who may sign.
 *
 * @throws SourceError as {@link verifyCommitSignature}; the system's error where the list cannot be read
 */
export async function digestSigners({ allowedSigners, gnupgHome }: AllowedSigners): Promise<string> {
  const digest = createHash("sha256");
  if (allowedSigners !== undefined) digest.update(await readFile(allowedSigners));
  digest.update("\0");
  if (gnupgHome !== undefined) {
    digest.update(
      (await runVerifier("gpg", [...GPG, "--export"], undefined, { GNUPGHOME: gnupgHome })).output,
    );
  }
  return digest.digest("hex");
}

/** The programs take a signature as a file only. */
async function withSignatureFile<T>(
  { signature }: SignedCommit,
  task: (file: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-signature-"));
  try {
    const file = join(folder, "signature");
    await writeFile(file, signature, { encoding: "latin1", mode: 0o600 });
    return await task(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function verifySsh(
  { payload }: SignedCommit,
  file: string,
  signers: string,
  at: number,
): Promise<SignatureVerdict> {
  const time = `-Overify-time=${localTime(at)}`;
  const found = await runVerifier(
    "ssh-keygen",
    ["-Y", "find-principals", "-f", signers, "-s", file, time],
    undefined,
  );
  const principals = found.exitCode === 0 ? found.output.toString("utf8").split("\n").filter(Boolean) : [];
  for (const principal of principals) {
    const { exitCode, output } = await runVerifier(
      "ssh-keygen",
      ["-Y", "verify", "-n", "git", "-f", signers, "-I", principal, "-s", file, time],
      payload,
    );
    const fingerprint = /^Good "git" signature for .+ with \S+ key (SHA256:\S+)$/m.exec(`${output}`)?.[1];
    if (exitCode === 0 && fingerprint !== undefined) return { kind: "good", signer: principal, fingerprint };
  }
  const { exitCode, output } = await runVerifier(
    "ssh-keygen",
    ["-Y", "check-novalidate", "-n", "git", "-s", file],
    payload,
  );
  const key = /^Good "git" signature with \S+ key (SHA256:\S+)$/m.exec(`${output}`)?.[1];
  if (exitCode !== 0 || key === undefined) return DOES_NOT_FIT;
  const outdated = /key (?:has expired|is not yet valid)/.exec(found.messages)?.[0];
  return { kind: "untrusted", reason: untrustedKey(`key ${key}`, outdated, at) };
}

const DOES_NOT_FIT: SignatureVerdict = { kind: "bad", reason: "its signature does not fit what it says" };

function untrustedKey(key: string, outdated: string | undefined, at: number): string {
  if (outdated === undefined) return `nobody who may sign holds the ${key}`;
  const when = new Date(at * 1000).toISOString().slice(0, 19);
  const what = outdated.endsWith("expired") ? "had expired" : "was not valid yet";
  return `the ${key} ${what} when the commit was first seen, at ${when}Z`;
}

/** As ssh-keygen reads a time (`YYYYMMDDHHMMSS`) and the validity of a signer: in the time zone of the system. */
function localTime(at: number): string {
  const time = new Date(at * 1000);
  const parts = [time.getMonth() + 1, time.getDate(), time.getHours(), time.getMinutes(), time.getSeconds()];
  return [time.getFullYear(), ...parts].map((part) => String(part).padStart(2, "0")).join("");
}

const GPG = ["--batch", "--no-tty", "--no-auto-check-trustdb", "--trust-model", "always"];

async function verifyOpenPgp(
  { payload }: SignedCommit,
  file: string,
  home: string,
  at: number,
): Promise<SignatureVerdict> {
  // The signer's clock may be ahead of ours, so that a key is younger than the time at which it is judged.
  const time = [`--faked-system-time=${at}!`, "--ignore-time-conflict"];
  const { exitCode, output } = await runVerifier(
    "gpg",
    [...GPG, ...time, "--no-auto-key-retrieve", "--status-fd=1", "--verify", file, "-"],
    payload,
    { GNUPGHOME: home },
  );
  return readStatus(exitCode, output.toString("utf8"), at);
}

/** Reads the status lines of gpg (its doc/DETAILS). Several signatures in one are refused, as git does. */
function readStatus(exitCode: number, status: string, at: number): SignatureVerdict {
  const verdicts = [
    ...status.matchAll(/^\[GNUPG:\] (GOODSIG|EXPSIG|EXPKEYSIG|REVKEYSIG|BADSIG|ERRSIG) (\S+) ?(.*)$/gm),
  ];
  const [, verdict, key = "", rest = ""] = verdicts[0] ?? [];
  if (verdicts.length !== 1) return DOES_NOT_FIT;
  switch (verdict) {
    case "GOODSIG": {
      const valid = /^\[GNUPG:\] VALIDSIG ([0-9A-F]{40,})(?: .*? ([0-9A-F]{40,}))?$/m.exec(status);
      const fingerprint = valid?.[2] ?? valid?.[1];
      if (exitCode !== 0 || fingerprint === undefined) return DOES_NOT_FIT;
      return { kind: "good", signer: rest, fingerprint };
    }
    case "EXPSIG":
    case "EXPKEYSIG":
      return { kind: "untrusted", reason: untrustedKey(`OpenPGP key ${key}`, "has expired", at) };
    case "REVKEYSIG":
      return { kind: "untrusted", reason: `the OpenPGP key ${key} is revoked` };
    case "ERRSIG":
      return { kind: "untrusted", reason: untrustedKey(`OpenPGP key ${key}`, undefined, at) };
    default:
      return DOES_NOT_FIT;
  }
}
