import { createHash } from "node:crypto";
import { existsSync, statfsSync, writeFileSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { makeFolder } from "../files/make-folder.ts";
import { readBounded } from "../files/read-bounded.ts";
import { diskFull, explainFileError, onFile, type SystemError } from "../files/system-error.ts";
import { explainUnreachable } from "./fetch-failure.ts";
import { runGit } from "./git-process.ts";
import { GitRepository } from "./git-repository.ts";
import { redactCredentials } from "./redact-credentials.ts";
import { parseRefName, type RefName } from "./ref-name.ts";
import { callRemote, type RemoteAccess } from "./remote-access.ts";
import { SourceError } from "./source-error.ts";
import type { Transport } from "./source-location.ts";
import { tidyMirror } from "./tidy-mirror.ts";

/** Where a fetch puts the tip; also keeps it from being pruned. */
const TIP = "refs/fairlead/tip";
const FETCH_DEADLINE_MS = 120_000;
const MAX_FETCH_HEAD = 64 * 1024;
const MAX_LISTING = 8 * 1024 * 1024;

export interface MirrorOptions {
  readonly url: string;
  readonly protocol: Transport;
  /** Folder that holds the mirrors of this controller; nobody else writes there. */
  readonly mirrorsFolder: string;
  /** Milliseconds until a fetch is killed with all its helpers. */
  readonly deadlineMs?: number;
  readonly access?: RemoteAccess;
  /** Folder of another mirror of it (`objects`): what is there is not fetched again. */
  readonly borrows?: string;
}

/** The branches of a remote. */
export interface RemoteBranches {
  /** Its default; `undefined`: it has none, or does not say. */
  readonly head: string | undefined;
  /** Commits by the name of their branch. */
  readonly tips: ReadonlyMap<string, string>;
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
    const folder = mirrorFolder(options.mirrorsFolder, options.url, options.access ?? {});
    makeFolder(folder, 0o700);
    await sweepLeftovers(folder);
    const made = await runGit({ cwd: folder, args: ["init", "--quiet", "--bare", "--template=", folder] });
    // A mirror that is there can be read, also where nothing can be written: the next fetch tells what is wrong.
    if (made.exitCode !== 0 && !existsSync(join(folder, "HEAD"))) {
      if (isFull(folder, made.stderr)) throw diskFull(folder);
      throw new SourceError("source/repository-unreachable", `no mirror can be made: ${made.stderr.trim()}`);
    }
    const { borrows } = options;
    if (borrows !== undefined) {
      const alternates = join(folder, "objects", "info", "alternates");
      onFile(alternates, "written", () => writeFileSync(alternates, `${borrows}\n`));
    }
    return new GitMirror(new GitRepository(folder, folder), options);
  }

  /**
   * Fetches a ref and returns the commit that it points to. Call it again only after it ended.
   *
   * @throws SourceError `source/ref-not-found`, `source/corrupt-repository`, `source/closed`, and what
   *   {@link explainUnreachable} tells apart
   * @throws SystemError `system/disk-full`
   */
  async fetch(ref: string): Promise<string> {
    const { protocol, access = {}, deadlineMs = FETCH_DEADLINE_MS } = this.options;
    const { url, config, env } = callRemote(this.options.url, access, process.env);
    const name = parseRefName(ref);
    if (name === undefined) {
      throw new SourceError("source/ref-not-found", `\`${ref}\` cannot be the name of a ref`);
    }
    try {
      const result = await this.repository.run(
        [
          ...["fetch", "--quiet", "--force", "--no-tags", "--no-recurse-submodules", "--write-fetch-head"],
          ...["--end-of-options", url, `+${remoteName(name)}:${TIP}`],
        ],
        { protocols: [protocol], deadlineMs, config, env, signal: this.stopped.signal },
      );
      if (result.exitCode !== 0) throw fetchFailure(name, url, result.stderr, this.repository.gitDir);
    } catch (error) {
      await sweepLeftovers(this.repository.gitDir);
      const isLate =
        error instanceof SourceError && error.code === "source/timeout" && error.help === undefined;
      throw isLate ? tooLate(url, deadlineMs, error) : error;
    }
    const fetched = readFetchHead(this.repository.gitDir, name);
    // For a ref that is not there git takes another one: for `refs/heads/main` the tag `refs/tags/refs/heads/main`.
    if (fetched === undefined) throw noSuchRef(name);
    const [commit] = await this.repository.objects.read([`${fetched}^{commit}`], 0);
    if (commit === undefined)
      throw new SourceError("source/ref-not-found", `\`${ref}\` does not name a commit`);
    return commit.id;
  }

  /**
   * What the remote has as branches now, by name, and as its default; at most `most`.
   *
   * @throws SourceError what {@link explainUnreachable} tells apart, `source/timeout`, `source/closed`
   */
  async branches(most: number): Promise<RemoteBranches> {
    const { protocol, access = {}, deadlineMs = FETCH_DEADLINE_MS } = this.options;
    const { url, config, env } = callRemote(this.options.url, access, process.env);
    const result = await this.repository.run(
      ["ls-remote", "--quiet", "--symref", "--end-of-options", url, "HEAD", "refs/heads/*"],
      { protocols: [protocol], deadlineMs, config, env, signal: this.stopped.signal, maxOutput: MAX_LISTING },
    );
    if (result.exitCode !== 0) {
      const reason = result.stderr.split("\n").find((line) => line !== "") ?? "no reason given";
      throw explainUnreachable(redactCredentials(url), reason, result.stderr);
    }
    const text = result.stdout.toString("utf8");
    const head = /^ref: refs\/heads\/(\S+)\tHEAD$/m.exec(text)?.[1];
    const tips = [...text.matchAll(/^([0-9a-f]{40,64})\trefs\/heads\/(\S+)$/gm)].slice(0, most);
    return { head, tips: new Map(tips.map(([, commit = "", name = ""]) => [name, commit])) };
  }

  /** Packs what many fetches have left, where there is much of it. Nothing may be fetched meanwhile. @throws SourceError */
  async tidy(): Promise<void> {
    await tidyMirror(this.repository, this.stopped.signal);
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

/** How the remote is asked for what a name means. */
function remoteName(name: RefName): string {
  switch (name.kind) {
    case "head":
      return "HEAD";
    case "object":
      return name.id;
    case "full":
    case "branch":
      return name.ref;
  }
}

/**
 * What the last fetch brought, if it is what the name means: git writes the whole name of what it took into FETCH_HEAD
 * (gitrepository-layout(5)), as `<id> TAB TAB branch 'main' of <address>`.
 */
function readFetchHead(gitDir: string, name: RefName): string | undefined {
  const line = readBounded(join(gitDir, "FETCH_HEAD"), MAX_FETCH_HEAD)?.toString("utf8") ?? "";
  const [, id, kind = "", what = ""] =
    /^([0-9a-f]{40,64})\t[^\t]*\t(?:([a-z -]*)'([^' ]+)' of )?/.exec(line) ?? [];
  if (id === undefined || line.trimEnd().includes("\n")) return undefined;
  const taken = what === "" ? "HEAD" : `${FETCHED[kind.trim()] ?? ""}${what}`;
  return taken === remoteName(name) ? id : undefined;
}

/** How FETCH_HEAD shortens the names of refs. */
const FETCHED: Readonly<Record<string, string>> = {
  branch: "refs/heads/",
  tag: "refs/tags/",
  "remote-tracking branch": "refs/remotes/",
};

function noSuchRef(name: RefName): SourceError {
  const what = name.kind === "branch" ? `branch \`${name.name}\`` : `ref \`${remoteName(name)}\``;
  return new SourceError("source/ref-not-found", `the source has no ${what}`, {
    help: "push that branch, or name another one; a tag is named in full: refs/tags/v1",
  });
}

/** Whether git failed for want of space. It does not always say so; its environment asks for English. */
function isFull(folder: string, stderr: string): boolean {
  if (/No space left on device|Disk quota exceeded/.test(stderr)) return true;
  const { blocks, bavail } = statfsSync(folder);
  return blocks > 0 && bavail === 0;
}

function fetchFailure(name: RefName, url: string, stderr: string, folder: string): SourceError | SystemError {
  // First of all: git adds that what it could not write whole is damaged.
  if (isFull(folder, stderr)) return diskFull(folder);
  const lines = stderr.split("\n").filter((line) => line !== "");
  const reason = lines.find((line) => /^(fatal|error):/.test(line)) ?? lines.at(-1) ?? "no reason given";
  if (/couldn't find remote ref/.test(stderr)) return noSuchRef(name);
  const place = redactCredentials(url);
  if (/fsck error|index-pack failed|unpack-objects failed|bad object|corrupt/.test(stderr)) {
    return new SourceError("source/corrupt-repository", `what \`${place}\` sent is not sound: ${reason}`);
  }
  return explainUnreachable(place, reason, stderr);
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
