import { existsSync, lstatSync, mkdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { errnoOf } from "../files/errno.ts";
import type { Build } from "./build.ts";
import { fromFileError, InstallError } from "./install-error.ts";

/** A folder that only the agent's user can read: where builds wait before they are installed, and copies are kept. */
export class StagingFolder {
  readonly directory: string;

  private constructor(directory: string) {
    this.directory = directory;
  }

  /** The staging folder of what is installed at `path`: in the same folder, hence on the same file system. */
  static beside(path: string): StagingFolder {
    return new StagingFolder(join(dirname(path), `.${basename(path)}.fairlead`));
  }

  /** A folder elsewhere, for an agent that may not write beside what is installed. */
  static at(directory: string): StagingFolder {
    return new StagingFolder(directory);
  }

  /** The artifact while it is downloaded and until it is swapped in. */
  staged(build: Build): string {
    return join(this.directory, `staged-${build.id}`);
  }

  /** The ETag that came with the partial download. */
  etag(build: Build): string {
    return join(this.directory, `staged-${build.id}.etag`);
  }

  /** The copy to go back to. */
  kept(build: Build): string {
    return join(this.directory, `previous-${build.id}`);
  }

  /** A copy on its way to another name. */
  get scratch(): string {
    return join(this.directory, "copy.new");
  }

  get brokenFolder(): string {
    return join(this.directory, "broken");
  }

  broken(build: Build): string {
    return join(this.brokenFolder, `${build.version}-${build.id.slice(0, 8)}`);
  }

  get lock(): string {
    return join(this.directory, "lock");
  }

  /**
   * Makes the folder, or checks that the one that is there is a real folder of ours that nobody else can write to: a
   * link or an open folder would let another user choose what we run.
   *
   * @throws InstallError `install/bad-staging`, `install/not-writable`, `install/disk-full`, `install/io-error`
   */
  open(): void {
    const parent = dirname(this.directory);
    if (!existsSync(parent)) {
      throw new InstallError(
        "install/io-error",
        `the folder \`${parent}\` of the installed file is not there`,
        {
          help: "mount its file system, or make the folder, as the user that the agent runs as",
        },
      );
    }
    for (const folder of [this.directory, this.brokenFolder]) {
      try {
        mkdirSync(folder, { mode: 0o700 });
      } catch (error) {
        if (errnoOf(error) !== "EEXIST") throw fromFileError(error, "make the staging folder", folder);
      }
      requirePrivate(folder);
    }
  }
}

function requirePrivate(folder: string): void {
  const found = lstatSync(folder);
  const mode = found.mode & 0o777;
  if (found.isDirectory() && found.uid === process.geteuid?.() && (mode & 0o077) === 0) return;
  const kind = found.isDirectory()
    ? `a folder with mode ${mode.toString(8)} of user ${found.uid}`
    : "no folder";
  throw new InstallError("install/bad-staging", `\`${folder}\` cannot be trusted as staging folder`, {
    expected: "a folder with mode 700 that belongs to the agent's user",
    got: kind,
    help: "find out who made it, then remove it: the agent makes a new one",
  });
}
