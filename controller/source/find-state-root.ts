import type { GitRepository } from "./git-repository.ts";
import { SourceError } from "./source-error.ts";

/** Where a state root may be without being named, in the order in which it is looked for: the top, or `releases/`. */
export const STATE_ROOTS = ["", "releases"] as const;

/**
 * The state root of a commit when nobody has named it: the folder that holds `fleet.yaml`.
 *
 * @returns with `/`; empty for the top of the repository
 * @throws SourceError `source/path-not-found`
 */
export async function findStateRoot(repository: GitRepository, commit: string): Promise<string> {
  const names = STATE_ROOTS.map((root) => `${commit}:${root === "" ? "" : `${root}/`}fleet.yaml`);
  const found = await repository.objects.read(names, 0);
  const root = STATE_ROOTS.find((_, index) => found[index]?.type === "blob");
  if (root !== undefined) return root;
  throw new SourceError(
    "source/path-not-found",
    `commit ${commit} has no fleet.yaml at its top nor in releases/`,
    {
      help: "name the folder that holds it with --path DIR",
    },
  );
}
