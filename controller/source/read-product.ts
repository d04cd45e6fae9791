import { findStateRoot } from "./find-state-root.ts";
import type { GitRepository } from "./git-repository.ts";
import { readCommit } from "./read-commit.ts";
import type { Snapshot } from "./snapshot.ts";
import { SourceError } from "./source-error.ts";
import { byPath, SNAPSHOT_LIMITS } from "./state-file.ts";

/** What a commit says of one product. */
export interface ProductFiles {
  /** With `fleet.yaml` and the files of the product, and no others. */
  readonly snapshot: Snapshot;
  /** The state root in the commit, with `/`; empty for the top. */
  readonly root: string;
}

/**
 * Reads the files of one product, which are few where a whole state is not.
 *
 * @param path state root inside the repository; absent: where the commit has its fleet.yaml
 * @throws SourceError
 */
export async function readProduct(
  repository: GitRepository,
  commit: string,
  path: string | undefined,
  product: string,
): Promise<ProductFiles> {
  const { committedAt } = await readCommit(repository, commit);
  const root = path ?? (await findStateRoot(repository, commit));
  const prefix = root === "" ? "" : `${root}/`;
  const listed = await repository.run([
    ...["ls-tree", "-r", "-z", "--full-tree", commit, "--"],
    ...[`${prefix}fleet.yaml`, `${prefix}products/${product}/`],
  ]);
  if (listed.exitCode !== 0) {
    throw new SourceError(
      "source/corrupt-repository",
      `commit ${commit} cannot be listed: ${listed.stderr.trim()}`,
    );
  }
  const entries = listed.stdout
    .toString("utf8")
    .split("\0")
    .flatMap((entry) => {
      const [, blob, file] = /^100\d{3} blob ([0-9a-f]+)\t(.*\.yaml)$/s.exec(entry) ?? [];
      return blob === undefined || file === undefined ? [] : [{ path: file.slice(prefix.length), blob }];
    });
  const objects = await repository.objects.read(
    entries.map(({ blob }) => blob),
    SNAPSHOT_LIMITS.yamlBytes,
  );
  const files = entries.flatMap(({ path: file, blob }, index) => {
    const bytes = objects[index]?.bytes;
    return bytes === undefined ? [] : [{ path: file, blob, bytes }];
  });
  return { snapshot: { commit, committedAt, files: files.sort(byPath), irregular: [] }, root };
}
