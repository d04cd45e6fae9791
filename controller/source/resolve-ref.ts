import type { GitRepository } from "./git-repository.ts";
import { readLooseRef } from "./loose-ref.ts";
import { peelToCommit } from "./read-commit.ts";
import { parseRevision, type RefName } from "./ref-name.ts";
import { SourceError } from "./source-error.ts";

/**
 * The commit that a name means; see {@link RefName} for what names mean. Everything else in the controller works with
 * full ids, so that this is the only place where a name is looked up.
 *
 * @param text a name, also with steps to an ancestor: `main`, `refs/tags/v1`, `HEAD~1`
 * @throws SourceError `source/ref-not-found`
 */
export async function resolveCommit(repository: GitRepository, text: string): Promise<string> {
  const revision = parseRevision(text);
  if (revision === undefined) {
    throw new SourceError("source/ref-not-found", `\`${text}\` cannot be the name of a commit`, {
      help: NAMES,
    });
  }
  const { name, steps } = revision;
  const object = await lookUp(repository, name);
  if (object !== undefined) {
    const commit = await peelToCommit(repository, `${object}${steps}`);
    if (commit !== undefined) return commit;
  }
  throw new SourceError("source/ref-not-found", `the repository has no commit at \`${text}\``, {
    help: await helpFor(repository, name),
  });
}

const NAMES =
  "name a branch, or write anything else in full: refs/tags/v1, or all 40 digits of a commit; HEAD~1 is fine, too";

/** The object that a name leads to: a commit, or a tag of one. */
async function lookUp(repository: GitRepository, name: RefName): Promise<string | undefined> {
  switch (name.kind) {
    case "head":
      return readRef(repository, "HEAD");
    case "full":
      return readRef(repository, name.ref);
    case "object": {
      const [object] = await repository.objects.read([name.id], 0);
      // In a repository with ids of another length, git would look for a ref of that name.
      return object?.id === name.id ? name.id : undefined;
    }
    case "branch": {
      const branch = await readRef(repository, name.ref);
      if (branch !== undefined || !name.name.includes("/")) return branch;
      return readRef(repository, `refs/remotes/${name.name}`);
    }
  }
}

/** What one ref holds, by its whole name. `--verify` is what makes git look nowhere else. */
async function readRef(repository: GitRepository, ref: string): Promise<string | undefined> {
  const loose = readLooseRef(repository, ref);
  if (loose !== undefined) return loose;
  const result = await repository.run(["show-ref", "--verify", "--hash", "--", ref]);
  return result.exitCode === 0 ? result.stdout.toString().trim() : undefined;
}

/** The branch that is checked out, as its ref in full; `undefined`: none is. */
export async function checkedOutRef(repository: GitRepository): Promise<string | undefined> {
  const head = await repository.run(["rev-parse", "--symbolic-full-name", "HEAD"]);
  const ref = head.stdout.toString("utf8").trim();
  return ref.startsWith("refs/heads/") ? ref : undefined;
}

/** What somebody probably meant by a name that leads nowhere. */
async function helpFor(repository: GitRepository, name: RefName): Promise<string> {
  if (name.kind !== "branch") return NAMES;
  const tag = `refs/tags/${name.name}`;
  if ((await readRef(repository, tag)) !== undefined) return `if you mean the tag, write ${tag}`;
  if (/^[0-9a-f]{4,63}$/.test(name.name)) {
    const result = await repository.run(["rev-parse", `--disambiguate=${name.name}`]);
    const [id, more] = result.stdout.toString().split("\n");
    if (id !== undefined && id !== "" && more === "") return `if you mean the commit, write all of it: ${id}`;
  }
  return NAMES;
}
