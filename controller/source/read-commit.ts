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
  const head =
    headsOf(repository).get(commit) ?? noteHead(repository, await readCommitObject(repository, commit));
  if (head === undefined) {
    throw new SourceError("source/corrupt-repository", `commit ${commit} has no committer time`);
  }
  return head;
}

/**
 * The commit that a name leads to, through tags as well; `undefined` where it leads to none.
 *
 * @param name begins with a full object id
 * @throws SourceError `source/corrupt-repository`, `source/timeout`
 */
export async function peelToCommit(repository: GitRepository, name: string): Promise<string | undefined> {
  const [object] = await repository.objects.read([`${name}^{commit}`], MAX_COMMIT_BYTES);
  // It is about to be read.
  if (object?.bytes !== undefined) noteHead(repository, { id: object.id, bytes: object.bytes });
  return object?.id;
}

/** The heads that were read last: each is asked for several times, and no commit ever changes. */
const known = new WeakMap<GitRepository, Map<string, CommitHead>>();
const MOST_KNOWN = 8;

function headsOf(repository: GitRepository): Map<string, CommitHead> {
  const heads = known.get(repository) ?? new Map<string, CommitHead>();
  known.set(repository, heads);
  return heads;
}

/** `undefined`: it is none that git writes. */
function noteHead(repository: GitRepository, { id, bytes }: CommitObject): CommitHead | undefined {
  const text = bytes.toString("utf8");
  const head = text.slice(0, text.indexOf("\n\n") + 1 || undefined);
  const time = /^committer .*> (\d+) [+-]\d{4}$/m.exec(head)?.[1];
  if (time === undefined) return undefined;
  const parents = [...head.matchAll(/^parent ([0-9a-f]+)$/gm)].map((match) => match[1] ?? "");
  const noted = { id, parents, committedAt: Number(time) };
  const heads = headsOf(repository).set(id, noted);
  for (const oldest of heads.keys()) {
    if (heads.size <= MOST_KNOWN) break;
    heads.delete(oldest);
  }
  return noted;
}

/** A commit object as git stores it. @throws SourceError as {@link readCommit} */
export async function readCommitBytes(repository: GitRepository, commit: string): Promise<Buffer> {
  return (await readCommitObject(repository, commit)).bytes;
}

interface CommitObject {
  readonly id: string;
  readonly bytes: Buffer;
}

async function readCommitObject(repository: GitRepository, commit: string): Promise<CommitObject> {
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
