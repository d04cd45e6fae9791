import type { SimpleGit } from "simple-git";
import type { StateLocation } from "../source/locate-state.ts";
import { redactCredentials } from "../source/redact-credentials.ts";
import { EditError } from "./edit-error.ts";
import { knowsIdentity, openPersonalGit, SET_IDENTITY } from "./personal-git.ts";

/** The work tree of the person who edits: their branch, their identity, their hooks, their signing key. */
export class WorkTree {
  private readonly git: SimpleGit;
  private readonly location: StateLocation;

  private constructor(location: StateLocation, top: string) {
    this.location = location;
    this.git = openPersonalGit(top);
  }

  /** @throws EditError `edit/not-a-repository` */
  static open(location: StateLocation): WorkTree {
    if (location.repository === undefined) {
      throw new EditError("edit/not-a-repository", `\`${location.root}\` is not in a git repository`, {
        help: "state is changed by commits: run `git init` and commit it first",
      });
    }
    return new WorkTree(location, location.repository);
  }

  /**
   * The branch that is checked out, once nothing stands in the way of a commit on it.
   *
   * @throws EditError `edit/detached-head`, `edit/dirty-tree`, `edit/git-failed`
   */
  async requireCleanBranch(): Promise<string> {
    const status = await this.run(() => this.git.status());
    const inTheWay = status.files
      .filter(({ index, path }) => index !== "?" || this.isState(path))
      .map(({ path }) => path);
    if (inTheWay.length > 0) {
      const shown = inTheWay.slice(0, 5).join(", ");
      const more = inTheWay.length > 5 ? ` and ${inTheWay.length - 5} more` : "";
      throw new EditError(
        "edit/dirty-tree",
        `the work tree has changes that are not committed: ${shown}${more}`,
        {
          help: "commit or stash them first, so that this change stands in a commit of its own",
        },
      );
    }
    if (status.detached || status.current === null) {
      throw new EditError("edit/detached-head", "no branch is checked out (detached HEAD)", {
        help: "check out the branch that the change is for: `git switch main`",
      });
    }
    return status.current;
  }

  /** Whether a branch is here, or was on a remote when it was last fetched. @throws EditError `edit/git-failed` */
  async hasBranch(name: string): Promise<boolean> {
    const refs = await this.run(() => this.git.raw(["for-each-ref", "--format=%(refname)"]));
    return refs
      .split("\n")
      .some((ref) => ref === `refs/heads/${name}` || /^refs\/remotes\/[^/]+\/(.*)$/.exec(ref)?.[1] === name);
  }

  /**
   * Checks out a new branch that begins where `base` is.
   *
   * @throws EditError `edit/branch-exists`, `edit/git-failed`
   */
  async startBranch(name: string, base: string): Promise<void> {
    if (await this.hasBranch(name)) {
      throw new EditError("edit/branch-exists", `branch \`${name}\` already exists`, {
        help: "name another one with --branch NAME, or delete it when it is merged",
      });
    }
    // The start in full: by its short name, also `HEAD`, git would find a tag.
    await this.run(() =>
      this.git.raw(["checkout", "--quiet", "--no-track", "-b", name, `refs/heads/${base}`]),
    );
  }

  /** Leaves a branch for another one; `discard` deletes the one left, which has nothing of its own. */
  async leaveBranch(name: string, to: string, discard: boolean): Promise<void> {
    await this.run(() => this.git.checkout([to]));
    if (discard) await this.run(() => this.git.deleteLocalBranch(name, true));
  }

  /**
   * Commits just these files (relative to the state root) as the person's own git would: with their hooks and
   * signing. When it fails the index is as it was.
   *
   * @returns the new commit's id
   * @throws EditError `edit/git-failed`, `edit/no-identity`
   */
  async commit(paths: readonly string[], message: readonly string[]): Promise<string> {
    const files = paths.map((path) => (this.location.path === "" ? path : `${this.location.path}/${path}`));
    try {
      await this.run(() => this.git.raw(["add", "--", ...files]));
      await this.run(() => this.git.commit([...message], [...files], { "--quiet": null }));
    } catch (error) {
      await this.git.raw(["reset", "--quiet", "--", ...files]).catch(() => undefined);
      throw (await knowsIdentity(this.git)) ? error : noIdentity(error);
    }
    return (await this.run(() => this.git.revparse(["HEAD"]))).trim();
  }

  /**
   * The remote that the branch follows, else `origin`, else the only one.
   *
   * @throws EditError `edit/no-remote`
   */
  async remote(branch: string): Promise<{ readonly name: string; readonly url: string }> {
    const remotes = (await this.run(() => this.git.getRemotes())).map((remote) => remote.name);
    const followed = await this.setting(`branch.${branch}.remote`);
    const name = [followed, "origin", remotes.length === 1 ? remotes[0] : undefined].find(
      (candidate) => candidate !== undefined && remotes.includes(candidate),
    );
    if (name === undefined) {
      throw new EditError("edit/no-remote", "the repository has no remote to push to", {
        help: "add one with `git remote add origin URL`",
      });
    }
    // Read as it is written: `git remote` would apply `insteadOf` to it, which may lead to a mirror.
    const url =
      (await this.setting(`remote.${name}.pushurl`)) ?? (await this.setting(`remote.${name}.url`)) ?? "";
    return { name, url };
  }

  /** @throws EditError `edit/git-failed`; the commit stays on its branch */
  async push(remote: string, branch: string): Promise<void> {
    // In full: a tag may have the same name.
    const ref = `refs/heads/${branch}`;
    await this.run(() => this.git.push(remote, `${ref}:${ref}`, { "--set-upstream": null, "--quiet": null }));
  }

  private async setting(key: string): Promise<string | undefined> {
    const { value } = await this.git.getConfig(key).catch(() => ({ value: null }));
    return value ?? undefined;
  }

  private isState(path: string): boolean {
    const prefix = this.location.path === "" ? "" : `${this.location.path}/`;
    if (!path.startsWith(prefix)) return false;
    return /^(fleet\.yaml$|products\/|tenants\/|trust\/)/.test(path.slice(prefix.length));
  }

  private async run<T>(task: () => Promise<T>): Promise<T> {
    try {
      return await task();
    } catch (cause) {
      const text = redactCredentials(cause instanceof Error ? cause.message : String(cause)).trim();
      throw new EditError("edit/git-failed", `git refused: ${text}`, { cause });
    }
  }
}

function noIdentity(cause: unknown): EditError {
  return new EditError(
    "edit/no-identity",
    "git does not know who you are, and each change names who made it",
    {
      help: `${SET_IDENTITY}, then the same command again`,
      cause,
    },
  );
}
