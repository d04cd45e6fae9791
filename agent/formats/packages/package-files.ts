import { existsSync, linkSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { copyFile, duplicateFile } from "../../files/copy-file.ts";
import { sha256OfFile } from "../../files/hash-file.ts";
import { readBounded } from "../../files/read-bounded.ts";
import { replaceFile } from "../../files/replace-file.ts";
import type { Build } from "../../installation/build.ts";
import { fromFileError, InstallError } from "../../installation/install-error.ts";
import type { StagingFolder } from "../../installation/staging-folder.ts";
import type { NeededBuilds } from "../format.ts";

const DIGEST_BYTES = 64;
/** Broken packages kept to look at. */
const KEEP_BROKEN = 3;

/**
 * Package files in staging. The id of a build is its version, which says nothing of its bytes: beside each file stands
 * the SHA-256 that it was taken in with.
 */
export class PackageFiles {
  private readonly staging: StagingFolder;

  constructor(staging: StagingFolder) {
    this.staging = staging;
  }

  /** An empty folder for what a package manager downloads. */
  emptyFolder(): string {
    const folder = join(this.staging.directory, "incoming");
    try {
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(folder, { mode: 0o700 });
    } catch (error) {
      throw fromFileError(error, "make", folder);
    }
    return folder;
  }

  dropFolder(): void {
    rmSync(join(this.staging.directory, "incoming"), { recursive: true, force: true });
  }

  /**
   * Copies a file that a package manager brought, through one open file from its first byte to its digest.
   *
   * @param signed what the release says that it must be
   * @throws InstallError `install/tampered`, or a file error
   */
  takeIn(file: string, to: string, signed?: { readonly size: number; readonly sha256: string }): void {
    const { scratch } = this.staging;
    try {
      rmSync(scratch, { force: true });
      const sha256 = copyFile(file, scratch);
      if (signed !== undefined && (sha256 !== signed.sha256 || statSync(scratch).size !== signed.size)) {
        throw new InstallError("install/tampered", "the repository has another file than the release signs", {
          expected: `${signed.size} bytes with sha256 ${signed.sha256}`,
          got: `${statSync(scratch).size} bytes with sha256 ${sha256}`,
          help: "compare the file in the repository with the one that was released; look for a proxy in between",
        });
      }
      this.note(to, sha256);
      renameSync(scratch, to);
    } catch (error) {
      rmSync(scratch, { force: true });
      throw fromFileError(error, "take in", file);
    }
  }

  /** Notes what a file must be that was downloaded and checked. */
  note(file: string, sha256: string): void {
    try {
      replaceFile(noteOf(file), sha256);
    } catch (error) {
      throw fromFileError(error, "write", noteOf(file));
    }
  }

  /** Whether the file still is what it was taken in as. A disk that cannot give it back says no. */
  isWhole(file: string): boolean {
    const noted = this.noted(file);
    try {
      return noted !== undefined && sha256OfFile(file) === noted;
    } catch {
      return false;
    }
  }

  /** Every whole package file that is here. */
  packages(): readonly string[] {
    return readdirSync(this.staging.directory)
      .filter((name) => /^(?:staged|previous)-/.test(name) && !/\.(?:sha256|etag)$/.test(name))
      .map((name) => join(this.staging.directory, name))
      .filter((file) => this.isWhole(file));
  }

  private noted(file: string): string | undefined {
    try {
      const read = readBounded(noteOf(file), DIGEST_BYTES);
      const text = read.kind === "bytes" ? read.bytes.toString("latin1") : "";
      return /^[0-9a-f]{64}$/.test(text) ? text : undefined;
    } catch {
      return undefined;
    }
  }

  /** Gives a whole file a second name. */
  duplicate(from: string, to: string): void {
    const noted = this.noted(from);
    if (noted === undefined) return;
    this.note(to, noted);
    try {
      duplicateFile(from, to, this.staging.scratch);
    } catch (error) {
      throw fromFileError(error, "copy", from);
    }
  }

  /** The package that is installed now becomes the one to go back to later. */
  adopt(build: Build): void {
    const staged = this.staging.staged(build);
    if (!this.isWhole(staged)) return;
    this.duplicate(staged, this.staging.kept(build));
    this.dropStaged(build);
  }

  /** With what is noted of it, and of its download. */
  dropStaged(build: Build): void {
    const staged = this.staging.staged(build);
    for (const path of [staged, noteOf(staged), this.staging.etag(build)]) rmSync(path, { force: true });
  }

  /** Keeps a package that failed to look at, if that can be done. Nobody's machine may wait for it. */
  tryToKeepBroken(build: Build): void {
    try {
      const from = [this.staging.staged(build), this.staging.kept(build)].find((path) => existsSync(path));
      if (from !== undefined && !existsSync(this.staging.broken(build)))
        linkSync(from, this.staging.broken(build));
    } catch {
      // It is only to look at.
    }
  }

  /** @param mayDropKept what is installed is known to be whole */
  sweep({ downloading, previous, installed }: NeededBuilds, mayDropKept: boolean): void {
    const { staging } = this;
    const needed = new Set(
      [
        ...(downloading === undefined ? [] : [staging.staged(downloading), staging.etag(downloading)]),
        // What is installed now is what the next update has to be able to go back to.
        ...[previous, installed].flatMap((build) => (build === undefined ? [] : staging.kept(build))),
      ].flatMap((path) => [path, noteOf(path)]),
    );
    for (const name of readdirSync(staging.directory)) {
      const path = join(staging.directory, name);
      if (needed.has(path) || (name.startsWith("previous-") && !mayDropKept)) continue;
      if (/^(staged|previous)-|^copy\.new$/.test(name)) rmSync(path, { force: true });
    }
    this.dropFolder();
    const broken = readdirSync(staging.brokenFolder).map((name) => join(staging.brokenFolder, name));
    broken.sort((a, b) => statSync(b).ctimeMs - statSync(a).ctimeMs);
    for (const path of broken.slice(KEEP_BROKEN)) rmSync(path, { force: true });
  }
}

function noteOf(file: string): string {
  return `${file}.sha256`;
}
