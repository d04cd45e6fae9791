import type { GitRepository } from "./git-repository.ts";
import { isObjectId } from "./object-id.ts";
import { readCommit } from "./read-commit.ts";
import { SourceError } from "./source-error.ts";

/**
 * Whether `next` comes from `previous`. False after a force-push, and when `previous` is no longer in the
 * repository or never was a commit (a work tree): then a person must accept the new line.
 *
 * @throws SourceError `source/corrupt-repository`, `source/timeout`, `source/git-missing`
 */
export async function isDescendant(
  repository: GitRepository,
  previous: string,
  next: string,
): Promise<boolean> {
  if (previous === next) return true;
  if (!isObjectId(previous)) return false;
  if (await followsClosely(repository, previous, next)) return true;
  const [known] = await repository.objects.read([`${previous}^{commit}`], 0);
  if (known === undefined) return false;
  const result = await repository.run(["merge-base", "--is-ancestor", previous, next]);
  switch (result.exitCode) {
    case 0:
      return true;
    case 1:
      return false;
    default:
      throw new SourceError(
        "source/corrupt-repository",
        `history cannot be compared: ${result.stderr.trim()}`,
      );
  }
}

/** How many first parents are read before git is started: most commits follow closely, and a process costs more. */
export const FEW_PARENTS = 4;

/**
 * Whether `ancestor` is one of the nearest first parents of `commit`. False does not mean that it is no ancestor: also a
 * commit on the way that is too large to be read ends the look.
 */
export async function followsClosely(
  repository: GitRepository,
  ancestor: string,
  commit: string,
): Promise<boolean> {
  let at: string | undefined = commit;
  for (let step = 0; step < FEW_PARENTS && at !== undefined; step++) {
    const [parent]: readonly string[] = await parentsOf(repository, at);
    if (parent === ancestor) return true;
    at = parent;
  }
  return false;
}

async function parentsOf(repository: GitRepository, commit: string): Promise<readonly string[]> {
  try {
    return (await readCommit(repository, commit)).parents;
  } catch (error) {
    if (error instanceof SourceError && error.code === "source/limit-exceeded") return [];
    throw error;
  }
}
