import type { GitRepository } from "./git-repository.ts";
import { readCommit } from "./read-commit.ts";
import { SourceError } from "./source-error.ts";

/**
 * Whether `next` comes from `previous`. False after a force-push, and when `previous` is no longer in the
 * repository: then a person must accept the new line.
 *
 * @throws SourceError `source/corrupt-repository`, `source/timeout`, `source/git-missing`
 */
export async function isDescendant(
  repository: GitRepository,
  previous: string,
  next: string,
): Promise<boolean> {
  if (previous === next) return true;
  const [known] = await repository.objects.read([`${previous}^{commit}`], 0);
  if (known === undefined) return false;
  if (await followsClosely(repository, previous, next)) return true;
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

/** First parents looked at before git is asked: most commits come one at a time, and a process costs more than these. */
const FEW_PARENTS = 4;

/** Whether a few steps along first parents lead from `commit` to `ancestor`. False says nothing. */
export async function followsClosely(
  repository: GitRepository,
  ancestor: string,
  commit: string,
): Promise<boolean> {
  let at: string | undefined = commit;
  for (let step = 0; step < FEW_PARENTS && at !== undefined; step++) {
    const [parent]: readonly string[] = (await readCommit(repository, at)).parents;
    if (parent === ancestor) return true;
    at = parent;
  }
  return false;
}
