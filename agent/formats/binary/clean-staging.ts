import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { sha256OfFile } from "../../files/hash-file.ts";
import type { InstallPaths } from "../../files/staging-folder.ts";
import type { Build } from "../../life-cycle/journal.ts";

/** Broken files kept to look at: enough to compare, bounded so that a bad release can't fill the disk. */
const KEEP_BROKEN = 3;

export interface KeepInStaging {
  /** The digest that is being downloaded or installed: its partial file stays. */
  readonly staged?: string | undefined;
  /** The rollback copy. */
  readonly previous?: Build | undefined;
  /** What the installed path should hold. */
  readonly installed?: Build | undefined;
}

/**
 * Removes what no installation needs any more. A copy of a version goes only while the installed file is there with
 * the digest that it should have: never the last good one.
 */
export function cleanStaging(paths: InstallPaths, keep: KeepInStaging): void {
  let installedIsGood: boolean | undefined;
  const mayDropCopies = (): boolean => {
    installedIsGood ??=
      keep.installed !== undefined && sha256OfFile(paths.installed) === keep.installed.sha256;
    return installedIsGood;
  };
  for (const name of namesIn(paths.staging)) {
    const [kind, rest = ""] = name.split(/-(.*)/s);
    if (kind === "staged" && keep.staged !== undefined && rest.startsWith(keep.staged)) continue;
    if (kind === "previous" && (rest === keep.previous?.sha256 || !mayDropCopies())) continue;
    if (kind === "staged" || kind === "previous" || name === "copy.new") {
      rmSync(join(paths.staging, name), { force: true });
    }
  }
  pruneBroken(paths);
}

function pruneBroken(paths: InstallPaths): void {
  const files = namesIn(paths.brokenFolder).map((name) => {
    const path = join(paths.brokenFolder, name);
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
