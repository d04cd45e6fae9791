import { printable } from "../../protocol/printable.ts";
import { formatTime } from "../../protocol/trail.ts";
import type { GitRepository } from "./git-repository.ts";
import { resolveCommit } from "./resolve-ref.ts";

/** The commit that brought a line to the first-parent line of history. */
export interface LineOrigin {
  readonly commit: string;
  /** `Name <mail>` */
  readonly author: string;
  /** Commit time, seconds since 1970. */
  readonly at: number;
  /** First line of the commit message. */
  readonly subject: string;
}

/** As people are told of it: `3fa9c12b0d41, Ada, 2026-11-22T09:00:00Z`. */
export function describeOrigin({ commit, author, at }: LineOrigin): string {
  return [commit.slice(0, 12), author.replace(/ <[^>]*>$/, ""), formatTime(at)].join(", ");
}

/** The history of one file may be long: what takes longer is not worth the machine's time. Milliseconds. */
const DEADLINE_MS = 10_000;

/**
 * Where a line of a file comes from.
 *
 * @param path inside the repository, with `/`
 * @param line 1: the first
 * @returns `undefined`: git does not say, such as for a line that is not there
 * @throws SourceError `source/timeout`, `source/git-missing`
 */
export async function lineOrigin(
  repository: GitRepository,
  commit: string,
  path: string,
  line: number,
): Promise<LineOrigin | undefined> {
  const args = ["blame", "--first-parent", "--porcelain", `-L${line},${line}`, commit, "--", path];
  const { exitCode, stdout } = await repository.run(args, { deadlineMs: DEADLINE_MS });
  return exitCode === 0 ? readPorcelain(stdout.toString("utf8")) : undefined;
}

/**
 * The same for a file as it lies on disk, where the commit that is checked out says the same.
 *
 * @param blob the id that git gives to what lies on disk
 * @returns `undefined`: it is not committed as it is
 * @throws SourceError
 */
export async function savedLineOrigin(
  repository: GitRepository,
  path: string,
  blob: string,
  line: number,
): Promise<LineOrigin | undefined> {
  const head = await resolveCommit(repository, "HEAD");
  const [committed] = await repository.objects.read([`${head}:${path}`], 0);
  return committed?.type === "blob" && committed.id === blob
    ? lineOrigin(repository, head, path, line)
    : undefined;
}

/** One line of `git blame --porcelain`: its commit, headers of a name and a value, and then the text after a tab. */
function readPorcelain(text: string): LineOrigin | undefined {
  const [first = "", ...lines] = text.split("\n");
  const headers = new Map<string, string>();
  for (const line of lines) {
    if (line.startsWith("\t")) break;
    const space = line.indexOf(" ");
    if (space > 0) headers.set(line.slice(0, space), line.slice(space + 1));
  }
  const commit = /^([0-9a-f]{40,64}) /.exec(first)?.[1];
  const [name, mail, time] = ["author", "author-mail", "committer-time"].map((header) => headers.get(header));
  if (commit === undefined || name === undefined || mail === undefined || time === undefined)
    return undefined;
  return {
    ...{ commit, author: printable(`${name} ${mail}`), at: Number(time) },
    subject: printable(headers.get("summary") ?? ""),
  };
}
