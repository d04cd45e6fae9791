import { writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { makeFolder } from "../files/make-folder.ts";
import { onFile } from "../files/system-error.ts";
import { explainUnpushed } from "./fetch-failure.ts";
import { type GitResult, runGit } from "./git-process.ts";
import { GitRepository, workTreeAround } from "./git-repository.ts";
import { redactCredentials } from "./redact-credentials.ts";
import { callRemote, type RemoteAccess } from "./remote-access.ts";
import { checkedOutRef } from "./resolve-ref.ts";
import { SourceError } from "./source-error.ts";
import type { SourceLocation } from "./source-location.ts";

/** Somebody in git. */
export interface GitIdentity {
  readonly name: string;
  readonly mail: string;
}

/** One commit on a branch: on one of its own, or as the next one of a branch that is there. */
export interface NewBranch {
  /** Without `refs/heads/`. */
  readonly name: string;
  /** Full id of the commit that it comes after. */
  readonly base: string;
  /** New content of files, by path from the top of the repository; `undefined`: the file goes. */
  readonly files: ReadonlyMap<string, string | undefined>;
  readonly message: string;
  /** The committer, and the author unless that is somebody else. */
  readonly by: GitIdentity;
  readonly author?: GitIdentity;
  /** Seconds since 1970. */
  readonly at: number;
}

export interface BranchWriterOptions {
  readonly location: SourceLocation;
  /** Where the commits are that branches begin at: the repository itself, or the mirror of a remote. */
  readonly repository: GitRepository;
  /** Folder that is this writer's alone. */
  readonly folder: string;
  readonly access?: RemoteAccess | undefined;
  /** Milliseconds until a push is killed with all its helpers. */
  readonly deadlineMs?: number | undefined;
}

const PUSH_DEADLINE_MS = 120_000;

/**
 * Makes branches in the state repository. One that is there stays as it is, unless somebody asks for its next commit.
 *
 * No work tree is checked out. For a remote, new objects go into a repository of this writer, which borrows from the
 * mirror: fetching sweeps through that, and must meet nobody else's files there.
 */
export class BranchWriter {
  private readonly options: BranchWriterOptions;
  private readonly stopped = new AbortController();

  constructor(options: BranchWriterOptions) {
    this.options = options;
  }

  /**
   * @returns the new commit; `undefined`: there is a branch of that name already
   * @throws SourceError `source/push-refused`, `source/corrupt-repository`, `source/closed`, and why a remote could not be
   *   reached
   * @throws SystemError when the folder cannot be written
   */
  async write(branch: NewBranch): Promise<string | undefined> {
    const { location } = this.options;
    const ref = `refs/heads/${branch.name}`;
    if (location.kind === "local") {
      const { repository } = this.options;
      if (await hasRef(repository, ref)) return undefined;
      const commit = await this.commit(repository, branch);
      return this.createRef(repository, ref, commit);
    }
    try {
      const workshop = await this.makeWorkshop(branch.base);
      const commit = await this.commit(workshop, branch);
      return await this.push(workshop, location, ref, commit);
    } finally {
      // Whether it went well or not: what is tried again for months must not grow.
      await rm(this.workshopFolder, { recursive: true, force: true });
    }
  }

  /**
   * Makes the commit the next one of a branch that is at `base`. Where it is checked out, the files there follow, as by
   * `git merge --ff-only`.
   *
   * @returns the new commit; `undefined`: the branch is not at `base` any more
   * @throws SourceError as {@link write}, also where files in the work tree stand in the way
   */
  async extend(branch: NewBranch): Promise<string | undefined> {
    const { location } = this.options;
    const ref = `refs/heads/${branch.name}`;
    if (location.kind === "local") return this.extendHere(location.folder, ref, branch);
    try {
      const workshop = await this.makeWorkshop(branch.base);
      const commit = await this.commit(workshop, branch);
      return await this.push(workshop, location, ref, commit, branch.base);
    } finally {
      await rm(this.workshopFolder, { recursive: true, force: true });
    }
  }

  private async extendHere(folder: string, ref: string, branch: NewBranch): Promise<string | undefined> {
    const { repository } = this.options;
    if ((await tipOf(repository, ref)) !== branch.base) return undefined;
    const commit = await this.commit(repository, branch);
    const tree = await this.workTreeWith(folder, ref);
    const signal = this.stopped.signal;
    const done =
      tree === undefined
        ? await repository.run(["update-ref", ref, commit, branch.base], { signal })
        : await repository.run(["merge", "--quiet", "--ff-only", commit], {
            env: { GIT_WORK_TREE: tree, ...committerOf(branch) },
            cwd: tree,
            signal,
          });
    if (done.exitCode === 0) return commit;
    if ((await tipOf(repository, ref)) !== branch.base) return undefined;
    throw refused(repository.gitDir, done);
  }

  /** The work tree that has a branch checked out; `undefined`: it is checked out nowhere that the controller was given. */
  private async workTreeWith(folder: string, ref: string): Promise<string | undefined> {
    return (await checkedOutRef(this.options.repository)) === ref ? workTreeAround(folder) : undefined;
  }

  /** Kills a push under way. */
  close(): void {
    this.stopped.abort();
  }

  private get workshopFolder(): string {
    return join(this.options.folder, "objects.git");
  }

  private async makeWorkshop(base: string): Promise<GitRepository> {
    const folder = this.workshopFolder;
    await rm(folder, { recursive: true, force: true });
    makeFolder(folder, 0o700);
    const format = base.length === 64 ? "sha256" : "sha1";
    const made = await runGit({
      cwd: folder,
      args: ["init", "--quiet", "--bare", "--template=", `--object-format=${format}`, folder],
    });
    if (made.exitCode !== 0) throw refused(folder, made);
    const alternates = join(folder, "objects", "info", "alternates");
    makeFolder(join(folder, "objects", "info"), 0o700);
    const borrowed = `${join(this.options.repository.commonDir, "objects")}\n`;
    onFile(alternates, "written", () => writeFileSync(alternates, borrowed));
    return new GitRepository(folder, folder);
  }

  private async commit(repository: GitRepository, branch: NewBranch): Promise<string> {
    const { folder } = this.options;
    makeFolder(folder, 0o700);
    const index = join(folder, "index");
    const env = { GIT_INDEX_FILE: index };
    await rm(index, { force: true });
    await rm(`${index}.lock`, { force: true });
    try {
      await this.run(repository, ["read-tree", branch.base], { env });
      for (const [path, content] of branch.files) {
        if (content === undefined) {
          await this.run(repository, ["update-index", "--force-remove", "-z", "--stdin"], {
            env,
            input: `${path}\0`,
          });
          continue;
        }
        const blob = await this.run(repository, ["hash-object", "-w", "--stdin"], { input: content });
        const listed = await this.run(
          repository,
          ["ls-files", "--stage", "-z", "--", `:(top,literal)${path}`],
          {
            env,
          },
        );
        const mode = /^(100\d{3}) /.exec(listed)?.[1] ?? "100644";
        const input = `${mode} ${blob}\t${path}\0`;
        await this.run(repository, ["update-index", "--add", "-z", "--index-info"], { env, input });
      }
      const tree = await this.run(repository, ["write-tree"], { env });
      return await this.run(repository, ["commit-tree", tree, "-p", branch.base], {
        env: { ...authorOf(branch), ...committerOf(branch) },
        input: branch.message,
      });
    } finally {
      await rm(index, { force: true });
    }
  }

  private async createRef(
    repository: GitRepository,
    ref: string,
    commit: string,
  ): Promise<string | undefined> {
    // All zeros: only where there is none of that name.
    const made = await repository.run(["update-ref", ref, commit, "0".repeat(commit.length)], {
      signal: this.stopped.signal,
    });
    if (made.exitCode === 0) return commit;
    if (await hasRef(repository, ref)) return undefined;
    throw refused(repository.gitDir, made);
  }

  private async push(
    workshop: GitRepository,
    location: SourceLocation & { readonly kind: "remote" },
    ref: string,
    commit: string,
    base = "",
  ): Promise<string | undefined> {
    const { access = {}, deadlineMs = PUSH_DEADLINE_MS } = this.options;
    const { url, config, env } = callRemote(location.url, access, process.env);
    const pushed = await workshop.run(
      [
        // The lease on nothing forces nothing: it says that there must be no branch of that name yet. The lease on the
        // commit before says that nobody has come between.
        ...["push", "--porcelain", "--no-progress", "--no-verify", `--force-with-lease=${ref}:${base}`],
        ...["--end-of-options", url, `${commit}:${ref}`],
      ],
      { protocols: [location.protocol], deadlineMs, config, env, signal: this.stopped.signal },
    );
    const [, flag, summary = ""] = /^([ *=!+-])\t\S+:\S+\t(.*)$/m.exec(pushed.stdout.toString("utf8")) ?? [];
    if (pushed.exitCode === 0 && (flag === "*" || (base !== "" && flag === " "))) return commit;
    if (flag === "=" || /^\[rejected\]/.test(summary)) return undefined;
    throw explainUnpushed(redactCredentials(url), summary, pushed.stderr);
  }

  /** @returns what it printed, without the line break at its end */
  private async run(
    repository: GitRepository,
    args: readonly string[],
    options: { readonly env?: Readonly<Record<string, string>>; readonly input?: string },
  ): Promise<string> {
    const result = await repository.run(args, { ...options, signal: this.stopped.signal });
    if (result.exitCode !== 0) throw refused(repository.gitDir, result);
    return result.stdout.toString("utf8").trimEnd();
  }
}

async function hasRef(repository: GitRepository, ref: string): Promise<boolean> {
  return (await tipOf(repository, ref)) !== undefined;
}

/** The commit of a ref, by its whole name. */
async function tipOf(repository: GitRepository, ref: string): Promise<string | undefined> {
  const format = "--format=%(objectname) %(refname)";
  const { stdout } = await repository.run(["for-each-ref", "--count=1", format, ref]);
  const [commit, name] = stdout.toString("utf8").trim().split(" ");
  return name === ref ? commit : undefined;
}

function authorOf({ author, by, at }: NewBranch): Record<string, string> {
  const { name, mail } = author ?? by;
  return { GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: mail, GIT_AUTHOR_DATE: `${at} +0000` };
}

function committerOf({ by: { name, mail }, at }: NewBranch): Record<string, string> {
  return { GIT_COMMITTER_NAME: name, GIT_COMMITTER_EMAIL: mail, GIT_COMMITTER_DATE: `${at} +0000` };
}

function refused(folder: string, { stderr }: GitResult): SourceError {
  const line = stderr.split("\n").find((each) => /^(fatal|error):/.test(each)) ?? stderr.split("\n")[0];
  return new SourceError(
    "source/push-refused",
    `git can write no branch in \`${folder}\`: ${line || "no reason given"}`,
    {
      help: "let the user of the controller write there, or set `propose: off`",
    },
  );
}
