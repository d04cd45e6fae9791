import { printable } from "../../protocol/printable.ts";
import { followsClosely } from "./fast-forward.ts";
import type { GitRepository } from "./git-repository.ts";
import type { LoggedChange, LoggedCommit, LogRange } from "./logged-commit.ts";
import { isObjectId } from "./object-id.ts";
import { readRecentLog } from "./recent-log.ts";
import { SourceError } from "./source-error.ts";

const FORMAT = "%x01%H%x00%an <%ae>%x00%ct%x00%s";
const MAX_LOG_BYTES = 256 * 1024 * 1024;

/**
 * Lists the commits on the first-parent line of `commit` that touch state files, newest first. A merge counts as one
 * change: what it brought to the line.
 *
 * @throws SourceError `source/commit-not-found`, `source/limit-exceeded`, `source/timeout`, `source/git-missing`
 */
export async function readFirstParentLog(
  repository: GitRepository,
  commit: string,
  range: LogRange,
): Promise<LoggedCommit[]> {
  const recent = await readRecentLog(repository, commit, range);
  if (recent !== undefined) return recent;
  const prefix = range.path === "" ? "" : `${range.path.replace(/\/+$/, "")}/`;
  const globs = range.globs ?? ["**"];
  const result = await repository.run(
    [
      "log",
      "--first-parent",
      "-m",
      "--raw",
      "-z",
      "--no-renames",
      "--no-abbrev",
      "--no-mailmap",
      "--no-notes",
      "--no-ext-diff",
      "--encoding=UTF-8",
      `--format=${FORMAT}`,
      ...(range.onlyRemovals === true ? ["--diff-filter=D"] : []),
      ...(range.maxCount === undefined ? [] : [`--max-count=${range.maxCount}`]),
      "--end-of-options",
      range.since === undefined ? commit : `${range.since}..${commit}`,
      "--",
      ...globs.map((glob) => `:(top,glob)${escapeGlob(prefix)}${glob}`),
    ],
    { config: ["log.showRoot=true"], maxOutput: MAX_LOG_BYTES },
  );
  if (result.exitCode !== 0) {
    throw new SourceError(
      "source/commit-not-found",
      `the history of ${commit} cannot be read: ${result.stderr.trim()}`,
    );
  }
  return parseLog(result.stdout.toString("utf8"), prefix);
}

/**
 * Whether `ancestor` is on the first-parent line of `commit`. An ancestor that a merge brought in from the side is
 * not.
 */
export async function isOnFirstParentLine(
  repository: GitRepository,
  ancestor: string,
  commit: string,
): Promise<boolean> {
  if (ancestor === commit) return true;
  if (!isObjectId(ancestor)) return false;
  if (await followsClosely(repository, ancestor, commit)) return true;
  const result = await repository.run([
    "rev-list",
    "--first-parent",
    "--parents",
    "--end-of-options",
    `${ancestor}..${commit}`,
  ]);
  if (result.exitCode !== 0) return false;
  const oldest = result.stdout.toString().trimEnd().split("\n").at(-1) ?? "";
  return oldest.split(" ")[1] === ancestor;
}

function parseLog(text: string, prefix: string): LoggedCommit[] {
  const tokens = text.split("\0");
  const commits: LoggedCommit[] = [];
  let at = 0;
  const next = () => tokens[at++] ?? "";
  while (at < tokens.length) {
    const commit = next();
    if (!commit.startsWith("\u0001")) continue;
    const [author, time, subject] = [printable(next()), next(), printable(next())];
    const changes: LoggedChange[] = [];
    for (;;) {
      const change = /^\n?:\d+ \d+ ([0-9a-f]+) ([0-9a-f]+) [A-Z]/.exec(tokens[at] ?? "");
      if (change === null) break;
      at += 1;
      const path = next();
      if (!path.startsWith(prefix)) continue;
      changes.push({
        path: path.slice(prefix.length),
        before: presentId(change[1]),
        after: presentId(change[2]),
      });
    }
    commits.push({ commit: commit.slice(1), author, at: Number(time), subject, changes });
  }
  return commits;
}

/** Git writes an id of zeros for a file that is not there. */
function presentId(id: string | undefined): string | undefined {
  return id === undefined || /^0+$/.test(id) ? undefined : id;
}

function escapeGlob(path: string): string {
  return path.replace(/[\\*?[]/g, "\\$&");
}
