import type { GitRepository } from "./git-repository.ts";

/**
 * The commit from which two others went their own ways, by their ids: what a change is compared with, so that what came
 * to the other side meanwhile does not look as if the change took it back. `undefined`: they share no history.
 */
export async function findMergeBase(
  repository: GitRepository,
  one: string,
  other: string,
): Promise<string | undefined> {
  const result = await repository.run(["merge-base", "--end-of-options", one, other]);
  const commit = result.stdout.toString().trim();
  return result.exitCode === 0 && commit !== "" ? commit : undefined;
}
