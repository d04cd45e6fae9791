import { existsSync, lstatSync, mkdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fromFileError, InstallError } from "../install-error.ts";
import type { Build } from "../life-cycle/journal.ts";

/**
 * Where the files of an installation are: all in one folder beside the installed file, hence on its file system
 * (a rename can't meet EXDEV or a noexec /tmp), readable by the agent's user only.
 */
export class InstallPaths {
  readonly installed: string;
  readonly staging: string;

  constructor(installed: string) {
    this.installed = installed;
    this.staging = join(dirname(installed), `.${basename(installed)}.fairlead`);
  }

  /** The artifact while it is downloaded and until it is swapped in. */
  staged(sha256: string): string {
    return join(this.staging, `staged-${sha256}`);
  }

  /** The ETag that came with the partial download. */
  etag(sha256: string): string {
    return join(this.staging, `staged-${sha256}.etag`);
  }

  previous(build: Build): string {
    return join(this.staging, `previous-${build.sha256}`);
  }

  /** A copy on its way to another name. */
  get scratch(): string {
    return join(this.staging, "copy.new");
  }

  get brokenFolder(): string {
    return join(this.staging, "broken");
  }

  broken(build: Build): string {
    return join(this.brokenFolder, `${build.version}-${build.sha256.slice(0, 8)}`);
  }

  get lock(): string {
    return join(this.staging, "lock");
  }
}

/**
 * Makes the staging folder, or checks that the one that is there is a real folder of ours that nobody else can
 * write to: a link or an open folder would let another user choose what we run.
 *
 * @throws InstallError `bad-staging`, `not-writable`, `disk-full`
 */
export function openStaging(paths: InstallPaths): void {
  const parent = dirname(paths.installed);
  if (!existsSync(parent)) {
    throw new InstallError("io-error", `the folder \`${parent}\` of the installed file is not there`, {
      help: "mount its file system, or make the folder, as the user that the agent runs as",
    });
  }
  for (const folder of [paths.staging, paths.brokenFolder]) {
    try {
      mkdirSync(folder, { mode: 0o700 });
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) {
        throw fromFileError(error, "make the staging folder", folder);
      }
    }
    const found = lstatSync(folder);
    const mode = found.mode & 0o777;
    if (found.isDirectory() && found.uid === process.geteuid?.() && (mode & 0o077) === 0) continue;
    const kind = found.isDirectory()
      ? `a folder with mode ${mode.toString(8)} of user ${found.uid}`
      : "no folder";
    throw new InstallError("bad-staging", `\`${folder}\` cannot be trusted as staging folder`, {
      expected: "a folder with mode 700 that belongs to the agent's user",
      got: kind,
      help: "find out who made it, then remove it: the agent makes a new one",
    });
  }
}
