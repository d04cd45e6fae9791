import type { GitRepository } from "./git-repository.ts";
import type { LoggedCommit } from "./logged-commit.ts";
import { SNAPSHOT_LIMITS } from "./state-file.ts";
import { readUncheckedYaml } from "./unchecked-yaml.ts";

/**
 * What the files that some commits changed said before and after, by blob id, as `readUncheckedYaml` reads it. What is
 * too large or cannot be read is left out: old commits may hold anything.
 *
 * @throws SourceError
 */
export async function readPastFiles(
  repository: GitRepository,
  commits: readonly LoggedCommit[],
): Promise<ReadonlyMap<string, unknown>> {
  const blobs = new Set<string>();
  for (const { changes } of commits) {
    for (const { before, after } of changes) {
      if (before !== undefined) blobs.add(before);
      if (after !== undefined) blobs.add(after);
    }
  }
  const ids = [...blobs];
  const objects = await repository.objects.read(ids, SNAPSHOT_LIMITS.yamlBytes);
  const files = new Map<string, unknown>();
  for (const [index, id] of ids.entries()) {
    const bytes = objects[index]?.bytes;
    const value = bytes === undefined ? undefined : readUncheckedYaml(bytes.toString("utf8"));
    if (value !== undefined) files.set(id, value);
  }
  return files;
}
