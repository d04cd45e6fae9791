import { join } from "node:path";
import { GitMirror, mirrorFolder } from "./git-mirror.ts";
import { type GitRepository, openRepository } from "./git-repository.ts";
import { parseRefName } from "./ref-name.ts";
import type { RemoteAccess } from "./remote-access.ts";
import { checkedOutRef, resolveCommit } from "./resolve-ref.ts";
import { SourceError } from "./source-error.ts";
import type { SourceLocation } from "./source-location.ts";

/** A branch of the state repository. */
export interface BranchTip {
  /** Without `refs/heads/`. */
  readonly name: string;
  /** Full object id. */
  readonly commit: string;
}

export interface BranchReaderOptions {
  readonly location: SourceLocation;
  /** What the controller follows: a branch, a ref in full, or `HEAD`. */
  readonly ref: string;
  readonly access?: RemoteAccess | undefined;
  /** Where the controller's own mirrors are, which are borrowed from and never written. */
  readonly mirrorsFolder: string;
  /** Folder for the mirror of this reader, which is its alone. */
  readonly folder: string;
  /** Milliseconds until a fetch is killed. */
  readonly deadlineMs?: number | undefined;
}

/** Most branches that are listed. */
const MOST_BRANCHES = 1000;

/**
 * The branches of the state repository beside the one that is followed, and every commit that they share with it. What is
 * followed is fetched by somebody else, into a mirror of its own: no fetch of this one gets in the way of that.
 */
export class BranchReader {
  readonly repository: GitRepository;
  private readonly options: BranchReaderOptions;
  private readonly mirror: GitMirror | undefined;

  private constructor(
    repository: GitRepository,
    mirror: GitMirror | undefined,
    options: BranchReaderOptions,
  ) {
    this.repository = repository;
    this.mirror = mirror;
    this.options = options;
  }

  /** @throws SourceError, SystemError */
  static async open(options: BranchReaderOptions): Promise<BranchReader> {
    const { location, mirrorsFolder, folder, access, deadlineMs } = options;
    if (location.kind === "local") {
      return new BranchReader(await openRepository(location.folder), undefined, options);
    }
    const { url, protocol } = location;
    const mirror = await GitMirror.open({
      ...{ url, protocol, mirrorsFolder: folder },
      borrows: join(mirrorFolder(mirrorsFolder, url, access ?? {}), "objects"),
      ...(access === undefined ? {} : { access }),
      ...(deadlineMs === undefined ? {} : { deadlineMs }),
    });
    return new BranchReader(mirror.repository, mirror, options);
  }

  /** By name, at most a thousand. @throws SourceError */
  async list(): Promise<BranchTip[]> {
    const tips =
      this.mirror === undefined ? await this.localTips() : (await this.mirror.branches(MOST_BRANCHES)).tips;
    return [...tips]
      .map(([name, commit]) => ({ name, commit }))
      .filter(({ name }) => isBranchName(name))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** The commit that a branch points to now. @throws SourceError `source/ref-not-found` */
  async tip(branch: string): Promise<string> {
    if (!isBranchName(branch)) {
      throw new SourceError("source/ref-not-found", `\`${branch}\` cannot be the name of a branch`);
    }
    // In full: nothing else that has such a name is meant.
    return this.commitOf(`refs/heads/${branch}`);
  }

  /** The branch that is followed, and where it is; no name: a tag or a commit is. @throws SourceError */
  async followed(): Promise<{ readonly branch: string | undefined; readonly commit: string }> {
    const { ref } = this.options;
    const name = parseRefName(ref);
    const branch = await this.branchOf(name);
    return { branch, commit: await this.commitOf(branch === undefined ? ref : `refs/heads/${branch}`) };
  }

  /** Kills a fetch under way, and ends every process. */
  close(): void {
    this.mirror?.close();
    this.repository.close();
  }

  private async commitOf(ref: string): Promise<string> {
    if (this.mirror === undefined) return resolveCommit(this.repository, ref);
    const commit = await this.mirror.fetch(ref);
    await this.mirror.tidy();
    return commit;
  }

  private async branchOf(name: ReturnType<typeof parseRefName>): Promise<string | undefined> {
    switch (name?.kind) {
      case "branch":
        return name.name;
      case "full":
        return /^refs\/heads\/(.+)$/.exec(name.ref)?.[1];
      case "head": {
        if (this.mirror !== undefined) return (await this.mirror.branches(0)).head;
        return (await checkedOutRef(this.repository))?.slice("refs/heads/".length);
      }
      case "object":
      case undefined:
        return undefined;
    }
  }

  private async localTips(): Promise<Map<string, string>> {
    const result = await this.repository.run([
      "for-each-ref",
      `--count=${MOST_BRANCHES}`,
      "--format=%(objectname) %(refname)",
      "refs/heads/",
    ]);
    const lines = result.stdout.toString("utf8").matchAll(/^([0-9a-f]+) refs\/heads\/(.+)$/gm);
    return new Map([...lines].map(([, commit = "", name = ""]) => [name, commit]));
  }
}

/** Whether a text names a branch, and nothing else. */
export function isBranchName(text: string): boolean {
  return parseRefName(text)?.kind === "branch";
}
