import { createHash } from "node:crypto";
import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { explainUnreachable } from "./fetch-failure.ts";
import { runGit } from "./git-process.ts";
import { GitRepository } from "./git-repository.ts";
import { redactCredentials } from "./redact-credentials.ts";
import { callRemote, type RemoteAccess } from "./remote-access.ts";
import { SourceError } from "./source-error.ts";
import type { Transport } from "./source-location.ts";
import { tidyMirror } from "./tidy-mirror.ts";

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
  readonly access?: RemoteAccess;
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
   */
  static async open(options: MirrorOptions): Promise<GitMirror> {
    const folder = mirrorFolder(options.mirrorsFolder, options.url, options.access ?? {});
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await sweepLeftovers(folder);
    const made = await runGit({ cwd: folder, args: ["init", "--quiet", "--bare", "--template=", folder] });
    if (made.exitCode !== 0) {
      throw new SourceError("source/repository-unreachable", `no mirror can be made: ${made.stderr.trim()}`);
    }
    return new GitMirror(new GitRepository(folder, folder), options);
  }

  /**
   * Fetches a ref and returns the commit that it points to. Call it again only after it ended.
   *
   * @throws SourceError `source/ref-not-found`, `source/corrupt-repository`, `source/closed`, and what
   *   {@link explainUnreachable} tells apart
   */
  async fetch(ref: string): Promise<string> {
    const { protocol, access = {}, deadlineMs = FETCH_DEADLINE_MS } = this.options;
    const { url, config, env } = callRemote(this.options.url, access, process.env);
    if (ref.startsWith("-") || /[:\s+^]/.test(ref)) {
      throw new SourceError("source/ref-not-found", `\`${ref}\` cannot be the name of a ref`);
    }
    try {
      const result = await this.repository.run(
        [
          ...["fetch", "--quiet", "--force", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head"],
          ...["--end-of-options", url, `+${ref}:${TIP}`],
        ],
        { protocols: [protocol], deadlineMs, config, env, signal: this.stopped.signal },
      );
      if (result.exitCode !== 0) throw fetchFailure(ref, url, result.stderr);
    } catch (error) {
      await sweepLeftovers(this.repository.gitDir);
      const isLate =
        error instanceof SourceError && error.code === "source/timeout" && error.help === undefined;
      throw isLate ? tooLate(url, deadlineMs, error) : error;
    }
    const tip = await this.repository.run(["rev-parse", "--verify", "--quiet", `${TIP}^{commit}`]);
    if (tip.exitCode !== 0)
      throw new SourceError("source/ref-not-found", `\`${ref}\` does not name a commit`);
    await tidyMirror(this.repository, this.stopped.signal);
    return tip.stdout.toString().trim();
  }

  /** Kills a fetch under way and ends the reader. */
  close(): void {
    this.stopped.abort();
    this.repository.close();
  }
}

/** Where the mirror of a remote is: by the address without its secrets, so that a new token does not make a new one. */
export function mirrorFolder(mirrorsFolder: string, url: string, access: RemoteAccess): string {
  const { url: bare } = callRemote(url, access, process.env);
  return join(mirrorsFolder, `${createHash("sha256").update(bare).digest("hex").slice(0, 16)}.git`);
}

function tooLate(url: string, deadlineMs: number, cause: SourceError): SourceError {
  const message = `\`${redactCredentials(url)}\` was not fetched within ${deadlineMs / 1000} s`;
  return new SourceError("source/timeout", message, {
    help: "check the network and the git server; a large repository may need a longer --fetch-timeout",
    cause,
  });
}

function fetchFailure(ref: string, url: string, stderr: string): SourceError {
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
  return explainUnreachable(place, reason, stderr);
}

/** Removes lock files and half-written packs and objects; only safe while nothing else uses the mirror. */
async function sweepLeftovers(gitDir: string): Promise<void> {
  const entries = await readdir(gitDir, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    if (!/\.lock$|^tmp_|^incoming-/.test(entry.name)) continue;
    await rm(join(entry.parentPath, entry.name), { recursive: true, force: true });
  }
}
