import { runGit } from "./git-process.ts";
import { SourceError } from "./source-error.ts";

export interface WorktreeStatus {
  /** Branch that is checked out; null when HEAD is detached. */
  readonly branch: string | null;
  /** Changed and untracked paths relative to the top of the work tree, sorted. */
  readonly dirty: readonly string[];
}

/**
 * What editing commands must know before they write: the branch, and what is not committed.
 *
 * @throws SourceError `source/repository-unreachable`, `source/timeout`, `source/limit-exceeded`, `source/git-missing`
 */
export async function readWorktreeStatus(folder: string): Promise<WorktreeStatus> {
  const result = await runGit({
    cwd: folder,
    // No `safe.directory` here: a status may run the content filters that the repository's own config names.
    args: ["status", "--porcelain=v2", "--branch", "-z", "--no-renames", "--untracked-files=all"],
  });
  if (result.exitCode !== 0) {
    throw new SourceError(
      "source/repository-unreachable",
      `git cannot tell the state of \`${folder}\`: ${result.stderr.trim()}`,
    );
  }
  let branch: string | null = null;
  const dirty: string[] = [];
  for (const line of result.stdout.toString("utf8").split("\0")) {
    const head = /^# branch\.head (.+)$/.exec(line)?.[1];
    if (head !== undefined) branch = head === "(detached)" ? null : head;
    const path = /^(?:1 (?:\S+ ){7}|u (?:\S+ ){9}|\? )([\s\S]+)$/.exec(line)?.[1];
    if (path !== undefined) dirty.push(path);
  }
  return { branch, dirty: dirty.sort() };
}
