import { printable } from "../../protocol/printable.ts";
import { diffTrees } from "./diff-trees.ts";
import { FEW_PARENTS } from "./fast-forward.ts";
import type { GitRepository } from "./git-repository.ts";
import type { LoggedChange, LoggedCommit, LogRange } from "./logged-commit.ts";
import { readCommitBytes } from "./read-commit.ts";
import { SourceError } from "./source-error.ts";
import { byPath } from "./state-file.ts";

/**
 * What `git log` would say of the few commits since the last look, without starting it. `undefined` where git has to be
 * asked: the range is longer, is not all here, or a commit is written in a way that git has rules of its own for.
 *
 * @throws SourceError `source/corrupt-repository`, `source/timeout`, `source/closed`, `source/git-missing`
 */
export async function readRecentLog(
  repository: GitRepository,
  commit: string,
  { path, globs, since, onlyRemovals, maxCount }: LogRange,
): Promise<LoggedCommit[] | undefined> {
  if (since === undefined || maxCount !== undefined) return undefined;
  const chosen = choosePaths(globs);
  const log: LoggedCommit[] = [];
  let at = commit;
  for (let step = 0; at !== since; step++) {
    const head = step < FEW_PARENTS ? await tryReadHead(repository, at) : undefined;
    const [parent] = head?.parents ?? [];
    if (head === undefined || parent === undefined) return undefined;
    const [before, after] = await repository.objects.read([`${parent}:${path}`, `${at}:${path}`], 0);
    if (before?.type !== "tree" || after?.type !== "tree") return undefined;
    const found = await diffTrees(repository, before.id, after.id, chosen.mayHold);
    const changes = found
      .filter((change) => chosen.has(change.path) && (onlyRemovals !== true || change.blob === undefined))
      .sort(byPath)
      .map((change): LoggedChange => ({ path: change.path, before: change.before, after: change.blob }));
    const { author, subject } = head;
    if (changes.length > 0) log.push({ commit: at, author, at: head.at, subject, changes });
    at = parent;
  }
  return log;
}

interface LoggedHead extends Pick<LoggedCommit, "author" | "at" | "subject"> {
  readonly parents: readonly string[];
}

async function tryReadHead(repository: GitRepository, commit: string): Promise<LoggedHead | undefined> {
  try {
    return readHead((await readCommitBytes(repository, commit)).toString("utf8"));
  } catch (error) {
    const code = error instanceof SourceError ? error.code : undefined;
    if (code === "source/commit-not-found" || code === "source/limit-exceeded") return undefined;
    throw error;
  }
}

/** One or more lines of text without a blank at the beginning, up to an empty line or the end. */
const SUBJECT = /^([^\s\p{Cc}](?:[^\p{Cc}]|[\n\t])*?)\n?(?:\n[ \t]*(?:\n|$)|$)/u;
const AUTHOR = /^author ([^\s\p{Cc}<>](?:[^\p{Cc}<>]*[^\s\p{Cc}<>])?) <([^\s\p{Cc}<>]*)> \d+ [+-]\d{4}$/mu;

/** What a commit says, where it is written as nearly all are. */
function readHead(text: string): LoggedHead | undefined {
  const end = text.indexOf("\n\n");
  if (end === -1 || text.includes("\ufffd")) return undefined;
  const head = text.slice(0, end);
  const time = /^committer .*> (\d+) [+-]\d{4}$/m.exec(head)?.[1];
  const [, name, mail] = AUTHOR.exec(head) ?? [];
  const lines = SUBJECT.exec(text.slice(end + 2))?.[1]?.split("\n");
  if (time === undefined || name === undefined || lines === undefined || /^encoding /m.test(head))
    return undefined;
  return {
    parents: [...head.matchAll(/^parent ([0-9a-f]+)$/gm)].map((match) => match[1] ?? ""),
    author: printable(`${name} <${mail}>`),
    at: Number(time),
    subject: printable(lines.map((line) => line.replace(/[ \t]+$/, "")).join(" ")),
  };
}

/** Which paths are asked for, and which folders can hold one. A star stands for any part of one name. */
function choosePaths(globs: readonly string[] | undefined): {
  has(path: string): boolean;
  mayHold(folder: string): boolean;
} {
  const patterns = globs?.map((glob) => glob.split("/").map(namePattern));
  const fits = (pattern: readonly RegExp[], names: readonly string[]): boolean =>
    names.every((name, index) => pattern[index]?.test(name) === true);
  return {
    has(path) {
      const names = path.split("/");
      return (
        patterns === undefined ||
        patterns.some((pattern) => pattern.length === names.length && fits(pattern, names))
      );
    },
    mayHold(folder) {
      const names = folder.split("/");
      return (
        patterns === undefined ||
        patterns.some((pattern) => pattern.length > names.length && fits(pattern, names))
      );
    },
  };
}

function namePattern(glob: string): RegExp {
  return new RegExp(`^${glob.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*")}$`, "s");
}
