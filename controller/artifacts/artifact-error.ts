import { DomainError, type ErrorTable } from "../../protocol/domain-error.ts";

export const ARTIFACT_ERRORS = {
  "artifact/bad-answer": {
    cause:
      "a server that artifacts come from answered something that cannot be read, or sends on and on elsewhere",
    remedy: "check the address of `--artifacts` or `--lfs-url`: something else may answer there",
  },
  "artifact/bad-pointer": {
    cause:
      "what is committed for an artifact is no Git LFS pointer, or the pointer of another file than was released",
    remedy: "put the released file into artifacts/ with `git lfs track` in force, and commit it",
  },
  "artifact/differs": {
    cause: "the bytes that a Git LFS server sent are not those that its pointer names",
    remedy: "compare with `git lfs fsck` in a clone: the server's copy is damaged, or a proxy changes files",
  },
  "artifact/disk-full": {
    cause: "there is not enough space in the state folder for an artifact",
    remedy: "make space, or serve artifacts from a bucket with `--artifacts https://...`",
  },
  "artifact/not-committed": {
    cause: "an artifact comes from Git LFS, and nothing is committed at its path",
    remedy: "commit the released file to artifacts/ of the state root, with `git lfs track` in force",
  },
  "artifact/not-stored": {
    cause: "the Git LFS server, or the bucket, does not have an artifact, or does not give it out",
    remedy: "push it: `git lfs push --all`, or copy it to the bucket; check what the credentials may read",
  },
  "artifact/unreachable": {
    cause: "a server that artifacts come from cannot be reached, or its connection broke",
    remedy: "check the network, the proxy and the authority of its certificate; it is tried again by itself",
  },
} as const satisfies ErrorTable;
export type ArtifactErrorCode = keyof typeof ARTIFACT_ERRORS;

/** The bytes of an artifact could not be had. */
export class ArtifactError extends DomainError<ArtifactErrorCode> {}
