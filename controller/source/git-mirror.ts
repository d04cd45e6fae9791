import { createHash } from "node:crypto";
import { existsSync, statfsSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { makeFolder } from "../files/make-folder.ts";
import { diskFull, explainFileError, type SystemError } from "../files/system-error.ts";
import { runGit } from "./git-process.ts";
import { GitRepository } from "./git-repository.ts";
import { redactCredentials } from "./redact-credentials.ts";
import { SourceError } from "./source-error.ts";
import type { Transport } from "./source-location.ts";

/** Where a fetch puts the tip; also keeps it from being pruned. */
const TIP = "refs/fairlead/tip";
const FETCH_DEADLINE_MS = 120_000;

export interface MirrorOptions {
  readonly url: string;
  readonly protocol: Transport;
  /** Folder that holds the mirrors of this controller; nobody else writes there. */
  readonly mirrorsFolder: string;
  /** Milliseconds until a fetch is killed with all its helpers. */
  readonly deadlineMs?: number;
}

/**
 * A bare copy of one ref of a remote repository. It is fetched by a process of our own and not by simple-git, which
 * cannot kill the transport helpers that a hung fetch leaves behind.
 */
export class GitMirror {
  readonly repository: GitRepository;
  private readonly options: MirrorOptions;
  private readonly stopped = new AbortController();

  private constructor(repository: GitRepository, options: MirrorOptions) {
    this.repository = repository;
    this.options = options;
  }

  /**
   * Opens the mirror of a URL, or makes an empty one, and removes what a killed fetch left.
   *
   * @throws SourceError `source/git-missing`, `source/repository-unreachable`
   * @throws SystemError when the folder cannot be made or written
   */
  static async open(options: MirrorOptions): Promise<GitMirror> {
    const name = createHash("sha256").update(options.url).digest("hex").slice(0, 16);
    const folder = join(options.mirrorsFolder, `${name}.git`);
    makeFolder(folder, 0o700);
    await sweepLeftovers(folder);
    const made = await runGit({ cwd: folder, args: ["init", "--quiet", "--bare", "--template=", folder] });
    // A mirror that is there can be read, also where nothing can be written: the next fetch tells what is wrong.
    if (made.exitCode !== 0 && !existsSync(join(folder, "HEAD"))) {
      if (isFull(folder, made.stderr)) throw diskFull(folder);
      throw new SourceError("source/repository-unreachable", `no mirror can be made: ${made.stderr.trim()}`);
    }
    return new GitMirror(new GitRepository(folder, folder), options);
  }

  /**
   * Fetches a ref and returns the commit that it points to. Call it again only after it ended.
   *
   * @throws SourceError `source/repository-unreachable`, `source/ref-not-found`, `source/corrupt-repository`,
   *   `source/timeout`, `source/closed`
   * @throws SystemError `system/disk-full`
   */
  async fetch(ref: string): Promise<string> {
    const { url, protocol, deadlineMs = FETCH_DEADLINE_MS } = this.options;
    if (ref.startsWith("-") || /[:\s+^]/.test(ref)) {
      throw new SourceError("source/ref-not-found", `\`${ref}\` cannot be the name of a ref`);
    }
    try {
      const result = await this.repository.run(
        [
          ...["fetch", "--quiet", "--force", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head"],
          ...["--end-of-options", url, `+${ref}:${TIP}`],
        ],
        { protocols: [protocol], deadlineMs, signal: this.stopped.signal },
      );
      if (result.exitCode !== 0) throw fetchFailure(ref, url, result.stderr, this.repository.gitDir);
    } catch (error) {
      await sweepLeftovers(this.repository.gitDir);
      throw error;
    }
    const tip = await this.repository.run(["rev-parse", "--verify", "--quiet", `${TIP}^{commit}`]);
    if (tip.exitCode !== 0)
      throw new SourceError("source/ref-not-found", `\`${ref}\` does not name a commit`);
    return tip.stdout.toString().trim();
  }

  /** Kills a fetch under way and ends the reader. */
  close(): void {
    this.stopped.abort();
    this.repository.close();
  }
}

/** Whether git failed for want of space. It does not always say so; its environment asks for English. */
function isFull(folder: string, stderr: string): boolean {
  if (/No space left on device|Disk quota exceeded/.test(stderr)) return true;
  const { blocks, bavail } = statfsSync(folder);
  return blocks > 0 && bavail === 0;
}

function fetchFailure(ref: string, url: string, stderr: string, folder: string): SourceError | SystemError {
  // First of all: git adds that what it could not write whole is damaged.
  if (isFull(folder, stderr)) return diskFull(folder);
  const lines = stderr.split("\n").filter((line) => line !== "");
  const reason = lines.find((line) => /^(fatal|error):/.test(line)) ?? lines.at(-1) ?? "no reason given";
  if (/couldn't find remote ref/.test(stderr)) {
    return new SourceError("source/ref-not-found", `the source has no ref \`${ref}\``, {
      help: "push that branch, or name another ref",
    });
  }
  const place = redactCredentials(url);
  if (/fsck error|index-pack failed|unpack-objects failed|bad object|corrupt/.test(stderr)) {
    return new SourceError("source/corrupt-repository", `what \`${place}\` sent is not sound: ${reason}`);
  }
  return new SourceError("source/repository-unreachable", `\`${place}\` cannot be fetched: ${reason}`, {
    help: "check the address, the network and the credentials of the controller",
  });
}

/** Removes lock files and half-written packs and objects; only safe while nothing else uses the mirror. */
async function sweepLeftovers(gitDir: string): Promise<void> {
  try {
    const entries = await readdir(gitDir, { recursive: true, withFileTypes: true });
    for (const entry of entries) {
      if (!/\.lock$|^tmp_|^incoming-/.test(entry.name)) continue;
      await rm(join(entry.parentPath, entry.name), { recursive: true, force: true });
    }
  } catch (error) {
    throw explainFileError(error, gitDir, "written");
  }
}
