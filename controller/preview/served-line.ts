import { isDescendant } from "../source/fast-forward.ts";
import { isOnFirstParentLine, readFirstParentLog } from "../source/first-parent-log.ts";
import type { GitRepository } from "../source/git-repository.ts";
import type { LoggedCommit } from "../source/logged-commit.ts";
import { readCommit } from "../source/read-commit.ts";
import { SourceError } from "../source/source-error.ts";
import type { ServedLine } from "./preview-service.ts";

/** Commits above the served one that are told apart; of more the rest counts as `past`. */
const MOST_NEWER = 1000;

/** The line of commits that people look at, from its newest commit on. */
export interface LineOfCommits {
  /** The newest: what is served, or what comes after it and is not. */
  readonly head: string;
  /** A commit that was to be served and is not on the line, such as a rewritten one that is held. */
  readonly beside: string | undefined;
  /** Those after the served one. */
  readonly newer: ReadonlySet<string>;
}

/**
 * Which line is shown: that of the newest commit where it comes from the served one, else that of the served one.
 *
 * @returns `undefined`: nothing was ever looked at
 * @throws SourceError
 */
export async function lineOf(
  repository: GitRepository,
  { served, tip }: Pick<ServedLine, "served" | "tip">,
): Promise<LineOfCommits | undefined> {
  const newest = tip?.commit ?? served;
  if (newest === null) return undefined;
  if (served === null) return { head: newest, beside: undefined, newer: new Set([newest]) };
  if (newest === served) return { head: served, beside: undefined, newer: new Set() };
  if (!(await isDescendant(repository, served, newest))) {
    return { head: served, beside: newest, newer: new Set() };
  }
  const listed = await repository.run([
    "rev-list",
    "--first-parent",
    `--max-count=${MOST_NEWER}`,
    "--end-of-options",
    `${served}..${newest}`,
  ]);
  const newer = new Set(
    listed.stdout
      .toString("utf8")
      .split("\n")
      .filter((id) => id !== ""),
  );
  return { head: newest, beside: undefined, newer };
}

/**
 * Up to `most` commits on a line that touch files below the state root, newest first.
 *
 * @param after begin behind this one, which is on the line
 * @throws SourceError
 */
export async function readLine(
  repository: GitRepository,
  head: string,
  path: string,
  most: number,
  options: { readonly after?: string | undefined; readonly globs?: readonly string[] } = {},
): Promise<LoggedCommit[]> {
  const { after, globs } = options;
  const from = after === undefined ? head : (await readCommit(repository, after)).parents[0];
  if (from === undefined) return [];
  return readFirstParentLog(repository, from, {
    path,
    maxCount: most,
    ...(globs === undefined ? {} : { globs }),
  });
}

/** Whether a commit is on a line, also by what a merge brought. @throws SourceError */
export async function isOnLine(repository: GitRepository, commit: string, head: string): Promise<boolean> {
  try {
    return await isOnFirstParentLine(repository, commit, head);
  } catch (error) {
    if (error instanceof SourceError && error.code === "source/commit-not-found") return false;
    throw error;
  }
}
