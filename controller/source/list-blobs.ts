import type { GitRepository } from "./git-repository.ts";
import { SourceError } from "./source-error.ts";

/** Larger files are no text that a person wrote, and there may be many of them. */
const MAX_BLOB_BYTES = 1024 * 1024;
const MAX_LISTING_BYTES = 256 * 1024 * 1024;

/** A small file of a repository, inside the state root or not. */
export interface ListedBlob {
  /** Relative to the top of the repository, with `/`. */
  readonly path: string;
  readonly blob: string;
}

/** The regular files of a commit, up to 1 MiB each. @throws SourceError `source/corrupt-repository`, `limit-exceeded` */
export async function listTreeBlobs(repository: GitRepository, commit: string): Promise<ListedBlob[]> {
  const { exitCode, stdout, stderr } = await repository.run(
    ["ls-tree", "-r", "-z", "--long", "--full-tree", "--end-of-options", commit],
    { maxOutput: MAX_LISTING_BYTES },
  );
  if (exitCode !== 0) throw cannotList(stderr);
  const entries = stdout.toString("utf8").split("\0");
  return entries.flatMap((entry) => {
    const [, mode, blob = "", size, path = ""] = /^(\d+) \w+ ([0-9a-f]+) +(\S+)\t(.*)$/s.exec(entry) ?? [];
    return mode?.startsWith("100") === true && Number(size) <= MAX_BLOB_BYTES ? [{ path, blob }] : [];
  });
}

/** Whether a commit has a folder of this path, from the top of the repository. @throws SourceError `source/corrupt-repository` */
export async function hasFolder(repository: GitRepository, commit: string, path: string): Promise<boolean> {
  const { exitCode, stdout, stderr } = await repository.run(
    ["ls-tree", "-d", "-z", "--full-tree", "--end-of-options", commit, "--", path],
    { maxOutput: MAX_LISTING_BYTES },
  );
  if (exitCode !== 0) throw cannotList(stderr);
  return stdout.length > 0;
}

/**
 * Every version of a file, up to 1 MiB, that came in the commits from `base` to `head`, also of files that are gone again.
 * Folders are listed as well: they are told apart when they are read.
 *
 * @throws SourceError `source/corrupt-repository`, `limit-exceeded`
 */
export async function listBlobsSince(
  repository: GitRepository,
  base: string,
  head: string,
): Promise<ListedBlob[]> {
  const { exitCode, stdout, stderr } = await repository.run(
    [
      "rev-list",
      "--objects",
      `--filter=blob:limit=${MAX_BLOB_BYTES}`,
      "--end-of-options",
      `${base}..${head}`,
    ],
    { maxOutput: MAX_LISTING_BYTES },
  );
  if (exitCode !== 0) throw cannotList(stderr);
  const lines = stdout.toString("utf8").split("\n");
  // Commits have no name, and the top folder an empty one.
  return lines.flatMap((line) => {
    const [, blob = "", path] = /^([0-9a-f]+) (.+)$/.exec(line) ?? [];
    return path === undefined ? [] : [{ path, blob }];
  });
}

/** The first commit from `base` to `head` that has this blob. @throws SourceError */
export async function findCommitWith(
  repository: GitRepository,
  blob: string,
  base: string,
  head: string,
): Promise<string | undefined> {
  const { exitCode, stdout, stderr } = await repository.run([
    ...[
      "log",
      "--reverse",
      "--format=%H",
      "-m",
      `--find-object=${blob}`,
      "--end-of-options",
      `${base}..${head}`,
    ],
  ]);
  if (exitCode !== 0) throw cannotList(stderr);
  return stdout.toString("utf8").split("\n", 1)[0] || undefined;
}

/** A file of the index. */
export interface StagedEntry extends ListedBlob {
  /** As git writes it: `100644`. */
  readonly mode: string;
  /** A merge left it in conflict: what the next commit will have of it, nobody has said yet. */
  readonly isUnmerged?: true;
}

/**
 * What is staged: the index. Of a file in conflict our side, or theirs where we have none.
 *
 * @param indexFile that of a commit under way, as git hands it to hooks; the repository's own when absent
 * @throws SourceError `source/corrupt-repository`, `limit-exceeded`
 */
export async function listStaged(
  repository: GitRepository,
  indexFile: string | undefined,
): Promise<StagedEntry[]> {
  const { exitCode, stdout, stderr } = await repository.run(["ls-files", "--stage", "-z"], {
    maxOutput: MAX_LISTING_BYTES,
    ...(indexFile === undefined ? {} : { env: { GIT_INDEX_FILE: indexFile } }),
  });
  if (exitCode !== 0) throw cannotList(stderr);
  const listed = new Map<string, StagedEntry>();
  for (const entry of stdout.toString("utf8").split("\0")) {
    const [, mode = "", blob = "", stage, path] = /^(\d+) ([0-9a-f]+) ([0-3])\t(.*)$/s.exec(entry) ?? [];
    if (path === undefined) continue;
    // In the order of the stages: what was before both sides, ours, theirs.
    if (stage === "3" && listed.has(path)) continue;
    listed.set(path, { mode, path, blob, ...(stage === "0" ? {} : { isUnmerged: true }) });
  }
  return [...listed.values()];
}

function cannotList(stderr: string): SourceError {
  return new SourceError(
    "source/corrupt-repository",
    `the files of the repository cannot be listed: ${stderr.trim()}`,
  );
}
