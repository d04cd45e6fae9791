import { writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { makeFolder } from "../files/make-folder.ts";
import { onFile } from "../files/system-error.ts";
import { explainUnpushed } from "./fetch-failure.ts";
import { type GitResult, runGit } from "./git-process.ts";
import { GitRepository } from "./git-repository.ts";
import { redactCredentials } from "./redact-credentials.ts";
import { callRemote, type RemoteAccess } from "./remote-access.ts";
import { SourceError } from "./source-error.ts";
import type { SourceLocation } from "./source-location.ts";

/** One commit on a branch of its own. */
export interface NewBranch {
  /** Without `refs/heads/`. */
  readonly name: string;
  /** Full id of the commit that it comes after. */
  readonly base: string;
  /** New content of files, by path from the top of the repository. */
  readonly files: ReadonlyMap<string, string>;
  readonly message: string;
  /** Author and committer. */
  readonly by: { readonly name: string; readonly mail: string };
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
 * Makes branches in the state repository, and never changes one: a branch that is there stays as it is.
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
      const { name, mail } = branch.by;
      const date = `${branch.at} +0000`;
      return await this.run(repository, ["commit-tree", tree, "-p", branch.base], {
        env: {
          ...{ GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: mail, GIT_AUTHOR_DATE: date },
          ...{ GIT_COMMITTER_NAME: name, GIT_COMMITTER_EMAIL: mail, GIT_COMMITTER_DATE: date },
        },
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
  ): Promise<string | undefined> {
    const { access = {}, deadlineMs = PUSH_DEADLINE_MS } = this.options;
    const { url, config, env } = callRemote(location.url, access, process.env);
    const pushed = await workshop.run(
      [
        // The lease on nothing forces nothing: it says that there must be no branch of that name yet.
        ...["push", "--porcelain", "--no-progress", "--no-verify", `--force-with-lease=${ref}:`],
        ...["--end-of-options", url, `${commit}:${ref}`],
      ],
      { protocols: [location.protocol], deadlineMs, config, env, signal: this.stopped.signal },
    );
    const [, flag, summary = ""] = /^([ *=!+-])\t\S+:\S+\t(.*)$/m.exec(pushed.stdout.toString("utf8")) ?? [];
    if (pushed.exitCode === 0 && flag === "*") return commit;
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
  const { stdout } = await repository.run(["for-each-ref", "--count=1", "--format=%(refname)", ref]);
  return stdout.toString("utf8").trim() === ref;
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
