import type { GitRepository } from "./git-repository.ts";

const MAX_DIFF_BYTES = 256 * 1024 * 1024;

/** The mode of a folder. */
export const FOLDER_MODE = "040000";

/** What became of one path between two trees. */
export interface ChangedEntry {
  readonly path: string;
  /** As git writes it: `100644`, or {@link FOLDER_MODE}; absent when the path is gone. */
  readonly mode: string | undefined;
  readonly blob: string;
}

/**
 * Every path that differs between two trees, at any depth, with the folders that are new or hold something else.
 * `undefined` where that cannot be told exactly: git failed, or a path is not UTF-8, so that two paths may look the same.
 * The caller then lists the whole tree.
 *
 * @throws SourceError `source/timeout`, `source/git-missing`
 */
export async function diffTrees(
  repository: GitRepository,
  before: string,
  after: string,
): Promise<ChangedEntry[] | undefined> {
  if (before === after) return [];
  const { exitCode, stdout } = await repository.run(
    [
      ...["diff-tree", "-r", "-t", "-z", "--raw", "--no-renames", "--no-abbrev", "--no-ext-diff"],
      ...["--ignore-submodules=none", before, after],
    ],
    { maxOutput: MAX_DIFF_BYTES },
  );
  const text = stdout.toString("utf8");
  if (exitCode !== 0 || text.includes("\ufffd")) return undefined;
  const tokens = text.split("\0");
  const changes: ChangedEntry[] = [];
  for (let at = 0; at + 1 < tokens.length; at += 2) {
    const change = /^:(\d{6}) (\d{6}) [0-9a-f]+ ([0-9a-f]+) [A-Z]$/.exec(tokens[at] ?? "");
    if (change === null) return undefined;
    const [, modeBefore, mode = "", blob = ""] = change;
    // That a folder is gone is told by each of its files.
    if (modeBefore === FOLDER_MODE && mode === "000000") continue;
    changes.push({ path: tokens[at + 1] ?? "", mode: mode === "000000" ? undefined : mode, blob });
  }
  return changes;
}
