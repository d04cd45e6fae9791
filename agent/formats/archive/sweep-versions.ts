import { lstatSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fromFileError } from "../../installation/install-error.ts";
import { foldersInUse } from "../../process/folders-in-use.ts";
import type { NeededBuilds } from "../format.ts";
import { findDamage } from "./version-files.ts";
import { linkedVersion, type VersionFolders } from "./version-folders.ts";

/** Broken versions kept to look at: whole folders, so fewer than of single files. */
const KEEP_BROKEN = 2;

/**
 * Removes what no installation needs any more. The folder of a version goes only while the installed one is whole and the
 * one that it should be, and never while a process is known to run from it.
 */
export function sweepVersions(folders: VersionFolders, needed: NeededBuilds): void {
  try {
    sweepStaging(folders, needed);
    pruneBroken(folders);
    sweepFolders(folders, needed);
  } catch (error) {
    throw fromFileError(error, "clean up", folders.staging.directory);
  }
}

/** The same where nothing is installed: what was tried goes, but for what is being downloaded and what is to be looked at. */
export function sweepTried(folders: VersionFolders, { downloading }: NeededBuilds): void {
  try {
    sweepStaging(folders, { downloading });
    pruneBroken(folders);
    const keep = new Set([downloading?.id, ...brokenVersions(folders)]);
    for (const id of namesIn(folders.versions)) if (!keep.has(id)) discard(folders, id);
  } catch (error) {
    throw fromFileError(error, "clean up", folders.staging.directory);
  }
}

function sweepStaging({ staging }: VersionFolders, { downloading, previous, installed }: NeededBuilds): void {
  const keep = new Set([
    ...(downloading === undefined ? [] : [staging.staged(downloading), staging.etag(downloading)]),
    ...[previous, installed].flatMap((build) => (build === undefined ? [] : [staging.kept(build)])),
  ]);
  for (const name of namesIn(staging.directory)) {
    const path = join(staging.directory, name);
    if (keep.has(path) || !/^(staged|previous|unpacking|discarded)-|^copy\.new$/.test(name)) continue;
    rmSync(path, { recursive: true, force: true });
  }
}

function pruneBroken({ staging }: VersionFolders): void {
  const found = namesIn(staging.brokenFolder).map((name) => {
    const path = join(staging.brokenFolder, name);
    return { path, changed: lstatSync(path).ctimeMs };
  });
  found.sort((a, b) => b.changed - a.changed);
  for (const { path } of found.slice(KEEP_BROKEN)) rmSync(path, { force: true });
}

function sweepFolders(folders: VersionFolders, { installed, previous, downloading }: NeededBuilds): void {
  const keep = new Set([installed?.id, previous?.id, downloading?.id, ...brokenVersions(folders)]);
  const superfluous = namesIn(folders.versions).filter((id) => !keep.has(id));
  if (superfluous.length === 0) return;
  const found = folders.installed();
  if (installed === undefined || found?.id !== installed.id) return;
  if (findDamage(folders.folder(installed)) !== undefined) return;
  const inUse = foldersInUse(superfluous.map((id) => folders.folder({ id })));
  for (const id of superfluous) {
    if (!inUse.has(folders.folder({ id }))) discard(folders, id);
  }
}

function brokenVersions({ staging }: VersionFolders): readonly (string | undefined)[] {
  return namesIn(staging.brokenFolder).map((name) => linkedVersion(join(staging.brokenFolder, name)));
}

/** Under another name first: what a kill leaves of it cannot be taken for a version. */
function discard(folders: VersionFolders, id: string): void {
  const discarded = folders.discarded({ id });
  renameSync(folders.folder({ id }), discarded);
  rmSync(discarded, { recursive: true, force: true });
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
