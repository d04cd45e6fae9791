import type { GitRepository } from "./git-repository.ts";
import { SourceError } from "./source-error.ts";

/**
 * Whether `next` comes from `previous`. False after a force-push, and when `previous` is no longer in the
 * repository: then a person must accept the new line.
 *
 * @throws SourceError `corrupt-repository`, `timeout`, `git-missing`
 */
export async function isDescendant(
  repository: GitRepository,
  previous: string,
  next: string,
): Promise<boolean> {
  if (previous === next) return true;
  const [known] = await repository.objects.read([`${previous}^{commit}`], 0);
  if (known === undefined) return false;
  const result = await repository.run(["merge-base", "--is-ancestor", previous, next]);
  switch (result.exitCode) {
    case 0:
      return true;
    case 1:
      return false;
    default:
      throw new SourceError("corrupt-repository", `history cannot be compared: ${result.stderr.trim()}`);
  }
}
