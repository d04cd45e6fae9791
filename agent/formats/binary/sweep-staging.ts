import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { sha256OfFile } from "../../files/hash-file.ts";
import { fromFileError } from "../../installation/install-error.ts";
import type { StagingFolder } from "../../installation/staging-folder.ts";
import type { NeededBuilds } from "../format.ts";

/** Broken files kept to look at: enough to compare, bounded so that a bad release can't fill the disk. */
const KEEP_BROKEN = 3;

/**
 * Removes what no installation needs any more. A copy of a version goes only while the installed file is there with
 * the digest that it should have: never the last good one.
 */
export function sweepStaging(staging: StagingFolder, installed: string, needed: NeededBuilds): void {
  try {
    sweep(staging, installed, needed);
  } catch (error) {
    throw fromFileError(error, "clean up", staging.directory);
  }
}

function sweep(staging: StagingFolder, installed: string, needed: NeededBuilds): void {
  let installedIsGood: boolean | undefined;
  const mayDropCopies = (): boolean => {
    installedIsGood ??= needed.installed !== undefined && sha256OfFile(installed) === needed.installed.id;
    return installedIsGood;
  };
  const { downloading, previous } = needed;
  const partial = downloading === undefined ? [] : [staging.staged(downloading), staging.etag(downloading)];
  const copy = previous === undefined ? undefined : staging.kept(previous);
  for (const name of namesIn(staging.directory)) {
    const path = join(staging.directory, name);
    if (partial.includes(path) || path === copy) continue;
    if (name.startsWith("previous-") && !mayDropCopies()) continue;
    if (/^(staged|previous)-|^copy\.new$/.test(name)) rmSync(path, { force: true });
  }
  pruneBroken(staging);
}

function pruneBroken(staging: StagingFolder): void {
  const files = namesIn(staging.brokenFolder).map((name) => {
    const path = join(staging.brokenFolder, name);
    return { path, changed: statSync(path).ctimeMs };
  });
  files.sort((a, b) => b.changed - a.changed);
  for (const { path } of files.slice(KEEP_BROKEN)) rmSync(path, { force: true });
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
