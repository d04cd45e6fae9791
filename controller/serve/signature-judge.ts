import { FirstSights } from "../reconcile/first-sights.ts";
import { judgeSignatures, type SignatureRequirement } from "../reconcile/judge-signatures.ts";
import type { ReconcileParts } from "../reconcile/reconcile.ts";
import { listCommitsSince } from "../source/commits-since.ts";
import type { GitRepository } from "../source/git-repository.ts";
import { digestSigners, verifyCommitSignature } from "../source/verify-signature.ts";

/**
 * Connects the judgement of signatures to git, the lists of signers and the state folder.
 *
 * @param signers who has to sign; absent: nobody
 * @param now seconds since 1970
 */
export function signatureJudge(
  repository: GitRepository,
  signers: SignatureRequirement | undefined,
  stateFolder: string,
  now: () => number,
): ReconcileParts["judgeSignatures"] {
  if (signers === undefined) return undefined;
  const parts = {
    commitsSince: (tip: string, base: string | undefined, most: number) =>
      listCommitsSince(repository, tip, base, most),
    verify: (commit: string, at: number) => verifyCommitSignature(repository, commit, signers, at),
    digestSigners: () => digestSigners(signers),
    sights: new FirstSights(stateFolder),
    now,
  };
  return (tip, served) => judgeSignatures(parts, signers, tip, served);
}
