import type { GitRepository } from "./git-repository.ts";
import { isObjectId } from "./object-id.ts";
import { readCommit } from "./read-commit.ts";
import { SourceError } from "./source-error.ts";

/** What a commit brings that another one does not have. */
export type NewCommits =
  /** Full ids of the commits, each with its parents; the tip is always among them. */
  | { readonly kind: "listed"; readonly parents: ReadonlyMap<string, readonly string[]> }
  | { readonly kind: "too-many"; readonly count: number };

/**
 * Every commit that can be reached from `tip` and not from `base`, on whichever side of a merge.
 *
 * @param base absent, or no longer in the repository: only `tip` itself is listed
 * @param most commits that are listed
 * @throws SourceError
 */
export async function listCommitsSince(
  repository: GitRepository,
  tip: string,
  base: string | undefined,
  most: number,
): Promise<NewCommits> {
  const head: [string, readonly string[]] = [tip, (await readCommit(repository, tip)).parents];
  if (base === undefined || !(await isHere(repository, base))) {
    return { kind: "listed", parents: new Map([head]) };
  }
  const range = `${base}..${tip}`;
  const lines = await revList(repository, ["--parents", `--max-count=${most + 1}`, range]);
  if (lines.length > most) {
    const [count] = await revList(repository, ["--count", range]);
    return { kind: "too-many", count: Number(count) };
  }
  const listed = lines.map((line): [string, readonly string[]] => {
    const [commit = "", ...parents] = line.split(" ");
    return [commit, parents];
  });
  return { kind: "listed", parents: new Map([head, ...listed]) };
}

async function isHere(repository: GitRepository, commit: string): Promise<boolean> {
  if (!isObjectId(commit)) return false;
  const [found] = await repository.objects.read([`${commit}^{commit}`], 0);
  return found !== undefined;
}

async function revList(repository: GitRepository, args: readonly string[]): Promise<string[]> {
  const { exitCode, stdout, stderr } = await repository.run(["rev-list", ...args]);
  if (exitCode === 0) return stdout.toString().split("\n").filter(Boolean);
  throw new SourceError("source/corrupt-repository", `history cannot be listed: ${stderr.trim()}`);
}
