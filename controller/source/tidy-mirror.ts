import type { GitRepository } from "./git-repository.ts";

/** A mirror that is fetched once a minute gets loose objects and small packs at each commit, for years. */
const MOST = { loose: 2000, packs: 20 };
const DEADLINE_MS = 600_000;

/**
 * Packs a mirror's objects into one file once there are many, and removes what no ref has reached for two weeks. Readers
 * that are under way go on: git keeps an object until it is in the new pack.
 *
 * @param most what may lie there before there is anything to do
 * @returns whether there was anything to do
 * @throws SourceError `source/timeout`, `source/closed`
 */
export async function tidyMirror(
  repository: GitRepository,
  signal: AbortSignal,
  most: { readonly loose: number; readonly packs: number } = MOST,
): Promise<boolean> {
  const counted = await repository.run(["count-objects", "-v"]);
  const count = (name: string): number =>
    Number(new RegExp(`^${name}: (\\d+)$`, "m").exec(counted.stdout.toString())?.[1] ?? "0");
  if (count("count") <= most.loose && count("packs") <= most.packs) return false;
  const options = { deadlineMs: DEADLINE_MS, signal };
  await repository.run(["repack", "-a", "-d", "-q", "--unpack-unreachable=2.weeks.ago"], options);
  await repository.run(["prune", "--expire=2.weeks.ago"], options);
  return true;
}
