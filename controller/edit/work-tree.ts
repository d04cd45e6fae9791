import type { SimpleGit } from "simple-git";
import { redactCredentials } from "../source/redact-credentials.ts";
import { EditError } from "./edit-error.ts";
import { knowsIdentity, openPersonalGit, SET_IDENTITY } from "./personal-git.ts";

/** Where the state is on this machine. */
export interface StatePlace {
  /** Top of the git work tree; absent outside git. */
  readonly repository: string | undefined;
  /** The state root inside it, with `/`; empty for its top. */
  readonly path: string;
  /** Absolute path of the state root. */
  readonly root: string;
}

/** The work tree of the person who edits: their branch, their identity, their hooks, their signing key. */
export class WorkTree {
  private readonly git: SimpleGit;
  private readonly place: StatePlace;

  private constructor(place: StatePlace, top: string) {
    this.place = place;
    this.git = openPersonalGit(top);
  }

  /** @throws EditError `not-a-repository` */
  static open(place: StatePlace): WorkTree {
    if (place.repository === undefined) {
      throw new EditError("not-a-repository", `\`${place.root}\` is not in a git repository`, {
        help: "state is changed by commits: run `git init` and commit it first",
      });
    }
    return new WorkTree(place, place.repository);
  }

  /**
   * The branch that is checked out, once nothing stands in the way of a commit on it.
   *
   * @throws EditError `detached-head`, `dirty-tree`, `git-failed`
   */
  async requireCleanBranch(): Promise<string> {
    const status = await this.run(() => this.git.status());
    const inTheWay = status.files
      .filter(({ index, path }) => index !== "?" || this.isState(path))
      .map(({ path }) => path);
    if (inTheWay.length > 0) {
      const shown = inTheWay.slice(0, 5).join(", ");
      const more = inTheWay.length > 5 ? ` and ${inTheWay.length - 5} more` : "";
      throw new EditError("dirty-tree", `the work tree has changes that are not committed: ${shown}${more}`, {
        help: "commit or stash them first, so that this change stands in a commit of its own",
      });
    }
    if (status.detached || status.current === null) {
      throw new EditError("detached-head", "no branch is checked out (detached HEAD)", {
        help: "check out the branch that the change is for: `git switch main`",
      });
    }
    return status.current;
  }

  /** Whether a branch is here, or was on a remote when it was last fetched. @throws EditError `git-failed` */
  async hasBranch(name: string): Promise<boolean> {
    const refs = await this.run(() => this.git.raw(["for-each-ref", "--format=%(refname)"]));
    return refs
      .split("\n")
      .some((ref) => ref === `refs/heads/${name}` || /^refs\/remotes\/[^/]+\/(.*)$/.exec(ref)?.[1] === name);
  }

  /** @throws EditError `branch-exists`, `git-failed` */
  async startBranch(name: string): Promise<void> {
    if (await this.hasBranch(name)) {
      throw new EditError("branch-exists", `branch \`${name}\` already exists`, {
        help: "name another one with --branch NAME, or delete it when it is merged",
      });
    }
    await this.run(() => this.git.checkoutLocalBranch(name));
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
   * @throws EditError `git-failed`, `no-identity`
   */
  async commit(paths: readonly string[], message: readonly string[]): Promise<string> {
    const files = paths.map((path) => (this.place.path === "" ? path : `${this.place.path}/${path}`));
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
   * @throws EditError `no-remote`
   */
  async remote(branch: string): Promise<{ readonly name: string; readonly url: string }> {
    const remotes = (await this.run(() => this.git.getRemotes())).map((remote) => remote.name);
    const followed = await this.setting(`branch.${branch}.remote`);
    const name = [followed, "origin", remotes.length === 1 ? remotes[0] : undefined].find(
      (candidate) => candidate !== undefined && remotes.includes(candidate),
    );
    if (name === undefined) {
      throw new EditError("no-remote", "the repository has no remote to push to", {
        help: "add one with `git remote add origin URL`",
      });
    }
    // As it is written: `git remote` would show what insteadOf makes of it, which may be a mirror.
    const url =
      (await this.setting(`remote.${name}.pushurl`)) ?? (await this.setting(`remote.${name}.url`)) ?? "";
    return { name, url };
  }

  /** @throws EditError `git-failed`; the commit stays on its branch */
  async push(remote: string, branch: string): Promise<void> {
    await this.run(() => this.git.push(remote, branch, { "--set-upstream": null, "--quiet": null }));
  }

  private async setting(key: string): Promise<string | undefined> {
    const { value } = await this.git.getConfig(key).catch(() => ({ value: null }));
    return value ?? undefined;
  }

  private isState(path: string): boolean {
    const prefix = this.place.path === "" ? "" : `${this.place.path}/`;
    if (!path.startsWith(prefix)) return false;
    return /^(fleet\.yaml$|products\/|tenants\/|trust\/)/.test(path.slice(prefix.length));
  }

  private async run<T>(task: () => Promise<T>): Promise<T> {
    try {
      return await task();
    } catch (cause) {
      const text = redactCredentials(cause instanceof Error ? cause.message : String(cause)).trim();
      throw new EditError("git-failed", `git refused: ${text}`, { cause });
    }
  }
}

function noIdentity(cause: unknown): EditError {
  return new EditError("no-identity", "git does not know who you are, and each change names who made it", {
    help: `${SET_IDENTITY}, then the same command again`,
    cause,
  });
}
