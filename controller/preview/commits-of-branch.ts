import { printable } from "../../protocol/printable.ts";
import type { GitRepository } from "../source/git-repository.ts";
import type { LoggedCommit } from "../source/logged-commit.ts";
import { readCommitBytes } from "../source/read-commit.ts";
import { SourceError } from "../source/source-error.ts";
import { commitSource } from "../source/state-source.ts";
import { PreviewError } from "./preview-error.ts";
import type { BranchCommit } from "./preview-service.ts";

/** What a branch brings beside another commit, as git tells it. */

const MOST_BRANCH_COMMITS = 50;
/** Longest message of a commit that is shown. */
const MOST_BODY = 8 * 1024;

/** @throws PreviewError `preview/unknown-branch` where the two share no history */
export async function mergeBase(repository: GitRepository, served: string, tip: string): Promise<string> {
  const result = await repository.run(["merge-base", "--end-of-options", served, tip]);
  const base = result.stdout.toString("utf8").trim();
  if (result.exitCode === 0 && base !== "") return base;
  throw new PreviewError("preview/unknown-branch", "the branch and what is served share no history", {
    help: "make the branch from what is served",
  });
}

export async function commitsBetween(
  repository: GitRepository,
  from: string,
  to: string,
  most = MOST_BRANCH_COMMITS,
): Promise<BranchCommit[]> {
  const listed = await repository.run([
    ...["rev-list", "--first-parent", `--max-count=${most}`, "--end-of-options", `${from}..${to}`],
  ]);
  const ids = listed.stdout
    .toString("utf8")
    .split("\n")
    .filter((id) => id !== "");
  const commits: BranchCommit[] = [];
  for (const commit of ids) commits.push(await headOf(repository, commit));
  return commits;
}

async function headOf(repository: GitRepository, commit: string): Promise<BranchCommit> {
  const text = (await readCommitBytes(repository, commit)).toString("utf8");
  const [, author = "", time = "0"] = /^author (.*>) (\d+) [+-]\d{4}$/m.exec(text) ?? [];
  const subject = text.slice(text.indexOf("\n\n") + 2).split("\n", 1)[0] ?? "";
  return { commit, author: printable(author, 200), at: Number(time), subject: printable(subject, 500) };
}

export async function countBetween(repository: GitRepository, from: string, to: string): Promise<number> {
  const listed = await repository.run([
    ...["rev-list", "--first-parent", "--count", "--end-of-options", `${from}..${to}`],
  ]);
  return Number(listed.stdout.toString("utf8").trim());
}

/** How the files of two commits differ, as if it were one commit. */
export async function changesBetween(
  repository: GitRepository,
  from: string,
  to: string,
  path: string,
): Promise<LoggedCommit> {
  const sides = [await filesAt(repository, from, path), await filesAt(repository, to, path)] as const;
  const [before, after] = sides;
  const paths = new Set([...before.keys(), ...after.keys()]);
  const changes = [...paths]
    .sort()
    .map((file) => ({ path: file, before: before.get(file), after: after.get(file) }))
    .filter((each) => each.before !== each.after);
  return { commit: to, author: "", at: 0, subject: "", changes };
}

async function filesAt(
  repository: GitRepository,
  commit: string,
  path: string,
): Promise<ReadonlyMap<string, string>> {
  try {
    const { files } = await commitSource(repository, path, commit).snapshot(commit);
    return new Map(files.map((file) => [file.path, file.blob]));
  } catch (error) {
    if (error instanceof SourceError && error.code === "source/path-not-found") return new Map();
    throw error;
  }
}

export async function bodyOf(repository: GitRepository, commit: string): Promise<string> {
  const text = (await readCommitBytes(repository, commit)).toString("utf8");
  const [, ...rest] = text
    .slice(text.indexOf("\n\n") + 2)
    .trim()
    .split("\n");
  return rest
    .map((line) => printable(line))
    .join("\n")
    .trim()
    .slice(0, MOST_BODY);
}
