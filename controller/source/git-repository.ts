import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { CatFile } from "./cat-file.ts";
import { type GitResult, type GitRun, runGit } from "./git-process.ts";
import { isObjectId } from "./object-id.ts";
import { TreeReader } from "./read-trees.ts";
import { SourceError } from "./source-error.ts";

/**
 * A repository on this machine, read through its object store only: nothing is written but what `branch-writer.ts` does,
 * and nothing checked out but by that, where people let the page commit in their own work tree.
 */
export class GitRepository {
  /** Absolute folder with the repository's HEAD; of a linked work tree, its own one. */
  readonly gitDir: string;
  /** Absolute folder with refs and objects, which linked work trees share. */
  readonly commonDir: string;
  readonly objects: CatFile;
  readonly trees: TreeReader;

  constructor(gitDir: string, commonDir: string) {
    this.gitDir = gitDir;
    this.commonDir = commonDir;
    this.objects = new CatFile(gitDir);
    this.trees = new TreeReader(this.objects);
  }

  /**
   * Runs a git command on this repository.
   *
   * @throws SourceError as {@link runGit}
   * @throws TypeError for a commit that is not named by its full id: git would guess what a short name means
   */
  async run(args: readonly string[], options: Omit<GitRun, "args" | "gitDir"> = {}): Promise<GitResult> {
    requireFullIds(args);
    return runGit({ ...options, gitDir: this.gitDir, args });
  }

  /** Ends the process that reads objects. The repository cannot be used afterwards. */
  close(): void {
    this.objects.close();
  }
}

/**
 * The commands in use. Those that read commits get them by their full ids only (`resolve-ref.ts` finds those), the
 * others read nothing that git could take for a short name.
 */
const READS_COMMITS: Readonly<Record<string, boolean>> = {
  blame: true,
  "commit-tree": true,
  log: true,
  "ls-tree": true,
  merge: true,
  "merge-base": true,
  "read-tree": true,
  "rev-list": true,
  "count-objects": false,
  fetch: false,
  "for-each-ref": false,
  "hash-object": false,
  "ls-files": false,
  "ls-remote": false,
  prune: false,
  push: false,
  repack: false,
  "rev-parse": false,
  "show-ref": false,
  "update-index": false,
  "update-ref": false,
  "write-tree": false,
};

function requireFullIds([command = "", ...args]: readonly string[]): void {
  const readsCommits = READS_COMMITS[command];
  if (readsCommits === undefined) throw new TypeError(`git ${command} is in no list of what reads commits`);
  if (!readsCommits) return;
  const paths = args.indexOf("--");
  const names = args.slice(0, paths === -1 ? undefined : paths).filter((arg) => !arg.startsWith("-"));
  const short = names.flatMap((name) => name.split("..")).find((name) => !isObjectId(name));
  if (short !== undefined) {
    throw new TypeError(`git ${command} was to read \`${short}\`, which is no full object id`);
  }
}

/** The top of the work tree that a folder is in; `undefined`: it is in none, as in a bare repository. */
export async function workTreeAround(folder: string): Promise<string | undefined> {
  const top = await runGit({
    cwd: folder,
    config: ["safe.directory=*"],
    args: ["rev-parse", "--path-format=absolute", "--show-toplevel"],
  });
  return top.exitCode === 0 ? top.stdout.toString("utf8").trimEnd() : undefined;
}

/**
 * Opens the repository that holds `folder`: a work tree or a part of it, a linked work tree, or a bare repository.
 *
 * @throws SourceError `source/repository-unreachable`, `source/git-missing`, `source/timeout`
 */
export async function openRepository(folder: string): Promise<GitRepository> {
  const result = await runGit({
    cwd: resolve(folder),
    // The operator named this folder, so its owner may be another user. From here on the git folder is passed
    // explicitly, and the hardened settings overrule whatever its config says.
    config: ["safe.directory=*"],
    args: ["rev-parse", "--path-format=absolute", "--absolute-git-dir", "--git-common-dir"],
  }).catch((error: unknown) => {
    // When the working folder is missing, node reports ENOENT as if git were missing.
    throw error instanceof SourceError && error.code === "source/git-missing"
      ? explainMissing(folder, error)
      : error;
  });
  const [gitDir, commonDir] = result.stdout.toString().split("\n");
  if (result.exitCode !== 0 || gitDir === undefined || commonDir === undefined) {
    throw new SourceError("source/repository-unreachable", `\`${folder}\` is not in a git repository`, {
      help: "name a git work tree, a bare repository or a URL",
    });
  }
  return new GitRepository(gitDir, commonDir);
}

function explainMissing(folder: string, error: SourceError): SourceError {
  if (existsSync(folder)) return error;
  return new SourceError("source/repository-unreachable", `\`${folder}\` does not exist`, { cause: error });
}
