import { isDescendant } from "./fast-forward.ts";
import { findStateRoot } from "./find-state-root.ts";
import { GitMirror } from "./git-mirror.ts";
import { type GitRepository, openRepository } from "./git-repository.ts";
import { type KnownHistories, readChannelHistories } from "./promotion-history.ts";
import type { ChannelHistories } from "./promotion-record.ts";
import { readCommit } from "./read-commit.ts";
import { readSnapshot } from "./read-snapshot.ts";
import type { RemoteAccess } from "./remote-access.ts";
import { type RemovedState, readRemovedState } from "./removed-state.ts";
import {
  findRemovedVersions,
  type KnownRemovals,
  type RemovedVersionFile,
  readRemovedVersions,
} from "./removed-versions.ts";
import { resolveCommit } from "./resolve-ref.ts";
import type { Snapshot } from "./snapshot.ts";
import type { SourceLocation } from "./source-location.ts";

export interface GitSourceOptions {
  readonly location: SourceLocation;
  /** What is followed: a branch, a ref in full, or `HEAD` for what the repository has as its default. */
  readonly ref: string;
  /** State root inside the repository, with `/`; empty for its top; absent: where each commit has its fleet.yaml. */
  readonly path: string | undefined;
  /** Where mirrors of remotes are kept. */
  readonly mirrorsFolder: string;
  /** Milliseconds until a fetch is killed. */
  readonly fetchDeadlineMs?: number;
  /** How a remote is reached. */
  readonly access?: RemoteAccess;
}

/** One ref and folder of a local or remote repository, as reconcile reads it. */
export class GitSource {
  readonly repository: GitRepository;
  private readonly options: GitSourceOptions;
  private readonly mirror: GitMirror | undefined;
  private known: KnownHistories | undefined;
  private removals: KnownRemovals | undefined;
  private last: Pick<Snapshot, "commit" | "files"> | undefined;
  /** The last snapshot and the one before it, where all channel files are the same in both. */
  private quiet: { readonly commit: string; readonly before: string } | undefined;

  private constructor(repository: GitRepository, mirror: GitMirror | undefined, options: GitSourceOptions) {
    this.repository = repository;
    this.mirror = mirror;
    this.options = options;
  }

  /** @throws SourceError `source/repository-unreachable`, `source/git-missing`, `source/timeout` */
  static async open(options: GitSourceOptions): Promise<GitSource> {
    const { location, mirrorsFolder, fetchDeadlineMs, access } = options;
    switch (location.kind) {
      case "local":
        return new GitSource(await openRepository(location.folder), undefined, options);
      case "remote": {
        const { url, protocol } = location;
        const mirror = await GitMirror.open({
          url,
          protocol,
          mirrorsFolder,
          ...(fetchDeadlineMs === undefined ? {} : { deadlineMs: fetchDeadlineMs }),
          ...(access === undefined ? {} : { access }),
        });
        return new GitSource(mirror.repository, mirror, options);
      }
    }
  }

  /** The commit that the ref points to now; a remote is fetched first. @throws SourceError */
  head(): Promise<string> {
    const { ref } = this.options;
    return this.mirror === undefined ? resolveCommit(this.repository, ref) : this.mirror.fetch(ref);
  }

  /** Whether `commit` comes from `ancestor`. @throws SourceError */
  descends(commit: string, ancestor: string): Promise<boolean> {
    return isDescendant(this.repository, ancestor, commit);
  }

  /** @throws SourceError */
  async snapshot(commit: string): Promise<Snapshot> {
    const snapshot = await readSnapshot(this.repository, commit, await this.rootIn(commit));
    const { last } = this;
    const isQuiet = last !== undefined && snapshot.change?.since === last.files && !changesChannel(snapshot);
    this.quiet = isQuiet ? { commit, before: last.commit } : undefined;
    this.last = { commit, files: snapshot.files };
    return snapshot;
  }

  /** What each channel pointed to; only commits since the last call are read. @throws SourceError */
  async histories(commit: string): Promise<ChannelHistories> {
    const { repository } = this;
    const histories =
      this.known !== undefined && (await this.isQuietSuccessor(commit, this.known.commit))
        ? this.known.histories
        : await readChannelHistories(repository, commit, await this.rootIn(commit), this.known);
    this.known = { commit, histories };
    return histories;
  }

  /** Those of the version files `paths` that were removed; only commits since the last call are read. @throws SourceError */
  async removedVersions(commit: string, paths: readonly string[]): Promise<readonly RemovedVersionFile[]> {
    const root = await this.rootIn(commit);
    this.removals = await findRemovedVersions(this.repository, commit, root, this.removals);
    return readRemovedVersions(this.repository, this.removals, paths);
  }

  /** What was removed on the way to a commit, from `since` on or ever. @throws SourceError */
  async removed(commit: string, since: string | undefined): Promise<RemovedState> {
    return readRemovedState(this.repository, commit, await this.rootIn(commit), since);
  }

  /** The state root in a commit. @throws SourceError `source/path-not-found` */
  private rootIn(commit: string): Promise<string> {
    const { path } = this.options;
    return path === undefined ? findStateRoot(this.repository, commit) : Promise.resolve(path);
  }

  /** Whether the snapshots show that a commit right after `before` left every channel file alone. */
  private async isQuietSuccessor(commit: string, before: string): Promise<boolean> {
    if (this.quiet?.commit !== commit || this.quiet.before !== before) return false;
    return (await readCommit(this.repository, commit)).parents[0] === before;
  }

  /** Puts the copy of a remote in order; it may take minutes, and `head` must wait for it. @throws SourceError */
  async tidy(): Promise<void> {
    await this.mirror?.tidy();
  }

  /** Ends every process of this source. */
  close(): void {
    this.mirror?.close();
    this.repository.close();
  }
}

function changesChannel({ change }: Snapshot): boolean {
  const paths = [...(change?.files.keys() ?? [])];
  return paths.some((path) => path.startsWith("products/") && path.includes("/channels/"));
}
