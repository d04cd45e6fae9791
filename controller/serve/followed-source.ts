import { dirname } from "node:path";
import { watch } from "chokidar";
import type { ReconcileParts } from "../reconcile/reconcile.ts";
import type { GitRepository } from "../source/git-repository.ts";
import { GitSource, type GitSourceOptions } from "../source/git-source.ts";
import { worktreeSource } from "../source/state-source.ts";
import { watchLocal, watchRemote } from "../source/watch.ts";

export interface FollowedSourceOptions extends GitSourceOptions {
  /** Milliseconds between two looks at a remote; a local repository is watched. */
  readonly intervalMs: number;
  /** Editing mode: the absolute state root on disk, read as it lies there. */
  readonly worktree: string | undefined;
}

/** The state repository as a running controller uses it. */
export interface FollowedSource {
  readonly reads: ReconcileParts["source"];
  /** Where its commits are. */
  readonly repository: GitRepository;
  /** Puts the copy of a remote in order. No look may be under way. @throws SourceError */
  tidy(): Promise<void>;
  /** Calls `onChange` whenever there may be something new. */
  watch(onChange: () => void): Promise<void>;
  close(): Promise<void>;
}

/** @throws SourceError */
export async function openFollowedSource(options: FollowedSourceOptions): Promise<FollowedSource> {
  const source = await GitSource.open(options);
  const closers: (() => Promise<void>)[] = [async () => source.close()];
  return {
    reads: options.worktree === undefined ? source : savedFiles(source, options.worktree),
    repository: source.repository,
    tidy: () => source.tidy(),
    async watch(onChange) {
      const watcher = await watchSource(source, options, async () => onChange());
      closers.unshift(() => watcher.close());
    },
    async close() {
      for (const close of closers) await close();
    },
  };
}

function watchSource(
  source: GitSource,
  options: FollowedSourceOptions,
  look: () => Promise<void>,
): Promise<{ close(): Promise<void> }> {
  if (options.worktree !== undefined) return watchFiles(options.worktree, look);
  return options.location.kind === "local"
    ? watchLocal(source.repository, look)
    : Promise.resolve(watchRemote(options.intervalMs, look));
}

/** The files as they are saved, with the history of what is checked out. Nothing about them can be rewritten. */
function savedFiles(source: GitSource, root: string): FollowedSource["reads"] {
  const past = {
    histories: async () => source.histories(await source.head()),
    removedVersions: async (_: string, paths: readonly string[]) =>
      source.removedVersions(await source.head(), paths),
  };
  return {
    ...worktreeSource(root, () => Math.floor(Date.now() / 1000), past),
    descends: async () => true,
    // Nobody's fleet has ever followed it.
    removed: async () => ({ tenants: new Set(), releases: new Map() }),
  };
}

/** Milliseconds after the last event of a save; editors write, rename and touch. */
const SETTLED_MS = 60;

async function watchFiles(root: string, look: () => Promise<void>): Promise<{ close(): Promise<void> }> {
  let timer: NodeJS.Timeout | undefined;
  const watcher = watch(root, {
    ignoreInitial: true,
    ignored: (path) => /[\\/](\.[^\\/]*|node_modules|artifacts)$/.test(path.slice(root.length)),
  });
  watcher.on("all", () => {
    clearTimeout(timer);
    timer = setTimeout(look, SETTLED_MS);
  });
  await new Promise<void>((resolve) => watcher.once("ready", () => resolve()));
  return {
    async close() {
      clearTimeout(timer);
      await watcher.close();
    },
  };
}

/** Calls `onChange` when a file is written, also one that is not there yet or is replaced by a rename. */
export async function watchFile(file: string, onChange: () => void): Promise<{ close(): Promise<void> }> {
  const folder = dirname(file);
  const watcher = watch(folder, {
    ignoreInitial: true,
    depth: 0,
    ignored: (path) => path !== folder && path !== file,
  });
  watcher.on("all", onChange);
  await new Promise<void>((resolve) => watcher.once("ready", () => resolve()));
  return watcher;
}
