import type { GitRepository } from "./git-repository.ts";
import { isObjectId } from "./object-id.ts";
import { SourceError } from "./source-error.ts";

const MAX_COMMIT_BYTES = 1024 * 1024;

/** What a commit object says. */
export interface CommitHead {
  /** Full object id. */
  readonly id: string;
  readonly parents: readonly string[];
  /** Committer time, seconds since 1970. */
  readonly committedAt: number;
}

/**
 * Reads the head lines of a commit.
 *
 * @param commit full object id
 * @throws SourceError `source/commit-not-found`, `source/corrupt-repository`, `source/limit-exceeded`
 */
export async function readCommit(repository: GitRepository, commit: string): Promise<CommitHead> {
  const { id, bytes } = await readCommitObject(repository, commit);
  const text = bytes.toString("utf8");
  const head = text.slice(0, text.indexOf("\n\n") + 1 || undefined);
  const time = /^committer .*> (\d+) [+-]\d{4}$/m.exec(head)?.[1];
  if (time === undefined)
    throw new SourceError("source/corrupt-repository", `commit ${commit} has no committer time`);
  const parents = [...head.matchAll(/^parent ([0-9a-f]+)$/gm)].map((match) => match[1] ?? "");
  return { id, parents, committedAt: Number(time) };
}

/** A commit object as git stores it. @throws SourceError as {@link readCommit} */
export async function readCommitBytes(repository: GitRepository, commit: string): Promise<Buffer> {
  return (await readCommitObject(repository, commit)).bytes;
}

async function readCommitObject(
  repository: GitRepository,
  commit: string,
): Promise<{ readonly id: string; readonly bytes: Buffer }> {
  const [object] = isObjectId(commit)
    ? await repository.objects.read([`${commit}^{commit}`], MAX_COMMIT_BYTES, () => `commit ${commit}`)
    : [];
  if (object === undefined) {
    throw new SourceError("source/commit-not-found", `the repository has no commit ${commit}`);
  }
  if (object.bytes === undefined) {
    throw new SourceError(
      "source/limit-exceeded",
      `commit ${object.id} has a message of ${object.size} bytes, and at most ${MAX_COMMIT_BYTES} are read`,
      { help: "push another commit: what comes after this one is served" },
    );
  }
  return { id: object.id, bytes: object.bytes };
}
