import {
  existsSync,
  lstatSync,
  mkdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  type Stats,
  symlinkSync,
} from "node:fs";
import { join } from "node:path";
import { syncFolder } from "../../files/replace-file.ts";
import type { Build } from "../../installation/build.ts";
import { fromFileError, InstallError } from "../../installation/install-error.ts";
import { StagingFolder } from "../../installation/staging-folder.ts";
import type { InstalledFacts } from "../format.ts";
import { findDamage, NOTE } from "./version-files.ts";

const LINK = /^versions\/([0-9a-f]{64})$/;

/**
 * What lies where a product is installed from archives:
 *
 * - `versions/<id>/`: one unpacked version each, complete or not there
 * - `current`: a symbolic link to one of them
 * - `.versions.fairlead/`: staging, on the same file system, as what is made there is renamed into place
 */
export class VersionFolders {
  /** Absolute. */
  readonly root: string;
  readonly current: string;
  readonly versions: string;
  readonly staging: StagingFolder;

  private constructor(root: string, staging?: StagingFolder) {
    this.root = root;
    this.current = join(root, "current");
    this.versions = join(root, "versions");
    this.staging = staging ?? StagingFolder.beside(this.versions);
  }

  /** @param root where the product is installed */
  static at(root: string): VersionFolders {
    return new VersionFolders(root);
  }

  /** Where an agent without rights unpacks what it tries before the privileged helper does: nothing is installed there. */
  static toTry(staging: StagingFolder): VersionFolders {
    return new VersionFolders(join(staging.directory, "tried"), staging);
  }

  folder({ id }: Pick<Build, "id">): string {
    return join(this.versions, id);
  }

  /** Where a version is unpacked to before it gets its name. */
  unpacking({ id }: Build): string {
    return join(this.staging.directory, `unpacking-${id}`);
  }

  /** Where a version's folder goes to be removed: what a kill leaves of it cannot be taken for a version. */
  discarded({ id }: Pick<Build, "id">): string {
    return join(this.staging.directory, `discarded-${id}`);
  }

  makeVersions(): void {
    mkdirSync(this.versions, { recursive: true, mode: 0o755 });
  }

  /**
   * The version that `current` leads to.
   *
   * @param known spares the look where nothing has changed
   * @returns `undefined` where there is no link, or no such version
   * @throws InstallError `install/io-error` where something else stands at the link's path
   */
  installed(known?: InstalledFacts): InstalledFacts | undefined {
    try {
      const link = lstatSync(this.current, { bigint: true, throwIfNoEntry: false });
      if (link === undefined) return undefined;
      const id = link.isSymbolicLink() ? LINK.exec(readlinkSync(this.current))?.[1] : undefined;
      if (id === undefined) throw this.foreign();
      const note = lstatSync(join(this.folder({ id }), NOTE), { bigint: true, throwIfNoEntry: false });
      if (note === undefined) return undefined;
      const fingerprint = [link.dev, link.ino, link.mtimeNs, note.ino, note.size, note.mtimeNs].join(":");
      return known?.fingerprint === fingerprint && known.id === id ? known : { id, fingerprint };
    } catch (error) {
      throw fromFileError(error, "read", this.current);
    }
  }

  private foreign(): InstallError {
    return new InstallError("install/io-error", `\`${this.current}\` is not a link of this agent`, {
      expected: "a symbolic link to one of the folders in `versions`, or nothing",
      got: "something else",
      help: "move it away: the agent installs the version that the channel names",
    });
  }

  /** A link to a version, made anew in staging. */
  private makeLink(path: string, { id }: Build): void {
    rmSync(path, { force: true });
    symlinkSync(`versions/${id}`, path);
  }

  /** One rename: whoever follows `current` gets there by the old link or by the new one. */
  switchTo(build: Build): void {
    try {
      this.makeLink(this.staging.scratch, build);
      renameSync(this.staging.scratch, this.current);
      syncFolder(this.root);
    } catch (error) {
      throw fromFileError(error, "replace", this.current);
    }
  }

  /** Makes the link that `switchBackTo` uses, while there is room for it. */
  keepLink(build: Build): void {
    const path = this.staging.kept(build);
    try {
      this.makeLink(path, build);
      syncFolder(this.staging.directory);
    } catch (error) {
      throw fromFileError(error, "keep the previous version as", path);
    }
  }

  /** Takes the link that was kept, which needs no room at all; makes another where it is gone. */
  switchBackTo(build: Build): void {
    try {
      renameSync(this.staging.kept(build), this.current);
    } catch {
      this.switchTo(build);
      return;
    }
    this.tryToSync();
  }

  removeLink(): void {
    try {
      rmSync(this.current, { force: true });
    } catch (error) {
      throw fromFileError(error, "remove", this.current);
    }
    this.tryToSync();
  }

  private tryToSync(): void {
    try {
      syncFolder(this.root);
    } catch {
      // The good version is back for everybody who looks; only a power cut right now could undo that.
    }
  }

  /** @throws InstallError `install/previous-damaged` */
  requireWhole(build: Build): void {
    const damage = findDamage(this.folder(build));
    if (damage === undefined) return;
    throw new InstallError(
      "install/previous-damaged",
      `the kept folder of ${build.version} is not what was installed`,
      {
        expected: `all files of \`${this.folder(build)}\` as they were unpacked`,
        got: damage,
        help: "what is installed stays as it is; promote a newer version, or install a signed one by hand",
      },
    );
  }

  /**
   * Marks a version as one to look at. It stays where it is: a program that still runs from there could not go on if its
   * files were moved. Nobody's machine may wait for this.
   */
  tryToMarkBroken(build: Build): void {
    try {
      if (existsSync(this.folder(build))) this.makeLink(this.staging.broken(build), build);
    } catch {
      // It can be looked at all the same.
    }
  }
}

/** The id of the version that a link in staging leads to. */
export function linkedVersion(path: string): string | undefined {
  const found: Stats | undefined = lstatSync(path, { throwIfNoEntry: false });
  return found?.isSymbolicLink() === true ? LINK.exec(readlinkSync(path))?.[1] : undefined;
}
