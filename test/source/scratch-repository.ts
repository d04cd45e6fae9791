import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";

/** A folder of one test, removed after it. */
export function scratchFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "fairlead-source-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A real repository for one test, with commits at times of the test's choice. */
export class ScratchRepository {
  readonly folder: string;
  #time = 1_700_000_000;

  constructor(t: TestContext) {
    this.folder = join(scratchFolder(t), "state");
    mkdirSync(this.folder);
    this.git("init", "-q", "-b", "main");
  }

  git(...args: string[]): string {
    return this.gitWithInput(undefined, ...args);
  }

  gitWithInput(input: string | Buffer | undefined, ...args: string[]): string {
    return execFileSync("git", args, {
      cwd: this.folder,
      ...(input === undefined ? {} : { input }),
      stdio: ["pipe", "pipe", "pipe"],
      maxBuffer: 1 << 26,
      env: {
        PATH: process.env.PATH ?? "",
        GIT_CONFIG_NOSYSTEM: "1",
        GIT_CONFIG_GLOBAL: "/dev/null",
        GIT_AUTHOR_NAME: "Ada",
        GIT_AUTHOR_EMAIL: "ada@acme.example",
        GIT_COMMITTER_NAME: "Ada",
        GIT_COMMITTER_EMAIL: "ada@acme.example",
        GIT_AUTHOR_DATE: `${this.#time} +0000`,
        GIT_COMMITTER_DATE: `${this.#time} +0000`,
      },
    })
      .toString()
      .trim();
  }

  write(path: string, text: string | Buffer): void {
    const file = join(this.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  /** The commit that is checked out. */
  get head(): string {
    return this.git("rev-parse", "HEAD");
  }

  /** Commits everything a minute after the last commit and returns the id. */
  commit(subject: string): string {
    this.#time += 60;
    this.git("add", "-A");
    this.git("commit", "-q", "--allow-empty", "-m", subject);
    return this.head;
  }

  /** Commits a channel file that points to `version`. */
  promote(version: string, channel = "stable"): string {
    this.write(`releases/products/agent/channels/${channel}.yaml`, `version: ${version}\n`);
    return this.commit(`promote ${version}`);
  }

  /** Commits a tree with one entry that a file system could not hold. */
  commitEntry(mode: string, path: string, content: string): string {
    const blob = mode === "160000" ? this.head : this.gitWithInput(content, "hash-object", "-w", "--stdin");
    this.git(
      "-c",
      "core.protectHFS=false",
      "update-index",
      "--add",
      "--cacheinfo",
      `${mode},${blob},${path}`,
    );
    this.git("commit", "-q", "-m", `add ${path}`);
    return this.head;
  }
}
