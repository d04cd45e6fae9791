import { closeSync, existsSync, renameSync, rmSync } from "node:fs";
import { syncFolder } from "../../files/replace-file.ts";
import type { Build } from "../../installation/build.ts";
import { fromFileError } from "../../installation/install-error.ts";
import { discardStaged, openStaged } from "../../installation/staged-file.ts";
import { ARCHIVE_LIMITS } from "./archive-entry.ts";
import { unpackArchive } from "./unpack-archive.ts";
import { findDamage } from "./version-files.ts";
import type { VersionFolders } from "./version-folders.ts";

/**
 * Unpacks a downloaded archive into a version's folder, unless that is there and whole: the folder of a version that was
 * swept only in part, or left by a kill, is made anew.
 *
 * @throws InstallError `install/bad-archive`, `install/tampered`, `install/aborted`, or a file error
 */
export async function stageArchive(
  folders: VersionFolders,
  build: Build,
  executable: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const folder = folders.folder(build);
  const unpacking = folders.unpacking(build);
  const descriptor = openStaged(folders.staging, build);
  try {
    if (existsSync(folder) && findDamage(folder) === undefined) return;
    rmSync(unpacking, { recursive: true, force: true });
    await unpackArchive(descriptor, { folder: unpacking, executable, limits: ARCHIVE_LIMITS, signal });
    folders.makeVersions();
    rmSync(folders.discarded(build), { recursive: true, force: true });
    if (existsSync(folder)) renameSync(folder, folders.discarded(build));
    renameSync(unpacking, folder);
    syncFolder(folders.versions);
  } catch (error) {
    throw fromFileError(error, "unpack into", folder);
  } finally {
    closeSync(descriptor);
  }
}

/** Keeps what proved bad before its swap to look at: the folder where it is, else the archive. */
export function setAsideArchive(folders: VersionFolders, build: Build): void {
  const { staging } = folders;
  rmSync(folders.unpacking(build), { recursive: true, force: true });
  const staged = staging.staged(build);
  if (existsSync(folders.folder(build))) folders.tryToMarkBroken(build);
  else if (existsSync(staged)) renameSync(staged, staging.broken(build));
  discardStaged(staging, build);
}
